import { catalogue, type Part } from "@/i18n/catalogue";

export const t = catalogue("api", {
  nothingWasDownloaded: (error: Part) => `Nothing was downloaded: ${error}`,
  theProviderRefusedTheseValues: "The provider refused these values.",
  theServerSentAnEvent: "The server sent an event that is too large.",
  theServerDoesNotKnow: "The server does not know this address.",
  theServerAnsweredWithStatus: (status: Part) => `The server answered with status ${status}.`,
  theServerDoesNotAnswer: "The server does not answer. Check that it is running and that you are online.",
  yourSessionHasEnded: "Your session has ended. Sign in again to go on.",
  notJson: "The server answered with something that is not JSON.",
  theServerAnsweredWithNothing: "The server answered with nothing.",
  scopeRun: "Run flows",
  scopeRead: "Read flows and projects",
  scopeWrite: "Change flows and projects",
  scopeFiles: "Files",
  scopeVariables: "Variables",
  scopeMonitor: "Messages, runs and traces",
  scopeAdmin: "Everything else, accounts included",
});
