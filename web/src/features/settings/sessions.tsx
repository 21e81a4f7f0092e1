import { SessionList } from "@/features/accounts/session-list";

/** One's own sessions. */
export default function Sessions() {
  return <SessionList />;
}
