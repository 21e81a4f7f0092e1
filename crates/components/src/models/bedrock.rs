//! Amazon Bedrock.

use super::vendor::ChatFields;
use crate::fields::aws::{AwsKey, REGIONS};
use langflow_core::capability::{ChatRequest, ChatResponse, ChatStream, ModelInfo};
use langflow_core::prelude::*;
use langflow_providers::aws::Account;
use langflow_providers::chat::{ChatSettings, Target, connect, profile};

const MODELS: [&str; 44] = [
    "amazon.titan-text-express-v1",
    "amazon.titan-text-lite-v1",
    "amazon.titan-text-premier-v1:0",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-6-v1",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic.claude-opus-4-5-20251101-v1:0",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic.claude-3-7-sonnet-20250219-v1:0",
    "anthropic.claude-v2",
    "anthropic.claude-v2:1",
    "anthropic.claude-3-sonnet-20240229-v1:0",
    "anthropic.claude-3-5-sonnet-20240620-v1:0",
    "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-5-haiku-20241022-v1:0",
    "anthropic.claude-3-opus-20240229-v1:0",
    "anthropic.claude-instant-v1",
    "ai21.jamba-instruct-v1:0",
    "ai21.j2-mid-v1",
    "ai21.j2-ultra-v1",
    "ai21.jamba-1-5-large-v1:0",
    "ai21.jamba-1-5-mini-v1:0",
    "cohere.command-text-v14",
    "cohere.command-light-text-v14",
    "cohere.command-r-v1:0",
    "cohere.command-r-plus-v1:0",
    "meta.llama2-13b-chat-v1",
    "meta.llama2-70b-chat-v1",
    "meta.llama3-8b-instruct-v1:0",
    "meta.llama3-70b-instruct-v1:0",
    "meta.llama3-1-8b-instruct-v1:0",
    "meta.llama3-1-70b-instruct-v1:0",
    "meta.llama3-1-405b-instruct-v1:0",
    "meta.llama3-2-1b-instruct-v1:0",
    "meta.llama3-2-3b-instruct-v1:0",
    "meta.llama3-2-11b-instruct-v1:0",
    "meta.llama3-2-90b-instruct-v1:0",
    "mistral.mistral-7b-instruct-v0:2",
    "mistral.mixtral-8x7b-instruct-v0:1",
    "mistral.mistral-large-2402-v1:0",
    "mistral.mistral-large-2407-v1:0",
    "mistral.mistral-small-2402-v1:0",
];

/// Answers with a model of Amazon Bedrock.
///
/// Calls are signed with an access key. Models of all vendors are spoken to in the same way (Converse); which of them
/// take tools and pictures says Amazon's manual.
#[derive(Component)]
#[component(
    id = "ext:amazon:AmazonBedrockConverseComponent@official",
    aliases = ["AmazonBedrockConverseModel"],
    class = "AmazonBedrockConverseComponent",
    title = "Amazon Bedrock Converse",
    icon = "Amazon",
    category = "amazon",
    module = "lfx.components.amazon.amazon_bedrock_converse.AmazonBedrockConverseComponent",
    beta
)]
pub struct BedrockConverseModel {
    #[input(group)]
    chat: ChatFields,
    /// The model that answers, or the address of an inference profile (ARN).
    #[input(
        title = "Model ID", kind = Dropdown, combobox, options = MODELS,
        default = "anthropic.claude-3-5-sonnet-20241022-v2:0"
    )]
    model_id: String,
    #[input(group)]
    key: AwsKey,
    /// The session token of a key that is lent for some hours.
    #[input(title = "AWS Session Token", advanced, load_from_db = false)]
    aws_session_token: Secret,
    /// Kept for stored flows: profiles on the server's disk are not read.
    #[input(title = "Credentials Profile Name", advanced, load_from_db = false)]
    credentials_profile_name: Secret,
    /// The region where the model runs.
    #[input(title = "Region Name", kind = Dropdown, combobox, options = REGIONS, default = "us-east-1")]
    region_name: String,
    /// Address of the service. Empty for that of the region.
    #[input(title = "Endpoint URL", advanced)]
    endpoint_url: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", advanced, default = 0.7)]
    temperature: Option<f64>,
    /// Longest answer in tokens; 0 leaves it to the model.
    #[input(title = "Max Tokens", advanced, default = 4096)]
    max_tokens: u64,
    /// Chooses among the likeliest words that together have this probability. Some models take it or the temperature,
    /// not both: empty the one you do not need.
    #[input(title = "Top P", advanced, default = 0.9)]
    top_p: Option<f64>,
    /// Chooses among this many of the likeliest words, for models of Anthropic; 0 leaves it to the model.
    #[input(title = "Top K", advanced, default = 250)]
    top_k: u64,
    /// The answer comes whole.
    #[input(title = "Disable Streaming", advanced)]
    disable_streaming: bool,
    /// Further fields of the model itself.
    #[input(title = "Additional Model Fields", advanced, list)]
    additional_model_fields: JsonMap,
}

#[outputs]
impl BedrockConverseModel {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.chat.answer(self.connect(cx).await?, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }
}

