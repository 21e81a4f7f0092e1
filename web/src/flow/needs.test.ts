import { expect, test } from "vitest";
import type { FlowDocument, FlowEdge, FlowNode, TemplateField } from "./document";
import { encodeHandle } from "./handles";
import { isChat, needsOf, withModel } from "./needs";
import { outlineOf } from "./outline";

const node = (id: string, type: string, template: Record<string, TemplateField> = {}, x = 0): FlowNode => ({
  id,
  type: "genericNode",
  position: { x, y: 0 },
  data: { id, type, node: { display_name: type, template } },
});
const model: TemplateField = { type: "model", _input_type: "ModelInput", show: true, value: "" };
const key: TemplateField = {
  type: "str",
  _input_type: "SecretStrInput",
  password: true,
  required: true,
  show: true,
  value: "",
};

const edgeInto = (target: string, fieldName: string): FlowEdge => ({
  id: "e",
  source: "in",
  target,
  targetHandle: encodeHandle({ fieldName, id: target, inputTypes: ["LanguageModel"], type: "model" }),
});

const chat: FlowDocument = {
  nodes: [
    node("in", "ChatInput"),
    node("llm", "LanguageModelComponent", { model }, 400),
    node("out", "ChatOutput", {}, 800),
  ],
  edges: [],
};

test("an empty model field is a need, until it is filled or fed", () => {
  expect(needsOf(chat).model).toBe(true);
  expect(needsOf({ ...chat, edges: [edgeInto("llm", "model")] }).model).toBe(false);
  const filled = withModel(chat, { name: "m", provider: "p" });
  expect(needsOf(filled).model).toBe(false);
  expect(filled.nodes[1]?.data.node.template.model).toMatchObject({ value: [{ name: "m", provider: "p" }] });
  expect(filled.nodes[0]).toBe(chat.nodes[0]);
  expect(needsOf(chat).model).toBe(true);
});

test("embedding models and required secrets are told apart", () => {
  const document: FlowDocument = {
    nodes: [
      node("a", "Embed", { model: { ...model, model_type: "embedding" }, key: { ...key, display_name: "API Key" } }),
      node("b", "Embed", { key: { ...key, display_name: "API Key" }, hidden: { ...key, show: false } }),
    ],
    edges: [],
  };
  expect(needsOf(document)).toEqual({ model: false, embedding: true, secrets: ["API Key"], files: false });
  const embedding = { name: "e", provider: "p" };
  expect(needsOf(withModel(document, embedding)).embedding).toBe(true);
  expect(needsOf(withModel(document, embedding, "embedding")).embedding).toBe(false);
});

test("one can talk to what has both ends of a chat", () => {
  expect(isChat(chat)).toBe(true);
  expect(isChat({ nodes: chat.nodes.slice(1), edges: [] })).toBe(false);
});

test("a flow drawn small holds every node, and the lines between those that are there", () => {
  const outline = outlineOf({ ...chat, edges: [edgeInto("llm", "model"), { id: "x", source: "in", target: "gone" }] });
  expect([outline.boxes.length, outline.lines.length]).toEqual([3, 1]);
  for (const box of outline.boxes) {
    expect(box.x).toBeGreaterThanOrEqual(outline.bounds.x);
    expect(box.x + box.width).toBeLessThanOrEqual(outline.bounds.x + outline.bounds.width);
  }
  expect(outlineOf({ nodes: [], edges: [] }).bounds.width).toBeGreaterThan(0);
});
