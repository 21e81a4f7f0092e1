//! Reading pages.

use super::{Case, case};
use serde_json::json;

pub fn cases() -> Vec<Case> {
    vec![
        case(
            "FirecrawlScrapeApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "scrapeOptions": {"$data": {"formats": ["html"]}}}),
            vec![("https://api.firecrawl.dev/v1/scrape", json!({"success": true, "data": {"html": "<p>"}}))],
            &["authorization\": Sensitive", "\"formats\":[\"html\"]"],
            json!({"html": "<p>"}),
        ),
        case(
            "FirecrawlCrawlApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "crawlerOptions": {"$data": {"limit": 3}}}),
            vec![
                ("https://api.firecrawl.dev/v1/crawl", json!({"success": true, "id": "job1"})),
                (
                    "https://api.firecrawl.dev/v1/crawl/job1",
                    json!({"status": "completed", "data": [{"markdown": "m"}]}),
                ),
            ],
            &["\"limit\":3", "GET https://api.firecrawl.dev/v1/crawl/job1"],
            json!({"results": [{"markdown": "m"}]}),
        ),
        case(
            "FirecrawlMapApi",
            "data",
            json!({"api_key": "secret-key", "urls": "https://a.example\nhttps://b.example", "sitemap_only": true}),
            vec![("https://api.firecrawl.dev/v1/map", json!({"success": true, "links": ["x"]}))],
            &["\"sitemapOnly\":true"],
            json!({"success": true, "links": ["x", "x"]}),
        ),
        case(
            "FirecrawlExtractApi",
            "data",
            json!({"api_key": "secret-key", "urls": "https://a.example/*", "prompt": "legs", "schema": {"$data": {"type": "object"}}}),
            vec![
                ("https://api.firecrawl.dev/v1/extract", json!({"success": true, "id": "job2"})),
                (
                    "https://api.firecrawl.dev/v1/extract/job2",
                    json!({"status": "completed", "data": {"legs": 6}}),
                ),
            ],
            &["\"schema\":{\"type\":\"object\"}"],
            json!({"legs": 6}),
        ),
        case(
            "AgentQL",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "prompt": "legs", "wait_for": 2}),
            vec![(
                "https://api.agentql.com/v1/query-data",
                json!({"data": {"legs": 6}, "metadata": {"request_id": "r"}}),
            )],
            &["x-api-key", "\"prompt\":\"legs\"", "\"wait_for\":2"],
            json!({"result": {"legs": 6}, "metadata": {"request_id": "r"}}),
        ),
        case(
            "ApifyActors",
            "output",
            json!({"apify_token": "secret-key", "actor_id": "apify/crawler", "run_input": "{\"a\": 1}", "dataset_fields": "text, meta.n", "flatten_dataset": true}),
            vec![
                ("https://api.apify.com/v2/acts/apify~crawler/runs", json!({"data": {"id": "run1"}})),
                (
                    "https://api.apify.com/v2/actor-runs/run1",
                    json!({"data": {"status": "SUCCEEDED", "defaultDatasetId": "set1"}}),
                ),
                (
                    "https://api.apify.com/v2/datasets/set1/items",
                    json!([{"text": "t", "meta": {"n": 1}, "x": 2}]),
                ),
            ],
            &["{\"a\":1}", "authorization\": Sensitive"],
            json!([{"text": "t", "meta.n": 1}]),
        ),
        case(
            "ScrapeGraphSmartScraperApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "prompt": "legs"}),
            vec![("https://api.scrapegraphai.com/v1/smartscraper", json!({"result": {"legs": 6}}))],
            &["sgai-apikey", "\"website_url\":\"https://a.example\"", "\"user_prompt\":\"legs\""],
            json!({"result": {"legs": 6}}),
        ),
        case(
            "ScrapeGraphMarkdownifyApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example"}),
            vec![("https://api.scrapegraphai.com/v1/markdownify", json!({"result": "# A"}))],
            &["website_url"],
            json!({"result": "# A"}),
        ),
        case(
            "ScrapeGraphSearchApi",
            "data",
            json!({"api_key": "secret-key", "user_prompt": "legs of ants"}),
            vec![("https://api.scrapegraphai.com/v1/searchscraper", json!({"result": "6"}))],
            &["legs of ants"],
            json!({"result": "6"}),
        ),
    ]
}
