import { catalogue, type Part } from "@/i18n/catalogue";

export const t = catalogue("save", {
  whatYouSeeOnThe: "What you see on the canvas exists only in this page now.",
  thisFlowWasDeletedElsewhere: "This flow was deleted elsewhere",
  keepMyCopyAsA: "Keep my copy as a new flow",
  mine: "Mine",
  changedOnBothSides: " (changed on both sides)",
  noChanges: "No changes.",
  myChanges: "My changes",
  theirs: "Theirs",
  noChangesOnTheCanvas: "No changes on the canvas.",
  theirChanges: "Their changes",
  thisFlowWasChangedElsewhere: "This flow was changed elsewhere",
  chooseWhatOfYourWork:
    "Choose what of your work goes on top of the newest version. A change on both sides to one component: yours replaces theirs if ticked.",
  dropMineLoadTheNewest: "Drop mine, load the newest",
  keepMineAsANew: "Keep mine as a new flow",
  mergeAndSave: "Merge and save",
  changesOfNeverReachedThe: (toISOString: Part) =>
    `Changes of ${toISOString} never reached the server. Typed secrets are not among them.`,
  restore: "Restore",
  drop: "Drop",
  myCopy: (name: Part) => `${name} (my copy)`,
});
