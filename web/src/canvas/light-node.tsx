import { useStoreApi } from "@xyflow/react";
import { memo, useMemo } from "react";
import { fieldsOf, type NodeData } from "@/flow/document";
import {
  encodeHandle,
  loopHandle,
  outputTypes,
  sourceHandle,
  takesEdge,
  targetHandle,
  typeColour,
  visibleOutputs,
} from "@/flow/handles";
import { cn } from "@/util/cn";
import { ComponentIcon } from "./icons";
import type { Ends } from "./selectors";
import { isFieldShown } from "./shown";
import { guessSize } from "./size";

interface LightHandle {
  id: string;
  kind: "source" | "target";
  colour: string;
}

export interface LightNodeProps {
  id: string;
  data: NodeData;
  ends: Ends;
  /** What it measured with its fields. */
  height: number | undefined;
}

/** A node from afar: its name, large, and the ends of its edges. */
export const LightNode = memo(function LightNode({ id, data, ends, height }: LightNodeProps) {
  const store = useStoreApi();
  const def = data.node;
  const name = def.display_name ?? data.type;
  const handles = useMemo(() => handlesOf(id, data, ends), [id, data, ends]);
  const isSmall = data.showNode === false;
  // Before the first measure it is told as 0.
  const full = height || guessSize(data).height;
  const known = store.getState().nodeLookup.get(id)?.internals.handleBounds;
  const places = { source: 0, target: 0 };
  const counts = {
    source: handles.filter((handle) => handle.kind === "source").length,
    target: handles.filter((handle) => handle.kind === "target").length,
  };
  return (
    // The border belongs to the measured size.
    <div className="relative" style={{ height: full - 2 }}>
      <div
        className={cn(
          "light-node flex h-full w-full items-center gap-2 overflow-hidden px-3",
          isSmall ? "" : "justify-center",
        )}
      >
        <ComponentIcon name={def.icon} label={name} size={isSmall ? 22 : 34} />
        <span data-testid={`title-${name}`} className="light-title min-w-0 font-semibold" title={name}>
          {name}
        </span>
      </div>
      {handles.map((handle) => {
        const isSource = handle.kind === "source";
        const place = (full * (++places[handle.kind] - 0.5)) / counts[handle.kind];
        const old = known?.[handle.kind]?.find((bounds) => bounds.id === handle.id);
        return (
          <span
            key={`${handle.kind} ${handle.id}`}
            className={`react-flow__handle flow-handle nodrag nopan ${handle.kind} ${isSource ? "right-0" : "left-0"}`}
            data-handleid={handle.id}
            data-nodeid={id}
            data-handlepos={isSource ? "right" : "left"}
            style={{
              background: handle.colour,
              top: old ? old.y + old.height / 2 - 1 : place,
              transform: `translate(${isSource ? "50%" : "-50%"}, -50%)`,
            }}
          />
        );
      })}
    </div>
  );
});

function handlesOf(id: string, data: NodeData, ends: Ends): LightHandle[] {
  const node = { id, data, position: { x: 0, y: 0 } };
  const def = data.node;
  const targets = fieldsOf(def)
    .filter(([name, field]) => takesEdge(field) && isFieldShown(def.tool_mode ?? false, name, field, ends.inputs))
    .map(
      ([name, field]): LightHandle => ({
        id: encodeHandle(targetHandle(node, name, field)),
        kind: "target",
        colour: typeColour(field.input_types ?? []),
      }),
    );
  const { shown } = visibleOutputs(def, data.selected_output, ends.outputs);
  const outputs = shown.flatMap((output): LightHandle[] => {
    const colour = typeColour(outputTypes(output));
    const source: LightHandle = { id: encodeHandle(sourceHandle(node, output)), kind: "source", colour };
    if (!output.allows_loop) return [source];
    return [{ id: encodeHandle(loopHandle(node, output)), kind: "target", colour }, source];
  });
  return [...targets, ...outputs];
}
