import { lazy, Suspense } from "react";
import { useEditor } from "@/stores/editor";
import { useView, view } from "@/stores/view";
import { takeOver } from "./take-over";

const FlowDetails = lazy(() =>
  import("../home/flow-details-dialog").then((module) => ({ default: module.FlowDetailsDialog })),
);
const Api = lazy(() => import("../share/api-dialog"));
const Export = lazy(() => import("../share/export-dialog"));
const Mcp = lazy(() => import("../share/share-dialog").then((module) => ({ default: module.McpDialog })));
const Embed = lazy(() => import("../share/share-dialog").then((module) => ({ default: module.EmbedDialog })));
const Versions = lazy(() => import("./versions-dialog"));
const Traces = lazy(() => import("./traces-dialog"));
const Conflict = lazy(() => import("../save/conflict-dialog"));

/** The dialogs of the editor; each is loaded when it is first opened. */
export function Dialogs() {
  const dialog = useView((state) => state.dialog);
  const meta = useEditor((state) => state.meta);
  if (!dialog || !meta) return null;
  const close = () => view().set({ dialog: undefined });
  return (
    <Suspense>
      {dialog === "details" ? <FlowDetails flow={meta} onClose={close} onSaved={takeOver} /> : null}
      {dialog === "api" ? <Api onClose={close} /> : null}
      {dialog === "export" ? <Export onClose={close} /> : null}
      {dialog === "mcp" ? <Mcp onClose={close} /> : null}
      {dialog === "embed" ? <Embed onClose={close} /> : null}
      {dialog === "versions" ? <Versions onClose={close} /> : null}
      {dialog === "traces" ? <Traces onClose={close} /> : null}
      {dialog === "conflict" ? <Conflict onClose={close} /> : null}
    </Suspense>
  );
}
