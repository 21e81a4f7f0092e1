import { WithProjects } from "@/features/home/with-projects";
import { KnowledgePage } from "@/features/knowledge/knowledge-page";

export default function Knowledge() {
  return (
    <WithProjects>
      <KnowledgePage />
    </WithProjects>
  );
}
