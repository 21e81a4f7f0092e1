//! Create Page (Notion).

use super::notion_work::{API, id, object, send};
use super::remote::{fields_tool, text_at};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Makes a page in a database of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionPageCreator",
    class = "NotionPageCreator",
    title = "Create Page ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionPageCreator {
    /// The id of the database.
    #[input(title = "Database ID", tool_mode)]
    database_id: String,
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
    /// The properties of the page as Notion's API has them: a JSON object.
    #[input(title = "Properties (JSON)", kind = Multiline, tool_mode)]
    properties_json: String,
}

#[outputs]
impl NotionPageCreator {
    /// The new page.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Data, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "create_notion_page",
            "Makes a page in a database of Notion.",
            &[
                ("database_id", "The id of the database."),
                ("properties_json", "The properties as a JSON object."),
            ],
            move |given: Json| {
                let (cx, node) = (
                    cx.clone(),
                    Self {
                        database_id: text_at(&given, "/database_id").to_owned(),
                        properties_json: text_at(&given, "/properties_json").to_owned(),
                        ..node.clone()
                    },
                );
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionPageCreator {
    async fn run(&self, cx: &Cx) -> Result<Data, Fault> {
        let body = json!({
            "parent": {"database_id": id(&self.database_id, "database_id")?},
            "properties": object(&self.properties_json, "properties_json")?,
        });
        let page = send(Call::post(format!("{API}/pages")).json(&body), &self.notion_secret, cx).await?;
        let text = format!("Made the page {}", text_at(&page, "/id"));
        let mut data = Data::from_json(page);
        data.data.insert("text".into(), Json::String(text));
        Ok(data)
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["create_notion_page"];
    "No JSON": {"notion_secret": "s", "database_id": "d1", "properties_json": "{"} => fails "JSON";
}
