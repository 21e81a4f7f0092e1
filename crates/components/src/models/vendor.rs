//! What the components of single vendors share.

use super::resolve::{find_key, variable_base_url};
use super::respond::respond;
use super::turns::conversation;
use langflow_core::prelude::*;
use langflow_providers::chat::{ChatSettings, Target, connect, profile};
use std::time::Duration;

/// What a chat component answers to.
#[derive(Inputs)]
pub struct ChatFields {
    /// What the model answers to.
    #[input(title = "Input")]
    input_value: Message,
    /// Instructions that stand before the conversation.
    #[input(title = "System Message", kind = Multiline)]
    system_message: String,
    /// Shows the answer word by word. Needs a Chat Output right behind this node.
    #[input(title = "Stream", advanced)]
    stream: bool,
}

impl ChatFields {
    /// The answer of `model`.
    pub async fn answer(&self, model: Arc<dyn ChatModel>, cx: &Cx) -> Result<Message, Fault> {
        answer(model, &self.system_message, &self.input_value, self.stream, cx).await
    }
}

/// What a vendor's component says about its model.
#[derive(Debug, Default)]
pub struct VendorAsk<'a> {
    pub model: &'a str,
    /// A key, or the name of a variable that holds one.
    pub key: &'a str,
    /// Empty for the vendor's own address.
    pub base_url: &'a str,
    pub headers: Vec<(String, Secret)>,
    /// Added to the query of every call.
    pub query: Vec<(String, String)>,
}

/// The model of `vendor` (the name of a profile).
pub async fn connect_vendor(
    vendor: &str,
    ask: VendorAsk<'_>,
    settings: ChatSettings,
    cx: &Cx,
) -> Result<Arc<dyn ChatModel>, Fault> {
    let profile = profile(vendor).ok_or_else(|| Fault::bug(format!("there is no profile '{vendor}'")))?;
    let key = find_key(profile, ask.key, cx).await?;
    let base_url = match ask.base_url.trim() {
        "" => variable_base_url(profile, cx).await?,
        own => own.to_owned(),
    };
    let mut target = Target::new(profile, ask.model.trim(), key).at(&base_url);
    target.headers = ask.headers;
    target.query = ask.query;
    connect(target, settings, cx.egress())
}

/// The answer of `model` to system text and input.
pub async fn answer(
    model: Arc<dyn ChatModel>,
    system: &str,
    input: &Message,
    stream: bool,
    cx: &Cx,
) -> Result<Message, Fault> {
    let turns = conversation(system, input, cx).await?;
    respond(&*model, &model.info().model, turns, stream, cx).await
}

/// Seconds of a field; 0 and less leave the default.
pub fn timeout(seconds: i64) -> Duration {
    u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map_or_else(|| ChatSettings::default().timeout, Duration::from_secs)
}
