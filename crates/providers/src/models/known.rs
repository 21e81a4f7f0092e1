//! Models known without asking their providers.
//!
//! A row is a name and what is known of the model, a letter each: `*` a default, `-` deprecated, `!` not usable
//! through this server, `t` takes tools, `r` reasons, `s` searches the web, `p` a preview, `e` makes vectors.

use langflow_core::capability::{ModelKind, OfferedModel};

pub(super) type Rows = &'static [(&'static str, &'static str)];

/// The rows as models.
pub(super) fn models(rows: Rows) -> Vec<OfferedModel> {
    rows.iter().map(|(name, known)| model(name, known)).collect()
}

fn model(name: &str, known: &str) -> OfferedModel {
    let has = |letter: char| known.contains(letter);
    OfferedModel {
        name: name.to_owned(),
        kind: if has('e') { ModelKind::Embedding } else { ModelKind::Language },
        tools: has('t'),
        reasoning: has('r'),
        search: has('s'),
        preview: has('p'),
        is_default: has('*'),
        deprecated: has('-'),
        not_supported: has('!'),
    }
}

pub(super) const OPENAI: Rows = &[
    ("gpt-5.4", "*tr"),
    ("gpt-5.4-mini", "*tr"),
    ("gpt-5.4-pro", "*tr"),
    ("gpt-5.3-codex", "*tr"),
    ("gpt-5.2", "*tr"),
    ("gpt-5.1", "tr"),
    ("gpt-5", "tr"),
    ("gpt-5-mini", "tr"),
    ("gpt-5-nano", "tr"),
    ("gpt-5-chat-latest", "r"),
    ("gpt-4o-mini", "t"),
    ("gpt-4o", "t"),
    ("gpt-4.1", "t"),
    ("gpt-4.1-mini", "t"),
    ("gpt-4.1-nano", "t"),
    ("gpt-4-turbo", "t"),
    ("gpt-4", "t"),
    ("o1", "r"),
    ("o1-pro", "!r"),
    ("o3-mini", "!r"),
    ("o3", "!r"),
    ("o3-pro", "!r"),
    ("o4-mini", "!r"),
    ("gpt-4o-mini-search-preview", "tsp"),
    ("gpt-4o-search-preview", "tsp"),
    ("computer-use-preview", "!p"),
    ("gpt-4o-audio-preview", "!p"),
    ("gpt-4o-realtime-preview", "!p"),
    ("gpt-4o-mini-audio-preview", "!p"),
    ("gpt-4o-mini-realtime-preview", "!p"),
    ("text-embedding-3-small", "e"),
    ("text-embedding-3-large", "e"),
    ("text-embedding-ada-002", "e"),
    ("gpt-4.5-preview", "-tp"),
    ("gpt-4-turbo-preview", "-tp"),
    ("gpt-3.5-turbo", "-t"),
    ("o1-mini", "-!r"),
];

pub(super) const ANTHROPIC: Rows = &[
    ("claude-opus-4-6", "*t"),
    ("claude-sonnet-4-6", "*t"),
    ("claude-haiku-4-5-20251001", "*t"),
    ("claude-opus-4-5-20251101", "*t"),
    ("claude-sonnet-4-5-20250929", "*t"),
    ("claude-opus-4-1-20250805", "t"),
    ("claude-opus-4-20250514", "t"),
    ("claude-sonnet-4-20250514", "t"),
    ("claude-3-5-haiku-20241022", "-t"),
    ("claude-3-haiku-20240307", "-t"),
    ("claude-3-7-sonnet-latest", "-t"),
    ("claude-3-5-sonnet-latest", "-t"),
    ("claude-3-5-haiku-latest", "-t"),
    ("claude-3-opus-latest", "-t"),
    ("claude-3-sonnet-20240229", "-t"),
    ("claude-2.1", "-"),
    ("claude-2.0", "-"),
    ("claude-3-5-sonnet-20240620", "-t"),
    ("claude-3-5-sonnet-20241022", "-t"),
];

