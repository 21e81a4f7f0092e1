import { Info } from "lucide-react";
import { memo } from "react";
import { fieldWidgets } from "@/fields/registry";
import { labelOf } from "@/fields/types";
import type { TemplateField } from "@/flow/document";
import { kindOf } from "@/flow/kinds";
import { cn } from "@/util/cn";
import { useCanvasActions } from "./canvas-actions";
import { FlowHandle } from "./flow-handle";
import { t } from "./messages";

export interface NodeFieldProps {
  nodeId: string;
  nodeName: string;
  name: string;
  field: TemplateField;
  isConnected: boolean;
  /** The encoded handle, where the field can be fed. */
  handle?: string | undefined;
  canConnect: boolean;
  readOnly: boolean;
}

/** A labelled input of a node, on the canvas and in the inspector alike. */
export const NodeField = memo(function NodeField({
  nodeId,
  nodeName,
  name,
  field,
  isConnected,
  handle,
  canConnect,
  readOnly,
}: NodeFieldProps) {
  const { setField } = useCanvasActions();
  const kind = kindOf(field);
  const Widget = fieldWidgets[kind];
  const label = labelOf(name, field);
  const id = `${handle === undefined ? "i" : "n"}-${nodeId}-${name}`;
  const isModelByEdge = kind === "model" && (isConnected || field.value === "connect_other_models");
  const showsHandle = handle !== undefined && (kind !== "model" || isModelByEdge);
  return (
    <div className="relative px-3" data-testid={`field-${name}`}>
      {showsHandle ? (
        <FlowHandle
          id={handle}
          kind="target"
          types={field.input_types ?? []}
          label={t.inputHandleForOnNode(label, nodeName)}
          testId={`handle-${nodeId.split("-")[0]?.toLowerCase()}-shownode-${label.toLowerCase()}-left`}
          isConnectable={canConnect}
        />
      ) : null}
      <div className={cn("node-detail", kind === "bool" ? "flex items-center justify-between gap-3" : "grid gap-1.5")}>
        <span className="flex items-center gap-1.5">
          <label htmlFor={id} data-testid={`title-${label.toLowerCase()}`} className="truncate text-[13px] font-medium">
            {label}
            {field.required ? (
              <span aria-hidden="true" className="text-danger">
                {" *"}
              </span>
            ) : null}
          </label>
          {field.info ? (
            <span title={field.info} className="text-ink-soft">
              <Info size={13} role="img" aria-label={field.info} />
            </span>
          ) : null}
        </span>
        {isConnected && kind !== "handle" ? (
          <div className="rounded-lg border border-dashed border-line bg-sunken px-2.5 py-1.5 text-[13px] text-ink-soft">
            {t.receivingInput}
          </div>
        ) : (
          <Widget
            id={id}
            nodeId={nodeId}
            name={name}
            field={field}
            disabled={readOnly}
            onChange={(change) => setField(nodeId, name, change)}
          />
        )}
      </div>
    </div>
  );
});
