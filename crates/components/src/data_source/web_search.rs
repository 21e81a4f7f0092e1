//! Web Search.

use crate::web::fetch::{Fetch, away};
use crate::web::{feed, html};
use futures::StreamExt as _;
use langflow_core::component::choice;
use langflow_core::prelude::*;
use serde_json::json;

const WEB: &str = "https://html.duckduckgo.com/html/";
const NEWS: &str = "https://news.google.com/rss";
/// Pages read at the same time.
const AT_ONCE: usize = 5;
/// A search lists no more than this, whatever is asked for.
const RESULTS: usize = 50;

choice! {
    /// Where to search.
    pub enum SearchMode { Web = "Web", News = "News", Rss = "RSS" }
}

/// Searches the web or the news, or reads a feed.
///
/// *Web* asks DuckDuckGo and reads the pages it finds, *News* asks Google News, *RSS* reads the feed whose address
/// is the query. No key is needed.
#[derive(Component)]
#[component(
    id = "UnifiedWebSearch",
    class = "WebSearchComponent",
    title = "Web Search",
    icon = "search",
    category = "data_source",
    module = "lfx.components.data_source.web_search.WebSearchComponent",
    documentation = "https://docs.langflow.org/web-search"
)]
pub struct WebSearchComponent {
    /// Where to search: Web, News, or RSS to read a feed.
    #[input(title = "Search Mode", kind = Tab, default = SearchMode::Web, tool_mode, real_time_refresh)]
    search_mode: SearchMode,
    /// What to search for. With RSS the address of the feed.
    #[input(title = "Search Query", required, tool_mode)]
    query: String,
    /// Language of the news, like `en-US`.
    #[input(title = "Language (hl)", advanced, handles = [])]
    hl: String,
    /// Country of the news, like `US`.
    #[input(title = "Country (gl)", advanced, handles = [])]
    gl: String,
    /// Country and language of the news, like `US:en`.
    #[input(title = "Country:Language (ceid)", advanced, handles = [], default = "US:en")]
    ceid: String,
    /// News of a topic (WORLD, NATION, BUSINESS, TECHNOLOGY, …) instead of a search.
    #[input(title = "Topic", advanced, handles = [])]
    topic: String,
    /// News of a place instead of a search.
    #[input(title = "Location (Geo)", advanced, handles = [])]
    location: String,
    /// Seconds to wait for each page.
    #[input(title = "Timeout", advanced, default = 5)]
    timeout: i64,
    /// How many results; 0 for all.
    #[input(title = "Max Results", advanced, default = 5)]
    max_results: usize,
    /// Longest text of a found page in characters; 0 for the whole page.
    #[input(title = "Max Content Length", advanced, default = 2000)]
    max_content_length: usize,
}

#[outputs]
impl WebSearchComponent {
    /// A row per result. Of the web: title, link, snippet and content. Of news and feeds: title, link,
    /// published and summary.
    #[output(name = "results", title = "Results")]
    async fn perform_search(&self, cx: &Cx) -> Result<Table, Fault> {
        let rows = match self.search_mode {
            SearchMode::Web => self.web(cx).await,
            SearchMode::News => match self.news_url() {
                Ok(url) => self.entries(url, cx).await,
                Err(fault) => Err(fault),
            },
            SearchMode::Rss => match crate::web::fetch::normalise(&self.query) {
                Ok(url) => self.entries(url, cx).await,
                Err(fault) => Err(fault),
            },
        };
        // An agent can try again with another query; a run that failed cannot.
        let rows = match rows {
            Ok(rows) => rows,
            Err(fault) if matches!(fault.kind(), FaultKind::Cancelled | FaultKind::Budget) => {
                return Err(fault);
            }
            Err(fault) => vec![self.error_row(fault.message())],
        };
        Ok(Table::from_rows(rows.into_iter().filter_map(|row| row.as_object().cloned())))
    }
}

impl WebSearchComponent {
    fn fetch(&self) -> Fetch {
        Fetch::within(self.timeout)
    }

    fn limit(&self) -> usize {
        if self.max_results == 0 { RESULTS } else { self.max_results.min(RESULTS) }
    }

