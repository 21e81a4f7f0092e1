//! List Pages (Notion).

use super::notion_work::{API, id, object, send};
use super::remote::{fields_tool, objects, row, text_at};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Lists the pages of a database of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionListPages",
    class = "NotionListPages",
    title = "List Pages ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionListPages {
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
    /// The id of the database.
    #[input(title = "Database ID", tool_mode)]
    database_id: String,
    /// Filter and order as Notion's API has them: a JSON object.
    #[input(title = "Database query (JSON)", kind = Multiline, tool_mode)]
    query_json: String,
}

#[outputs]
impl NotionListPages {
    /// Id, address, times and properties of every page.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "notion_list_pages",
            "Lists the pages of a database of Notion.",
            &[
                ("database_id", "The id of the database."),
                ("query_json", "Filter and order as a JSON object, or nothing."),
            ],
            move |given: Json| {
                let (cx, node) = (
                    cx.clone(),
                    Self {
                        database_id: text_at(&given, "/database_id").to_owned(),
                        query_json: text_at(&given, "/query_json").to_owned(),
                        ..node.clone()
                    },
                );
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionListPages {
    async fn run(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let database = id(&self.database_id, "database_id")?;
        let query = object(&self.query_json, "query_json")?;
        let call = Call::post(format!("{API}/databases/{database}/query")).json(&query);
        let answer = send(call, &self.notion_secret, cx).await?;
        let page = |page: JsonMap| {
            Data::new(row(json!({
                "id": page.get("id"), "url": page.get("url"), "created_time": page.get("created_time"),
                "last_edited_time": page.get("last_edited_time"), "properties": page.get("properties"),
                "text": page.get("url"),
            })))
        };
        Ok(objects(&answer, "/results").into_iter().map(page).collect())
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["notion_list_pages"];
    "No such id": {"notion_secret": "s", "database_id": "../x"} => fails "no id of Notion";
    "No JSON": {"notion_secret": "s", "database_id": "d1", "query_json": "{"} => fails "JSON";
}
