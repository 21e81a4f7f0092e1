import { KnowledgePage } from "@/features/knowledge/knowledge-page";

export default function Knowledge() {
  return <KnowledgePage />;
}
