import { LogsPage } from "@/features/admin/logs-page";

export default function Logs() {
  return <LogsPage />;
}
