//! Page Content Viewer (Notion).

use super::notion_work::{API, MOST_PAGES, id, plain, send};
use super::remote::{fields_tool, objects, text_at};
use langflow_core::prelude::*;
use langflow_providers::http::Call;

/// Reads the text of a page of Notion.
#[derive(Clone, Component)]
#[component(
    id = "NotionPageContent",
    class = "NotionPageContent",
    title = "Page Content Viewer ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://docs.langflow.org/bundles-notion",
    examples = EXAMPLES
)]
pub struct NotionPageContent {
    /// The id of the page.
    #[input(title = "Page ID", tool_mode)]
    page_id: String,
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
}

#[outputs]
impl NotionPageContent {
    /// The text, a block a line.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Data, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "notion_page_content",
            "Reads the text of a page of Notion.",
            &[("page_id", "The id of the page.")],
            move |given: Json| {
                let (cx, node) =
                    (cx.clone(), Self { page_id: text_at(&given, "/page_id").to_owned(), ..node.clone() });
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl NotionPageContent {
    async fn run(&self, cx: &Cx) -> Result<Data, Fault> {
        let page = id(&self.page_id, "page_id")?;
        let (mut lines, mut cursor) = (Vec::new(), String::new());
        for _ in 0..MOST_PAGES {
            let mut call = Call::get(format!("{API}/blocks/{page}/children")).query(&[("page_size", "100")]);
            if !cursor.is_empty() {
                call = call.query(&[("start_cursor", &cursor)]);
            }
            let answer = send(call, &self.notion_secret, cx).await?;
            lines.extend(
                objects(&answer, "/results").into_iter().filter_map(|block| line(&Json::Object(block))),
            );
            let next = text_at(&answer, "/next_cursor");
            if next.is_empty() {
                break;
            }
            next.clone_into(&mut cursor);
        }
        let data = Data::from_text(lines.join("\n"));
        cx.set_status(data.clone());
        Ok(data)
    }
}

/// A block as Markdown.
fn line(block: &Json) -> Option<String> {
    let kind = text_at(block, "/type");
    let body = block.get(kind)?;
    let text = plain(body.get("rich_text").or_else(|| body.get("title")));
    Some(match kind {
        "heading_1" => format!("# {text}"),
        "heading_2" => format!("## {text}"),
        "heading_3" => format!("### {text}"),
        "bulleted_list_item" => format!("- {text}"),
        "numbered_list_item" => format!("1. {text}"),
        "to_do" => {
            format!("- [{}] {text}", if body.get("checked") == Some(&Json::Bool(true)) { "x" } else { " " })
        }
        "quote" => format!("> {text}"),
        "code" => format!("```{}\n{text}\n```", text_at(body, "/language")),
        "divider" => "---".to_owned(),
        "child_page" => format!("## {}", text_at(body, "/title")),
        "image" => format!("![image]({})", text_at(body, "/external/url")),
        _ => text,
    })
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["notion_page_content"];
    "No such id": {"notion_secret": "s", "page_id": "a/b"} => fails "no id of Notion";
}
