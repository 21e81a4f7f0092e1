//! Small components for tests of the engine.

use langflow_core::FaultKind;
use langflow_core::capability::ChatMemory;
use langflow_core::component::{Catalogue, Entry, Handle};
use langflow_core::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The user's text.
#[derive(Component)]
#[component(id = "ChatInput", title = "Chat Input")]
pub struct ChatInput {
    /// The text.
    #[input(title = "Text")]
    input_value: String,
    /// The session.
    #[input(title = "Session")]
    session_id: String,
}

#[outputs]
impl ChatInput {
    /// The message.
    #[output(title = "Message", method = "message_response")]
    async fn message(&self, cx: &Cx) -> Result<Arc<Message>, Fault> {
        let mut message = cx.new_message(self.input_value.clone());
        message.sender = Some("User".into());
        message.sender_name = Some("User".into());
        message.session_id.clone_from(&self.session_id);
        cx.send_message(message).await
    }
}

/// The answer.
#[derive(Component)]
#[component(id = "ChatOutput", title = "Chat Output")]
pub struct ChatOutput {
    /// What to show.
    #[input(title = "Text", required, kind = Handle, handles = ["Message", "JSON", "Table"])]
    input_value: AnyValue,
    /// The session.
    #[input(title = "Session")]
    session_id: String,
}

#[outputs]
impl ChatOutput {
    /// The message.
    #[output(title = "Message", method = "message_response")]
    async fn message(&self, cx: &Cx) -> Result<Arc<Message>, Fault> {
        let text = match &self.input_value.0 {
            Value::Message(m) => m.text.clone(),
            other => other.to_json().to_string(),
        };
        let mut message = cx.new_message(text);
        message.sender = Some("Machine".into());
        message.sender_name = Some("AI".into());
        message.session_id.clone_from(&self.session_id);
        cx.send_message(message).await
    }
}

/// Texts joined with commas inside brackets.
#[derive(Component)]
#[component(id = "Join", title = "Join")]
pub struct Join {
    /// The texts.
    #[input(title = "Texts")]
    texts: Vec<String>,
    /// One more.
    #[input(title = "More", default = "-")]
    more: String,
}

#[outputs]
impl Join {
    /// The text.
    #[output(title = "Text")]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        cx.log("joined", self.texts.len() as u64);
        Ok(cx.new_message(format!("[{}|{}]", self.texts.join(","), self.more)))
    }
    /// How many.
    #[output(title = "Count")]
    async fn count(&self, _cx: &Cx) -> Result<Data, Fault> {
        let mut map = JsonMap::new();
        map.insert("count".into(), self.texts.len().into());
        Ok(Data::new(map))
    }
}

/// Goes one of two ways.
#[derive(Component)]
#[component(id = "Router", title = "Router")]
pub struct Router {
    /// The text.
    #[input(title = "Text")]
    text: String,
    /// Yes, if the text contains this.
    #[input(title = "Match", default = "yes")]
    matches: String,
}

#[outputs]
impl Router {
    /// The text, if it matches.
    #[output(title = "Yes")]
    async fn yes(&self, cx: &Cx) -> Result<Message, Fault> {
        if !self.text.contains(&self.matches) {
            cx.graph().stop("yes");
            return Ok(Message::default());
        }
        Ok(cx.new_message(self.text.clone()))
    }
    /// The text, if it does not.
    #[output(title = "No")]
    async fn no(&self, cx: &Cx) -> Result<Message, Fault> {
        if self.text.contains(&self.matches) {
            cx.graph().stop("no");
            return Ok(Message::default());
        }
        Ok(cx.new_message(self.text.clone()))
    }
}

/// Fails.
#[derive(Component)]
#[component(id = "Boom", title = "Boom")]
pub struct Boom {
    /// The text.
    #[input(title = "Text")]
    text: String,
}

#[outputs]
impl Boom {
    /// Nothing.
    #[output(title = "Output")]
    async fn output(&self, _cx: &Cx) -> Result<Message, Fault> {
        Err(Fault::invalid(format!("boom: {}", self.text)).at_field("text"))
    }
}

