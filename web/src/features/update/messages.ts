import { catalogue } from "@/i18n/catalogue";

export const t = catalogue("update", {
  prompt: "Prompt",
});