pub(super) const GOOGLE: Rows = &[
    ("gemini-2.5-flash", "*t"),
    ("gemini-2.5-pro", "*t"),
    ("gemini-2.5-flash-lite", "*t"),
    ("gemini-2.5-flash-preview-09-2025", "*tp"),
    ("gemini-2.5-flash-lite-preview-09-2025", "*tp"),
    ("gemini-2.5-flash-image", ""),
    ("gemini-3.1-pro-preview", "tp"),
    ("gemini-3-flash-preview", "tp"),
    ("gemini-3.1-flash-lite-preview", "tp"),
    ("gemini-3-pro-image-preview", "p"),
    ("gemini-3.1-flash-image-preview", "p"),
    ("models/gemini-embedding-001", "e"),
    ("gemini-1.5-pro", "-t"),
    ("gemini-1.5-flash", "-t"),
    ("gemini-1.5-flash-8b", "-t"),
    ("gemini-2.0-flash", "-t"),
    ("gemini-2.0-flash-lite", "-t"),
    ("gemini-2.0-flash-preview-image-generation", "-"),
    ("models/text-embedding-004", "-e"),
    ("models/embedding-001", "-e"),
];

pub(super) const WATSONX: Rows = &[
    ("ibm/granite-4-h-small", "*t"),
    ("meta-llama/llama-3-3-70b-instruct", "*t"),
    ("mistral-large-2512", "*t"),
    ("meta-llama/llama-4-maverick-17b-128e-instruct-fp8", "*t"),
    ("mistralai/mistral-medium-2505", "*t"),
    ("mistralai/mistral-small-3-1-24b-instruct-2503", "t"),
    ("openai/gpt-oss-120b", "t"),
    ("ibm/granite-guardian-3-8b", ""),
    ("ibm/granite-embedding-278m-multilingual", "e"),
    ("ibm/slate-125m-english-rtrvr-v2", "e"),
    ("ibm/slate-30m-english-rtrvr-v2", "e"),
    ("intfloat/multilingual-e5-large", "e"),
    ("ibm/granite-8b-code-instruct", "-t"),
    ("sentence-transformers/all-minilm-l12-v2", "-e"),
];

pub(super) const OLLAMA: Rows = &[
    ("llama3.3", "*t"),
    ("qwq", "*t"),
    ("llama3.2", "*t"),
    ("llama3.1", "*t"),
    ("mistral", "*t"),
    ("qwen2", "t"),
    ("qwen2.5", "t"),
    ("qwen2.5-coder", "t"),
    ("mistral-nemo", "t"),
    ("mixtral", "t"),
    ("command-r", "t"),
    ("command-r-plus", "t"),
    ("mistral-large", "t"),
    ("smollm2", "t"),
    ("hermes3", "t"),
    ("athene-v2", "t"),
    ("mistral-small", "t"),
    ("nemotron-mini", "t"),
    ("nemotron", "t"),
    ("llama3-groq-tool-use", "t"),
    ("granite3-dense", "t"),
    ("granite3.1-dense", "t"),
    ("aya-expanse", "t"),
    ("granite3-moe", "t"),
    ("firefunction-v2", "t"),
    ("cogito", "t"),
    ("gpt-oss:20b", "t"),
    ("qwen3-vl:4b", "t"),
    ("nomic-embed-text", "e"),
    ("mxbai-embed-large", "e"),
    ("snowflake-arctic-embed", "e"),
    ("all-minilm", "e"),
    ("bge-m3", "e"),
    ("bge-large", "e"),
    ("paraphrase-multilingual", "e"),
    ("granite-embedding", "e"),
    ("jina-embeddings-v2-base-en", "e"),
];

pub(super) const AZURE_FOUNDRY: Rows = &[
    ("gpt-4o", "*t"),
    ("gpt-4o-mini", "*t"),
    ("gpt-4.1", "*t"),
    ("o3-mini", "*tr"),
    ("Mistral-Large-3", "*t"),
];

pub(super) const OPENROUTER: Rows = &[
    ("anthropic/claude-opus-4.7", "*t"),
    ("anthropic/claude-sonnet-4.5", "*t"),
    ("anthropic/claude-haiku-4.5", "*t"),
    ("openai/gpt-4o", "*t"),
    ("openai/gpt-4o-mini", "*t"),
    ("google/gemini-2.5-pro", "t"),
    ("meta-llama/llama-3.3-70b-instruct", "t"),
];

pub(super) const GROQ: Rows = &[
    ("llama-3.3-70b-versatile", "*t"),
    ("llama-3.1-8b-instant", "*t"),
    ("openai/gpt-oss-120b", "tr"),
    ("openai/gpt-oss-20b", "tr"),
];