/// Runs its body for each word.
#[derive(Component)]
#[component(id = "LoopComponent", title = "Loop")]
pub struct Loop {
    /// Words.
    #[input(title = "Words")]
    data: String,
}

#[outputs]
impl Loop {
    /// One word.
    #[output(title = "Item", allows_loop)]
    async fn item(&self, cx: &Cx) -> Result<Message, Fault> {
        cx.graph().stop("item");
        Ok(Message::default())
    }
    /// What came back.
    #[output(title = "Done")]
    async fn done(&self, cx: &Cx) -> Result<Message, Fault> {
        let mut all = Vec::new();
        for (i, word) in self.data.split_whitespace().enumerate() {
            let back = cx.graph().run_body(cx.new_message(word).into(), i).await?;
            if let Value::Message(m) = back {
                all.push(m.text.clone());
            }
        }
        Ok(cx.new_message(all.join(" ")))
    }
}

/// Keeps a text and wakes listeners.
#[derive(Component)]
#[component(id = "Notify", title = "Notify")]
pub struct Notify {
    /// The text.
    #[input(title = "Text")]
    text: String,
    /// The key.
    #[input(title = "Key", default = "k")]
    context_key: String,
}

#[outputs]
impl Notify {
    /// The text again.
    #[output(title = "Result")]
    async fn result(&self, cx: &Cx) -> Result<Message, Fault> {
        cx.graph().put_shared(&self.context_key, Value::text(self.text.clone()))?;
        cx.graph().notify(&self.context_key);
        Ok(cx.new_message(self.text.clone()))
    }
}

/// Gives the text that was kept.
#[derive(Component)]
#[component(id = "Listen", title = "Listen")]
pub struct Listen {
    /// The key.
    #[input(title = "Key", default = "k")]
    context_key: String,
}

#[outputs]
impl Listen {
    /// The text.
    #[output(title = "Data")]
    async fn data(&self, cx: &Cx) -> Result<Message, Fault> {
        let value = cx.graph().shared(&self.context_key).unwrap_or_default();
        Ok(cx.new_message(format!("heard {}", value.to_json().as_str().unwrap_or_default())))
    }
}

static RUNNING: AtomicUsize = AtomicUsize::new(0);
/// How many `Sleep` nodes ran at the same time at most.
pub static MOST: AtomicUsize = AtomicUsize::new(0);

/// Waits a while.
#[derive(Component)]
#[component(id = "Sleep", title = "Sleep")]
pub struct Sleep {
    /// The text.
    #[input(title = "Text")]
    text: String,
    /// Milliseconds.
    #[input(title = "Wait", default = 20)]
    wait_ms: u64,
}

#[outputs]
impl Sleep {
    /// The text again.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        // Only nodes with a text are counted: tests run side by side, and one drops its node asleep.
        let counts = usize::from(!self.text.is_empty());
        let now = RUNNING.fetch_add(counts, Ordering::SeqCst) + counts;
        MOST.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(self.wait_ms)).await;
        RUNNING.fetch_sub(counts, Ordering::SeqCst);
        Ok(cx.new_message(self.text.clone()))
    }
}

/// Calls its tools.
#[derive(Component)]
#[component(id = "Caller", title = "Caller")]
pub struct Caller {
    /// The tools.
    #[input(title = "Tools")]
    tools: langflow_core::component::ToolList,
    /// When to call them.
    #[input(title = "After")]
    after: String,
}

#[outputs]
impl Caller {
    /// What they said.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        let mut all = Vec::new();
        if !self.after.is_empty() {
            all.push(self.after.clone());
        }
        for tool in &self.tools.0 {
            let said = tool.call(serde_json::json!({"a": "2"})).await?;
            all.push(format!("{} {}", tool.schema().name, said.text));
        }
        Ok(cx.new_message(all.join("; ")))
    }
}

