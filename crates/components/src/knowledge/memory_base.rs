//! Memory Base.

use super::work::{Recall, recall};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// The list comes from the server.
const NO_OPTIONS: [&str; 0] = [];

/// Remembers past conversations of the flow by their meaning.
///
/// A memory base is attached to one flow. The server puts the messages of finished runs into it, after so many runs
/// of a session or when somebody asks for it. As a tool of an agent this node lets the agent look things up in
/// what was said before.
#[derive(Component)]
#[component(
    id = "MemoryBase",
    class = "MemoryBaseComponent",
    title = "Memory Base",
    icon = "brain",
    category = "files_and_knowledge",
    module = "lfx.components.files_and_knowledge.memory_retrieval.MemoryBaseComponent"
)]
pub struct MemoryBaseComponent {
    /// The memory base to ask.
    #[input(
        title = "Memory Base", kind = Dropdown, real_time_refresh, refresh_button, options = NO_OPTIONS,
        extra = json!({ "required": true })
    )]
    memory_base: String,
    /// What to remember.
    #[input(title = "Search Query", tool_mode)]
    search_query: String,
    /// How many memories.
    #[input(title = "Top K Results", advanced, default = 5)]
    top_k: i64,
    /// Adds what else is known of each memory.
    #[input(title = "Include Metadata", advanced, default = true)]
    include_metadata: bool,
    /// Remembers the conversation of this session alone.
    #[input(title = "Filter by Session", advanced, default = true)]
    filter_by_session: bool,
}

#[outputs]
impl MemoryBaseComponent {
    /// What is remembered of past conversations, the most fitting first.
    #[output(name = "retrieve_data", title = "Results", method = "retrieve_memory")]
    async fn retrieve_data(&self, cx: &Cx) -> Result<Table, Fault> {
        if self.filter_by_session && cx.session_id().is_empty() {
            let why = "the run has no session: give it one, or turn 'Filter by Session' off";
            return Err(Fault::missing(why).at_field("filter_by_session"));
        }
        if self.search_query.trim().is_empty() {
            return Ok(Table::default());
        }
        let name = self.memory_base.trim();
        if name.is_empty() {
            return Err(Fault::missing("No Memory Base is selected").at_field("memory_base"));
        }
        let memory = cx.vectors().memory(cx.scope().flow_id, name).await?;
        let ask = Recall {
            query: self.search_query.trim(),
            top_k: self.top_k,
            include_metadata: self.include_metadata,
            session_id: self.filter_by_session.then(|| cx.session_id()),
        };
        recall(&memory, ask).await
    }

    /// The memories of the flow.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "memory_base" {
            let names = match request.flow_id {
                Some(flow) => cx.vectors.memory_names(flow).await?,
                None => Vec::new(),
            };
            let is_there = request.value.as_str().is_some_and(|value| names.iter().any(|name| name == value));
            let value = if is_there { request.value.clone() } else { Json::Null };
            patch.template.insert("memory_base".into(), json!({ "options": names, "value": value }));
        }
        Ok(patch)
    }
}
