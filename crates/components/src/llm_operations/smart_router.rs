//! Smart Router.

use super::{ask, model_of};
use crate::models::pick::ModelPick;
use langflow_core::capability::ModelKind;
use langflow_core::component::{OutputSpec, Outputs, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Names of the outputs of routes, in order. A router has as many as it has routes.
const ROUTES: [&str; 24] = [
    "category_1_result",
    "category_2_result",
    "category_3_result",
    "category_4_result",
    "category_5_result",
    "category_6_result",
    "category_7_result",
    "category_8_result",
    "category_9_result",
    "category_10_result",
    "category_11_result",
    "category_12_result",
    "category_13_result",
    "category_14_result",
    "category_15_result",
    "category_16_result",
    "category_17_result",
    "category_18_result",
    "category_19_result",
    "category_20_result",
    "category_21_result",
    "category_22_result",
    "category_23_result",
    "category_24_result",
];
const ELSE: &str = "default_result";

/// Sends a message one of several ways, chosen by a language model.
///
/// Describe the routes; the model says to which the input belongs. Only that way goes on.
#[derive(Component)]
#[component(
    id = "SmartRouter",
    class = "SmartRouterComponent",
    title = "Smart Router",
    icon = "route",
    category = "llm_operations",
    module = "lfx.components.llm_operations.llm_conditional_router.SmartRouterComponent"
)]
pub struct SmartRouterComponent {
    /// The model that chooses.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// The text to sort.
    #[input(title = "Input", required)]
    input_text: String,
    /// The ways: a name, when to take it, and what to send instead of the input.
    #[input(
        title = "Routes", kind = Table, real_time_refresh, required,
        default = json!([
            { "route_category": "Positive", "route_description": "Praise, thanks, satisfaction", "output_value": "" },
            { "route_category": "Negative", "route_description": "Complaints, trouble, disappointment", "output_value": "" },
        ]),
        extra = json!({ "is_list": true, "table_schema": route_columns() })
    )]
    routes: Table,
    /// What to send instead of the input, whichever way it goes.
    #[input(title = "Override Output", advanced)]
    message: Message,
    /// Adds a way for what belongs to no route.
    #[input(title = "Include Else Output", advanced, real_time_refresh)]
    enable_else_output: bool,
    /// Further instructions for the model. `{input_text}` and `{routes}` are filled in.
    #[input(title = "Additional Instructions", kind = Multiline, advanced)]
    custom_prompt: String,
}

fn route_columns() -> Json {
    json!([
        { "name": "route_category", "display_name": "Route Name", "type": "str", "edit_mode": "inline",
          "description": "Name of the route and of its output." },
        { "name": "route_description", "display_name": "Route Description", "type": "str", "default": "",
          "edit_mode": "popover", "description": "When to take it, for the model." },
        { "name": "output_value", "display_name": "Route Message (Optional)", "type": "str", "default": "",
          "edit_mode": "popover", "description": "What to send instead of the input." },
    ])
}

struct Route {
    name: String,
    description: String,
    message: String,
}

