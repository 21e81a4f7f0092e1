//! Components that run a piece of Python in a worker: interpreter, function, and their older tools.

use crate::adapter::to_fault;
use crate::supervisor::Supervisor;
use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::component::{
    ComponentSpec, Definition, InputKind, InputSpec, Instance, OutputSpec, Params, RefreshCx, RefreshRequest,
    SpecPatch, text_of,
};
use langflow_core::run::Cx;
use langflow_core::{Data, Fault, Json, JsonMap, Message, Value, async_trait};
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// The components, to be added to the catalogue. Without workers they are listed and say why they do not run.
pub fn entries(workers: Option<Arc<Supervisor>>) -> Vec<Arc<dyn Definition>> {
    [interpreter(), function(), repl_tool(), structured_tool()]
        .into_iter()
        .map(|(spec, kind)| {
            Arc::new(Script { spec: Arc::new(spec), kind, workers: workers.clone() }) as Arc<dyn Definition>
        })
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Interpreter,
    Function,
    ReplTool,
    StructuredTool,
}

fn input(
    name: &'static str,
    title: &'static str,
    info: &'static str,
    kind: InputKind,
    value: &str,
) -> InputSpec {
    InputSpec { title, info, kind, value: json!(value), ..InputSpec::new(name) }
}

fn output(name: &'static str, title: &'static str, method: &'static str, kind: &'static str) -> OutputSpec {
    OutputSpec { title, method, types: vec![kind], ..OutputSpec::new(name) }
}

fn interpreter() -> (ComponentSpec, Kind) {
    let imports = InputSpec {
        required: true,
        ..input(
            "global_imports",
            "Global Imports",
            "Modules that the code finds imported, with commas between them, such as math,json.",
            InputKind::Str,
            "math",
        )
    };
    let code = InputSpec {
        required: true,
        tool_mode: true,
        ..input(
            "python_code",
            "Python Code",
            "The code to run in a worker process. What it prints is the result.",
            InputKind::Multiline,
            "print('Hello, World!')",
        )
    };
    let spec = ComponentSpec {
        id: "PythonREPLComponent",
        aliases: &["PythonInterpreter"],
        class: "PythonREPLComponent",
        module: "lfx.components.utilities.python_repl_core.PythonREPLComponent",
        title: "Python Interpreter",
        description: "Run Python code in a process of its own. What it prints is the result.",
        documentation: "https://docs.langflow.org/python-interpreter",
        icon: "square-terminal",
        category: "utilities",
        inputs: vec![imports, code],
        outputs: vec![output("results", "Results", "run_python_repl", "JSON")],
        ..ComponentSpec::default()
    };
    (spec, Kind::Interpreter)
}

fn function() -> (ComponentSpec, Kind) {
    let code = input(
        "function_code",
        "Function Code",
        "Python code that defines a function. It is called without arguments.",
        InputKind::Code,
        "",
    );
    let spec = ComponentSpec {
        id: "PythonFunction",
        aliases: &["PythonFunctionComponent"],
        class: "PythonFunctionComponent",
        module: "lfx.components.prototypes.python_function.PythonFunctionComponent",
        title: "Python Function",
        description: "Define a Python function and call it.",
        icon: "Python",
        category: "prototypes",
        legacy: true,
        inputs: vec![code],
        outputs: vec![
            output("function_output", "Function Callable", "get_function_callable", "Callable"),
            output("function_output_data", "Function Output (Data)", "execute_function_data", "JSON"),
            output("function_output_str", "Function Output (Message)", "execute_function_message", "Message"),
        ],
        ..ComponentSpec::default()
    };
    (spec, Kind::Function)
}

