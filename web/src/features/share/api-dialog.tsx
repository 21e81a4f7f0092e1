import { Copy, KeyRound, Play } from "lucide-react";
import { useMemo, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import { createKey } from "@/api/keys";
import type { Flow } from "@/api/types";
import { type FlowNode, fieldsOf } from "@/flow/document";
import { nameOf } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { cn } from "@/util/cn";
import { copyText } from "@/util/download";
import { asText } from "@/util/json";
import { t } from "./messages";
import { type Language, languageNames, languages, writeSnippet } from "./snippets";

type Tweaks = Record<string, Record<string, unknown>>;

/** How to call the flow, with a key made here, values changed here, and the answer shown here. */
export default function ApiDialog({ onClose }: { onClose: () => void }) {
  const meta = useEditor((state) => state.meta);
  const nodes = useEditor((state) => state.document.nodes);
  const [language, setLanguage] = useState<Language>("python");
  const [key, setKey] = useState("");
  const [input, setInput] = useState(t.helloWorld);
  const [tweaks, setTweaks] = useState<Tweaks>(() => initialTweaks(nodes));
  const [answer, setAnswer] = useState<{ text: string; isError: boolean }>();
  const [isBusy, setIsBusy] = useState(false);
  const flow = meta?.endpoint_name || meta?.id || "";
  const text = useMemo(
    () => writeSnippet(language, { origin: location.origin, flow, key, input, tweaks }),
    [language, flow, key, input, tweaks],
  );
  if (!meta) return null;

  const makeKey = async () => {
    try {
      const made = await createKey({ name: t.keyFor(meta.name) });
      setKey(made.api_key);
      toast.ok(t.aNewApiKeyStands);
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const run = async () => {
    setIsBusy(true);
    setAnswer(undefined);
    try {
      const result = await api<unknown>(`/api/v1/run/${encodeURIComponent(flow)}`, {
        method: "POST",
        headers: { "x-api-key": key },
        body: { output_type: "chat", input_type: "chat", input_value: input, tweaks },
        anonymous: true,
      });
      setAnswer({ text: JSON.stringify(result, null, 2), isError: false });
    } catch (error) {
      setAnswer({
        text: error instanceof ApiError ? `${error.status || t.noAnswer}: ${error.message}` : describe(error),
        isError: true,
      });
    }
    setIsBusy(false);
  };
  const copy = async () => ((await copyText(text)) ? toast.ok(t.copied) : toast.error(t.theBrowserDoesNotAllow));

  return (
    <Dialog open onClose={onClose} size="lg" title={t.apiAccess} description={t.runThisFlowFromA}>
      <div className="grid gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <EndpointName />
          <Labelled label={t.input}>
            {(ids) => <Input {...ids} value={input} onChange={(event) => setInput(event.target.value)} />}
          </Labelled>
        </div>
        <TweakList nodes={nodes} tweaks={tweaks} onChange={setTweaks} />
        <div className="flex flex-wrap items-center gap-2">
          <div role="tablist" aria-label={t.language} className="flex rounded-lg bg-sunken p-0.5">
            {languages.map((option) => (
              <button
                key={option}
                type="button"
                role="tab"
                aria-selected={language === option}
                data-testid={`api_tab_${option}`}
                className={cn(
                  "rounded-md px-3 py-1 text-[13px]",
                  language === option && "bg-surface font-medium shadow-sm",
                )}
                onClick={() => setLanguage(option)}
              >
                {languageNames[option]}
              </button>
            ))}
          </div>
          <span className="flex-1" />
          <Button size="sm" data-testid="api-create-key" disabled={key !== ""} onClick={() => void makeKey()}>
            <KeyRound size={14} aria-hidden="true" /> {key ? t.keyInserted : t.createKeyAndInsert}
          </Button>
          <Button size="sm" data-testid="btn-copy-code" onClick={() => void copy()}>
            <Copy size={14} aria-hidden="true" /> {t.copy}
          </Button>
          <Button
            size="sm"
            look="primary"
            data-testid="api-run"
            busy={isBusy}
            disabled={key === ""}
            title={key ? undefined : t.createAKeyFirst}
            onClick={() => void run()}
          >
            <Play size={14} aria-hidden="true" /> {t.runIt}
          </Button>
        </div>
        <pre
          tabIndex={0}
          data-testid="api-snippet"
          className="max-h-72 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-[13px]"
        >
          {text}
        </pre>
        {answer?.isError ? <Notice tone="danger">{answer.text}</Notice> : null}
        {answer && !answer.isError ? (
          <pre
            tabIndex={0}
            data-testid="api-answer"
            className="max-h-60 overflow-auto rounded-lg border border-ok/40 bg-ok-soft p-3 font-mono text-xs"
          >
            {answer.text}
          </pre>
        ) : null}
      </div>
    </Dialog>
  );
}

function EndpointName() {
  const meta = useEditor((state) => state.meta);
  const [name, setName] = useState(meta?.endpoint_name ?? "");
  const [problem, setProblem] = useState<string>();
  const isBad = name !== "" && !/^[a-zA-Z0-9_-]+$/.test(name);
  const save = async () => {
    if (!meta || isBad) return;
    setProblem(undefined);
    try {
      const saved = await api<Flow>(`/api/v1/flows/${meta.id}`, {
        method: "PATCH",
        body: { endpoint_name: name || null },
      });
      useEditor.setState({ meta: { ...meta, endpoint_name: saved.endpoint_name } });
    } catch (error) {
      setProblem(describe(error));
    }
  };
  return (
    <Labelled label={t.endpointName} error={isBad ? t.lettersDigitsHyphensAndUnderscores : problem}>
      {(ids) => (
        <div className="flex gap-2">
          <Input
            {...ids}
            placeholder={t.aShortAddressInsteadOf}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button
            data-testid="endpoint-name-button"
            disabled={isBad || name === (meta?.endpoint_name ?? "")}
            onClick={() => void save()}
          >
            {t.save}
          </Button>
        </div>
      )}
    </Labelled>
  );
}

/** Fields that were marked for the API in the inspector. */
function initialTweaks(nodes: FlowNode[]): Tweaks {
  const tweaks: Tweaks = {};
  for (const node of nodes) {
    for (const [name, field] of fieldsOf(node.data.node)) {
      if (field.api_editable === true && !field.password) tweaks[node.id] = { ...tweaks[node.id], [name]: field.value };
    }
  }
  return tweaks;
}

function TweakList({
  nodes,
  tweaks,
  onChange,
}: {
  nodes: FlowNode[];
  tweaks: Tweaks;
  onChange: (tweaks: Tweaks) => void;
}) {
  const choices = nodes
    .filter((node) => node.type === "genericNode")
    .flatMap((node) =>
      fieldsOf(node.data.node)
        .filter(
          ([name, field]) =>
            name !== "code" && field.show !== false && field.type !== "other" && tweaks[node.id]?.[name] === undefined,
        )
        .map(([name, field]) => ({
          id: `${node.id} ${name}`,
          label: `${nameOf(node)}: ${field.display_name ?? name}`,
          nodeId: node.id,
          name,
          value: field.password ? "" : (field.value ?? ""),
        })),
    );
  const put = (nodeId: string, name: string, value: unknown) =>
    onChange({ ...tweaks, [nodeId]: { ...tweaks[nodeId], [name]: value } });
  const drop = (nodeId: string, name: string) => {
    const { [name]: _, ...rest } = tweaks[nodeId] ?? {};
    const { [nodeId]: __, ...others } = tweaks;
    onChange(Object.keys(rest).length > 0 ? { ...others, [nodeId]: rest } : others);
  };
  return (
    <details className="rounded-lg border border-line px-3 py-2">
      <summary className="text-[13px] font-medium">
        {t.valuesToChangeForThe(Object.values(tweaks).reduce((sum, fields) => sum + Object.keys(fields).length, 0))}
      </summary>
      <div className="mt-2 grid gap-2">
        {Object.entries(tweaks).flatMap(([nodeId, fields]) =>
          Object.entries(fields).map(([name, value]) => {
            const node = nodes.find((candidate) => candidate.id === nodeId);
            const label = `${node ? nameOf(node) : nodeId}: ${name}`;
            return (
              <div key={label} className="flex items-center gap-2">
                <span className="w-48 shrink-0 truncate text-[13px]" title={label}>
                  {label}
                </span>
                <Input
                  aria-label={label}
                  value={asText(value)}
                  onChange={(event) =>
                    put(
                      nodeId,
                      name,
                      typeof value === "number" && event.target.value !== ""
                        ? Number(event.target.value)
                        : event.target.value,
                    )
                  }
                />
                <Button size="sm" onClick={() => drop(nodeId, name)}>
                  {t.remove}
                </Button>
              </div>
            );
          }),
        )}
        <select
          aria-label={t.addAValue}
          className="rounded-lg border border-line bg-surface px-2 py-1.5 text-[13px]"
          value=""
          onChange={(event) => {
            const choice = choices.find((candidate) => candidate.id === event.target.value);
            if (choice) put(choice.nodeId, choice.name, choice.value);
          }}
        >
          <option value="">{t.addAValue2}</option>
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.label}
            </option>
          ))}
        </select>
      </div>
    </details>
  );
}
