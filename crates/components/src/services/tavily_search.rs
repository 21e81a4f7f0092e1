//! Tavily Search API.

use super::remote::{ask, error_row, objects, parts, row, text_at, text_of};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.tavily.com/search";
const TIMEOUT: Duration = Duration::from_secs(90);

choice! {
    /// How thoroughly to search.
    pub enum Depth { Basic = "basic", Advanced = "advanced" }
}
choice! {
    /// Where to search.
    pub enum Topic { General = "general", News = "news" }
}

/// Searches the web with Tavily.
///
/// The answer, the results and the images stand in one table; a failure is a row with an `error`, so that an agent
/// can read it.
#[derive(Component)]
#[component(
    id = "TavilySearchComponent",
    class = "TavilySearchComponent",
    aliases = ["TavilyAISearch", "TavilySearchToolComponent"],
    title = "Tavily Search API",
    icon = "TavilyIcon",
    category = "tavily",
    documentation = "https://docs.tavily.com/",
    examples = EXAMPLES
)]
pub struct TavilySearchComponent {
    /// The key of Tavily.
    #[input(title = "Tavily API Key", required)]
    api_key: Secret,
    /// What to search for.
    #[input(title = "Search Query", tool_mode)]
    query: String,
    /// How thoroughly to search.
    #[input(title = "Search Depth", default = Depth::Advanced, advanced)]
    search_depth: Depth,
    /// Pieces of each source, from 1 to 3; only read by an advanced search.
    #[input(title = "Chunks Per Source", default = 3, advanced)]
    chunks_per_source: i64,
    /// Where to search.
    #[input(title = "Search Topic", default = Topic::General, advanced)]
    topic: Topic,
    /// Days that news may be old.
    #[input(title = "Days", default = 7, advanced)]
    days: i64,
    /// How many results at most.
    #[input(title = "Max Results", default = 5, advanced)]
    max_results: i64,
    /// Ask for a short answer too.
    #[input(title = "Include Answer", default = true, advanced)]
    include_answer: bool,
    /// How old results may be: `day`, `week`, `month` or `year`.
    #[input(title = "Time Range", kind = Dropdown, options = ["day", "week", "month", "year"], advanced)]
    time_range: String,
    /// Ask for images too.
    #[input(title = "Include Images", default = true, advanced)]
    include_images: bool,
    /// Only these sites; with commas between them.
    #[input(title = "Include Domains", advanced)]
    include_domains: String,
    /// None of these sites; with commas between them.
    #[input(title = "Exclude Domains", advanced)]
    exclude_domains: String,
    /// Ask for the whole text of the pages too.
    #[input(title = "Include Raw Content", advanced)]
    include_raw_content: bool,
}

#[outputs]
impl TavilySearchComponent {
    /// The answer and the results, a row each.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.rows(cx).await))
    }

    /// The rows as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.rows(cx).await.into_iter().map(Data::new).collect())
    }

    /// The texts of the rows, for flows of older versions.
    #[output(name = "text", title = "Text", method = "fetch_content_text", legacy, no_tool)]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        let rows = self.rows(cx).await;
        let texts: Vec<&str> = rows.iter().map(|row| text_of(row, "text")).collect();
        Ok(cx.new_message(texts.join("\n")))
    }
}

impl TavilySearchComponent {
    async fn rows(&self, cx: &Cx) -> Vec<JsonMap> {
        self.search(cx).await.unwrap_or_else(|fault| vec![error_row(&fault)])
    }

    async fn search(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let mut body = row(json!({
            "query": self.query,
            "search_depth": self.search_depth.as_str(),
            "topic": self.topic.as_str(),
            "max_results": self.max_results,
            "include_images": self.include_images,
            "include_answer": self.include_answer,
            "include_raw_content": self.include_raw_content,
        }));
        let mut put = |key: &str, value: Json| body.insert(key.to_owned(), value);
        if self.search_depth == Depth::Advanced {
            put("chunks_per_source", json!(self.chunks_per_source));
        }
        if self.topic == Topic::News {
            put("days", json!(self.days));
        }
        if !self.time_range.is_empty() {
            put("time_range", json!(self.time_range));
        }
        for (key, domains) in
            [("include_domains", &self.include_domains), ("exclude_domains", &self.exclude_domains)]
        {
            if !domains.trim().is_empty() {
                put(key, json!(parts(domains)));
            }
        }
        let call = Call::post(API).timeout(TIMEOUT).bearer(&self.api_key).json(&Json::Object(body));
        let answer = ask(call, "Tavily", cx).await?;
        let mut rows = Vec::new();
        if self.include_answer && !text_at(&answer, "/answer").is_empty() {
            rows.push(row(json!({"text": text_at(&answer, "/answer")})));
        }
        for found in objects(&answer, "/results") {
            let content = text_of(&found, "content");
            let mut result = row(json!({
                "text": content, "title": found.get("title"), "url": found.get("url"), "content": content,
                "score": found.get("score"),
            }));
            if self.include_raw_content {
                result.insert("raw_content".into(), found.get("raw_content").cloned().unwrap_or_default());
            }
            rows.push(result);
        }
        if self.include_images
            && let Some(images) = answer.get("images").filter(|list| **list != json!([]))
        {
            rows.push(row(json!({"text": "Images found", "images": images})));
        }
        Ok(rows)
    }
}

examples! {
    "No key": {"query": "ants"} => fails "Tavily API Key";
}