fn repl_tool() -> (ComponentSpec, Kind) {
    let info = "The tool as an agent sees it.";
    let spec = ComponentSpec {
        id: "PythonREPLTool",
        aliases: &["PythonREPLToolComponent"],
        class: "PythonREPLToolComponent",
        module: "lfx.components.tools.python_repl.PythonREPLToolComponent",
        title: "Python REPL",
        description: "A tool that runs the Python code an agent writes, in a process of its own.",
        icon: "Python",
        category: "tools",
        legacy: true,
        replacement: &["utilities.PythonREPLComponent"],
        inputs: vec![
            input("name", "Tool Name", info, InputKind::Str, "python_repl"),
            input(
                "description",
                "Tool Description",
                info,
                InputKind::Str,
                "Runs Python code. The input is the code; print() what you want to see.",
            ),
            input(
                "global_imports",
                "Global Imports",
                "Modules that the code finds imported, with commas between them.",
                InputKind::Str,
                "math",
            ),
            input("python_code", "Python Code", "The code to run.", InputKind::Str, "print('Hello, World!')"),
        ],
        outputs: vec![
            output("api_run_model", "Data", "run_model", "JSON"),
            output("api_build_tool", "Tool", "build_tool", "Tool"),
        ],
        ..ComponentSpec::default()
    };
    (spec, Kind::ReplTool)
}

fn structured_tool() -> (ComponentSpec, Kind) {
    let spec = ComponentSpec {
        id: "PythonCodeStructuredTool",
        aliases: &["PythonCodeStructuredToolComponent"],
        class: "PythonCodeStructuredTool",
        title: "Python Code Structured",
        description: "A function as a tool: its parameters are the tool's arguments.",
        icon: "Python",
        category: "tools",
        legacy: true,
        inputs: vec![
            input("tool_code", "Tool Code", "Code that defines the function.", InputKind::Multiline, ""),
            input("tool_name", "Tool Name", "Name of the tool.", InputKind::MessageText, ""),
            input("tool_description", "Description", "What the tool does.", InputKind::MessageText, ""),
            input("tool_function", "Tool Function", "Name of the function.", InputKind::Str, ""),
        ],
        outputs: vec![output("result_tool", "Tool", "build_tool", "Tool")],
        ..ComponentSpec::default()
    };
    (spec, Kind::StructuredTool)
}

struct Script {
    spec: Arc<ComponentSpec>,
    kind: Kind,
    workers: Option<Arc<Supervisor>>,
}

#[async_trait]
impl Definition for Script {
    fn spec(&self) -> &ComponentSpec {
        &self.spec
    }

    fn parse(&self, mut params: Params) -> Result<Box<dyn Instance>, Vec<Fault>> {
        let fields = self.spec.inputs.iter().map(|input| {
            let value = params.take(input.name).filter(|value| !value.is_null());
            let value = value.unwrap_or_else(|| Value::from(input.default_value()));
            (input.name, text_of(&value).unwrap_or_default())
        });
        Ok(Box::new(Running { fields: fields.collect(), kind: self.kind, workers: self.workers.clone() }))
    }

    async fn refresh(&self, _request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        Ok(SpecPatch::default())
    }
}

#[derive(Clone)]
struct Running {
    fields: Vec<(&'static str, String)>,
    kind: Kind,
    workers: Option<Arc<Supervisor>>,
}

#[async_trait]
impl Instance for Running {
    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault> {
        match (self.kind, name) {
            (Kind::Interpreter, _) | (Kind::ReplTool, "api_run_model") => {
                self.script(self.field("python_code"), cx).await.map(|data| Value::from(Data::new(data)))
            }
            (Kind::Function, "function_output") => Err(Fault::unsupported(
                "A Python function lives in a worker process and cannot be handed on: use its output as data or text",
            )),
            (Kind::Function, _) => self.function(name == "function_output_data", cx).await,
            (Kind::ReplTool, _) => Ok(Value::Tools(vec![self.repl(cx)])),
            (Kind::StructuredTool, _) => Ok(Value::Tools(vec![self.structured(cx).await?])),
        }
    }

    async fn toolset(&self, _cx: &Cx) -> Option<Result<Vec<Arc<dyn Tool>>, Fault>> {
        None
    }
}

impl Running {
    fn field(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| text.as_str())
            .unwrap_or_default()
    }

    async fn ask(&self, code: &str, method: &'static str, params: Json, cx: &Cx) -> Result<Json, Fault> {
        let workers = self.workers.as_ref().ok_or_else(|| {
            Fault::unsupported(format!(
                "The component '{}' ({}) runs Python code, which this server does not do until the operator turns \
                 it on (LANGFLOW_CUSTOM_COMPONENTS)",
                cx.node().display_name,
                cx.node().id
            ))
        })?;
        cx.scope().code.allow(code).await?;
        let mut lease = workers.lease(cx.scope().user_id).await?;
        lease.ask(method, params).await.map_err(to_fault)
    }

