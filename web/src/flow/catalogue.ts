/** Finding components: categories, search, and what fits a handle. */
import { catalogue } from "@/i18n/catalogue";
import { type ComponentDef, type FlowNode, fieldsOf } from "./document";
import { encodeHandle, outputTypes, sourceHandle, takesEdge, targetHandle, typesMeet } from "./handles";
import { t } from "./messages";

export type Entry = { category: string; type: string; def: ComponentDef };
export type Wanted = { types: string[]; wants: "source" | "target" };

/** The category of components that a person kept. */
const SAVED = "saved_components";

/** Categories of the first section, in their order, with the names people know. */
export const mainCategories: [key: string, title: string, icon: string][] = [
  [SAVED, t.categorySavedComponents, "save"],
  ["input_output", t.categoryInputOutput, "cable"],
  ["data_source", t.categoryDataSource, "database"],
  ["models_and_agents", t.categoryModelsAndAgents, "bot"],
  ["llm_operations", t.categoryLlmOperations, "brain-circuit"],
  ["files_and_knowledge", t.categoryFilesAndKnowledge, "layers"],
  ["processing", t.categoryProcessing, "list-filter"],
  ["flow_controls", t.categoryFlowControls, "arrow-right-left"],
  ["triggers", t.categoryTriggers, "webhook"],
  ["utilities", t.categoryUtilities, "wand2"],
  ["prototypes", t.categoryPrototypes, "flask-conical"],
  ["tools", t.categoryTools, "hammer"],
  ["custom_component", t.categoryCustomComponent, "code"],
  ["files_ingestion", t.categoryFilesIngestion, "file-text"],
  ["agents", t.categoryAgents, "bot"],
  ["data", t.categoryData, "database"],
  ["logic", t.categoryLogic, "arrow-right-left"],
  ["helpers", t.categoryHelpers, "wand2"],
  ["models", t.categoryModels, "brain-circuit"],
  ["embeddings", t.categoryEmbeddings, "binary"],
  ["vectorstores", t.categoryVectorstores, "layers"],
  ["inputs", t.categoryInputs, "download"],
  ["outputs", t.categoryOutputs, "upload"],
  ["prompts", t.categoryPrompts, "braces"],
];

export type Group = { key: string; title: string; icon: string; entries: Entry[]; isBundle: boolean };

export function groupEntries(entries: Entry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [key, title, icon] of mainCategories) groups.set(key, { key, title, icon, entries: [], isBundle: false });
  for (const entry of entries) {
    const group = groups.get(entry.category) ?? {
      key: entry.category,
      title: titleOf(entry.category),
      icon: entry.def.icon ?? "component",
      entries: [],
      isBundle: true,
    };
    group.entries.push(entry);
    groups.set(entry.category, group);
  }
  const byName = (a: Entry, b: Entry) => nameOf(a).localeCompare(nameOf(b));
  return [...groups.values()]
    .filter((group) => group.entries.length > 0)
    .map((group) => ({ ...group, entries: group.entries.toSorted(byName) }));
}

/** Vendors as they write themselves, where that is not the key with a capital. */
const vendorNames: Record<string, string> = catalogue("vendors", {
  agentql: "AgentQL",
  aiml: "AI/ML API",
  amazon: "Amazon",
  apify: "Apify",
  assemblyai: "AssemblyAI",
  azure: "Azure OpenAI",
  cometapi: "CometAPI",
  datastax: "DataStax",
  deepseek: "DeepSeek",
  duckduckgo: "DuckDuckGo",
  elastic: "Elasticsearch",
  faiss: "FAISS",
  huggingface: "Hugging Face",
  ibm: "IBM",
  langchain_utilities: "LangChain",
  litellm: "LiteLLM",
  lmstudio: "LM Studio",
  mistral: "Mistral AI",
  mongodb: "MongoDB",
  nvidia: "NVIDIA",
  openai: "OpenAI",
  openrouter: "OpenRouter",
  orcarouter: "OrcaRouter",
  pgvector: "pgvector",
  sambanova: "SambaNova",
  scrapegraph: "ScrapeGraph",
  searchapi: "SearchApi",
  serpapi: "SerpAPI",
  vertexai: "Vertex AI",
  vllm: "vLLM",
  xai: "xAI",
  yahoosearch: "Yahoo Finance",
  yahoo: "Yahoo Finance",
  youtube: "YouTube",
});

function titleOf(category: string): string {
  const vendor = vendorNames[category];
  if (vendor) return vendor;
  return category.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
}

export function nameOf(entry: Entry): string {
  return entry.def.display_name ?? entry.type;
}

export type Search = { text: string; legacy: boolean; beta: boolean; fits: Wanted | undefined };

/** Entries that match, and how many more the switches hide. */
export function searchEntries(
  entries: Entry[],
  search: Search,
): { found: Entry[]; hidden: { legacy: number; beta: number } } {
  const words = search.text.toLowerCase().split(/\s+/).filter(Boolean);
  const hidden = { legacy: 0, beta: 0 };
  const found: { entry: Entry; score: number }[] = [];
  for (const entry of entries) {
    const score = scoreOf(entry, words);
    if (score === 0 || (search.fits && !fits(entry.def, search.fits))) continue;
    // What a person kept for themselves is never hidden.
    const isOwn = entry.category === SAVED;
    if (entry.def.legacy && !search.legacy && !isOwn) hidden.legacy += 1;
    else if (entry.def.beta && !search.beta && !isOwn) hidden.beta += 1;
    else found.push({ entry, score });
  }
  return { found: found.toSorted((a, b) => b.score - a.score).map(({ entry }) => entry), hidden };
}

/** 0: no match. The name counts more than the description. */
function scoreOf(entry: Entry, words: string[]): number {
  if (words.length === 0) return 1;
  const name = nameOf(entry).toLowerCase();
  const metadata = entry.def.metadata?.keywords;
  const keywords = Array.isArray(metadata) ? metadata.join(" ") : "";
  const rest = `${entry.type} ${entry.def.description ?? ""} ${entry.category} ${keywords}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (name.startsWith(word)) score += 8;
    else if (name.includes(word)) score += 5;
    else if (rest.includes(word)) score += 1;
    else return 0;
  }
  return score;
}

/** Whether a component has an end that fits. */
export function fits(def: ComponentDef, wanted: Wanted): boolean {
  if (wanted.wants === "source")
    return (def.outputs ?? []).some((output) => typesMeet(outputTypes(output), wanted.types));
  return fieldsOf(def).some(
    ([, field]) => field.show !== false && takesEdge(field) && typesMeet(wanted.types, field.input_types ?? []),
  );
}

/** The encoded end of a fresh node that fits, to connect it at once. */
export function fittingHandle(node: FlowNode, wanted: Wanted): string | undefined {
  if (wanted.wants === "source") {
    const output = node.data.node.outputs?.find((candidate) => typesMeet(outputTypes(candidate), wanted.types));
    return output && encodeHandle(sourceHandle(node, output));
  }
  const fields = fieldsOf(node.data.node).filter(([, field]) => field.show !== false && takesEdge(field));
  const fitting = fields.filter(([, field]) => typesMeet(wanted.types, field.input_types ?? []));
  const best = fitting.find(([, field]) => !field.advanced) ?? fitting[0];
  return best && encodeHandle(targetHandle(node, best[0], best[1]));
}
