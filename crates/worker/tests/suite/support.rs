//! Workers and nodes for tests.

use langflow_core::component::{Catalogue, CustomCode, Definition, Params};
use langflow_core::flow::{Node, NodeOutput};
use langflow_core::{Fault, Json, JsonMap, Value};
use langflow_testkit::solo::Solo;
use langflow_worker::{CustomComponents, Supervisor, WorkerConfig};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub fn config() -> WorkerConfig {
    WorkerConfig {
        python: Some("/usr/bin/python3".into()),
        timeout: Duration::from_mins(1),
        warm: 0,
        max_workers: 2,
        ..WorkerConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_worker-launch")))
    }
}

/// A pool that works, or `None` with the reason on standard error.
pub async fn pool(config: WorkerConfig) -> Option<Arc<Supervisor>> {
    let pool = Supervisor::new(config).unwrap();
    match pool.warm_up().await {
        Ok(_) => Some(pool),
        Err(fault) => {
            eprintln!("skipped: {fault}");
            assert!(std::env::var_os("LANGFLOW_TEST_SANDBOX").is_none(), "{fault}");
            None
        }
    }
}

/// A node that carries this code.
pub fn node(code: &str, outputs: &[(&str, &str)]) -> Node {
    let mut template = JsonMap::new();
    template.insert("code".into(), json!({"type": "code", "value": code}));
    Node {
        id: "Custom-1".into(),
        kind: "CustomComponent".into(),
        display_name: "Custom".into(),
        template,
        outputs: outputs
            .iter()
            .map(|(name, method)| NodeOutput {
                name: (*name).to_owned(),
                method: Some((*method).to_owned()),
                ..NodeOutput::default()
            })
            .collect(),
        ..Node::default()
    }
}

pub fn definition(pool: &Arc<Supervisor>, node: &Node) -> Arc<dyn Definition> {
    CustomComponents::new(Arc::clone(pool)).definition(node)
}

/// Runs one output of some code.
pub async fn run(pool: &Arc<Supervisor>, solo: &Solo, code: &str, output: &str) -> Result<Value, Fault> {
    run_with(pool, solo, code, Params::default(), output).await
}

pub async fn run_with(
    pool: &Arc<Supervisor>,
    solo: &Solo,
    code: &str,
    params: Params,
    output: &str,
) -> Result<Value, Fault> {
    let definition = definition(pool, &node(code, &[(output, "")]));
    let instance = definition.parse(params).map_err(Fault::join)?;
    instance.run_output(output, &solo.cx()).await
}

/// A component whose one output runs `body`, lines of a method.
pub fn component(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "from langflow.custom import Component\nfrom langflow.io import Output, MessageTextInput\n\n\n\
         class Probe(Component):\n    inputs = [MessageTextInput(name=\"text\", display_name=\"Text\")]\n    \
         outputs = [Output(name=\"out\", display_name=\"Out\", method=\"go\")]\n\n    def go(self) -> str:\n{body}"
    )
}

/// The interpreter script that the catalogue holds, run by this pool.
pub fn catalogue(pool: &Arc<Supervisor>) -> Catalogue {
    Catalogue::new(langflow_worker::entries(Some(Arc::clone(pool))))
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/worker")
}

pub fn read_json(path: PathBuf) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
