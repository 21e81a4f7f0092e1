import { useParams } from "@tanstack/react-router";
import { Home } from "@/features/home/home";

export default function HomePage() {
  const { projectId } = useParams({ strict: false });
  return <Home projectId={projectId} />;
}