    /// Runs a script; the result is what it printed, or why it failed.
    async fn script(&self, code: &str, cx: &Cx) -> Result<JsonMap, Fault> {
        let code = without_fence(code);
        let params = json!({"source": code, "modules": self.field("global_imports")});
        let answer = self.ask(&code, "python", params, cx).await?;
        let text = |key: &str| answer.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let (key, words) = match text("error").as_str() {
            "" => ("result", text("output").trim().to_owned()),
            "ImportError" => ("error", format!("Import Error: {}", text("message"))),
            "SyntaxError" => ("error", format!("Syntax Error: {}", text("message"))),
            _ => ("error", format!("Error during execution: {}", text("message"))),
        };
        Ok([(key.to_owned(), Json::String(words))].into_iter().collect())
    }

    async fn function(&self, as_data: bool, cx: &Cx) -> Result<Value, Fault> {
        let code = self.field("function_code");
        if code.trim().is_empty() {
            return Ok(if as_data { Value::List(Vec::new()) } else { Message::from_text("").into() });
        }
        let mut answer = self.ask(code, "function", json!({"source": code}), cx).await?;
        let value = answer.get_mut("v").map(Json::take).unwrap_or_default();
        Ok(if as_data {
            let items = match value {
                Json::Array(items) => items,
                one => vec![one],
            };
            items.into_iter().map(Data::from_json).collect::<Vec<_>>().into()
        } else {
            Message::from_text(langflow_core::value::python_repr(&value)).into()
        })
    }

    fn repl(&self, cx: &Cx) -> Arc<dyn Tool> {
        let parameters = json!({
            "type": "object",
            "properties": {"code": {"type": "string", "description": "Python code"}},
            "required": ["code"],
        });
        let schema = ToolSchema {
            name: self.field("name").to_owned(),
            description: self.field("description").to_owned(),
            parameters,
        };
        Arc::new(ScriptTool { schema, running: self.clone(), cx: cx.clone() })
    }

    async fn structured(&self, cx: &Cx) -> Result<Arc<dyn Tool>, Fault> {
        let code = self.field("tool_code");
        let name = Some(self.field("tool_function")).filter(|name| !name.is_empty());
        let known = self.ask(code, "function_schema", json!({"source": code, "name": name}), cx).await?;
        let text = |key: &str| known.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let or = |field: &str, key: &str| match self.field(field) {
            "" => text(key),
            given => given.to_owned(),
        };
        let schema = ToolSchema {
            name: or("tool_name", "name"),
            description: or("tool_description", "description"),
            parameters: known.get("parameters").cloned().unwrap_or_default(),
        };
        Ok(Arc::new(ScriptTool { schema, running: self.clone(), cx: cx.clone() }))
    }
}

/// Models put code into Markdown fences.
fn without_fence(code: &str) -> String {
    let trimmed = code.trim();
    let Some(inner) = trimmed.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else {
        return code.to_owned();
    };
    inner.strip_prefix("python").or_else(|| inner.strip_prefix("py")).unwrap_or(inner).trim().to_owned()
}

struct ScriptTool {
    schema: ToolSchema,
    running: Running,
    cx: Cx,
}

impl fmt::Debug for ScriptTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptTool").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl Tool for ScriptTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        if self.running.kind == Kind::ReplTool {
            let code = arguments.get("code").and_then(Json::as_str).unwrap_or_default();
            let answer = self.running.script(code, &self.cx).await?;
            let is_error = answer.contains_key("error");
            let text = answer.values().next().and_then(Json::as_str).unwrap_or_default().to_owned();
            return Ok(ToolOutput { text, artifact: None, is_error });
        }
        let code = self.running.field("tool_code");
        let params = json!({"source": code, "arguments": arguments});
        let answer = self.running.ask(code, "function", params, &self.cx).await?;
        let value = answer.get("v").cloned().unwrap_or_default();
        Ok(ToolOutput {
            text: langflow_core::value::python_repr(&value),
            artifact: Some(value),
            is_error: false,
        })
    }
}
