//! Update Page Property (Notion).

use super::notion_work::{API, id, object, send};
use super::remote::{fields_tool, text_at};
use http::Method;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Changes properties of a page of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionPageUpdate",
    class = "NotionPageUpdate",
    title = "Update Page Property ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionPageUpdate {
    /// The id of the page.
    #[input(title = "Page ID", tool_mode)]
    page_id: String,
    /// The properties as Notion's API has them: a JSON object.
    #[input(title = "Properties", kind = Multiline, tool_mode)]
    properties: String,
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
}

#[outputs]
impl NotionPageUpdate {
    /// The changed page.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Data, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "update_notion_page",
            "Changes properties of a page of Notion.",
            &[("page_id", "The id of the page."), ("properties", "The properties as a JSON object.")],
            move |given: Json| {
                let (cx, node) = (
                    cx.clone(),
                    Self {
                        page_id: text_at(&given, "/page_id").to_owned(),
                        properties: text_at(&given, "/properties").to_owned(),
                        ..node.clone()
                    },
                );
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionPageUpdate {
    async fn run(&self, cx: &Cx) -> Result<Data, Fault> {
        let page = id(&self.page_id, "page_id")?;
        let body = json!({"properties": object(&self.properties, "properties")?});
        let call = Call::new(Method::PATCH, format!("{API}/pages/{page}")).json(&body);
        let page = send(call, &self.notion_secret, cx).await?;
        let text = format!("Changed the page {}", text_at(&page, "/id"));
        let mut data = Data::from_json(page);
        data.data.insert("text".into(), Json::String(text));
        Ok(data)
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["update_notion_page"];
    "No such id": {"notion_secret": "s", "page_id": "a/b"} => fails "no id of Notion";
}
