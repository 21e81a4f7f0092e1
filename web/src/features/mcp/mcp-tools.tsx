import { Pencil } from "lucide-react";
import { useState } from "react";
import type { McpTool, McpToolChange } from "@/api/mcp";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Labelled, Switch, TextArea } from "@/ui/form";
import { Table } from "@/ui/table";
import { TextField } from "@/ui/text-field";
import { t } from "./messages";

export interface McpToolsProps {
  tools: McpTool[];
  onChange: (change: McpToolChange) => void;
}

/** Which flows are tools, and how programs see them. */
export function McpTools({ tools, onChange }: McpToolsProps) {
  const [edited, setEdited] = useState<McpTool>();
  if (tools.length === 0)
    return (
      <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">
        {t.thisProjectHasNoFlows}
      </p>
    );
  return (
    <>
      <Table
        label={t.tools}
        rows={tools}
        keyOf={(tool) => tool.id}
        columns={[
          {
            key: "enabled",
            title: t.tool,
            cell: (tool) => (
              <Switch
                label={t.offerAsATool(tool.name)}
                testId={`mcp-tool-${tool.id}`}
                checked={tool.mcp_enabled ?? false}
                onChange={(mcp_enabled) => onChange({ ...changeOf(tool), mcp_enabled })}
              />
            ),
          },
          { key: "flow", title: t.flow, cell: (tool) => <span className="font-medium">{tool.name}</span> },
          {
            key: "name",
            title: t.nameForPrograms,
            cell: (tool) => <code className="text-[13px]">{tool.action_name || t.fromTheFlowSName}</code>,
          },
          {
            key: "text",
            title: t.whatItDoes,
            cell: (tool) => (
              <span className="line-clamp-2 min-w-48 text-ink-soft">
                {tool.action_description || tool.description || "—"}
              </span>
            ),
          },
          {
            key: "edit",
            title: <span className="sr-only">{t.actions}</span>,
            cell: (tool) => (
              <IconButton label={t.editTheTool(tool.name)} onClick={() => setEdited(tool)}>
                <Pencil size={15} aria-hidden="true" />
              </IconButton>
            ),
          },
        ]}
      />
      {edited ? (
        <ToolDialog
          tool={edited}
          onClose={() => setEdited(undefined)}
          onSave={(change) => {
            onChange(change);
            setEdited(undefined);
          }}
        />
      ) : null}
    </>
  );
}

const changeOf = (tool: McpTool): McpToolChange => ({
  id: tool.id,
  mcp_enabled: tool.mcp_enabled ?? false,
  action_name: tool.action_name,
  action_description: tool.action_description,
});

interface ToolDialogProps {
  tool: McpTool;
  onClose: () => void;
  onSave: (change: McpToolChange) => void;
}

function ToolDialog({ tool, onClose, onSave }: ToolDialogProps) {
  const [name, setName] = useState(tool.action_name ?? "");
  const [text, setText] = useState(tool.action_description ?? "");
  const isBad = name !== "" && !/^[a-z0-9_]{1,46}$/.test(name);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.asATool(tool.name)}
      description={t.aModelChoosesToolsBy}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            disabled={isBad}
            onClick={() => onSave({ ...changeOf(tool), action_name: name || null, action_description: text || null })}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextField
          label={t.nameForPrograms}
          hint={t.emptyMeansItIsMade}
          error={isBad ? t.smallLettersDigitsAndUnderscores : undefined}
          value={name}
          onChange={setName}
        />
        <Labelled label={t.whatItDoes}>
          {(ids) => <TextArea {...ids} value={text} onChange={(event) => setText(event.target.value)} />}
        </Labelled>
      </div>
    </Dialog>
  );
}
