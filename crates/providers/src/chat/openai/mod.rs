//! The wire of OpenAI's chat completions, which most vendors speak.

mod body;
mod read;

use super::decode::{ANSWER_BYTES, deltas};
use super::profile::Wire;
use super::settings::{ChatSettings, Target};
use crate::http::{Call, sse_events};
use langflow_core::capability::{ChatModel, ChatRequest, ChatResponse, ChatStream, ModelInfo};
use langflow_core::run::Egress;
use langflow_core::{Fault, async_trait};
use std::sync::Arc;

/// Date of the version of watsonx that is spoken.
pub(crate) const WATSONX_VERSION: &str = "2024-10-08";

/// A chat model behind `POST {base}/chat/completions`.
#[derive(Debug)]
pub(super) struct OpenAiChat {
    info: ModelInfo,
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
}

impl OpenAiChat {
    pub fn new(target: Target, settings: ChatSettings, egress: Arc<dyn Egress>) -> Self {
        let quirks = target.profile.quirks;
        let info = ModelInfo {
            provider: target.profile.name.to_owned(),
            model: target.model.clone(),
            tools: quirks.tools,
            vision: sees_images(&target.model),
            json_schema: quirks.json_schema && !target.model.starts_with("gpt-3.5"),
            streaming: true,
        };
        Self { info, target, settings, egress }
    }

    async fn call(&self, request: &ChatRequest, stream: bool) -> Result<Call, Fault> {
        let target = self.target.ready(&*self.egress).await?;
        let body = body::body(&target, &self.settings, request, stream);
        let path = match (target.profile.wire, stream) {
            (Wire::Watsonx, false) => "/ml/v1/text/chat",
            (Wire::Watsonx, true) => "/ml/v1/text/chat_stream",
            _ => "/chat/completions",
        };
        let call = target.post(path, self.settings.timeout, self.settings.retries).json(&body);
        let is_watsonx = target.profile.wire == Wire::Watsonx;
        Ok(if is_watsonx { call.query(&[("version", WATSONX_VERSION)]) } else { call })
    }
}

/// Models known to be blind. Unknown ones are asked.
fn sees_images(model: &str) -> bool {
    !["gpt-3.5", "o1-mini", "o3-mini", "deepseek", "codestral"].iter().any(|blind| model.starts_with(blind))
}

#[async_trait]
impl ChatModel for OpenAiChat {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        let service = self.target.profile.name;
        let answer =
            self.call(&request, false).await?.send_json(&*self.egress, service, ANSWER_BYTES).await?;
        read::response(service, &answer)
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        let service = self.target.profile.name;
        let reply = self.call(&request, true).await?.send_ok(&*self.egress, service).await?;
        Ok(deltas(sse_events(reply.body), read::Frames::new(service)))
    }
}
