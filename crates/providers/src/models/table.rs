//! The providers: what each needs and offers.

use super::known;
use crate::chat::PROFILES;
use langflow_core::capability::{ProviderInfo, ProviderVariable};

const KEY: ProviderVariable = ProviderVariable {
    title: "API Key",
    key: "",
    description: "",
    required: true,
    is_secret: true,
    options: &[],
    parameter: "api_key",
    field: "api_key",
    header: "",
    suffix: "",
};

const TEXT: ProviderVariable = ProviderVariable { is_secret: false, required: false, field: "", ..KEY };

/// All providers, in the order of the picker.
pub(super) fn providers() -> Vec<ProviderInfo> {
    vec![
        openai(),
        anthropic(),
        google(),
        ollama(),
        groq(),
        azure_openai(),
        azure_foundry(),
        watsonx(),
        openrouter(),
        openai_compatible(),
        vllm(),
    ]
}

/// A provider with nothing set, to begin from.
fn plain(id: &'static str, name: &'static str) -> ProviderInfo {
    let icon = PROFILES.iter().find(|profile| profile.name == name).map_or(name, |profile| profile.icon);
    ProviderInfo {
        id,
        name,
        icon,
        model_icon: icon,
        docs_url: "",
        client_class: "ChatOpenAI",
        model_parameter: "model",
        max_tokens_parameter: "max_tokens",
        base_url: "",
        embedding_class: "OpenAIEmbeddings",
        variables: Vec::new(),
        models: Vec::new(),
        is_live: false,
        is_live_elsewhere: false,
        needs_explicit_choice: false,
        is_listed: true,
    }
}

fn openai() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://platform.openai.com/docs/overview",
        variables: vec![
            ProviderVariable { title: "OpenAI API Key", key: "OPENAI_API_KEY", ..KEY },
            ProviderVariable {
                title: "OpenAI Base URL",
                key: "OPENAI_BASE_URL",
                description: "Address of another server that speaks the API of OpenAI. Empty for OpenAI itself.",
                parameter: "base_url",
                ..TEXT
            },
        ],
        models: known::models(known::OPENAI),
        is_live_elsewhere: true,
        ..plain("openai", "OpenAI")
    }
}

fn anthropic() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://console.anthropic.com/docs",
        client_class: "ChatAnthropic",
        embedding_class: "",
        variables: vec![ProviderVariable { title: "Anthropic API Key", key: "ANTHROPIC_API_KEY", ..KEY }],
        models: known::models(known::ANTHROPIC),
        ..plain("anthropic", "Anthropic")
    }
}

fn google() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://aistudio.google.com/app/apikey",
        client_class: "ChatGoogleGenerativeAIFixed",
        max_tokens_parameter: "max_output_tokens",
        embedding_class: "GoogleGenerativeAIEmbeddings",
        variables: vec![ProviderVariable {
            title: "Google API Key",
            key: "GOOGLE_API_KEY",
            parameter: "google_api_key",
            ..KEY
        }],
        models: known::models(known::GOOGLE),
        ..plain("google-generative-ai", "Google Generative AI")
    }
}

fn ollama() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://ollama.com/",
        client_class: "ChatOllama",
        embedding_class: "OllamaEmbeddings",
        variables: vec![ProviderVariable {
            title: "Ollama Base URL",
            key: "OLLAMA_BASE_URL",
            required: true,
            parameter: "base_url",
            field: "ollama_base_url",
            ..TEXT
        }],
        models: known::models(known::OLLAMA),
        is_live: true,
        ..plain("ollama", "Ollama")
    }
}

fn groq() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://console.groq.com/docs",
        client_class: "ChatGroq",
        embedding_class: "",
        variables: vec![ProviderVariable { title: "Groq API Key", key: "GROQ_API_KEY", ..KEY }],
        models: known::models(known::GROQ),
        is_live: true,
        ..plain("groq", "Groq")
    }
}

fn azure_openai() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://learn.microsoft.com/azure/ai-services/openai/",
        client_class: "AzureChatOpenAI",
        embedding_class: "AzureOpenAIEmbeddings",
        variables: vec![ProviderVariable {
            title: "Azure OpenAI API Key",
            key: "AZURE_OPENAI_API_KEY",
            ..KEY
        }],
        // Deployments have names and addresses of their own: its component asks for them.
        is_listed: false,
        ..plain("azure-openai", "Azure OpenAI")
    }
}

