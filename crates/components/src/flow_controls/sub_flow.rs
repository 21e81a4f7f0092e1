//! Sub Flow.

use super::flow_fields;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Between the node and the field in the name of a field.
const SEPARATOR: char = '|';

/// Runs another flow and gives all its results as data.
#[derive(Component)]
#[component(
    id = "SubFlow",
    class = "SubFlowComponent",
    title = "Sub Flow",
    icon = "Workflow",
    category = "flow_controls",
    module = "lfx.components.flow_controls.sub_flow.SubFlowComponent",
    legacy,
    replacement = ["flow_controls.RunFlow"]
)]
pub struct SubFlowComponent {
    /// The flow to run, by name.
    #[input(title = "Flow Name", kind = Dropdown, options = NO_OPTIONS, real_time_refresh, refresh_button)]
    flow_name: String,
    #[input(rest)]
    values: Params,
}

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl SubFlowComponent {
    /// One piece of data for each output of the flow.
    #[output(name = "flow_outputs", title = "Flow Outputs", types = ["JSON"])]
    async fn generate_results(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let flow = flow_fields::find(cx, "", &self.flow_name).await?;
        let values = self.values.iter().map(|(name, value)| (name.to_owned(), value.clone()));
        let outcome = flow_fields::run(cx, &flow, values, SEPARATOR, "").await?;
        let results = outcome.results.into_iter().map(|(_, _, value)| match value {
            Value::Data(data) => Arc::unwrap_or_clone(data),
            Value::Message(message) => message.to_data(),
            other => Data::from_json(other.to_json()),
        });
        Ok(results.collect())
    }

    /// The flows there are, and the fields of the chosen one.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "flow_name" {
            return Ok(patch);
        }
        let flows = cx.flows.list().await?;
        if let Some(Json::Object(mut field)) = request.template.get("flow_name").cloned() {
            let names: Vec<&str> = flows.iter().map(|(_, name, _)| name.as_str()).collect();
            field.insert("options".into(), json!(names));
            patch.template.insert("flow_name".into(), Json::Object(field));
        }
        if let Some((id, ..)) = flows.iter().find(|flow| Some(flow.1.as_str()) == request.value.as_str()) {
            for old in request.template.keys().filter(|name| name.contains(SEPARATOR)) {
                patch.template.insert(old.clone(), Json::Null);
            }
            patch.template.extend(flow_fields::fields(&*cx.flows.graph(*id).await?, SEPARATOR));
        }
        Ok(patch)
    }
}
