import { catalogue, type Part } from "@/i18n/catalogue";

export const t = catalogue("header", {
  allFlows: "All flows",
  langflow: "Langflow",
  notices: (log: Part) => `Notices (${log})`,
  notices2: "Notices",
  noNotices: "No notices.",
  clearAll: "Clear all",
  light: "Light",
  dark: "Dark",
  likeTheSystem: "Like the system",
  accountOf: (username: Part) => `Account of ${username}`,
  superuser: "Superuser",
  user: "User",
  theme: "Theme",
  settings: "Settings",
  adminPage: "Admin Page",
  logout: "Logout",
});
