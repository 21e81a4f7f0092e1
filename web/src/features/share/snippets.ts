/** Snippets that call a flow. Every text is quoted by the rules of its language. */

export interface Snippet {
  origin: string;
  /** Id or endpoint name. */
  flow: string;
  key: string;
  input: string;
  /** Values to run with instead of the stored ones: node id → field → value. */
  tweaks: Record<string, Record<string, unknown>>;
}

export const languages = ["curl", "python", "javascript"] as const;
export type Language = (typeof languages)[number];

export const languageNames: Record<Language, string> = { curl: "cURL", python: "Python", javascript: "JavaScript" };

function body({ input, tweaks }: Snippet): Record<string, unknown> {
  const plain = { output_type: "chat", input_type: "chat", input_value: input };
  return Object.keys(tweaks).length > 0 ? { ...plain, tweaks } : plain;
}

const address = ({ origin, flow }: Snippet) => `${origin}/api/v1/run/${encodeURIComponent(flow)}`;

const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function writeSnippet(language: Language, snippet: Snippet): string {
  const key = snippet.key || "YOUR_API_KEY";
  const payload = JSON.stringify(body(snippet), null, 2);
  switch (language) {
    case "curl":
      return [
        `curl -X POST ${shellQuoted(`${address(snippet)}?stream=false`)} \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -H ${shellQuoted(`x-api-key: ${key}`)} \\`,
        `  -d ${shellQuoted(payload)}`,
      ].join("\n");
    case "python":
      return [
        "import requests",
        "",
        `url = ${JSON.stringify(address(snippet))}`,
        `payload = ${pythonValue(body(snippet), "")}`,
        `headers = {"x-api-key": ${JSON.stringify(key)}}`,
        "",
        "response = requests.post(url, json=payload, headers=headers)",
        "response.raise_for_status()",
        "print(response.json())",
      ].join("\n");
    case "javascript":
      return [
        `const response = await fetch(${JSON.stringify(address(snippet))}, {`,
        `  method: "POST",`,
        `  headers: { "Content-Type": "application/json", "x-api-key": ${JSON.stringify(key)} },`,
        `  body: JSON.stringify(${payload.replaceAll("\n", "\n  ")}),`,
        "});",
        "console.log(await response.json());",
      ].join("\n");
  }
}

/** JSON is almost Python; true, false and null are not. */
function pythonValue(value: unknown, indent: string): string {
  const deeper = `${indent}    `;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return value.length === 0 ? "[]" : `[${value.map((item) => pythonValue(item, indent)).join(", ")}]`;
  if (typeof value === "object") {
    const lines = Object.entries(value).map(
      ([key, item]) => `${deeper}${JSON.stringify(key)}: ${pythonValue(item, deeper)},`,
    );
    return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}
