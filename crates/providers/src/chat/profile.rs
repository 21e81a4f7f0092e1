//! The vendors.

/// The format a vendor speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `POST {base}/chat/completions`.
    OpenAi,
    /// `POST {base}/v1/messages`.
    Anthropic,
    /// `POST {base}/models/{model}:generateContent`.
    Gemini,
    /// `POST {base}/api/chat`.
    Ollama,
    /// Gemini's wire below a project of Google Cloud; vectors by a form of its own.
    Vertex,
    /// `POST {base}/ml/v1/text/chat`, else as OpenAI's.
    Watsonx,
    /// `POST {base}/model/{model}/converse`, signed.
    Bedrock,
}

/// How a vendor wants its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`.
    Bearer,
    /// A header of its own.
    Header(&'static str),
    /// The key is exchanged for a token of IBM Cloud.
    Ibm,
    /// The key is the JSON of a service account of Google Cloud, exchanged for a token; or a token itself.
    Google,
    /// Every call is signed with an access key of Amazon.
    Aws,
}

/// Where a vendor departs from the wire it speaks.
#[derive(Clone, Copy, Debug)]
pub struct Quirks {
    /// Sends token counts at the end of a stream when asked to.
    pub stream_usage: bool,
    /// Takes tools.
    pub tools: bool,
    /// Answers in JSON of a given schema.
    pub json_schema: bool,
    /// Names of reasoning models follow OpenAI's: these take no temperature and count
    /// `max_completion_tokens`.
    pub openai_reasoning: bool,
    /// Works without a key.
    pub keyless: bool,
}

/// Where Azure keeps the models of its customers.
const AZURE_HOSTS: &[&str] = &[
    "*.openai.azure.com",
    "*.cognitiveservices.azure.com",
    "*.services.ai.azure.com",
    "*.models.ai.azure.com",
];

const STANDARD: Quirks =
    Quirks { stream_usage: true, tools: true, json_schema: true, openai_reasoning: false, keyless: false };

/// A vendor of the OpenAI wire with nothing special about it, to begin from.
const PLAIN: Profile = Profile {
    name: "",
    icon: "",
    wire: Wire::OpenAi,
    base_url: "",
    own_hosts: &[],
    base_url_variable: None,
    auth: Auth::Bearer,
    key_variable: "",
    quirks: STANDARD,
    models: &[],
    embedding_models: &[],
};

/// A vendor: name, address, key.
#[derive(Debug)]
pub struct Profile {
    /// As the model picker stores it.
    pub name: &'static str,
    /// Icon of the picker.
    pub icon: &'static str,
    pub wire: Wire,
    pub base_url: &'static str,
    /// Hosts of the vendor besides the one above, where each customer has an address of his own.
    pub own_hosts: &'static [&'static str],
    /// Global variable with a base URL that replaces the above.
    pub base_url_variable: Option<&'static str>,
    pub auth: Auth,
    /// Global variable, or environment variable, with the key.
    pub key_variable: &'static str,
    pub quirks: Quirks,
    /// Models offered where the vendor is not asked; the first is the default.
    pub models: &'static [&'static str],
    pub embedding_models: &'static [&'static str],
}

/// The vendor with this name, in any case.
pub fn profile(name: &str) -> Option<&'static Profile> {
    let name = name.trim();
    PROFILES.iter().find(|profile| profile.name.eq_ignore_ascii_case(name))
}

