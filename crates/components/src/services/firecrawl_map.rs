//! Firecrawl Map API.

use super::firecrawl_work::{addresses, send};
use super::remote::row;
use langflow_core::prelude::*;
use serde_json::json;

/// Most sites of one run.
const MOST: usize = 50;

/// Lists the addresses of sites with Firecrawl.
#[derive(Component)]
#[component(
    id = "FirecrawlMapApi",
    class = "FirecrawlMapApi",
    title = "Firecrawl Map API",
    icon = "Firecrawl",
    category = "firecrawl",
    documentation = "https://docs.firecrawl.dev/api-reference/endpoint/map",
    examples = EXAMPLES
)]
pub struct FirecrawlMapApi {
    /// The key of Firecrawl.
    #[input(title = "Firecrawl API Key", required)]
    api_key: Secret,
    /// The sites, with commas between them or a line each.
    #[input(title = "URLs", kind = Multiline, required, tool_mode)]
    urls: String,
    /// Do not read the sitemap.
    #[input(title = "Ignore Sitemap")]
    ignore_sitemap: bool,
    /// Read nothing but the sitemap.
    #[input(title = "Sitemap Only")]
    sitemap_only: bool,
    /// List the sites below the site too.
    #[input(title = "Include Subdomains")]
    include_subdomains: bool,
}

#[outputs]
impl FirecrawlMapApi {
    /// `success`, and the addresses under `links`.
    #[output(name = "data", title = "JSON", method = "map")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut links = Vec::new();
        for url in addresses(&self.urls)?.into_iter().take(MOST) {
            let body = row(json!({
                "url": url, "ignoreSitemap": self.ignore_sitemap, "sitemapOnly": self.sitemap_only,
                "includeSubdomains": self.include_subdomains,
            }));
            let answer = send(&self.api_key, "map", body, cx).await?;
            links.extend(answer.get("links").and_then(Json::as_array).cloned().unwrap_or_default());
        }
        Ok(Data::from_json(json!({"success": true, "links": links})))
    }
}

examples! {
    "No address": {"api_key": "k", "urls": " , "} => fails "URL";
}
