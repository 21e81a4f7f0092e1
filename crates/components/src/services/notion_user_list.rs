//! List Users (Notion).

use super::notion_work::{API, send};
use super::remote::{fields_tool, objects, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Lists the users of a workspace of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionUserList",
    class = "NotionUserList",
    title = "List Users ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionUserList {
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
}

#[outputs]
impl NotionUserList {
    /// Id, type, name and picture of every user.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool("notion_list_users", "Lists the users of the workspace of Notion.", &[], move |_| {
            let (cx, node) = (cx.clone(), node.clone());
            async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
        }))
    }
}

impl NotionUserList {
    async fn run(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let answer = send(Call::get(format!("{API}/users")), &self.notion_secret, cx).await?;
        let user = |user: JsonMap| {
            Data::new(row(json!({
                "id": user.get("id"), "type": user.get("type"), "name": user.get("name"),
                "avatar_url": user.get("avatar_url"),
                "text": user.get("name"),
            })))
        };
        Ok(objects(&answer, "/results").into_iter().map(user).collect())
    }
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["notion_list_users"];
    "No secret": {} => fails "Notion Secret";
}
