import { useParams } from "@tanstack/react-router";
import { PublicPlayground } from "@/features/playground/public-playground";

export default function PlaygroundPage() {
  const { flowId } = useParams({ strict: false });
  return flowId ? <PublicPlayground flowId={flowId} /> : null;
}