impl BedrockConverseModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let (token, profile) = (&self.aws_session_token, &self.credentials_profile_name);
        let account = self.key.account(token, profile, &self.region_name, cx).await?;
        let settings = ChatSettings {
            temperature: self.temperature,
            max_tokens: self.max_tokens,
            top_p: self.top_p,
            // Models of other vendors know no such field and refuse it.
            top_k: if self.model_id.contains("anthropic.") { self.top_k } else { 0 },
            extra: self.additional_model_fields.clone(),
            ..ChatSettings::default()
        };
        let model = model(&self.model_id, &self.endpoint_url, account, settings, cx)?;
        Ok(if self.disable_streaming { Arc::new(Whole::of(model)) } else { model })
    }
}

/// Answers with a model of Amazon Bedrock, as older flows ask for it.
///
/// The model is spoken to as *Amazon Bedrock Converse* does.
#[derive(Component)]
#[component(
    id = "ext:amazon:AmazonBedrockComponent@official",
    aliases = ["AmazonBedrockModel"],
    class = "AmazonBedrockComponent",
    title = "Amazon Bedrock",
    icon = "Amazon",
    category = "amazon",
    module = "lfx.components.amazon.amazon_bedrock_model.AmazonBedrockComponent",
    legacy,
    replacement = ["amazon.AmazonBedrockConverseModel"]
)]
pub struct BedrockModel {
    #[input(group)]
    chat: ChatFields,
    /// The model that answers.
    #[input(
        title = "Model ID", kind = Dropdown, combobox, options = MODELS,
        default = "anthropic.claude-3-haiku-20240307-v1:0"
    )]
    model_id: String,
    #[input(group)]
    key: AwsKey,
    /// The session token of a key that is lent for some hours.
    #[input(title = "AWS Session Token", load_from_db = false)]
    aws_session_token: Secret,
    /// Kept for stored flows: profiles on the server's disk are not read.
    #[input(title = "Credentials Profile Name", advanced, load_from_db = false)]
    credentials_profile_name: Secret,
    /// The region where the model runs.
    #[input(title = "Region Name", kind = Dropdown, combobox, options = REGIONS, default = "us-east-1")]
    region_name: String,
    /// Further fields of the model itself. `temperature`, `max_tokens`, `top_p` and `stop_sequences` go to their places.
    #[input(title = "Model Kwargs", advanced, list)]
    model_kwargs: JsonMap,
    /// Address of the service. Empty for that of the region.
    #[input(title = "Endpoint URL", advanced)]
    endpoint_url: String,
}

#[outputs]
impl BedrockModel {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.chat.answer(self.connect(cx).await?, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }
}

impl BedrockModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let (token, profile) = (&self.aws_session_token, &self.credentials_profile_name);
        let account = self.key.account(token, profile, &self.region_name, cx).await?;
        model(&self.model_id, &self.endpoint_url, account, settings(&self.model_kwargs), cx)
    }
}

/// Fields of older flows, each in its place.
fn settings(fields: &JsonMap) -> ChatSettings {
    let mut settings = ChatSettings::default();
    for (name, value) in fields {
        // Forms hold texts.
        let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        match (name.as_str(), number) {
            ("temperature", Some(number)) => settings.temperature = Some(number),
            ("top_p", Some(number)) => settings.top_p = Some(number),
            ("max_tokens" | "max_tokens_to_sample", Some(number)) if number >= 1.0 => {
                settings.max_tokens = number as u64;
            }
            ("stop_sequences", _) if value.is_array() => {
                let texts = value.as_array().into_iter().flatten();
                settings.stop = texts.filter_map(|text| text.as_str().map(str::to_owned)).collect();
            }
            _ => {
                settings.extra.insert(name.clone(), value.clone());
            }
        }
    }
    settings
}

fn model(
    id: &str,
    endpoint: &str,
    account: Account,
    settings: ChatSettings,
    cx: &Cx,
) -> Result<Arc<dyn ChatModel>, Fault> {
    let profile =
        profile("Amazon Bedrock").ok_or_else(|| Fault::bug("there is no profile of Amazon Bedrock"))?;
    let mut target = Target::new(profile, id.trim(), Secret::default()).at(endpoint);
    target.account = Some(account);
    connect(target, settings, cx.egress())
}

/// A model whose answers come whole.
#[derive(Debug)]
struct Whole {
    info: ModelInfo,
    inner: Arc<dyn ChatModel>,
}

impl Whole {
    fn of(inner: Arc<dyn ChatModel>) -> Self {
        Self { info: ModelInfo { streaming: false, ..inner.info().clone() }, inner }
    }
}

#[async_trait]
impl ChatModel for Whole {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        self.inner.complete(request).await
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        self.inner.stream(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_of_older_flows_find_their_places() {
        let fields = json!({ "temperature": "0.5", "max_tokens": 7, "stop_sequences": ["x"], "own": 1 });
        let settings = settings(fields.as_object().unwrap());
        assert_eq!((settings.temperature, settings.max_tokens), (Some(0.5), 7));
        assert_eq!((settings.stop.as_slice(), settings.extra.len()), (&["x".to_owned()][..], 1));
    }
}