/// All vendors, in the order the picker shows them.
pub static PROFILES: [Profile; 29] = [
    Profile {
        name: "OpenAI",
        icon: "OpenAI",
        base_url: "https://api.openai.com/v1",
        base_url_variable: Some("OPENAI_BASE_URL"),
        key_variable: "OPENAI_API_KEY",
        quirks: Quirks { openai_reasoning: true, ..STANDARD },
        models: &[
            "gpt-4o-mini",
            "gpt-4o",
            "gpt-4.1",
            "gpt-4.1-mini",
            "gpt-4.1-nano",
            "gpt-4-turbo",
            "gpt-4",
            "gpt-5.4",
            "gpt-5.4-mini",
            "gpt-5.4-pro",
            "gpt-5.3-codex",
            "gpt-5.2",
            "gpt-5.1",
            "gpt-5",
            "gpt-5-mini",
            "gpt-5-nano",
            "gpt-5-chat-latest",
            "o1",
            "gpt-4o-search-preview",
            "gpt-4o-mini-search-preview",
        ],
        embedding_models: &["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"],
        ..PLAIN
    },
    Profile {
        name: "Anthropic",
        icon: "Anthropic",
        wire: Wire::Anthropic,
        base_url: "https://api.anthropic.com",
        auth: Auth::Header("x-api-key"),
        key_variable: "ANTHROPIC_API_KEY",
        models: &[
            "claude-opus-4-6",
            "claude-sonnet-4-6",
            "claude-haiku-4-5-20251001",
            "claude-opus-4-5-20251101",
            "claude-sonnet-4-5-20250929",
            "claude-opus-4-1-20250805",
            "claude-opus-4-20250514",
            "claude-sonnet-4-20250514",
        ],
        ..PLAIN
    },
    Profile {
        name: "Google Generative AI",
        icon: "GoogleGenerativeAI",
        wire: Wire::Gemini,
        base_url: "https://generativelanguage.googleapis.com/v1beta",
        auth: Auth::Header("x-goog-api-key"),
        key_variable: "GOOGLE_API_KEY",
        models: &[
            "gemini-2.5-flash",
            "gemini-2.5-pro",
            "gemini-2.5-flash-lite",
            "gemini-3.1-pro-preview",
            "gemini-3-flash-preview",
        ],
        embedding_models: &["models/gemini-embedding-001"],
        ..PLAIN
    },
    Profile {
        name: "Ollama",
        icon: "Ollama",
        wire: Wire::Ollama,
        base_url: "http://localhost:11434",
        base_url_variable: Some("OLLAMA_BASE_URL"),
        key_variable: "OLLAMA_API_KEY",
        quirks: Quirks { keyless: true, ..STANDARD },
        models: &[
            "llama3.3",
            "llama3.2",
            "llama3.1",
            "qwen3",
            "qwen2.5",
            "mistral",
            "mistral-nemo",
            "gemma3",
            "gpt-oss",
            "deepseek-r1",
        ],
        embedding_models: &["nomic-embed-text", "mxbai-embed-large", "all-minilm"],
        ..PLAIN
    },
    Profile {
        name: "Azure OpenAI",
        icon: "Azure",
        own_hosts: AZURE_HOSTS,
        auth: Auth::Header("api-key"),
        key_variable: "AZURE_OPENAI_API_KEY",
        quirks: Quirks { openai_reasoning: true, ..STANDARD },
        ..PLAIN
    },
    Profile {
        name: "Azure AI Foundry",
        icon: "Azure",
        own_hosts: AZURE_HOSTS,
        base_url_variable: Some("AZURE_AI_FOUNDRY_ENDPOINT"),
        auth: Auth::Header("api-key"),
        key_variable: "AZURE_AI_FOUNDRY_API_KEY",
        ..PLAIN
    },
    Profile {
        name: "Groq",
        icon: "Groq",
        base_url: "https://api.groq.com/openai/v1",
        key_variable: "GROQ_API_KEY",
        models: &["llama-3.1-8b-instant", "llama-3.3-70b-versatile"],
        ..PLAIN
    },
    Profile {
        name: "OpenRouter",
        icon: "OpenRouter",
        base_url: "https://openrouter.ai/api/v1",
        key_variable: "OPENROUTER_API_KEY",
        ..PLAIN
    },
    Profile {
        name: "MistralAI",
        icon: "MistralAI",
        base_url: "https://api.mistral.ai/v1",
        key_variable: "MISTRAL_API_KEY",
        quirks: Quirks { stream_usage: false, ..STANDARD },
        models: &[
            "codestral-latest",
            "open-mixtral-8x7b",
            "open-mixtral-8x22b",
            "mistral-small-latest",
            "mistral-medium-latest",
            "mistral-large-latest",
        ],
        embedding_models: &["mistral-embed"],
        ..PLAIN
    },
    Profile {
        name: "DeepSeek",
        icon: "DeepSeek",
        base_url: "https://api.deepseek.com",
        key_variable: "DEEPSEEK_API_KEY",
        quirks: Quirks { json_schema: false, ..STANDARD },
        models: &["deepseek-chat", "deepseek-reasoner"],
        ..PLAIN
    },
    Profile {
        name: "xAI",
        icon: "xAI",
        base_url: "https://api.x.ai/v1",
        key_variable: "XAI_API_KEY",
        models: &["grok-4", "grok-3", "grok-3-mini"],
        ..PLAIN
    },
    Profile {
        name: "NVIDIA",
        icon: "NVIDIA",
        base_url: "https://integrate.api.nvidia.com/v1",
        key_variable: "NVIDIA_API_KEY",
        embedding_models: &["nvidia/nv-embed-v1"],
        ..PLAIN
    },
    Profile {
        name: "Cohere",
        icon: "Cohere",
        base_url: "https://api.cohere.ai/compatibility/v1",
        key_variable: "COHERE_API_KEY",
        models: &["command-a-03-2025", "command-r-plus-08-2024", "command-r-08-2024"],
        embedding_models: &["embed-v4.0", "embed-english-v3.0", "embed-multilingual-v3.0"],
        ..PLAIN
    },
    Profile {
        name: "LM Studio",
        icon: "LMStudio",
        base_url: "http://localhost:1234/v1",
        key_variable: "LMSTUDIO_API_KEY",
        quirks: Quirks { keyless: true, ..STANDARD },
        ..PLAIN
    },
    Profile {
        name: "OpenAI Compatible",
        icon: "Plug",
        base_url_variable: Some("OPENAI_COMPATIBLE_BASE_URL"),
        key_variable: "OPENAI_COMPATIBLE_API_KEY",
        quirks: Quirks { keyless: true, ..STANDARD },
        ..PLAIN
    },
    Profile {
        name: "vLLM",
        icon: "vLLM",
        base_url: "http://localhost:8000/v1",
        base_url_variable: Some("VLLM_API_BASE"),
        key_variable: "VLLM_API_KEY",
        quirks: Quirks { keyless: true, ..STANDARD },
        ..PLAIN
    },
    Profile {
        name: "LiteLLM",
        icon: "LiteLLM",
        base_url: "http://localhost:4000/v1",
        key_variable: "LITELLM_API_KEY",
        ..PLAIN
    },
    Profile {
        name: "Perplexity",
        icon: "Perplexity",
        base_url: "https://api.perplexity.ai",
        key_variable: "PERPLEXITY_API_KEY",
        quirks: Quirks { tools: false, ..STANDARD },
        models: &["sonar", "sonar-pro", "sonar-reasoning-pro"],
        ..PLAIN
    },
    Profile {
        name: "SambaNova",
        icon: "SambaNova",
        base_url: "https://api.sambanova.ai/v1",
        key_variable: "SAMBANOVA_API_KEY",
        models: &["Meta-Llama-3.3-70B-Instruct", "DeepSeek-V3-0324"],
        ..PLAIN
    },
    Profile {
        name: "Novita AI",
        icon: "Novita",
        base_url: "https://api.novita.ai/v3/openai",
        key_variable: "NOVITA_API_KEY",
        models: &["deepseek/deepseek-v3-turbo"],
        ..PLAIN
    },
    Profile {
        name: "AI/ML API",
        icon: "AIML",
        base_url: "https://api.aimlapi.com/v2",
        key_variable: "AIML_API_KEY",
        models: &["gpt-4o-mini"],
        embedding_models: &["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"],
        ..PLAIN
    },
    Profile {
        name: "CometAPI",
        icon: "CometAPI",
        base_url: "https://api.cometapi.com/v1",
        key_variable: "COMETAPI_KEY",
        models: &["gpt-4o-mini"],
        ..PLAIN
    },
    Profile {
        name: "Hugging Face",
        icon: "HuggingFace",
        base_url: "https://router.huggingface.co/v1",
        key_variable: "HUGGINGFACEHUB_API_TOKEN",
        ..PLAIN
    },
    Profile {
        name: "IBM WatsonX",
        icon: "WatsonxAI",
        wire: Wire::Watsonx,
        base_url: "https://us-south.ml.cloud.ibm.com",
        base_url_variable: Some("WATSONX_URL"),
        auth: Auth::Ibm,
        key_variable: "WATSONX_APIKEY",
        quirks: Quirks { stream_usage: false, ..STANDARD },
        ..PLAIN
    },
    Profile {
        name: "Vertex AI",
        icon: "VertexAI",
        wire: Wire::Vertex,
        auth: Auth::Google,
        key_variable: "GOOGLE_SERVICE_ACCOUNT",
        ..PLAIN
    },
    Profile {
        name: "Amazon Bedrock",
        icon: "Amazon",
        wire: Wire::Bedrock,
        auth: Auth::Aws,
        key_variable: "AWS_SECRET_ACCESS_KEY",
        ..PLAIN
    },
    Profile {
        name: "MariTalk",
        icon: "Maritalk",
        base_url: "https://chat.maritaca.ai/api",
        key_variable: "MARITALK_API_KEY",
        ..PLAIN
    },
    Profile {
        name: "OrcaRouter",
        icon: "OrcaRouter",
        base_url: "https://api.orcarouter.ai/v1",
        key_variable: "ORCAROUTER_API_KEY",
        ..PLAIN
    },
    // Its address holds the account.
    Profile {
        name: "Cloudflare Workers AI",
        icon: "Cloudflare",
        key_variable: "CLOUDFLARE_API_TOKEN",
        ..PLAIN
    },
];
