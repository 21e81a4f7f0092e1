//! Nodes with code of their own as components of the engine.

mod host;
mod tools;
mod values;

use crate::process::{CallError, Raised};
use crate::supervisor::{Lease, Supervisor};
use host::RunHost;
use langflow_core::component::{
    CodeChange, ComponentSpec, CustomCode, Definition, DescribedCode, Instance, Params, RefreshCx,
    RefreshRequest, SpecPatch,
};
use langflow_core::flow::{Node, TOOLSET};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Value, async_trait};
use serde_json::json;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;
use uuid::Uuid;
use values::{Handles, decode, encode_params};

/// What the catalogue asks about people's own code.
pub struct CustomComponents {
    supervisor: Arc<Supervisor>,
}

impl CustomComponents {
    pub fn new(supervisor: Arc<Supervisor>) -> Self {
        Self { supervisor }
    }

    async fn ask(&self, user: Uuid, method: &'static str, params: Json) -> Result<Json, Fault> {
        let mut lease = self.supervisor.lease(Some(user)).await?;
        lease.ask(method, params).await.map_err(to_fault)
    }
}

#[async_trait]
impl CustomCode for CustomComponents {
    async fn prepare(&self) -> Result<Json, Fault> {
        self.supervisor.warm_up().await
    }

    fn definition(&self, node: &Node) -> Arc<dyn Definition> {
        Arc::new(CodeDefinition {
            spec: ComponentSpec {
                id: "CustomComponent",
                class: "CustomComponent",
                title: "Custom Component",
                takes_rest: true,
                ..ComponentSpec::default()
            },
            node: Arc::new(CodeNode::new(node, Arc::clone(&self.supervisor))),
        })
    }

    async fn describe(&self, user: Uuid, code: &str) -> Result<DescribedCode, Fault> {
        let mut answer = self.ask(user, "describe", json!({"source": code, "user_id": user})).await?;
        let kind = answer.get("kind").and_then(Json::as_str).unwrap_or_default().to_owned();
        Ok(DescribedCode { node: answer.get_mut("node").map(Json::take).unwrap_or_default(), kind })
    }

    async fn update(&self, user: Uuid, change: CodeChange) -> Result<Json, Fault> {
        let params = json!({
            "source": change.code,
            "class_name": change.class,
            "template": change.template,
            "field": change.field,
            "value": change.value,
            "tool_mode": change.tool_mode,
            "metadata": change.metadata,
            "user_id": user,
        });
        self.ask(user, "update", params).await
    }

    async fn check_imports(&self, user: Uuid, code: &str) -> Result<Vec<String>, Fault> {
        let answer = self.ask(user, "imports", json!({"source": code})).await?;
        Ok(serde_json::from_value(answer).unwrap_or_default())
    }
}

/// What does not change between runs of a node with code.
pub struct CodeNode {
    id: String,
    display_name: String,
    code: String,
    class: Option<String>,
    /// Outputs as the node stores them.
    outputs: Vec<Json>,
    file_fields: Vec<String>,
    /// Variables that fields name.
    declared: Vec<String>,
    /// Messages it sends reach the chat.
    is_end: bool,
    supervisor: Arc<Supervisor>,
}

impl CodeNode {
    fn new(node: &Node, supervisor: Arc<Supervisor>) -> Self {
        let fields = || node.template.iter().filter_map(|(name, field)| Some((name, field.as_object()?)));
        Self {
            id: node.id.clone(),
            display_name: node.display_name.clone(),
            code: node.code().unwrap_or_default().into_owned(),
            class: node.class_names.first().cloned(),
            outputs: node
                .outputs
                .iter()
                .filter(|output| output.name != TOOLSET)
                .map(|output| {
                    json!({
                        "name": output.name,
                        "method": output.method,
                        "display_name": output.display_name,
                        "types": output.types,
                        "tool_mode": output.tool_mode,
                    })
                })
                .collect(),
            file_fields: fields()
                .filter(|(_, field)| field.get("type").and_then(Json::as_str) == Some("file"))
                .map(|(name, _)| name.clone())
                .collect(),
            declared: fields()
                .filter(|(_, field)| field.get("load_from_db").and_then(Json::as_bool) == Some(true))
                .filter_map(|(_, field)| field.get("value").and_then(Json::as_str).map(str::to_owned))
                .collect(),
            is_end: node.is_input || node.is_output,
            supervisor,
        }
    }

    fn method_of(&self, output: &str) -> Option<&str> {
        let stored = self.outputs.iter().find(|o| o.get("name").and_then(Json::as_str) == Some(output))?;
        stored.get("method").and_then(Json::as_str)
    }

    fn context(&self, cx: &Cx) -> Json {
        let (scope, graph) = (cx.scope(), cx.graph());
        let feeds_chat_output = graph.feeds_chat_output();
        json!({
            "node_id": self.id,
            "session_id": scope.session_id,
            "flow_id": scope.flow_id,
            "flow_name": scope.flow_name,
            "run_id": scope.run_id,
            "user_id": scope.user_id,
            "file_fields": self.file_fields,
            "feeds_chat_output": feeds_chat_output,
            "fed_by_chat_input": graph.fed_by_chat_input(),
            "streams": cx.streams_to_chat(),
            "sends": self.is_end || feeds_chat_output,
        })
    }

