// `@datastax/langflow-client`: run, stream, upload.

import assert from "node:assert/strict";
import { LangflowClient } from "@datastax/langflow-client";

const { LANGFLOW_URL, LANGFLOW_API_KEY, FLOW_ECHO, FLOW_MODEL } = process.env;
const client = new LangflowClient({ baseUrl: LANGFLOW_URL, apiKey: LANGFLOW_API_KEY });

const response = await client.flow(FLOW_ECHO).run("hello", { session_id: "js" });
assert.equal(response.sessionId, "js");
assert.equal(response.chatOutputText(), "hello");

const tweaked = await client
  .flow("echo")
  .tweak("ChatOutput-bbbbb", { sender_name: "Bot" })
  .run("tweaked");
assert.equal(tweaked.chatOutputText(), "tweaked");

const whole = (await client.flow(FLOW_MODEL).run("say something")).chatOutputText();
const kinds = new Set();
let streamed = "";
for await (const event of await client.flow(FLOW_MODEL).stream("say something")) {
  kinds.add(event.event);
  if (event.event === "token") streamed += event.data.chunk;
}
assert.deepEqual([...kinds].sort(), ["add_message", "end", "token"]);
assert.equal(streamed.trim(), whole.trim());

const file = new File(["some text"], "notes.txt", { type: "text/plain" });
const uploaded = await client.files.upload(file);
assert.ok(uploaded.path, "the upload has a path");
const names = (await client.files.list()).map((known) => known.name);
assert.ok(names.includes("notes"), names.join());

const image = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])], "dot.png", { type: "image/png" });
const attached = await client.flow(FLOW_ECHO).uploadFile(image);
assert.ok(attached.filePath.startsWith(FLOW_ECHO), attached.filePath);

await assert.rejects(client.flow("nosuch").run("x"));
