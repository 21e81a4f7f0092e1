import { Pencil } from "lucide-react";
import { useState } from "react";
import type { McpTool, McpToolChange } from "@/api/mcp";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Labelled, Switch, TextArea } from "@/ui/form";
import { Table } from "@/ui/table";
import { TextField } from "@/ui/text-field";

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
        This project has no flows yet. Each of its flows can become a tool.
      </p>
    );
  return (
    <>
      <Table
        label="Tools"
        rows={tools}
        keyOf={(tool) => tool.id}
        columns={[
          {
            key: "enabled",
            title: "Tool",
            cell: (tool) => (
              <Switch
                label={`Offer ${tool.name} as a tool`}
                testId={`mcp-tool-${tool.id}`}
                checked={tool.mcp_enabled ?? false}
                onChange={(mcp_enabled) => onChange({ ...changeOf(tool), mcp_enabled })}
              />
            ),
          },
          { key: "flow", title: "Flow", cell: (tool) => <span className="font-medium">{tool.name}</span> },
          {
            key: "name",
            title: "Name for programs",
            cell: (tool) => <code className="text-[13px]">{tool.action_name || "from the flow's name"}</code>,
          },
          {
            key: "text",
            title: "What it does",
            cell: (tool) => (
              <span className="line-clamp-2 min-w-48 text-ink-soft">
                {tool.action_description || tool.description || "—"}
              </span>
            ),
          },
          {
            key: "edit",
            title: <span className="sr-only">Actions</span>,
            cell: (tool) => (
              <IconButton label={`Edit the tool ${tool.name}`} onClick={() => setEdited(tool)}>
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
      title={`“${tool.name}” as a tool`}
      description="A model chooses tools by name and description: say what it does and when to use it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={isBad}
            onClick={() => onSave({ ...changeOf(tool), action_name: name || null, action_description: text || null })}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextField
          label="Name for programs"
          hint="Empty means it is made from the flow's name."
          error={isBad ? "Small letters, digits and underscores, at most 46." : undefined}
          value={name}
          onChange={setName}
        />
        <Labelled label="What it does">
          {(ids) => <TextArea {...ids} value={text} onChange={(event) => setText(event.target.value)} />}
        </Labelled>
      </div>
    </Dialog>
  );
}
