import type { Flow } from "@/api/types";
import { useEditor } from "@/stores/editor";

/** What the server says of the open flow, but for its graph: name, address, lock. */
export function takeOver(flow: Omit<Flow, "data">): void {
  const isLocked = flow.locked ?? false;
  useEditor.setState((state) => ({
    meta: { ...state.meta, ...flow },
    readOnly: isLocked,
    versionToken: flow.version_token ?? state.versionToken,
    save: isLocked ? { kind: "locked" } : state.save.kind === "locked" ? { kind: "saved" } : state.save,
  }));
  document.title = `${flow.name} · Langflow`;
}