    async fn web(&self, cx: &Cx) -> Result<Vec<Json>, Fault> {
        let query: String = self.query.chars().filter(|c| !matches!(c, '<' | '>' | '"' | '\'')).collect();
        if query.trim().is_empty() {
            return Err(Fault::missing("the query is empty").at_field("query"));
        }
        let mut url = base(WEB)?;
        url.query_pairs_mut().append_pair("q", query.trim()).append_pair("kl", "us-en");
        let document = self.fetch().get(url.as_str(), cx).await?;
        if document.status >= 400 {
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("the search engine answered with status {}", document.status),
            ));
        }
        let mut found = away(move || html::search_results(&document.text)).await?;
        found.truncate(self.limit());
        let reading: Vec<_> = found.into_iter().map(|found| self.with_content(found, cx)).collect();
        Ok(futures::stream::iter(reading).buffered(AT_ONCE).collect().await)
    }

    async fn with_content(&self, found: html::Found, cx: &Cx) -> Json {
        let content = match self.fetch().get(&found.link, cx).await {
            Ok(document) if document.status >= 400 => {
                format!("(Failed to fetch: status {})", document.status)
            }
            Ok(document) => match away(move || html::read_page(&document.text).text).await {
                Ok(text) => self.shorten(text),
                Err(fault) => format!("(Failed to fetch: {fault})"),
            },
            Err(fault) if fault.kind() == FaultKind::Refused => {
                format!("(Blocked by SSRF protection: {fault})")
            }
            Err(fault) => format!("(Failed to fetch: {fault})"),
        };
        json!({ "title": found.title, "link": found.link, "snippet": found.snippet, "content": content })
    }

    fn shorten(&self, text: String) -> String {
        match text.char_indices().nth(self.max_content_length) {
            Some((end, _)) if self.max_content_length > 0 => {
                format!("{}… [truncated]", text.get(..end).unwrap_or_default())
            }
            _ => text,
        }
    }

    fn news_url(&self) -> Result<url::Url, Fault> {
        let Self { query, hl, gl, ceid, topic, location, .. } = self;
        News { query, hl, gl, ceid, topic, location }.url()
    }

    async fn entries(&self, url: url::Url, cx: &Cx) -> Result<Vec<Json>, Fault> {
        entries(url, &self.fetch(), self.limit(), cx).await
    }

    fn error_row(&self, why: &str) -> Json {
        match self.search_mode {
            SearchMode::Web => json!({ "title": "Error", "link": "", "snippet": why, "content": "" }),
            _ => json!({ "title": "Error", "link": "", "published": "", "summary": why }),
        }
    }
}

/// What to ask of Google News.
pub struct News<'a> {
    pub query: &'a str,
    pub hl: &'a str,
    pub gl: &'a str,
    pub ceid: &'a str,
    pub topic: &'a str,
    pub location: &'a str,
}

impl News<'_> {
    /// The feed with the answer.
    pub fn url(&self) -> Result<url::Url, Fault> {
        let filled = |text: &str, default: &str| {
            if text.trim().is_empty() { default.to_owned() } else { text.trim().to_owned() }
        };
        let mut url = base(NEWS)?;
        if let Ok(mut path) = url.path_segments_mut() {
            if !self.topic.trim().is_empty() {
                path.extend(["headlines", "section", "topic", &self.topic.trim().to_uppercase()]);
            } else if !self.location.trim().is_empty() {
                path.extend(["headlines", "section", "geo", self.location.trim()]);
            } else {
                path.push("search");
            }
        }
        let mut pairs = url.query_pairs_mut();
        if self.topic.trim().is_empty() && self.location.trim().is_empty() {
            pairs.append_pair("q", self.query.trim());
        }
        pairs
            .append_pair("hl", &filled(self.hl, "en-US"))
            .append_pair("gl", &filled(self.gl, "US"))
            .append_pair("ceid", &filled(self.ceid, "US:en"));
        drop(pairs);
        Ok(url)
    }
}

/// The entries of a feed as a table; a failure is a row, so that an agent can read it.
pub async fn read_feed(url: Result<url::Url, Fault>, timeout: i64, cx: &Cx) -> Table {
    let rows = match url {
        Ok(url) => entries(url, &Fetch::within(timeout), RESULTS, cx).await,
        Err(fault) => Err(fault),
    };
    let rows = rows.unwrap_or_else(|fault| {
        vec![json!({ "title": "Error", "link": "", "published": "", "summary": fault.message() })]
    });
    Table::from_rows(rows.into_iter().filter_map(|row| row.as_object().cloned()))
}

async fn entries(url: url::Url, fetch: &Fetch, limit: usize, cx: &Cx) -> Result<Vec<Json>, Fault> {
    let document = fetch.get(url.as_str(), cx).await?;
    if document.status >= 400 {
        return Err(Fault::new(
            FaultKind::Unavailable,
            format!("the feed answered with status {}", document.status),
        ));
    }
    let entries = away(move || feed::parse(&document.text)).await?;
    let entries = entries.map_err(|why| Fault::invalid(format!("the feed cannot be read: {why}")))?;
    if entries.is_empty() {
        return Ok(vec![json!({ "title": "No articles found", "link": "", "published": "", "summary": "" })]);
    }
    let row = |e: feed::Entry| json!({ "title": e.title, "link": e.link, "published": e.published, "summary": e.summary });
    Ok(entries.into_iter().take(limit).map(row).collect())
}

fn base(url: &str) -> Result<url::Url, Fault> {
    url::Url::parse(url).map_err(|e| Fault::bug(format!("{url}: {e}")))
}
