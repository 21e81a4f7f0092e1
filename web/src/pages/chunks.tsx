import { useParams } from "@tanstack/react-router";
import { ChunksPage } from "@/features/knowledge/chunks-page";

export default function Chunks() {
  const { name } = useParams({ strict: false });
  return name ? <ChunksPage key={name} name={name} /> : null;
}
