//! What a component sets on a model.

use super::profile::{Auth, Profile};
use crate::http::Call;
use langflow_core::run::ports::CallOptions;
use langflow_core::{JsonMap, Secret};
use std::time::Duration;

/// Which model, where, and with whose key.
#[derive(Clone, Debug)]
pub struct Target {
    pub profile: &'static Profile,
    /// Name of the model as the vendor knows it.
    pub model: String,
    /// Without a trailing slash.
    pub base_url: String,
    pub key: Secret,
    /// Further headers: `(name, value)`.
    pub headers: Vec<(String, Secret)>,
    /// Added to the query of every call.
    pub query: Vec<(String, String)>,
}

impl Target {
    /// The model `model` at the vendor's own address.
    pub fn new(profile: &'static Profile, model: impl Into<String>, key: Secret) -> Self {
        Self {
            profile,
            model: model.into(),
            base_url: profile.base_url.to_owned(),
            key,
            headers: Vec::new(),
            query: Vec::new(),
        }
    }

    /// The same at another address; an empty one changes nothing.
    pub fn at(mut self, base_url: &str) -> Self {
        let base_url = base_url.trim().trim_end_matches('/');
        if !base_url.is_empty() {
            base_url.clone_into(&mut self.base_url);
        }
        self
    }

    /// A POST to `path` below the base URL with the key and the further headers.
    pub(crate) fn post(&self, path: &str, timeout: Duration, retries: u32) -> Call {
        let options = CallOptions { timeout, retries, ..CallOptions::default() };
        let query: Vec<(&str, &str)> = self.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        self.authorise(Call::post(format!("{}{path}", self.base_url)).query(&query).options(options))
    }

    pub(crate) fn authorise(&self, mut call: Call) -> Call {
        if !self.key.is_empty() {
            call = match self.profile.auth {
                Auth::Bearer => call.bearer(&self.key),
                Auth::Header(name) => call.secret_header(name, self.key.expose()),
            };
        }
        for (name, value) in &self.headers {
            call = call.secret_header(name, value.expose());
        }
        call
    }
}

/// Settings of a chat model. `None` and 0 leave the vendor's own default.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    pub temperature: Option<f64>,
    /// Sent only from 1.
    pub max_tokens: u64,
    pub top_p: Option<f64>,
    pub top_k: u64,
    pub seed: Option<i64>,
    /// How many answers to choose from; sent only from 2.
    pub n: u64,
    /// Answer with any JSON object.
    pub json_mode: bool,
    pub stop: Vec<String>,
    /// Merged into the request body last, so it wins.
    pub extra: JsonMap,
    /// Time until the first byte of an answer.
    pub timeout: Duration,
    pub retries: u32,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self {
            temperature: None,
            max_tokens: 0,
            top_p: None,
            top_k: 0,
            seed: None,
            n: 0,
            json_mode: false,
            stop: Vec::new(),
            extra: JsonMap::new(),
            timeout: Duration::from_mins(10),
            retries: 2,
        }
    }
}
