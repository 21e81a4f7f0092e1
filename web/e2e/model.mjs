// A model of OpenAI's manners that says what it was asked, for steps that need an answer and no vendor.
import { createServer } from "node:http";

export const goodKey = "sk-the-key-of-the-walk";

const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 0, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

const DIMENSIONS = 1536;

/** Texts with the same words lie near each other. */
function vectorOf(text) {
  const vector = new Array(DIMENSIONS).fill(0);
  for (const word of String(text).toLowerCase().match(/\w+/g) ?? []) {
    let hash = 0;
    for (const letter of word) hash = (hash * 31 + letter.codePointAt(0)) % DIMENSIONS;
    vector[hash] += 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((part) => part / length);
}

/** A value that this JSON schema takes. */
function sampleOf(schema, text) {
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, sampleOf(part, text)]),
      );
    case "array":
      return [sampleOf(schema.items ?? { type: "string" }, text)];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return schema.enum?.[0] ?? text;
  }
}

/** Long enough to be stopped. */
const SLOW_MS = 12_000;

/** Starts it on this port of this machine, or a free one. What is asked for slowly takes its time. */
export function startModel(port = 0) {
  const server = createServer(async (request, response) => {
    const json = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${goodKey}`) {
      return json(401, { error: { message: "Incorrect API key provided", type: "invalid_request_error" } });
    }
    if (request.url.endsWith("/models")) {
      const names = ["gpt-4o-mini", "text-embedding-3-small"];
      return json(200, { object: "list", data: names.map((id) => ({ id, object: "model", created: 0 })) });
    }
    let text = "";
    for await (const part of request) text += part;
    const { messages = [], stream, input, tools, tool_choice: choice } = JSON.parse(text || "{}");
    if (request.url.endsWith("/embeddings")) {
      const data = [input].flat().map((part, index) => ({ object: "embedding", index, embedding: vectorOf(part) }));
      const usage = { prompt_tokens: 1, total_tokens: 1 };
      return json(200, { object: "list", data, model: "text-embedding-3-small", usage });
    }
    const last = messages.at(-1)?.content;
    const asked = Array.isArray(last) ? last.map((part) => part.text ?? "").join("") : last;
    const answer = `You said: ${asked}`;
    if (/^slowly/.test(asked ?? "")) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    // A tool that has to be called is called, with something of each type that it asks for.
    const form = choice?.function && tools?.find((tool) => tool.function.name === choice.function.name);
    const call = form && {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: form.function.name, arguments: JSON.stringify(sampleOf(form.function.parameters, answer)) },
    };
    if (!stream) {
      const message = call
        ? { role: "assistant", content: null, tool_calls: [call] }
        : { role: "assistant", content: answer };
      const choices = [{ index: 0, message, finish_reason: call ? "tool_calls" : "stop" }];
      const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
      return json(200, { id: "1", object: "chat.completion", created: 0, model: "gpt-4o-mini", choices, usage });
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (call) response.write(chunk({ tool_calls: [call] }));
    else for (const word of answer.split(/(?<= )/)) response.write(chunk({ content: word }));
    response.write(chunk({}, call ? "tool_calls" : "stop"));
    response.end("data: [DONE]\n\n");
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      resolve({ url: `http://127.0.0.1:${server.address().port}/v1`, stop: () => server.close() });
    });
  });
}
