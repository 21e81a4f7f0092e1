//! The editor's questions, with a catalogue of one small component.

use super::update::change;
use super::*;
use langflow_core::capability::{ModelKind, ProviderValues};
use langflow_core::component::{Catalogue, Entry, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::run::ports::{FlowCall, FlowOutcome, Variable};
use langflow_core::run::{Egress, Flows, Models, Variables};
use serde_json::json;
use uuid::Uuid;

choice! {
    pub enum Mode { Plain = "Plain", Loud = "Loud" }
}

/// Says a text.
#[derive(Component)]
#[component(
    id = "Say",
    class = "SayComponent",
    title = "Say",
    icon = "speech",
    category = "utilities",
    module = "lfx.components.say.SayComponent"
)]
struct Say {
    /// How to say it.
    #[input(title = "Mode", default = Mode::Plain, real_time_refresh)]
    mode: Mode,
    /// What to say.
    #[input(title = "Text", required, tool_mode)]
    text: String,
}

#[outputs]
impl Say {
    /// The text, said.
    #[output(name = "said", title = "Said")]
    async fn say_it(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.mode {
            Mode::Plain => self.text.clone(),
            Mode::Loud => self.text.to_uppercase(),
        };
        Ok(cx.new_message(text))
    }

    /// A loud voice has a volume.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        let volume =
            if request.value == "Loud" { json!({"name": "volume", "value": 11}) } else { Json::Null };
        patch.template.insert("volume".into(), volume);
        patch.template.insert("text".into(), json!({"placeholder": "What?"}));
        Ok(patch)
    }
}

fn catalogue() -> Catalogue {
    Catalogue::new(vec![Entry::<Say>::of()])
}

#[derive(Debug)]
struct NoNetwork;

#[async_trait]
impl Egress for NoNetwork {
    async fn send(
        &self,
        _request: http::Request<bytes::Bytes>,
        _options: langflow_core::run::ports::CallOptions,
    ) -> Result<langflow_core::run::Reply, Fault> {
        Err(Fault::refused("no network"))
    }
}

async fn changed(field: &str, value: Json, tool_mode: Option<bool>) -> Json {
    let definition = Arc::clone(catalogue().get("Say").unwrap());
    let node = definition.spec().to_catalogue(code_hash);
    let mut template = node["template"].as_object().cloned().unwrap();
    template.insert("is_refresh".into(), json!(true));
    let request = UpdateNode { template, field: field.into(), value, tool_mode, ..UpdateNode::default() };
    let cx = RefreshCx {
        variables: Arc::new(Nothing),
        egress: Arc::new(NoNetwork),
        flows: Arc::new(Nothing),
        models: Arc::new(Nothing),
        mcp: Arc::new(langflow_core::run::NoMcpServers),
        vectors: Arc::new(langflow_core::run::NoVectors),
    };
    change(definition.as_ref(), request, &cx).await.unwrap()
}

#[async_trait]
impl Models for Nothing {
    async fn options(&self, _kind: ModelKind) -> Result<Vec<Json>, Fault> {
        Ok(Vec::new())
    }

    async fn offered(
        &self,
        _provider: &str,
        _kind: ModelKind,
        _values: ProviderValues,
    ) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn a_changed_field_changes_the_others() {
    let node = changed("mode", json!("Loud"), None).await;
    assert_eq!(node["template"]["mode"]["value"], "Loud");
    assert_eq!(node["template"]["volume"]["value"], 11);
    let text = &node["template"]["text"];
    assert_eq!((&text["placeholder"], &text["type"]), (&json!("What?"), &json!("str")), "patches are merged");
    assert_eq!(node["template"].get("is_refresh"), None, "the editor's own keys stay out");
    assert_eq!(node["outputs"][0]["name"], "said");
}

#[tokio::test]
async fn tool_mode_gives_one_output_and_a_table_of_actions() {
    let node = changed("tool_mode", json!(true), Some(true)).await;
    assert_eq!(node["outputs"][0]["name"], "component_as_tool");
    assert_eq!(node["outputs"][0]["types"], json!(["Tool"]));
    assert_eq!(node["tool_mode"], true);
    let row = &node["template"]["tools_metadata"]["value"][0];
    assert_eq!(row["name"], "say_it");
    assert_eq!(
        row["args"],
        json!({"text": {"description": "What to say.", "title": "Text", "type": "string"}})
    );
    let node = changed("tool_mode", json!(false), Some(false)).await;
    assert_eq!(node["outputs"][0]["name"], "said");
    assert_eq!(node["template"].get("tools_metadata"), None);
}

#[test]
fn code_is_recognised_by_its_class() {
    let all = catalogue();
    let spec = all.get("Say").unwrap().spec();
    assert_eq!(recognise(&all, &spec.python()).unwrap().spec().id, "Say");
    let theirs =
        "from x import Y\n\nclass Helper(Y):\n  pass\n\nclass SayComponent(Component):\n    name = \"Say\"\n";
    assert_eq!(recognise(&all, theirs).unwrap().spec().id, "Say");
    let renamed = "class Other(Component):\n    name: str = \"Say\"\n";
    assert_eq!(recognise(&all, renamed).unwrap().spec().id, "Say");
    assert!(recognise(&all, "class Mine(Component):\n  pass").is_none());
    assert!(recognise(&all, "").is_none());
}

#[test]
fn a_report_names_what_is_not_native() {
    let node = |id: &str, kind: &str, edited: bool| {
        json!({"id": id, "type": "genericNode", "data": {"id": id, "type": kind,
            "node": {"display_name": kind, "edited": edited, "template": {}, "outputs": []}}})
    };
    let flow = json!({"data": {"edges": [], "nodes": [
        node("Say-a", "Say", true),
        node("Py-b", "MyOwn", false),
        {"id": "n", "type": "noteNode"},
    ]}});
    let report = report(&catalogue(), &flow);
    let natives: Vec<_> = report.nodes.iter().map(|n| (n.id.as_str(), n.native, n.edited)).collect();
    assert_eq!(natives, [("Say-a", true, true), ("Py-b", false, false)]);
    assert_eq!(report.missing().count(), 1);
}

#[test]
fn the_document_is_compressed_and_tagged() {
    use std::io::Read as _;
    let document = CatalogueDocument::new(&catalogue(), None);
    let json: Json = serde_json::from_slice(&document.plain).unwrap();
    assert_eq!(json["utilities"]["Say"]["display_name"], "Say");
    assert_eq!(json["component_display_names"], json!({}));
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(document.gzip.as_ref()).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, document.plain);
    assert_eq!(document.etag, CatalogueDocument::new(&catalogue(), None).etag);
}

/// An editor without variables and other flows.
struct Nothing;

#[async_trait]
impl Variables for Nothing {
    async fn get(&self, _name: &str) -> Result<Option<Variable>, Fault> {
        Ok(None)
    }
}

#[async_trait]
impl Flows for Nothing {
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault> {
        Ok(Vec::new())
    }

    async fn graph(&self, flow_id: Uuid) -> Result<Arc<Json>, Fault> {
        Err(Fault::missing(format!("the flow {flow_id} does not exist")))
    }

    async fn run(&self, _call: FlowCall) -> Result<FlowOutcome, Fault> {
        Err(Fault::refused("an editor's question runs no flow"))
    }
}
