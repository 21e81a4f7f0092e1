import { createContext, useContext } from "react";
import type { TemplateField } from "@/flow/document";
import type { Waiting } from "@/stores/waiting";

/** What nodes ask of the page around them. */
export interface CanvasActions {
  setField: (nodeId: string, name: string, change: Partial<TemplateField>) => void;
  chooseOutput: (nodeId: string, output: string) => void;
  runTo: (nodeId: string) => void;
  runCommand: (id: string) => void;
  /** Gives a run that waits its answer. */
  answer: (request: Waiting, action: string) => void;
}

const none = () => undefined;
export const CanvasActionsContext = createContext<CanvasActions>({
  setField: none,
  chooseOutput: none,
  runTo: none,
  runCommand: none,
  answer: none,
});
export const useCanvasActions = () => useContext(CanvasActionsContext);
