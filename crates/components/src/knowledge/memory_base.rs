//! Memory Base.

use langflow_core::prelude::*;
use serde_json::json;

/// The list comes from the server.
const NO_OPTIONS: [&str; 0] = [];

/// Remembers past conversations of the flow by their meaning.
///
/// Memory bases are not kept by this server yet: a node that has one selected says so when it is asked. Without
/// one the node may stand in a flow, for example as a tool of an agent that never needs it.
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
    #[expect(dead_code, reason = "memory bases are not kept yet")]
    top_k: usize,
    /// Adds what else is known of each memory.
    #[input(title = "Include Metadata", advanced, default = true)]
    #[expect(dead_code, reason = "memory bases are not kept yet")]
    include_metadata: bool,
    /// Remembers the conversation of this session alone.
    #[input(title = "Filter by Session", advanced, default = true)]
    #[expect(dead_code, reason = "memory bases are not kept yet")]
    filter_by_session: bool,
}

#[outputs]
impl MemoryBaseComponent {
    /// What is remembered of past conversations, the most fitting first.
    #[output(name = "retrieve_data", title = "Results", method = "retrieve_memory")]
    async fn retrieve_data(&self, _cx: &Cx) -> Result<Table, Fault> {
        if self.search_query.trim().is_empty() {
            return Ok(Table::default());
        }
        if self.memory_base.trim().is_empty() {
            return Err(Fault::missing("No Memory Base is selected").at_field("memory_base"));
        }
        Err(Fault::unsupported("memory bases are not kept by this server yet").at_field("memory_base"))
    }
}
