//! AssemblyAI List Transcripts.

use super::assemblyai_work::{API, send};
use super::remote::objects;
use langflow_core::prelude::*;
use langflow_providers::http::Call;

/// Most transcripts of one listing.
const MOST: u64 = 200;

/// Lists the transcripts of an account of AssemblyAI.
#[derive(Component)]
#[component(
    id = "AssemblyAIListTranscripts",
    class = "AssemblyAIListTranscripts",
    title = "AssemblyAI List Transcripts",
    icon = "AssemblyAI",
    category = "assemblyai",
    documentation = "https://www.assemblyai.com/docs",
    examples = EXAMPLES
)]
pub struct AssemblyAiListTranscripts {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// How many transcripts, at most 200.
    #[input(title = "Limit", default = 20)]
    limit: u64,
    /// Only transcripts in this state.
    #[input(title = "Status Filter", kind = Dropdown, options = ["all", "queued", "processing", "completed", "error"], default = "all", advanced)]
    status_filter: String,
    /// Only transcripts of this day, as YYYY-MM-DD.
    #[input(title = "Created On", advanced)]
    created_on: String,
    /// Only transcripts that had to wait.
    #[input(title = "Throttled Only", advanced)]
    throttled_only: bool,
}

#[outputs]
impl AssemblyAiListTranscripts {
    /// One data for each transcript.
    #[output(name = "transcript_list", title = "Transcript List", method = "list_transcripts")]
    async fn transcript_list(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let limit = self.limit.clamp(1, MOST).to_string();
        let mut pairs = vec![("limit", limit.as_str())];
        if self.status_filter != "all" && !self.status_filter.is_empty() {
            pairs.push(("status", &self.status_filter));
        }
        if !self.created_on.trim().is_empty() {
            pairs.push(("created_on", self.created_on.trim()));
        }
        if self.throttled_only {
            pairs.push(("throttled_only", "true"));
        }
        let answer = send(Call::get(format!("{API}/v2/transcript")).query(&pairs), &self.api_key, cx).await?;
        Ok(objects(&answer, "/transcripts").into_iter().map(Data::new).collect())
    }
}

examples! {
    "No key": {} => fails "API Key";
}
