import { AuditPage } from "@/features/admin/audit-page";

export default function Audit() {
  return <AuditPage />;
}
