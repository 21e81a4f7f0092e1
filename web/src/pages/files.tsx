import { FilesPage } from "@/features/files/files-page";

export default function Files() {
  return <FilesPage />;
}
