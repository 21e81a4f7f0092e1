import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilePlus2 } from "lucide-react";
import { useEffect, useState } from "react";
import { embeddingModelsQuery } from "@/api/knowledge";
import { languageModelsQuery } from "@/api/models";
import { templatesQuery } from "@/api/queries";
import type { Flow } from "@/api/types";
import { type FlowDocument, readGraph } from "@/flow/document";
import { isChat, type Needs, needsOf, withModel } from "@/flow/needs";
import { view } from "@/stores/view";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { SearchBox } from "@/ui/search-box";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { FlowPreview } from "./flow-preview";
import { t } from "./messages";
import { ModelStep } from "./model-step";
import { createFlow, type NewFlow } from "./use-flows";

/** Begins with the smallest template one can talk to. */
export const FIRST_CHAT = "chat";

export interface Template {
  flow: Flow;
  document: FlowDocument;
  needs: Needs;
}

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

function readTemplate(flow: Flow): Template {
  const { document } = readGraph(flow.data);
  return { flow, document, needs: needsOf(document) };
}

/** The template that needs nothing but a model and has the fewest nodes. */
export function firstChat(templates: Template[]): Template | undefined {
  return templates
    .filter(({ document, needs }) => isChat(document) && !needs.embedding && !needs.files && needs.secrets.length === 0)
    .toSorted((a, b) => a.document.nodes.length - b.document.nodes.length)[0];
}

/** What a template asks for, in words. */
function needWords({ model, embedding, secrets, files }: Needs): string[] {
  return [
    ...(model ? [t.aModel] : []),
    ...(embedding ? [t.anEmbeddingModel] : []),
    ...secrets,
    ...(files ? [t.aFile] : []),
  ];
}

export interface NewFlowDialogProps {
  projectId: string;
  start: "list" | typeof FIRST_CHAT;
  onClose: () => void;
}

export function NewFlowDialog({ projectId, start, onClose }: NewFlowDialogProps) {
  const list = useQuery(templatesQuery);
  const models = useQuery(languageModelsQuery);
  const [search, setSearch] = useState("");
  const [tag, setTag] = useState("");
  const [waiting, setWaiting] = useState<Template>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: ({ flow }: { flow: NewFlow; talks?: boolean }) => createFlow({ ...flow, folder_id: projectId }),
    onSuccess: (flow, { talks }) => {
      void queries.invalidateQueries({ queryKey: ["flows"] });
      if (talks) view().set({ playground: true });
      void navigate({ to: "/flow/$flowId", params: { flowId: flow.id } });
    },
  });
  const templates = (list.data ?? []).map(readTemplate);
  const isChatStart = start === FIRST_CHAT;
  /** Of the provider that was chosen, where it has one. */
  const findEmbedding = async (provider: unknown) => {
    const found = await queries.fetchQuery({ ...embeddingModelsQuery, staleTime: 0 }).catch(() => []);
    return found.find((candidate) => candidate.provider === provider) ?? found[0];
  };
  const make = async ({ flow, document, needs }: Template, model?: Record<string, unknown>) => {
    const { name, description, icon, gradient, tags } = flow;
    const talking = model ? withModel(document, model) : document;
    const embedding = needs.embedding ? await findEmbedding(model?.provider) : undefined;
    const data = { ...flow.data, ...(embedding ? withModel(talking, embedding, "embedding") : talking) };
    create.mutate({ flow: { name, description, icon, gradient, tags, data }, talks: isChatStart });
  };
  const pick = (template: Template) => {
    if (!template.needs.model) return void make(template);
    const [model] = models.data ?? [];
    if (model) void make(template, model);
    else setWaiting(template);
  };

  const isReady = list.data !== undefined && !models.isPending;
  // The chat was asked for before the templates were here.
  useEffect(() => {
    if (!isChatStart || !isReady || create.isPending || create.isSuccess || waiting) return;
    const chat = firstChat(templates);
    if (chat) pick(chat);
  });

  if (waiting) {
    return (
      <Dialog open onClose={onClose} title={t.needsAModel(waiting.flow.name)} description={t.giveOneProviderItsKey}>
        <ModelStep
          onReady={(model) => void make(waiting, model)}
          onSkip={() => void make(waiting)}
          busy={create.isPending}
          problem={create.error}
        />
      </Dialog>
    );
  }

  const tags = [...new Set(templates.flatMap(({ flow }) => flow.tags ?? []))].toSorted();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = templates.filter(({ flow }) => {
    const text = `${flow.name} ${flow.description ?? ""} ${(flow.tags ?? []).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (tag === "" || flow.tags?.includes(tag));
  });
  return (
    <Dialog open onClose={onClose} size="xl" title={t.newFlow2} description={t.startEmptyOrFromA}>
      <div className="grid gap-4">
        {create.isError ? <Notice tone="danger">{describe(create.error)}</Notice> : null}
        <div className="flex flex-wrap gap-3">
          <SearchBox
            label={t.searchTemplates}
            placeholder={t.searchTemplates2}
            testId="search-input-template"
            className="min-w-48 flex-1"
            value={search}
            onChange={setSearch}
          />
          {tags.length > 0 ? (
            <Select
              aria-label={t.kindOfTemplate}
              className="w-44"
              value={tag}
              onChange={(event) => setTag(event.target.value)}
            >
              <option value="">{t.allKinds}</option>
              {tags.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </Select>
          ) : null}
          <Button
            look="primary"
            data-testid="blank-flow"
            disabled={create.isPending}
            onClick={() => create.mutate({ flow: { name: t.newFlow } })}
          >
            <FilePlus2 size={16} aria-hidden="true" /> {t.blankFlow}
          </Button>
        </div>
        {list.isPending ? <Skeleton rows={4} label={t.loadingTemplates} /> : null}
        {list.isError ? <Failed text={describe(list.error)} retry={() => void list.refetch()} /> : null}
        {list.data && found.length === 0 ? (
          <p className="py-6 text-center text-ink-soft">
            {search || tag ? t.noTemplateMatches : t.thisServerHasNoTemplates}
          </p>
        ) : null}
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {found.map((template) => (
            <TemplateCard
              key={template.flow.id}
              template={template}
              disabled={create.isPending || models.isPending}
              onPick={() => pick(template)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function TemplateCard({ template, disabled, onPick }: { template: Template; disabled: boolean; onPick: () => void }) {
  const { flow, document, needs } = template;
  const wanted = needWords(needs);
  return (
    <li>
      <button
        type="button"
        data-testid={`template-${slug(flow.name)}`}
        disabled={disabled}
        onClick={onPick}
        className="flex h-full w-full flex-col gap-1.5 overflow-hidden rounded-xl border border-line text-left hover:border-accent disabled:opacity-50"
      >
        <FlowPreview document={document} className="h-28 w-full border-b border-line bg-canvas p-2" />
        <span className="px-3 pt-1 font-medium">{flow.name}</span>
        <span className="line-clamp-3 px-3 text-[13px] text-ink-soft">{flow.description}</span>
        <span className="mt-auto px-3 pb-3 pt-1 text-xs text-ink-soft">
          {wanted.length > 0 ? t.needs(wanted.join(", ")) : t.needsNothing}
        </span>
      </button>
    </li>
  );
}
