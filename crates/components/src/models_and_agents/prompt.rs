//! Prompt Template.

use langflow_core::component::{RefreshCx, RefreshRequest, text_of};
use langflow_core::prelude::*;
use langflow_core::text::{format, mustache, prompt};
use serde_json::json;

/// Makes a text from a template and its variables.
///
/// Every `{name}` in the template becomes a field of the node. Write `{{` and `}}` for braces that belong
/// to the text. With *Use Double Brackets* variables are written `{{name}}` instead, and single braces
/// are text.
#[derive(Component)]
#[component(
    id = "Prompt Template",
    aliases = ["Prompt"],
    class = "PromptComponent",
    title = "Prompt Template",
    icon = "prompts",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.prompt.PromptComponent",
    documentation = "https://docs.langflow.org/components-prompts",
    examples = EXAMPLES
)]
pub struct PromptComponent {
    /// The template.
    #[input(title = "Template", kind = Prompt)]
    template: String,
    /// Write variables as `{{name}}`.
    #[input(title = "Use Double Brackets", advanced, real_time_refresh)]
    use_double_brackets: bool,
    /// Lets the component be used as a tool.
    #[input(title = "Tool Placeholder", advanced, tool_mode, hidden)]
    #[expect(dead_code, reason = "it only makes tool mode possible")]
    tool_placeholder: String,
    #[input(rest)]
    variables: Params,
}

#[outputs]
impl PromptComponent {
    /// The template with its variables filled in.
    #[output(name = "prompt", title = "Prompt")]
    async fn build_prompt(&self, cx: &Cx) -> Result<Message, Fault> {
        let mut values = JsonMap::new();
        for (name, value) in self.variables.iter() {
            let text =
                text_of(value).map_err(|why| Fault::invalid(format!("{name}: {why}")).at_field(name))?;
            values.insert(name.to_owned(), Json::String(text));
        }
        let text = if self.use_double_brackets {
            mustache::fill(&self.template, &values)?
        } else {
            format::format(&self.template, &values).map_err(|why| Fault::from(why).at_field("template"))?
        };
        let mut message = cx.new_message(text);
        message.extra.insert("template".into(), json!(self.template));
        message.extra.insert("variables".into(), Json::Object(values));
        Ok(message)
    }

    /// Variables of the other syntax become the fields.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        if request.field != "use_double_brackets" {
            return Ok(SpecPatch::default());
        }
        let mustache = request.value.as_bool().unwrap_or(false);
        let field = |key: &str| request.template.get("template").and_then(|f| f.get(key)).cloned();
        let text = field("value").and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        let mut patch = SpecPatch::default();
        if let Some(Json::Object(mut template)) = request.template.get("template").cloned() {
            template.insert("type".into(), json!(if mustache { "mustache" } else { "prompt" }));
            patch.template.insert("template".into(), Json::Object(template));
        }
        let names = prompt::variables(&text, mustache).unwrap_or_default();
        for (name, old) in prompt::variable_fields(&request.template) {
            let field = if names.contains(&name) { old } else { Json::Null };
            patch.template.insert(name, field);
        }
        for name in names {
            patch.template.entry(name.clone()).or_insert_with(|| prompt::variable_field(&name));
        }
        Ok(patch)
    }
}

examples! {
    "Two variables": {"template": "Answer {who}: {question}", "who": "Ann", "question": {"$message": "Why?"}}
        => prompt: "Answer Ann: Why?";
    "Braces that are text": {"template": "{{\"name\": \"{name}\"}}", "name": "Ann"}
        => prompt: "{\"name\": \"Ann\"}";
    "A format": {"template": "[{name:>5}]", "name": "Ann"} => prompt: "[  Ann]";
    "Double brackets": {"template": "Hi {{name}} {x}", "use_double_brackets": true, "name": "Ann"}
        => prompt: "Hi Ann {x}";
    "A variable without a field": {"template": "Hi {name}"} => fails "'name'";
    "Sections are refused": {"template": "{{#name}}x{{/name}}", "use_double_brackets": true} => fails "plain variables";
}
