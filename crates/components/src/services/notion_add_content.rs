//! Add Content to Page (Notion).

use super::notion_work::{API, id, send};
use super::remote::{fields_tool, text_at};
use http::Method;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Most blocks of one call, and characters of one text: the service's own bounds.
const MOST_BLOCKS: usize = 100;
const MOST_CHARS: usize = 2_000;

/// Appends Markdown to a page or block of Notion.
#[derive(Clone, Component)]
#[component(
    id = "AddContentToPage",
    class = "AddContentToPage",
    title = "Add Content to Page ",
    icon = "NotionDirectoryLoader",
    category = "notion",
    documentation = "https://developers.notion.com/reference/patch-block-children",
    examples = EXAMPLES
)]
pub struct AddContentToPage {
    /// The text, as Markdown.
    #[input(title = "Markdown Text", kind = Multiline, tool_mode)]
    markdown_text: String,
    /// The id of the page or block.
    #[input(title = "Page/Block ID", tool_mode)]
    block_id: String,
    /// The secret of the integration.
    #[input(title = "Notion Secret", required)]
    notion_secret: Secret,
}

#[outputs]
impl AddContentToPage {
    /// What Notion answers.
    #[output(name = "api_run_model", title = "Data", method = "run_model", types = ["Data"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Data, Fault> {
        self.run(cx).await
    }

    /// The same as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, node) = (cx.clone(), self.clone());
        Ok(fields_tool(
            "add_content_to_notion_page",
            "Appends Markdown to a page of Notion.",
            &[("markdown_text", "The text, as Markdown."), ("block_id", "The id of the page or block.")],
            move |given: Json| {
                let (cx, node) = (
                    cx.clone(),
                    Self {
                        markdown_text: text_at(&given, "/markdown_text").to_owned(),
                        block_id: text_at(&given, "/block_id").to_owned(),
                        ..node.clone()
                    },
                );
                async move { Ok(Value::from(node.run(&cx).await?).to_json()) }
            },
        ))
    }
}

impl AddContentToPage {
    async fn run(&self, cx: &Cx) -> Result<Data, Fault> {
        let block = id(&self.block_id, "block_id")?;
        let all = blocks(&self.markdown_text);
        if all.is_empty() {
            return Err(Fault::missing("there is nothing to add").at_field("markdown_text"));
        }
        let mut last = Json::Null;
        for some in all.chunks(MOST_BLOCKS) {
            let call = Call::new(Method::PATCH, format!("{API}/blocks/{block}/children"));
            last = send(call.json(&json!({"children": some})), &self.notion_secret, cx).await?;
        }
        let mut data = Data::from_json(last);
        data.data.insert("text".into(), json!(format!("Added {} blocks", all.len())));
        Ok(data)
    }
}

/// Lines of Markdown as blocks.
fn blocks(markdown: &str) -> Vec<Json> {
    let block = |kind: &str, text: &str, more: Json| {
        let texts: Vec<Json> = text
            .chars()
            .collect::<Vec<_>>()
            .chunks(MOST_CHARS)
            .map(|part| json!({"type": "text", "text": {"content": part.iter().collect::<String>()}}))
            .collect();
        let mut body = json!({"rich_text": texts});
        if let (Json::Object(body), Json::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        json!({"object": "block", "type": kind, kind: body})
    };
    let mut all = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(language) = line.strip_prefix("```") {
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            let language = if language.trim().is_empty() { "plain text" } else { language.trim() };
            all.push(block("code", &code.join("\n"), json!({"language": language})));
            continue;
        }
        let numbered = line
            .split_once(". ")
            .filter(|(number, _)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()));
        let made = match line {
            "" => continue,
            "---" | "***" | "___" => json!({"object": "block", "type": "divider", "divider": {}}),
            _ => {
                let after = |mark: &str| line.strip_prefix(mark);
                if let Some(text) = after("### ") {
                    block("heading_3", text, json!({}))
                } else if let Some(text) = after("## ") {
                    block("heading_2", text, json!({}))
                } else if let Some(text) = after("# ") {
                    block("heading_1", text, json!({}))
                } else if let Some(text) = after("- ").or_else(|| after("* ")) {
                    block("bulleted_list_item", text, json!({}))
                } else if let Some(text) = after("> ") {
                    block("quote", text, json!({}))
                } else if let Some((_, text)) = numbered {
                    block("numbered_list_item", text, json!({}))
                } else {
                    block("paragraph", line, json!({}))
                }
            }
        };
        all.push(made);
    }
    all
}

examples! {
    "As a tool": {"notion_secret": "s"} => api_build_tool: ["add_content_to_notion_page"];
    "Nothing to add": {"notion_secret": "s", "block_id": "b1", "markdown_text": " "} => fails "nothing to add";
    "No such id": {"notion_secret": "s", "block_id": "a/b", "markdown_text": "x"} => fails "no id of Notion";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_blocks() {
        let kinds: Vec<String> = blocks("# A\n\ntext\n- a\n1. b\n> q\n```rust\nfn\n```\n---\n")
            .iter()
            .map(|block| block["type"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(
            kinds,
            [
                "heading_1",
                "paragraph",
                "bulleted_list_item",
                "numbered_list_item",
                "quote",
                "code",
                "divider"
            ]
        );
    }
}
