/** The public playground inside another page. */
export function writeEmbed(origin: string, flowId: string, title: string): string {
  const text = title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return [
    "<iframe",
    `  src="${origin}/playground/${flowId}"`,
    `  title="${text}"`,
    '  width="420"',
    '  height="640"',
    '  style="border: 0; border-radius: 12px"',
    '  loading="lazy"',
    "></iframe>",
  ].join("\n");
}