fn azure_foundry() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://learn.microsoft.com/en-us/azure/foundry/how-to/develop/langchain-models",
        client_class: "AzureAIOpenAIApiChatModel",
        embedding_class: "",
        variables: vec![
            ProviderVariable {
                title: "Azure AI Foundry API Key",
                key: "AZURE_AI_FOUNDRY_API_KEY",
                parameter: "credential",
                ..KEY
            },
            ProviderVariable {
                title: "Azure AI Foundry Endpoint",
                key: "AZURE_AI_FOUNDRY_ENDPOINT",
                description: "The endpoint that the Foundry portal shows, as \
                              https://<resource>.services.ai.azure.com/openai/v1. Models go by the names of \
                              their deployments.",
                required: true,
                parameter: "endpoint",
                ..TEXT
            },
            ProviderVariable {
                title: "Azure AI Foundry API Version",
                key: "AZURE_AI_FOUNDRY_API_VERSION",
                description: "Version of the API that lists deployments. Empty for 2023-03-15-preview.",
                parameter: "",
                ..TEXT
            },
        ],
        models: known::models(known::AZURE_FOUNDRY),
        is_live_elsewhere: true,
        needs_explicit_choice: true,
        ..plain("azure-ai-foundry", "Azure AI Foundry")
    }
}

fn watsonx() -> ProviderInfo {
    ProviderInfo {
        icon: "WatsonxAI",
        model_icon: "IBM",
        docs_url: "https://www.ibm.com/products/watsonx",
        client_class: "ChatWatsonx",
        model_parameter: "model_id",
        embedding_class: "WatsonxEmbeddings",
        variables: vec![
            ProviderVariable { key: "WATSONX_APIKEY", parameter: "apikey", ..KEY },
            ProviderVariable {
                title: "Project ID",
                key: "WATSONX_PROJECT_ID",
                required: true,
                parameter: "project_id",
                field: "project_id",
                ..TEXT
            },
            ProviderVariable {
                title: "Endpoint URL",
                key: "WATSONX_URL",
                required: true,
                options: &WATSONX_ENDPOINTS,
                parameter: "url",
                field: "base_url_ibm_watsonx",
                ..TEXT
            },
        ],
        models: known::models(known::WATSONX),
        is_live: true,
        ..plain("ibm-watsonx", "IBM WatsonX")
    }
}

/// Regions of the service.
pub const WATSONX_ENDPOINTS: [&str; 6] = [
    "https://us-south.ml.cloud.ibm.com",
    "https://eu-de.ml.cloud.ibm.com",
    "https://eu-gb.ml.cloud.ibm.com",
    "https://au-syd.ml.cloud.ibm.com",
    "https://jp-tok.ml.cloud.ibm.com",
    "https://ca-tor.ml.cloud.ibm.com",
];

fn openrouter() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://openrouter.ai/docs",
        base_url: "https://openrouter.ai/api/v1",
        embedding_class: "",
        variables: vec![
            ProviderVariable { title: "OpenRouter API Key", key: "OPENROUTER_API_KEY", ..KEY },
            ProviderVariable {
                title: "Site URL",
                key: "OPENROUTER_SITE_URL",
                description: "Tells OpenRouter which site asks (HTTP-Referer).",
                parameter: "",
                header: "HTTP-Referer",
                ..TEXT
            },
            ProviderVariable {
                title: "App Name",
                key: "OPENROUTER_APP_NAME",
                description: "Tells OpenRouter which application asks (X-Title).",
                parameter: "",
                header: "X-Title",
                ..TEXT
            },
        ],
        models: known::models(known::OPENROUTER),
        is_live: true,
        ..plain("openrouter", "OpenRouter")
    }
}

fn openai_compatible() -> ProviderInfo {
    ProviderInfo {
        icon: "Plug",
        model_icon: "Plug",
        docs_url: "https://platform.openai.com/docs/api-reference",
        variables: vec![
            ProviderVariable {
                title: "Base URL",
                key: "OPENAI_COMPATIBLE_BASE_URL",
                description: "Address of any server that speaks the API of OpenAI, as http://localhost:8000/v1.",
                required: true,
                parameter: "base_url",
                field: "openai_compatible_base_url",
                suffix: "/v1",
                ..TEXT
            },
            ProviderVariable {
                key: "OPENAI_COMPATIBLE_API_KEY",
                description: "Key of the server, if it wants one.",
                required: false,
                ..KEY
            },
        ],
        is_live: true,
        ..plain("openai-compatible", "OpenAI Compatible")
    }
}

fn vllm() -> ProviderInfo {
    ProviderInfo {
        docs_url: "https://docs.vllm.ai/",
        variables: vec![
            ProviderVariable {
                title: "vLLM API Base URL",
                key: "VLLM_API_BASE",
                required: true,
                parameter: "base_url",
                field: "vllm_base_url",
                ..TEXT
            },
            ProviderVariable { title: "vLLM API Key", key: "VLLM_API_KEY", required: false, ..KEY },
        ],
        is_live: true,
        ..plain("vllm", "vLLM")
    }
}