    async fn call(
        self: &Arc<Self>,
        lease: &mut Lease,
        method: &'static str,
        handles: &Arc<Handles>,
        mut params: Json,
        cx: &Cx,
    ) -> Result<Json, Fault> {
        if let Some(map) = params.as_object_mut() {
            map.insert("source".into(), json!(self.code));
            map.insert("class_name".into(), json!(self.class));
            map.insert("outputs".into(), json!(self.outputs));
            map.insert("context".into(), self.context(cx));
        }
        let host = RunHost { cx: cx.clone(), handles: Arc::clone(handles), node: Arc::clone(self) };
        lease.call(method, params, Arc::new(host)).await.map_err(to_fault)
    }

    /// A call with a worker of its own: the tools of a node outlive the node's turn.
    async fn call_once(
        self: &Arc<Self>,
        method: &'static str,
        params: &Params,
        more: Json,
        cx: &Cx,
    ) -> Result<Json, Fault> {
        cx.scope().code.allow(&self.code).await?;
        let mut handles = Handles::default();
        let mut call = more;
        if let Some(map) = call.as_object_mut() {
            map.insert("values".into(), encode_params(params, &mut handles));
        }
        let mut lease = self.supervisor.lease(cx.scope().user_id).await?;
        self.call(&mut lease, method, &Arc::new(handles), call, cx).await
    }
}

struct CodeDefinition {
    spec: ComponentSpec,
    node: Arc<CodeNode>,
}

#[async_trait]
impl Definition for CodeDefinition {
    fn spec(&self) -> &ComponentSpec {
        &self.spec
    }

    fn code(&self) -> Option<&str> {
        Some(&self.node.code)
    }

    /// What the node stores counts; whether the class has it shows when it runs.
    fn output(&self, name: &str, _method: Option<&str>, _types: &[&str]) -> Option<Cow<'static, str>> {
        Some(Cow::Owned(name.to_owned()))
    }

    fn parse(&self, params: Params) -> Result<Box<dyn Instance>, Vec<Fault>> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Ok(Box::new(CodeInstance {
            node: Arc::clone(&self.node),
            params,
            lease: Mutex::default(),
            key: NEXT.fetch_add(1, Ordering::Relaxed),
        }))
    }

    async fn refresh(&self, _request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        Err(Fault::unsupported("a node with code of its own is changed by its code"))
    }
}

/// A node in one run. All its outputs are computed by one object of one worker.
struct CodeInstance {
    node: Arc<CodeNode>,
    params: Params,
    lease: Mutex<Option<(Lease, Arc<Handles>, Json)>>,
    key: u64,
}

#[async_trait]
impl Instance for CodeInstance {
    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault> {
        let node = &self.node;
        cx.scope().code.allow(&node.code).await?;
        let mut slot = self.lease.lock().await;
        if slot.is_none() {
            let mut handles = Handles::default();
            let values = encode_params(&self.params, &mut handles);
            *slot = Some((node.supervisor.lease(cx.scope().user_id).await?, Arc::new(handles), values));
        }
        let Some((lease, handles, values)) = slot.as_mut() else {
            return Err(Fault::bug("a worker was leased and is gone"));
        };
        let call = json!({"values": values, "output": name, "method": node.method_of(name), "key": self.key});
        let mut answer = node.call(lease, "run", handles, call, cx).await?;
        let make = |items| tools::make(node, &self.params, cx, Some(name), items);
        if let Some(printed) = answer.get("printed").and_then(Json::as_str).filter(|text| !text.is_empty()) {
            cx.log("Output", printed);
        }
        if let Some(status) = answer.get_mut("status").map(Json::take).filter(|status| !status.is_null()) {
            cx.set_status(decode(status, &make));
        }
        Ok(decode(answer.get_mut("value").map(Json::take).unwrap_or_default(), &make))
    }

    async fn toolset(&self, cx: &Cx) -> Option<Result<Vec<Arc<dyn langflow_core::capability::Tool>>, Fault>> {
        let found = self.node.call_once("tools", &self.params, json!({}), cx).await;
        Some(found.map(|items| {
            let items = match items {
                Json::Array(items) => items,
                _ => Vec::new(),
            };
            match tools::make(&self.node, &self.params, cx, None, items) {
                Value::Tools(tools) => tools,
                _ => Vec::new(),
            }
        }))
    }
}

/// How a failed call reads: the exception's own words.
pub(crate) fn to_fault(error: CallError) -> Fault {
    match error {
        CallError::Raised(Raised { kind, message, traceback }) => {
            tracing::debug!(%kind, %message, %traceback, "a custom component raised");
            let words = if message.trim().is_empty() { kind } else { message };
            Fault::invalid(words)
        }
        CallError::Lost(fault) => fault,
    }
}