/// Doubles a number.
#[derive(Component)]
#[component(id = "Double", title = "Double")]
pub struct Double {
    /// The number.
    #[input(title = "A", tool_mode, required)]
    a: String,
    /// Another one, not for tools.
    #[input(title = "B", default = "1")]
    b: String,
}

#[outputs]
impl Double {
    /// The result.
    #[output(title = "Result", method = "run")]
    async fn result(&self, _cx: &Cx) -> Result<Data, Fault> {
        let a: i64 = self.a.parse().map_err(|_| Fault::invalid("not a number"))?;
        let mut map = JsonMap::new();
        map.insert("result".into(), (a * 2).to_string().into());
        map.insert("b".into(), self.b.clone().into());
        Ok(Data::new(map))
    }
}

/// Gives a memory that lets nobody in.
#[derive(Component)]
#[component(id = "Vault", title = "The Vault")]
pub struct Vault {
    /// The key.
    #[input(title = "Key")]
    key: String,
}

#[outputs]
impl Vault {
    /// The memory.
    #[output(title = "Memory", method = "build")]
    async fn memory(&self, _cx: &Cx) -> Result<Arc<dyn ChatMemory>, Fault> {
        Ok(Arc::new(Locked(self.key.clone())))
    }
}

#[derive(Debug)]
struct Locked(String);

#[async_trait]
impl ChatMemory for Locked {
    async fn last(&self, _limit: usize) -> Result<Vec<Message>, Fault> {
        let why = format!("the key {} is refused", self.0);
        Err(Fault::new(FaultKind::Unauthorised, why).at_field("key"))
    }

    async fn append(&self, _message: &Message) -> Result<(), Fault> {
        self.last(0).await.map(drop)
    }
}

/// Reads a memory.
#[derive(Component)]
#[component(id = "Recall", title = "Recall")]
pub struct Recall {
    /// The memory.
    #[input(title = "Memory", required)]
    memory: Handle<dyn ChatMemory>,
}

#[outputs]
impl Recall {
    /// How much there is.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(self.memory.last(10).await?.len().to_string()))
    }
}

/// Asks a human for yes or no.
#[derive(Component)]
#[component(id = "HumanInput", title = "Human Input")]
pub struct HumanInput {
    /// What is asked.
    #[input(title = "Prompt")]
    prompt: String,
}

#[outputs]
impl HumanInput {
    /// The text, if yes.
    #[output(title = "Yes")]
    async fn yes(&self, cx: &Cx) -> Result<Message, Fault> {
        self.ask(cx).await
    }
    /// The text, if no.
    #[output(title = "No")]
    async fn no(&self, cx: &Cx) -> Result<Message, Fault> {
        self.ask(cx).await
    }
}

impl HumanInput {
    async fn ask(&self, cx: &Cx) -> Result<Message, Fault> {
        let ask = langflow_core::run::HumanAsk {
            prompt: self.prompt.clone(),
            allowed_decisions: vec!["yes".into(), "no".into()],
            ..Default::default()
        };
        let decision = cx.graph().decision(ask).await?;
        let others: Vec<&str> = ["yes", "no"].into_iter().filter(|way| *way != decision.action_id).collect();
        cx.graph().exclude(&others);
        Ok(cx.new_message(format!("{} {}", self.prompt, decision.action_id)))
    }
}

pub fn catalogue() -> Catalogue {
    Catalogue::new(vec![
        Entry::<ChatInput>::of(),
        Entry::<ChatOutput>::of(),
        Entry::<Join>::of(),
        Entry::<Router>::of(),
        Entry::<Boom>::of(),
        Entry::<Loop>::of(),
        Entry::<Notify>::of(),
        Entry::<Listen>::of(),
        Entry::<Sleep>::of(),
        Entry::<Caller>::of(),
        Entry::<Double>::of(),
        Entry::<Vault>::of(),
        Entry::<Recall>::of(),
        Entry::<HumanInput>::of(),
    ])
}
