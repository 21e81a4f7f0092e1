import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilePlus2, Workflow } from "lucide-react";
import { useState } from "react";
import { describe } from "@/api/client";
import { templatesQuery } from "@/api/queries";
import type { Flow } from "@/api/types";
import { readGraph } from "@/flow/document";
import { kindOf } from "@/flow/kinds";
import { Dialog } from "@/ui/dialog";
import { Input } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { createFlow, type NewFlow } from "./use-flows";

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** What a template asks for, told before it is opened. */
function needs(template: Flow): string[] {
  const found = new Set<string>();
  for (const node of readGraph(template.data).document.nodes) {
    for (const field of Object.values(node.data.node.template)) {
      if (typeof field !== "object" || field === null || field.show === false) continue;
      const kind = kindOf(field);
      if (kind === "model") found.add("a model key");
      else if (kind === "secret" && field.required) found.add(field.display_name ?? "a key");
      else if (kind === "file" && field.required) found.add("a file");
    }
  }
  return [...found];
}

export function NewFlowDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const templates = useQuery(templatesQuery);
  const [search, setSearch] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (flow: NewFlow) => createFlow({ ...flow, folder_id: projectId }),
    onSuccess: (flow) => {
      void queries.invalidateQueries({ queryKey: ["projects"] });
      void navigate({ to: "/flow/$flowId", params: { flowId: flow.id } });
    },
  });
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (templates.data ?? []).filter((template) => {
    const text = `${template.name} ${template.description ?? ""} ${(template.tags ?? []).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title="New flow"
      description="Start empty, or from a template that you can change."
    >
      <div className="grid gap-4">
        {create.isError ? <Notice tone="danger">{describe(create.error)}</Notice> : null}
        <div className="flex flex-wrap gap-3">
          <Input
            type="search"
            data-testid="search-input-template"
            aria-label="Search templates"
            placeholder="Search templates…"
            className="min-w-48 flex-1"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <button
            type="button"
            data-testid="blank-flow"
            disabled={create.isPending}
            onClick={() => create.mutate({ name: "New Flow" })}
            className="flex h-9 items-center gap-2 rounded-lg bg-accent px-4 text-sm font-medium text-on-accent disabled:opacity-50"
          >
            <FilePlus2 size={16} aria-hidden="true" /> Blank Flow
          </button>
        </div>
        {templates.isPending ? <Skeleton rows={4} label="Loading templates" /> : null}
        {templates.isError ? <Failed text={describe(templates.error)} retry={() => void templates.refetch()} /> : null}
        {templates.data && found.length === 0 ? (
          <p className="py-6 text-center text-ink-soft">
            {search ? `No template matches “${search}”.` : "This server has no templates."}
          </p>
        ) : null}
        <ul className="grid gap-3 sm:grid-cols-2">
          {found.map((template) => (
            <TemplateCard
              key={template.id}
              template={template}
              disabled={create.isPending}
              onPick={() =>
                create.mutate({
                  name: template.name,
                  description: template.description,
                  data: template.data,
                  icon: template.icon,
                  gradient: template.gradient,
                  tags: template.tags,
                })
              }
            />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function TemplateCard({ template, disabled, onPick }: { template: Flow; disabled: boolean; onPick: () => void }) {
  const wanted = needs(template);
  return (
    <li>
      <button
        type="button"
        data-testid={`template-${slug(template.name)}`}
        disabled={disabled}
        onClick={onPick}
        className={cn(
          "grid h-full w-full gap-1 rounded-xl border border-line p-3 text-left hover:border-accent disabled:opacity-50",
        )}
      >
        <span className="flex items-center gap-2 font-medium">
          <Workflow size={16} aria-hidden="true" className="shrink-0 text-accent" /> {template.name}
        </span>
        <span className="line-clamp-2 text-[13px] text-ink-soft">{template.description}</span>
        {wanted.length > 0 ? <span className="text-xs text-ink-soft">Needs: {wanted.join(", ")}</span> : null}
      </button>
    </li>
  );
}
