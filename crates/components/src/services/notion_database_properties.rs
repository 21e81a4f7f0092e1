//! List Database Properties (Notion).

use super::notion_work::{API, id, send};
use super::remote::{fields_tool, text_at};
use langflow_core::prelude::*;
use langflow_providers::http::Call;

/// Tells the properties of a database of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionDatabaseProperties",
    class = "NotionDatabaseProperties",
    title = "List Database Properties ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionDatabaseProperties {
    /// The id of the database.
    #[input(title = "Database ID", tool_mode)]
    database_id: String,
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
}

#[outputs]
impl NotionDatabaseProperties {
    /// The properties by name.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Data, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "notion_database_properties",
            "Tells the properties of a database of Notion.",
            &[("database_id", "The id of the database.")],
            move |given: Json| {
                let (cx, node) = (
                    cx.clone(),
                    Self { database_id: text_at(&given, "/database_id").to_owned(), ..node.clone() },
                );
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionDatabaseProperties {
    async fn run(&self, cx: &Cx) -> Result<Data, Fault> {
        let database = id(&self.database_id, "database_id")?;
        let answer = send(Call::get(format!("{API}/databases/{database}")), &self.notion_secret, cx).await?;
        let properties = answer.get("properties").cloned().unwrap_or_default();
        let mut data = JsonMap::new();
        data.insert("text".into(), Json::String(properties.to_string()));
        data.insert("properties".into(), properties);
        Ok(Data::new(data))
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["notion_database_properties"];
    "No such id": {"notion_secret": "s", "database_id": ""} => fails "no id of Notion";
}
