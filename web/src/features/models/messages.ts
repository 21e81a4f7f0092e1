import { catalogue } from "@/i18n/catalogue";

export const t = catalogue("models", {
  storedTypeToReplaceIt: "Stored. Type to replace it.",
  moreSettings: "More settings",
  checkAndSave: "Check and save",
});
