//! Firecrawl Scrape API.

use super::firecrawl_work::send;
use super::remote::row;
use langflow_core::prelude::*;
use serde_json::json;

/// Reads one page with Firecrawl.
#[derive(Component)]
#[component(
    id = "FirecrawlScrapeApi",
    class = "FirecrawlScrapeApi",
    title = "Firecrawl Scrape API",
    icon = "Firecrawl",
    category = "firecrawl",
    documentation = "https://docs.firecrawl.dev/api-reference/endpoint/scrape",
    examples = EXAMPLES
)]
pub struct FirecrawlScrapeApi {
    /// The key of Firecrawl.
    #[input(title = "Firecrawl API Key", required)]
    api_key: Secret,
    /// The page.
    #[input(title = "URL", kind = Multiline, required, tool_mode)]
    url: String,
    /// Milliseconds the page may take; 0 leaves it to the service.
    #[input(title = "Timeout")]
    timeout: u64,
    /// Options of the request, as Firecrawl names them.
    #[input(title = "Scraper Options", kind = Data, name = "scrapeOptions")]
    scrape_options: Option<Data>,
    /// Options of the extraction, as Firecrawl names them.
    #[input(title = "Extractor Options", kind = Data, name = "extractorOptions")]
    extractor_options: Option<Data>,
}

#[outputs]
impl FirecrawlScrapeApi {
    /// The page as Firecrawl gives it.
    #[output(name = "data", title = "JSON", method = "scrape")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut body = row(json!({"url": self.url.trim(), "formats": ["markdown"], "onlyMainContent": true}));
        body.extend(self.scrape_options.iter().flat_map(|options| options.data.clone()));
        if let Some(options) = &self.extractor_options {
            body.insert("extract".into(), Json::Object(options.data.clone()));
        }
        if self.timeout > 0 {
            body.insert("timeout".into(), json!(self.timeout));
        }
        let answer = send(&self.api_key, "scrape", body, cx).await?;
        Ok(Data::from_json(answer.get("data").cloned().unwrap_or(answer)))
    }
}

examples! {
    "No key": {"url": "https://a.example"} => fails "API Key";
}
