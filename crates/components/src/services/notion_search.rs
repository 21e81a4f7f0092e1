//! Search (Notion).

use super::notion_work::{API, plain, send};
use super::remote::{fields_tool, objects, row, text_at};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

choice! {
    /// What to find.
    pub enum Filter { Page = "page", Database = "database" }
}
choice! {
    /// Order by the time of the last change.
    pub enum Direction { Ascending = "ascending", Descending = "descending" }
}

/// Finds pages and databases of Notion that were shared with the integration.
#[derive(Clone, Component)]
#[component(
    id = "NotionSearch",
    class = "NotionSearch",
    title = "Search ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionSearch {
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
    /// What to search for in titles.
    #[input(title = "Search Query", tool_mode)]
    query: String,
    /// What to find.
    #[input(title = "Filter Type", default = Filter::Page, tool_mode)]
    filter_value: Filter,
    /// Order by the time of the last change.
    #[input(title = "Sort Direction", default = Direction::Descending, tool_mode)]
    sort_direction: Direction,
}

#[outputs]
impl NotionSearch {
    /// Id, type, title and address of what is found.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "notion_search",
            "Finds pages and databases of Notion.",
            &[("query", "What to search for in titles.")],
            move |given: Json| {
                let (cx, node) =
                    (cx.clone(), Self { query: text_at(&given, "/query").to_owned(), ..node.clone() });
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionSearch {
    async fn run(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let body = json!({
            "query": self.query,
            "filter": {"value": self.filter_value.as_str(), "property": "object"},
            "sort": {"direction": self.sort_direction.as_str(), "timestamp": "last_edited_time"},
        });
        let answer = send(Call::post(format!("{API}/search")).json(&body), &self.notion_secret, cx).await?;
        Ok(objects(&answer, "/results")
            .into_iter()
            .map(|found| Data::new(self.found(&Json::Object(found))))
            .collect())
    }
}

impl NotionSearch {
    fn found(&self, found: &Json) -> JsonMap {
        let title = match self.filter_value {
            Filter::Database => plain(found.get("title")),
            Filter::Page => {
                let properties = found.get("properties").and_then(Json::as_object);
                let titled =
                    properties.and_then(|all| all.values().find_map(|property| property.get("title")));
                plain(titled)
            }
        };
        row(json!({
            "id": found.get("id"), "type": found.get("object"), "title": title, "url": found.get("url"),
            "last_edited_time": found.get("last_edited_time"),
            "text": format!("{title} ({})", found.get("id").and_then(Json::as_str).unwrap_or_default()),
        }))
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["notion_search"];
    "No secret": {"query": "ants"} => fails "Notion Secret";
}
