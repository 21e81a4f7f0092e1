//! Tavily Extract API.

use super::remote::{ask, error_row, objects, parts, row};
use super::tavily_search::Depth;
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.tavily.com/extract";
const TIMEOUT: Duration = Duration::from_secs(90);

/// Reads pages with Tavily.
#[derive(Component)]
#[component(
    id = "TavilyExtractComponent",
    class = "TavilyExtractComponent",
    title = "Tavily Extract API",
    icon = "TavilyIcon",
    category = "tavily",
    documentation = "https://docs.tavily.com/",
    examples = EXAMPLES
)]
pub struct TavilyExtractComponent {
    /// The key of Tavily.
    #[input(title = "Tavily API Key", required)]
    api_key: Secret,
    /// The pages, with commas between them.
    #[input(title = "URLs", required, tool_mode)]
    urls: String,
    /// How thoroughly to read.
    #[input(title = "Extract Depth", default = Depth::Basic, advanced)]
    extract_depth: Depth,
    /// Ask for the images of the pages too.
    #[input(title = "Include Images", advanced)]
    include_images: bool,
}

#[outputs]
impl TavilyExtractComponent {
    /// A row for each page, and one for the pages that could not be read.
    #[output(name = "dataframe", title = "Table", method = "fetch_content", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let rows = self.extract(cx).await.unwrap_or_else(|fault| vec![error_row(&fault)]);
        Ok(Table::from_rows(rows))
    }
}

impl TavilyExtractComponent {
    async fn extract(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let urls = parts(&self.urls);
        if urls.is_empty() {
            return Err(Fault::missing("no URL is given").at_field("urls"));
        }
        let body = json!({
            "urls": urls, "extract_depth": self.extract_depth.as_str(), "include_images": self.include_images,
        });
        let answer =
            ask(Call::post(API).timeout(TIMEOUT).bearer(&self.api_key).json(&body), "Tavily", cx).await?;
        let mut rows: Vec<JsonMap> = objects(&answer, "/results")
            .into_iter()
            .map(|page| {
                let content = page.get("raw_content").cloned().unwrap_or_default();
                let mut found = row(json!({"text": content, "url": page.get("url"), "raw_content": content}));
                if self.include_images {
                    found.insert("images".into(), page.get("images").cloned().unwrap_or_default());
                }
                found
            })
            .collect();
        if let Some(failed) = answer.get("failed_results").filter(|list| **list != json!([])) {
            rows.push(row(json!({"text": "Some pages could not be read", "failed_results": failed})));
        }
        Ok(rows)
    }
}

examples! {
    "No key": {"urls": "https://a.example"} => fails "Tavily API Key";
}
