//! Ollama.

use super::refresh::{VendorFields, vendor_models};
use super::schema::find_json;
use super::vendor::{VendorAsk, answer, connect_vendor, timeout};
use langflow_core::component::choice;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;
use serde_json::json;

choice! {
    /// How the model holds its surprise level.
    pub enum Mirostat { Disabled = "Disabled", One = "Mirostat", Two = "Mirostat 2.0" }
}

/// The list comes from the server.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model that runs in Ollama.
///
/// The server that runs the flow has to be allowed to call the address of Ollama
/// (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "ext:ollama:ChatOllamaComponent@official",
    aliases = ["OllamaModel"],
    class = "ChatOllamaComponent",
    title = "Ollama",
    icon = "Ollama",
    category = "ollama",
    module = "lfx.components.ollama.ollama.ChatOllamaComponent"
)]
pub struct OllamaModel {
    /// Address of the Ollama server.
    #[input(title = "Ollama API URL", kind = Str, real_time_refresh, default = "http://localhost:11434")]
    base_url: String,
    /// The model that answers.
    #[input(
        title = "Model Name", kind = Dropdown, combobox, required, real_time_refresh, refresh_button,
        options = NO_MODELS
    )]
    model_name: String,
    /// A key, where the server wants one.
    #[input(title = "Ollama API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, 1 very.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// Mirostat holds the surprise of the text at one level.
    #[input(title = "Mirostat", advanced, default = Mirostat::Disabled, real_time_refresh)]
    mirostat: Mirostat,
    /// How fast Mirostat reacts.
    #[input(title = "Mirostat Eta", advanced)]
    mirostat_eta: Option<f64>,
    /// The level of surprise Mirostat holds.
    #[input(title = "Mirostat Tau", advanced)]
    mirostat_tau: Option<f64>,
    /// Length of the context in tokens; 0 leaves it to the model. So for the numbers below.
    #[input(title = "Context Window Size", advanced)]
    num_ctx: u64,
    /// Layers that go to graphics processors.
    #[input(title = "Number of GPUs", advanced)]
    num_gpu: u64,
    /// Threads that compute.
    #[input(title = "Number of Threads", advanced)]
    num_thread: u64,
    /// Tokens looked back over to avoid repetition.
    #[input(title = "Repeat Last N", advanced)]
    repeat_last_n: u64,
    /// How much repetition is avoided.
    #[input(title = "Repeat Penalty", advanced)]
    repeat_penalty: Option<f64>,
    /// Cuts off the tail of unlikely words.
    #[input(title = "TFS Z", advanced)]
    tfs_z: Option<f64>,
    /// Seconds to wait for an answer; 0 for ten minutes.
    #[input(title = "Timeout", advanced)]
    timeout: i64,
    /// Chooses among this many of the likeliest words.
    #[input(title = "Top K", advanced)]
    top_k: u64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced)]
    top_p: Option<f64>,
    /// Texts that end the answer, separated by commas.
    #[input(title = "Stop Tokens", advanced)]
    stop_tokens: String,
    /// Instructions of the node, where *System Message* gives none.
    #[input(title = "System", advanced)]
    system: String,
    /// Makes the model answer with a JSON object.
    #[input(title = "Enable Structured Output", real_time_refresh)]
    enable_structured_output: bool,
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

#[outputs]
impl OllamaModel {
    /// The answer.
    #[output(name = "text_output", title = "Text")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        let system = if self.system_message.trim().is_empty() { &self.system } else { &self.system_message };
        answer(self.connect(cx).await?, system, &self.input_value, self.stream, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }

    /// The answer read as JSON.
    #[output(name = "data_output", title = "JSON", method = "build_data_output")]
    async fn data_output(&self, cx: &Cx) -> Result<Data, Fault> {
        Ok(Data::from_json(match self.json(cx).await? {
            list @ Json::Array(_) => json!({ "results": list }),
            other => other,
        }))
    }

    /// The answer read as JSON, as a table.
    #[output(name = "dataframe_output", title = "Table", method = "build_dataframe_output")]
    async fn dataframe_output(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(match self.json(cx).await? {
            Json::Array(items) => {
                Table::from_rows(items.into_iter().filter_map(|item| item.as_object().cloned()))
            }
            other => Data::from_json(other).to_table(),
        })
    }

    /// The models there are now.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let fields = VendorFields { base_url: "base_url", below_host: "", ..VendorFields::of("Ollama") };
        vendor_models(request, cx, fields).await
    }
}

impl OllamaModel {
    async fn json(&self, cx: &Cx) -> Result<Json, Fault> {
        let answer =
            answer(self.connect(cx).await?, &self.system_message, &self.input_value, false, cx).await?;
        find_json(&answer.text).ok_or_else(|| Fault::invalid("the model did not answer in JSON"))
    }

    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            top_k: self.top_k,
            top_p: self.top_p,
            json_mode: self.enable_structured_output,
            stop: self
                .stop_tokens
                .split(',')
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect(),
            extra: self.options(),
            timeout: timeout(self.timeout),
            ..ChatSettings::default()
        };
        connect_vendor("Ollama", ask, settings, cx).await
    }

    /// Options of the model that other wires do not have.
    fn options(&self) -> JsonMap {
        let mut options = JsonMap::new();
        for (name, value) in [
            ("num_ctx", self.num_ctx),
            ("num_gpu", self.num_gpu),
            ("num_thread", self.num_thread),
            ("repeat_last_n", self.repeat_last_n),
        ] {
            if value > 0 {
                options.insert(name.into(), json!(value));
            }
        }
        for (name, value) in [("repeat_penalty", self.repeat_penalty), ("tfs_z", self.tfs_z)] {
            if let Some(value) = value.filter(|value| *value != 0.0) {
                options.insert(name.into(), json!(value));
            }
        }
        let mode = match self.mirostat {
            Mirostat::Disabled => return options,
            Mirostat::One => 1,
            Mirostat::Two => 2,
        };
        options.insert("mirostat".into(), json!(mode));
        for (name, value) in [("mirostat_eta", self.mirostat_eta), ("mirostat_tau", self.mirostat_tau)] {
            if let Some(value) = value.filter(|value| *value != 0.0) {
                options.insert(name.into(), json!(value));
            }
        }
        options
    }
}
