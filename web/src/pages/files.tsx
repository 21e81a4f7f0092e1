import { FilesPage } from "@/features/files/files-page";
import { WithProjects } from "@/features/home/with-projects";

export default function Files() {
  return (
    <WithProjects>
      <FilesPage />
    </WithProjects>
  );
}
