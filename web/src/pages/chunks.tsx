import { useParams } from "@tanstack/react-router";
import { WithProjects } from "@/features/home/with-projects";
import { ChunksPage } from "@/features/knowledge/chunks-page";

export default function Chunks() {
  const { name } = useParams({ strict: false });
  if (!name) return null;
  return (
    <WithProjects>
      <ChunksPage key={name} name={name} />
    </WithProjects>
  );
}
