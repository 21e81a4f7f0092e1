//! The vendors.

/// The format a vendor speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `POST {base}/chat/completions`.
    OpenAi,
}

/// How a vendor wants its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`.
    Bearer,
    /// A header of its own.
    Header(&'static str),
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

const STANDARD: Quirks =
    Quirks { stream_usage: true, tools: true, json_schema: true, openai_reasoning: false, keyless: false };

/// A vendor: name, address, key.
#[derive(Debug)]
pub struct Profile {
    /// As the model picker stores it.
    pub name: &'static str,
    /// Icon of the picker.
    pub icon: &'static str,
    pub wire: Wire,
    pub base_url: &'static str,
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
pub static PROFILES: [Profile; 1] = [Profile {
    name: "OpenAI",
    icon: "OpenAI",
    wire: Wire::OpenAi,
    base_url: "https://api.openai.com/v1",
    base_url_variable: Some("OPENAI_BASE_URL"),
    auth: Auth::Bearer,
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
}];
