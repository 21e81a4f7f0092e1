import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { type ComponentDef, fieldOf } from "@/flow/document";
import { lookInside, nodeInside, setInside } from "@/flow/inside";
import { nodeById } from "@/flow/ops";
import { field, grouped, stored } from "@/flow/testing";
import { flowOf, useEditor } from "@/stores/editor";
import { updateNode, updatePrompt } from "./update-node";

vi.mock("@/api/client", () => ({ api: vi.fn(), describe: (error: Error) => error.message }));

const flow = stored("f");

const editor = () => useEditor.getState();
const asked = vi.mocked(api);

/** What was sent with the last question. */
const sent = () => asked.mock.lastCall?.[1]?.body as { field?: string; name?: string; template: object };

/** A flow with `A` and `B` in a group, opened; looked into, where wanted. */
function openGroup(isInside: boolean): string {
  const { document, id } = grouped();
  editor().open({ ...flow, data: document });
  if (isInside) enter(id);
  return id;
}

function enter(id: string) {
  const inside = lookInside(flowOf(editor()), [id]);
  if (!inside) throw new Error("nothing inside");
  editor().preview(inside, "Group", undefined, [id]);
}

/** The component as the server answers it: with a new field beside its own. */
function answerOf(groupId: string, value = "made"): ComponentDef {
  const def = nodeInside(flowOf(editor()), [groupId], "B-1")?.data.node;
  if (!def) throw new Error("no B-1");
  const extra = { ...field(), value };
  return { ...def, template: { ...def.template, extra, fresh: field({ value: "new" }) } };
}

const inner = (groupId: string, name: string) => {
  const def = nodeInside(flowOf(editor()), [groupId], "B-1")?.data.node;
  return def && fieldOf(def, name)?.value;
};
const onGroup = (groupId: string, name: string) => {
  const def = nodeById(flowOf(editor()), groupId)?.data.node;
  return def && fieldOf(def, name)?.value;
};

describe("what the server makes of a component inside of a group", () => {
  beforeEach(() => {
    editor().close();
    asked.mockReset();
  });

  it.each([
    { name: "asked for inside", isInside: true, node: () => "B-1", field: "extra" },
    { name: "asked for on the group", isInside: false, node: (id: string) => id, field: "extra_B-1" },
  ])("is stored there, and the group follows: $name", async ({ isInside, node, field: shown }) => {
    const id = openGroup(isInside);
    asked.mockResolvedValue(answerOf(id));
    await updateNode(node(id), { field: shown, value: "made" });
    expect(sent().field).toBe("extra");
    expect(Object.keys(sent().template)).toContain("input");
    expect([inner(id, "extra"), inner(id, "fresh")]).toEqual(["made", "new"]);
    expect([onGroup(id, "extra_B-1"), onGroup(id, "fresh_B-1")]).toEqual(["made", "new"]);
    expect(editor().document.nodes.some((shownNode) => shownNode.id === (isInside ? "B-1" : id))).toBe(true);
  });

  it.each([
    { name: "inside", isInside: true, node: () => "B-1", field: "extra" },
    { name: "on the group", isInside: false, node: (id: string) => id, field: "extra_B-1" },
  ])("so are the inputs of a prompt: $name", async ({ isInside, node, field: shown }) => {
    const id = openGroup(isInside);
    asked.mockResolvedValue({ frontend_node: answerOf(id) });
    await updatePrompt(node(id), shown, "Say {fresh}");
    expect(sent().name).toBe("extra");
    expect(onGroup(id, "fresh_B-1")).toBe("new");
  });

  it("comes when the group is left already", async () => {
    const id = openGroup(true);
    asked.mockImplementation(async () => {
      editor().endPreview();
      return answerOf(id);
    });
    await updateNode("B-1", { field: "extra", value: "made" });
    expect(inner(id, "fresh")).toBe("new");
    expect(nodeById(editor().document, id)).toBeDefined();
  });

  it("does not undo what was typed meanwhile", async () => {
    const id = openGroup(true);
    asked.mockImplementation(async () => {
      const answer = answerOf(id, "made");
      editor().changeFlow((now) => setInside(now, [id], "B-1", "extra", { value: "typed" }));
      return answer;
    });
    await updateNode("B-1", { field: "input", value: "" });
    expect([inner(id, "extra"), inner(id, "fresh")]).toEqual(["typed", "new"]);
  });

  it("of two questions only the newest counts", async () => {
    const id = openGroup(true);
    const late: ((def: ComponentDef) => void)[] = [];
    asked.mockImplementation(() => new Promise((resolve) => late.push(resolve as (def: ComponentDef) => void)));
    const both = [updateNode("B-1", { field: "extra", value: "1" }), updateNode("B-1", { field: "input", value: "2" })];
    const [first, second] = [answerOf(id, "first"), answerOf(id, "second")];
    late[1]?.(second);
    late[0]?.(first);
    await Promise.all(both);
    expect(inner(id, "extra")).toBe("second");
  });
});
