import type { NodeData } from "@/flow/document";

/** What the canvas hands to the drawing of a node. */
export interface NodeViewProps {
  id: string;
  data: NodeData;
  selected: boolean;
  isConnectable: boolean;
  /** As measured last, in pixels of the flow. */
  height?: number | undefined;
}