#[async_trait]
impl Outputs for SmartRouterComponent {
    fn output_specs() -> Vec<OutputSpec> {
        let output = |name, title, info| {
            let mut output = OutputSpec::new(name);
            output.title = title;
            output.info = info;
            output.types = vec!["Message"];
            // A node lists the outputs of its own routes.
            output.listed = false;
            output.group_outputs = true;
            output
        };
        let mut specs: Vec<_> =
            ROUTES.iter().map(|name| output(*name, "Route", "The message, if it goes this way.")).collect();
        specs.push(output(ELSE, "Else", "The message, if it belongs to no route."));
        specs
    }

    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault> {
        let routes = self.routes();
        let chosen = self.choose(&routes, cx).await?;
        let taken = match chosen {
            Some(at) => ROUTES.get(at).copied(),
            None => self.enable_else_output.then_some(ELSE),
        };
        let others: Vec<&str> = ROUTES
            .iter()
            .take(routes.len())
            .copied()
            .chain([ELSE])
            .filter(|other| Some(*other) != taken)
            .collect();
        cx.graph().exclude(&others);
        if Some(name) != taken {
            return Ok(cx.new_message("").into());
        }
        let route_message =
            chosen.and_then(|at| routes.get(at)).map(|route| route.message.trim()).unwrap_or_default();
        if !self.message.text.trim().is_empty() {
            return Ok(self.message.clone().into());
        }
        let text = if route_message.is_empty() { self.input_text.as_str() } else { route_message };
        Ok(cx.new_message(text).into())
    }

    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = crate::models::refresh::model_fields(request, cx, ModelKind::Language).await?;
        let field = |name: &str| {
            if request.field == name {
                return Some(request.value.clone());
            }
            request.template.get(name).and_then(|field| field.get("value")).cloned()
        };
        let rows = field("routes").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
        let output = |name: &str, title: &str| {
            json!({
                "name": name, "display_name": title, "method": if name == ELSE { "default_response" } else { "process_case" },
                "types": ["Message"], "selected": "Message", "cache": true, "group_outputs": true,
                "allows_loop": false, "tool_mode": true, "value": "__UNDEFINED__",
            })
        };
        let mut outputs: Vec<Json> = rows
            .iter()
            .zip(ROUTES)
            .map(|(row, name)| {
                let title =
                    row.get("route_category").and_then(Json::as_str).filter(|title| !title.is_empty());
                output(name, title.unwrap_or("Route"))
            })
            .collect();
        if field("enable_else_output").and_then(|on| on.as_bool()).unwrap_or_default() {
            outputs.push(output(ELSE, "Else"));
        }
        patch.outputs = Some(outputs);
        Ok(patch)
    }
}

impl SmartRouterComponent {
    fn routes(&self) -> Vec<Route> {
        let text =
            |row: &JsonMap, key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        self.routes
            .rows()
            .take(ROUTES.len())
            .map(|row| Route {
                name: text(&row, "route_category"),
                description: text(&row, "route_description"),
                message: text(&row, "output_value"),
            })
            .collect()
    }

    /// The index of the route the model chooses. All outputs of a node share one answer of the model.
    async fn choose(&self, routes: &[Route], cx: &Cx) -> Result<Option<usize>, Fault> {
        let key = format!("smart_router:{}:{}", cx.node().id, self.input_text);
        if let Some(Value::Json(known)) = cx.graph().shared(&key) {
            return Ok(known.as_u64().map(|at| at as usize));
        }
        let chosen = match self.answer(routes, cx).await {
            Ok(answer) => {
                let answer = answer.trim().trim_matches(['"', '\'', '`', '.']).trim().to_lowercase();
                cx.log("Route", answer.clone());
                routes.iter().position(|route| route.name.trim().to_lowercase() == answer)
            }
            Err(fault)
                if matches!(fault.kind(), FaultKind::Cancelled | FaultKind::Budget | FaultKind::Missing) =>
            {
                return Err(fault);
            }
            // A model that fails chooses nothing: the flow goes on by Else.
            Err(fault) => {
                cx.log("Route", format!("the model failed: {fault}"));
                None
            }
        };
        cx.graph().put_shared(&key, Value::Json(json!(chosen)))?;
        Ok(chosen)
    }

    async fn answer(&self, routes: &[Route], cx: &Cx) -> Result<String, Fault> {
        let model = model_of(&self.model, &self.api_key, cx).await?;
        let list: Vec<String> = routes
            .iter()
            .map(|route| match route.description.trim() {
                "" => format!("- {}", route.name),
                description => format!("- {}: {description}", route.name),
            })
            .collect();
        let list = list.join("\n");
        let mut prompt = format!(
            "Sort this text into one of the categories.\n\nCategories:\n{list}\n\nAnswer with the name of the one \
             category that fits best, exactly as written above, or with NONE if none fits. Nothing else."
        );
        if !self.custom_prompt.trim().is_empty() {
            let custom =
                self.custom_prompt.replace("{input_text}", &self.input_text).replace("{routes}", &list);
            prompt.push_str("\n\n");
            prompt.push_str(&custom);
        }
        ask(&*model, &prompt, &self.input_text, cx).await
    }
}
