import { catalogue } from "@/i18n/catalogue";

export const t = catalogue("run", {
  thisIsAnOlderVersion: "This is an older version to look at. Restore it, or go back, and run then.",
  thereIsNothingToRun: "There is nothing to run yet. Add a component first.",
  goBackToTheFlow: "This is the inside of a group. Go back to the flow to run it.",
  itWasAnsweredAlready: "Somebody has answered already, or the run was stopped.",
  aLateAnswerTookTheFallback: "The answer came after the time for it: the run goes on with the fallback branch.",
  aLateAnswerTookNoBranch: "The answer came after the time for it: the run goes on without any of its branches.",
  thisRunIsGone: "This run is not there any more.",
  thisChoiceIsNotTaken: "The run does not take this choice. Choose another.",
  theRunWasStopped: "The run was stopped before anybody answered.",
});
