//! IBM watsonx.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;
use serde_json::json;

/// Regions of the service.
pub const ENDPOINTS: [&str; 6] = langflow_providers::models::WATSONX_ENDPOINTS;
/// The list comes from the service.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model of IBM watsonx.
///
/// The key of IBM Cloud is exchanged for a token. Say in which project or space the model is used.
#[derive(Component)]
#[component(
    id = "ext:ibm:WatsonxAIComponent@official",
    aliases = ["IBMwatsonxModel"],
    class = "WatsonxAIComponent",
    title = "IBM watsonx.ai",
    icon = "WatsonxAI",
    category = "ibm",
    module = "lfx.components.ibm.watsonx.WatsonxAIComponent"
)]
pub struct WatsonxModel {
    #[input(group)]
    chat: ChatFields,
    /// The region of the service.
    #[input(
        title = "watsonx API Endpoint", kind = Dropdown, combobox, required, real_time_refresh, options = ENDPOINTS,
        default = ENDPOINTS[0]
    )]
    base_url: String,
    /// The project that uses the model.
    #[input(title = "watsonx Project_ID", kind = Str)]
    project_id: String,
    /// The space that uses the model, where there is no project.
    #[input(title = "watsonx Space_ID", kind = Str)]
    space_id: String,
    /// The key of IBM Cloud, or the name of a variable that holds it.
    #[input(title = "Watsonx API Key")]
    api_key: Secret,
    /// The model that answers.
    #[input(
        title = "Model Name", kind = Dropdown, combobox, required, real_time_refresh, refresh_button,
        options = NO_MODELS
    )]
    model_name: String,
    /// Longest answer in tokens.
    #[input(title = "Max Tokens", advanced, default = 1000, range = (1.0, 4096.0, 0.1))]
    max_tokens: u64,
    /// The answer ends before this text.
    #[input(title = "Stop Sequence", kind = Str, advanced)]
    stop_sequence: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", kind = Slider, advanced, default = 0.9, range = (0.0, 1.0, 0.01))]
    top_p: f64,
    /// Makes words rarer the more often they came.
    #[input(title = "Frequency Penalty", kind = Slider, advanced, default = 0.5, range = (-2.0, 2.0, 0.01))]
    frequency_penalty: f64,
    /// Makes words rarer once they came.
    #[input(title = "Presence Penalty", kind = Slider, advanced, default = 0.3, range = (-2.0, 2.0, 0.01))]
    presence_penalty: f64,
    /// The same seed gives the same answer, as far as the service can.
    #[input(title = "Random Seed", advanced, default = 8)]
    seed: i64,
    /// Kept for stored flows: how likely each word was is not shown.
    #[input(title = "Log Probabilities", advanced, default = true)]
    #[expect(dead_code, reason = "stored flows carry it")]
    logprobs: bool,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Top Log Probabilities", advanced, default = 3, range = (1.0, 20.0, 0.1))]
    #[expect(dead_code, reason = "stored flows carry it")]
    top_logprobs: i64,
    /// A JSON object: how much likelier each token becomes.
    #[input(title = "Logit Bias", kind = Str, advanced)]
    logit_bias: String,
}

#[outputs]
impl WatsonxModel {
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

    /// The models of the region.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        vendor_models(request, cx, VendorFields { base_url: "base_url", ..VendorFields::of("IBM WatsonX") })
            .await
    }
}

impl WatsonxModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let mut extra = place(&self.project_id, &self.space_id, cx).await?;
        extra.insert("frequency_penalty".into(), json!(self.frequency_penalty));
        extra.insert("presence_penalty".into(), json!(self.presence_penalty));
        if !self.logit_bias.trim().is_empty() {
            let bias: JsonMap = serde_json::from_str(&self.logit_bias).map_err(|error| {
                Fault::invalid(format!("this is not a JSON object: {error}")).at_field("logit_bias")
            })?;
            extra.insert("logit_bias".into(), json!(bias));
        }
        let stop = Some(self.stop_sequence.clone()).filter(|stop| !stop.is_empty());
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            top_p: Some(self.top_p),
            seed: Some(self.seed),
            stop: stop.into_iter().collect(),
            extra,
            ..ChatSettings::default()
        };
        connect_vendor("IBM WatsonX", ask, settings, cx).await
    }
}

/// The project or space that a call is made for: what the node says, else the user's variable.
///
/// # Errors
/// Both are given, or none is.
pub async fn place(project: &str, space: &str, cx: &Cx) -> Result<JsonMap, Fault> {
    let (project, space) = (project.trim(), space.trim());
    let (key, value) = match (project.is_empty(), space.is_empty()) {
        (false, false) => {
            return Err(Fault::invalid("give the project or the space, not both").at_field("project_id"));
        }
        (false, true) => ("project_id", project.to_owned()),
        (true, false) => ("space_id", space.to_owned()),
        (true, true) => match cx.variables().get("WATSONX_PROJECT_ID").await? {
            Some(found) if !found.value.is_empty() => ("project_id", found.value.expose().to_owned()),
            _ => {
                return Err(Fault::missing(
                    "say which project or space of watsonx it is, or store the project as the variable \
                     WATSONX_PROJECT_ID",
                )
                .at_field("project_id"));
            }
        },
    };
    Ok([(key.to_owned(), json!(value))].into_iter().collect())
}
