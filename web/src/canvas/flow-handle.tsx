import { Handle, Position, useConnection } from "@xyflow/react";
import { acceptedTypes, decodeHandle, isSource, typeColour, typesMeet } from "@/flow/handles";
import { connect } from "@/flow/ops";
import { anyOf, checkConnection } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView } from "@/stores/view";
import { cn } from "@/util/cn";
import { t } from "./messages";

export interface FlowHandleProps {
  /** The encoded handle. */
  id: string;
  kind: "source" | "target";
  types: string[];
  label: string;
  testId: string;
  className?: string;
  isConnectable: boolean;
}

/** An end where edges begin or finish: coloured by type, explained on hover, a filter of the sidebar on click. */
export function FlowHandle({ id, kind, types, label, testId, className, isConnectable }: FlowHandleProps) {
  const dragged = useConnection((connection) =>
    connection.inProgress ? `${connection.fromHandle.type} ${connection.fromHandle.id}` : "",
  );
  const fits = dragged === "" || fitsDragged(dragged, id, kind);
  const press = () => {
    const { filter, set } = useView.getState();
    const wants = kind === "source" ? "target" : "source";
    // The second of two handles: an edge between them.
    if (filter?.from && filter.wants === kind && filter.from.nodeId !== ownerOf(id)) {
      joinHandles(filter.from.handle, id, kind);
      return;
    }
    set({ sidebar: true, filter: { types, wants, from: { nodeId: ownerOf(id), handle: id } } });
  };
  const says = kind === "source" ? t.gives(anyOf(types)) : t.takes(anyOf(types));
  return (
    <Handle
      id={id}
      type={kind}
      position={kind === "source" ? Position.Right : Position.Left}
      isConnectable={isConnectable}
      data-testid={testId}
      role="button"
      tabIndex={0}
      aria-label={label}
      title={t.dragToConnectOrClick(says)}
      onClick={press}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        press();
      }}
      className={cn("flow-handle", !fits && "opacity-20", className)}
      style={{ background: typeColour(types) }}
    />
  );
}

const ownerOf = (handle: string) => decodeHandle(handle)?.id ?? "";

function joinHandles(first: string, second: string, kind: "source" | "target") {
  const [sourceHandle, targetHandle] = kind === "source" ? [second, first] : [first, second];
  const ends = { source: ownerOf(sourceHandle), sourceHandle, target: ownerOf(targetHandle), targetHandle };
  const { document, change, readOnly } = useEditor.getState();
  if (readOnly) return;
  const verdict = checkConnection(document, ends);
  if (!verdict.ok) {
    toast.info(verdict.reason);
    return;
  }
  change((now) => connect(now, ends));
  useView.getState().set({ filter: undefined });
}

function fitsDragged(dragged: string, id: string, kind: "source" | "target"): boolean {
  const [fromKind, fromId] = [dragged.slice(0, 6), dragged.slice(7)];
  if (fromId === id) return true;
  if (fromKind === kind) return false;
  const from = decodeHandle(fromId);
  const here = decodeHandle(id);
  if (!from || !here || from.id === here.id) return false;
  const [source, target] = kind === "target" ? [from, here] : [here, from];
  return isSource(source) && typesMeet(source.output_types, acceptedTypes(target));
}
