import { beforeEach, describe, expect, it } from "vitest";
import { fieldOf } from "@/flow/document";
import { group } from "@/flow/groups";
import { lookInside, setInside } from "@/flow/inside";
import { moveNodes, nodeById } from "@/flow/ops";
import { closeRun, startRun } from "@/flow/run";
import { component, field, grouped, node, output, stored } from "@/flow/testing";
import { canSetValues, flowOf, runOfFlow, useEditor } from "./editor";

const flow = stored("f");

const editor = () => useEditor.getState();

/** A flow with a group of two, opened, and looked into. */
function openInside(isLocked = false): string {
  const def = component({ text: field({ value: "old" }) }, [output("out", ["Message"])]);
  const made = group({ nodes: [node("A-1", def), node("B-1", def, 400)], edges: [] }, ["A-1", "B-1"]);
  if (!made.ok) throw new Error(made.reason);
  editor().open({ ...flow, locked: isLocked, data: made.document });
  const inside = lookInside(editor().document, [made.id]);
  if (!inside) throw new Error("nothing inside");
  editor().preview(inside, "Group", undefined, [made.id]);
  return made.id;
}

const shown = (id: string, name: string) => {
  const def = nodeById(editor().document, id)?.data.node;
  return def && fieldOf(def, name)?.value;
};
const set = (value: string) => {
  const path = editor().shelved?.inside ?? [];
  editor().changeFlow((flow) => setInside(flow, path, "B-1", "text", { value }), { merge: "field" });
};

describe("the inside of a group on the canvas", () => {
  beforeEach(() => editor().close());

  it("takes values: seen at once, in the flow, saved, and undone there", () => {
    const id = openInside();
    editor().select(["B-1"]);
    const { revision } = editor();
    expect(canSetValues(editor())).toBe(true);
    set("new");
    expect(shown("B-1", "text")).toBe("new");
    expect(nodeById(editor().document, "B-1")?.selected).toBe(true);
    expect(editor().revision).toBe(revision + 1);
    editor().endPreview();
    expect(shown(id, "text_B-1")).toBe("new");
    editor().undo();
    expect(shown(id, "text_B-1")).toBe("old");
  });

  it("keeps its shape", () => {
    openInside();
    const before = editor().document;
    editor().change((document) => ({ ...document, nodes: [] }));
    expect(editor().undo()).toBe(false);
    expect(editor().document).toBe(before);
  });

  it("takes its steps back and brings them again", () => {
    const id = openInside();
    set("new");
    expect(editor().undo()).toBe(true);
    expect(shown("B-1", "text")).toBe("old");
    expect(editor().redo()).toBe(true);
    expect(shown("B-1", "text")).toBe("new");
    editor().endPreview();
    expect(shown(id, "text_B-1")).toBe("new");
  });

  it("stays as it is when a step outside is taken back", () => {
    const id = openInside();
    editor().endPreview();
    editor().change((document) => moveNodes(document, new Map([[id, { x: 7, y: 7 }]])));
    const inside = lookInside(editor().document, [id]);
    if (!inside) throw new Error("nothing inside");
    editor().preview(inside, "Group", undefined, [id]);
    expect(editor().undo()).toBe(false);
    expect(editor().document).toBe(inside);
    expect(nodeById(flowOf(editor()), id)?.position).not.toEqual({ x: 7, y: 7 });
  });

  it("is left when the step that made the group is taken back", () => {
    const def = component({ text: field() }, [output("out", ["Message"])]);
    editor().open({ ...flow, data: { nodes: [node("A-1", def), node("B-1", def, 400)], edges: [] } });
    const made = group(editor().document, ["A-1", "B-1"]);
    if (!made.ok) throw new Error(made.reason);
    editor().change(() => made.document);
    const inside = lookInside(editor().document, [made.id]);
    if (!inside) throw new Error("nothing inside");
    editor().preview(inside, "Group", undefined, [made.id]);
    expect(editor().undo()).toBe(true);
    expect(editor().shelved).toBeUndefined();
    expect(editor().readOnly).toBe(false);
    expect(
      editor()
        .document.nodes.map((item) => item.id)
        .toSorted(),
    ).toEqual(["A-1", "B-1"]);
  });

  it("comes and goes with what the server made of a value", () => {
    openInside();
    set("new");
    editor().changeFlow((flow) => setInside(flow, editor().shelved?.inside ?? [], "B-1", "text", { value: "made" }), {
      server: true,
    });
    expect(shown("B-1", "text")).toBe("made");
    editor().undo();
    expect(shown("B-1", "text")).toBe("old");
    editor().redo();
    expect(shown("B-1", "text")).toBe("made");
  });

  it("takes nothing in a locked flow", () => {
    openInside(true);
    expect(canSetValues(editor())).toBe(false);
    set("new");
    expect(shown("B-1", "text")).toBe("old");
    expect(editor().revision).toBe(0);
  });

  it("takes nothing where an older version is shown", () => {
    editor().open(flow);
    editor().preview({ nodes: [], edges: [] }, "Version");
    expect(canSetValues(editor())).toBe(false);
    set("new");
    expect(editor().revision).toBe(0);
  });
});

describe("the run of the flow", () => {
  const begin = () => editor().changeRun((run) => startRun(run, 1));
  const end = () => editor().changeRun((run) => closeRun(run, "done", 2));

  it("goes on under the inside of a group, which shows it", () => {
    const { document, id } = grouped();
    editor().open({ ...flow, data: document });
    begin();
    const inside = lookInside(editor().document, [id]);
    if (!inside) throw new Error("nothing inside");
    editor().preview(inside, "Group", editor().run, [id]);
    end();
    expect(editor().run.phase).toBe("done");
    editor().endPreview();
    expect(editor().run.phase).toBe("done");
  });

  it("goes on under an older version, which does not", () => {
    editor().open(flow);
    begin();
    editor().preview({ nodes: [], edges: [] }, "Version");
    end();
    expect([editor().run.phase, runOfFlow(editor()).phase]).toEqual(["idle", "done"]);
    editor().endPreview();
    expect(editor().run.phase).toBe("done");
  });
});
