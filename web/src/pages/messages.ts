import { catalogue } from "@/i18n/catalogue";

export const t = catalogue("pages", {
  general: "General",
  langflowApiKeys: "Langflow API Keys",
  sessions: "Sessions",
  globalVariables: "Global Variables",
  modelProviders: "Model Providers",
  mcpServers: "MCP Servers",
  runs: "Runs",
  messages: "Messages",
  shortcuts: "Shortcuts",
  settings: "Settings",
});
