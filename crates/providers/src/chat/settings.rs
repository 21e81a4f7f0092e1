//! What a component sets on a model.

use super::profile::{Auth, Profile};
use crate::aws::{self, Account};
use crate::google::{self, ServiceAccount};
use crate::http::Call;
use crate::ibm;
use langflow_core::clock::{Clock as _, SystemClock};
use langflow_core::run::Egress;
use langflow_core::run::ports::CallOptions;
use langflow_core::{Fault, Json, JsonMap, Secret};
use std::borrow::Cow;
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
    /// Further fields of every body.
    pub fields: JsonMap,
    /// With what calls are signed, where the vendor wants that.
    pub account: Option<Account>,
    /// Where a key is exchanged for a token; empty: the vendor's own place.
    pub token_url: String,
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
            fields: JsonMap::new(),
            account: None,
            token_url: String::new(),
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

    /// Whether the key and the further headers may go to the address.
    ///
    /// # Errors
    /// Refused: one of them is the operator's, and the address is neither the vendor's nor allowed.
    pub(crate) fn check_keys(&self, egress: &dyn Egress) -> Result<(), Fault> {
        let host = url::Url::parse(self.profile.base_url).ok();
        let host = host.as_ref().and_then(url::Url::host_str);
        let own: Vec<&str> = self.profile.own_hosts.iter().copied().chain(host).collect();
        let mut secrets = std::iter::once(&self.key).chain(self.headers.iter().map(|(_, value)| value));
        secrets.try_for_each(|secret| egress.check_key_use(secret, &self.base_url, &own))
    }

    /// A POST to `path` below the base URL with the key and the further headers.
    pub(crate) fn post(&self, path: &str, timeout: Duration, retries: u32) -> Call {
        let options = CallOptions { timeout, retries, ..CallOptions::default() };
        let query: Vec<(&str, &str)> = self.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        self.authorise(Call::post(format!("{}{path}", self.base_url)).query(&query).options(options))
    }

    /// The same with a token in place of its key, where the vendor wants one.
    ///
    /// # Errors
    /// The key is not accepted.
    pub(crate) async fn ready(&self, egress: &dyn Egress) -> Result<Cow<'_, Self>, Fault> {
        let key = match self.profile.auth {
            Auth::Ibm => {
                let place = if self.token_url.is_empty() { ibm::TOKENS } else { &self.token_url };
                ibm::token(place, &self.key, egress).await?
            }
            Auth::Google if self.key.expose().trim_start().starts_with('{') => {
                let account = ServiceAccount::read(self.key.expose())?;
                account.token(google::CLOUD, SystemClock.now(), egress).await?
            }
            _ => return Ok(Cow::Borrowed(self)),
        };
        Ok(Cow::Owned(Self { key, ..self.clone() }))
    }

    /// A signed POST to a model of Bedrock.
    ///
    /// # Errors
    /// There is no access key.
    pub(crate) fn bedrock(
        &self,
        verb: &str,
        body: &Json,
        timeout: Duration,
        retries: u32,
    ) -> Result<Call, Fault> {
        let account = self.account.as_ref().ok_or_else(|| {
            Fault::missing(format!("{} needs an access key: use its own component", self.profile.name))
        })?;
        let base = match self.base_url.as_str() {
            "" => format!("https://bedrock-runtime.{}.amazonaws.com", account.region),
            own => own.to_owned(),
        };
        let model = aws::encoded(&self.model);
        let options = CallOptions { timeout, retries, ..CallOptions::default() };
        let call = Call::post(format!("{base}/model/{model}/{verb}")).json(body).options(options);
        Ok(call.signed(account, "bedrock"))
    }

    pub(crate) fn authorise(&self, mut call: Call) -> Call {
        if !self.key.is_empty() {
            call = match self.profile.auth {
                Auth::Bearer | Auth::Ibm | Auth::Google => call.bearer(&self.key),
                Auth::Header(name) => call.secret_header(name, self.key.expose()),
                Auth::Aws => call,
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
