//! Firecrawl Crawl API.

use super::firecrawl_work::run_job;
use super::remote::row;
use langflow_core::prelude::*;
use serde_json::json;

/// Reads a site with Firecrawl: a page and what it links to.
#[derive(Component)]
#[component(
    id = "FirecrawlCrawlApi",
    class = "FirecrawlCrawlApi",
    title = "Firecrawl Crawl API",
    icon = "Firecrawl",
    category = "firecrawl",
    documentation = "https://docs.firecrawl.dev/v1/api-reference/endpoint/crawl-post",
    examples = EXAMPLES
)]
pub struct FirecrawlCrawlApi {
    /// The key of Firecrawl.
    #[input(title = "Firecrawl API Key", required)]
    api_key: Secret,
    /// Where to begin.
    #[input(title = "URL", kind = Multiline, required, tool_mode)]
    url: String,
    /// Kept for flows of Langflow: a crawl may take 10 minutes.
    #[input(title = "Timeout")]
    #[expect(dead_code, reason = "stored flows have it")]
    timeout: u64,
    /// Kept for flows of Langflow: a crawl is started once.
    #[input(title = "Idempotency Key", kind = Str)]
    #[expect(dead_code, reason = "stored flows have it")]
    idempotency_key: String,
    /// Options of the crawl, as Firecrawl names them.
    #[input(title = "Crawler Options", kind = Data, name = "crawlerOptions")]
    crawler_options: Option<Data>,
    /// Options of each page, as Firecrawl names them.
    #[input(title = "Scraper Options", kind = Data, name = "scrapeOptions")]
    scrape_options: Option<Data>,
}

#[outputs]
impl FirecrawlCrawlApi {
    /// All pages under `results`.
    #[output(name = "data", title = "JSON", method = "crawl")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut body = row(json!({"url": self.url.trim(), "limit": 100}));
        body.extend(self.crawler_options.iter().flat_map(|options| options.data.clone()));
        let scrape = self.scrape_options.as_ref().map_or_else(
            || json!({"formats": ["markdown"], "onlyMainContent": true}),
            |options| Json::Object(options.data.clone()),
        );
        body.insert("scrapeOptions".into(), scrape);
        let done = run_job(&self.api_key, "crawl", body, cx).await?;
        Ok(Data::from_json(json!({"results": done.get("data")})))
    }
}

examples! {
    "No key": {"url": "https://a.example"} => fails "API Key";
}
