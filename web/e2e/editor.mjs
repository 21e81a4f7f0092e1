// The editor: by keyboard alone, and when things go wrong.
import { editorSteps } from "./editor-steps.mjs";
import { runSteps } from "./run-steps.mjs";

await runSteps(editorSteps, "editor");
