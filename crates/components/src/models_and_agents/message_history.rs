//! Message History.

use super::stored::{self, Spoken};
use langflow_core::capability::ChatMemory;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::run::HistoryQuery;
use langflow_core::text::format;
use serde_json::json;

choice! {
    /// Read the history, or add to it.
    pub enum Mode { Retrieve = "Retrieve", Store = "Store" }
}

choice! {
    /// Which end comes first.
    pub enum Order { Ascending = "Ascending", Descending = "Descending" }
}

const SENDER_TYPES: [&str; 3] = ["Machine", "User", "Machine and User"];
/// Most messages that are read at once.
const MAX_MESSAGES: i64 = 10_000;

/// Reads the messages of a conversation, or stores one.
///
/// Messages come from the chat history of this flow and session, or from an external memory. In mode
/// *Store* a message is added.
#[derive(Component)]
#[component(
    id = "Memory",
    class = "MemoryComponent",
    title = "Message History",
    icon = "message-square-more",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.memory.MemoryComponent",
    documentation = "https://docs.langflow.org/message-history",
    examples = EXAMPLES
)]
pub struct MemoryComponent {
    /// Read messages, or store one.
    #[input(title = "Mode", kind = Tab, default = Mode::Retrieve, real_time_refresh)]
    mode: Mode,
    /// The message to store.
    #[input(title = "Message", kind = MessageText, tool_mode, hidden, dynamic)]
    message: AnyValue,
    /// A memory outside of this server. Empty: the chat history of this server.
    #[input(title = "External Memory", handles = ["Memory"], advanced)]
    memory: Option<Handle<dyn ChatMemory>>,
    /// Whose messages to read.
    #[input(
        title = "Sender Type", kind = Dropdown, options = SENDER_TYPES, default = "Machine and User", advanced
    )]
    sender_type: String,
    /// Who speaks, of the message to store.
    #[input(title = "Sender", advanced)]
    sender: String,
    /// The name shown beside the message.
    #[input(title = "Sender Name", advanced, hidden)]
    sender_name: String,
    /// The newest messages to read.
    #[input(title = "Number of Messages", default = 100, advanced)]
    n_messages: i64,
    /// The conversation. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
    /// A further key that divides the history of a session.
    #[input(title = "Context ID", advanced)]
    context_id: String,
    /// Oldest first, or newest first.
    #[input(title = "Order", kind = Dropdown, default = Order::Ascending, required, advanced, tool_mode)]
    order: Order,
    /// The line for each message; `{text}`, `{sender}`, `{sender_name}` and the other fields stand in it.
    #[input(title = "Template", kind = Multiline, default = "{sender_name}: {text}", advanced, hidden)]
    template: String,
}

#[outputs]
impl MemoryComponent {
    /// The messages as one text.
    #[output(name = "messages_text", title = "Messages", method = "retrieve_messages_as_text")]
    async fn messages_text(&self, cx: &Cx) -> Result<Message, Fault> {
        if self.mode == Mode::Store {
            return self.store(cx).await;
        }
        let mut lines = Vec::new();
        for message in self.messages(cx).await? {
            lines.push(format::format_or(&self.template, &message.to_data().data, "")?);
        }
        let text = lines.join("\n");
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }

    /// The messages as rows.
    #[output(name = "dataframe", title = "Table", method = "retrieve_messages_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let messages = self.messages(cx).await?;
        Ok(Table::from_rows(messages.iter().map(|message| message.to_data().data)))
    }

    /// The messages as a list of data.
    #[output(name = "messages", title = "Data", method = "retrieve_messages", types = ["JSON"], legacy)]
    async fn messages_data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.messages(cx).await?.iter().map(Message::to_data).collect())
    }

    /// The stored message.
    #[output(name = "stored_messages", title = "Stored Messages", method = "store_message", legacy)]
    async fn stored_messages(&self, cx: &Cx) -> Result<Message, Fault> {
        self.store(cx).await
    }

    /// The fields and outputs of the other mode.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "mode" {
            return Ok(patch);
        }
        let stores = request.value == "Store";
        for (name, show) in [
            ("message", stores),
            ("sender", true),
            ("sender_name", stores),
            ("sender_type", !stores),
            ("n_messages", !stores),
            ("order", !stores),
            ("template", !stores),
        ] {
            if let Some(Json::Object(field)) = request.template.get(name) {
                let mut field = field.clone();
                field.insert("show".into(), json!(show));
                patch.template.insert(name.into(), Json::Object(field));
            }
        }
        let names: &[&str] = if stores { &["stored_messages"] } else { &["messages_text", "dataframe"] };
        let specs = Self::output_specs();
        patch.outputs = Some(
            specs
                .iter()
                .filter(|o| names.contains(&o.name))
                .map(langflow_core::component::OutputSpec::to_json)
                .collect(),
        );
        Ok(patch)
    }
}

impl MemoryComponent {
    async fn messages(&self, cx: &Cx) -> Result<Vec<Message>, Fault> {
        let limit = usize::try_from(self.n_messages.clamp(0, MAX_MESSAGES)).unwrap_or(0);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let sender = Some(self.sender_type.clone()).filter(|kind| kind == "Machine" || kind == "User");
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut messages = match &self.memory {
            Some(memory) => {
                let mut all = memory.last(limit).await?;
                all.retain(|message| sender.is_none() || message.sender == sender);
                all
            }
            None => {
                let session = stored::session(&self.session_id, cx);
                let query = HistoryQuery {
                    flow_id: Some(cx.scope().flow_id),
                    session_id: some(&session),
                    context_id: some(&self.context_id),
                    sender,
                    sender_name: some(&self.sender_name),
                    limit,
                };
                cx.messages().history(query).await?
            }
        };
        if self.order == Order::Descending {
            messages.reverse();
        }
        Ok(messages)
    }

    async fn store(&self, cx: &Cx) -> Result<Message, Fault> {
        let sender = Spoken {
            sender: &self.sender,
            sender_name: &self.sender_name,
            session_id: &self.session_id,
            context_id: &self.context_id,
        };
        stored::store(&self.message.0, &sender, self.memory.as_ref(), cx).await
    }
}

examples! {
    "An empty history": {} => messages_text: "";
    "None are wanted": {"n_messages": 0} => dataframe: [];
    "Store": {"mode": "Store", "message": "noted"} => stored_messages: "noted";
}
