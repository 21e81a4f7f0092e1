/** The variables of a prompt's text, each once: `{name}`, or `{{name}}` where the field says so. */
export function promptVariables(text: string, isMustache = false): string[] {
  const pattern = isMustache
    ? /\{\{\s*([a-zA-Z_]\w*)\s*\}\}/g
    : /(?<!\{)(?:\{\{)*\{([a-zA-Z_][\w ]*)\}(?:\}\})*(?!\})/g;
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))];
}
