import { useParams } from "@tanstack/react-router";
import { EditorPage } from "@/features/editor/editor-page";

export default function FlowPage() {
  const { flowId } = useParams({ strict: false });
  return flowId ? <EditorPage key={flowId} flowId={flowId} /> : null;
}
