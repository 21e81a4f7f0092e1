//! URL.

use super::{header_columns, header_rows};
use crate::web::fetch::{Fetch, away, normalise};
use crate::web::html::{read_page, tidy, to_markdown};
use futures::StreamExt as _;
use langflow_core::component::choice;
use langflow_core::prelude::*;
use serde_json::json;
use std::collections::HashSet;

/// Pages of one run at most.
const PAGES: usize = 500;
/// Pages fetched at the same time.
const AT_ONCE: usize = 8;

choice! {
    /// The form of a page's text.
    pub enum Format { Text = "Text", Html = "HTML", Markdown = "Markdown" }
}

/// Reads web pages, and the pages they link to.
///
/// With a depth above 1 links are followed that many levels down, by default only on the same host.
#[derive(Component)]
#[component(
    id = "URLComponent",
    aliases = ["URL"],
    class = "URLComponent",
    title = "URL",
    icon = "layout-template",
    category = "data_source",
    module = "lfx.components.data_source.url.URLComponent",
    documentation = "https://docs.langflow.org/url"
)]
pub struct UrlComponent {
    /// Addresses of the pages to read.
    #[input(title = "URLs", tool_mode, placeholder = "https://…")]
    urls: Many<String>,
    /// Levels of pages: 1 reads only the given ones, 2 also those they link to, and so on.
    #[input(title = "Depth", kind = Slider, default = 1, range = (1.0, 5.0, 1.0))]
    max_depth: i64,
    /// Stays on the hosts of the given pages.
    #[input(title = "Prevent Outside", advanced, default = true)]
    prevent_outside: bool,
    /// Kept for stored flows: pages are always read at the same time.
    #[input(title = "Use Async", advanced, default = true)]
    #[expect(dead_code, reason = "stored flows carry it")]
    use_async: bool,
    /// Follows redirects.
    #[input(title = "Follow Redirects", advanced, default = true)]
    follow_redirects: bool,
    /// What the text of a page is: plain text, its HTML, or Markdown.
    #[input(title = "Output Format", advanced, default = Format::Text)]
    format: Format,
    /// Seconds to wait for a page.
    #[input(title = "Timeout", advanced, default = 30)]
    timeout: i64,
    /// Headers to send.
    #[input(
        title = "Headers", advanced, kind = Table, default = json!([{ "key": "User-Agent", "value": null }]),
        extra = json!({ "is_list": true, "table_schema": header_columns() })
    )]
    headers: Table,
    /// Leaves out style sheets.
    #[input(title = "Filter Text/HTML", advanced, default = true)]
    filter_text_html: bool,
    /// Goes on when a page cannot be read.
    #[input(title = "Continue on Failure", advanced, default = true)]
    continue_on_failure: bool,
    /// Counts a status of 400 or more as a failure.
    #[input(title = "Check Response Status", advanced)]
    check_response_status: bool,
    /// Kept for stored flows: the encoding is always found out.
    #[input(title = "Autoset Encoding", advanced, default = true)]
    #[expect(dead_code, reason = "stored flows carry it")]
    autoset_encoding: bool,
}

#[outputs]
impl UrlComponent {
    /// Reads the pages at the given addresses: a row per page with text, url, title, description, content
    /// type and language.
    #[output(name = "page_results", title = "Extracted Pages", aliases = ["dataframe", "as_dataframe"])]
    async fn fetch_content(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.crawl(cx).await?))
    }

    /// The texts of all pages, an empty line between them.
    #[output(
        name = "raw_results", title = "Raw Content", no_tool,
        aliases = ["text", "fetch_content_text", "as_message"]
    )]
    async fn fetch_content_as_message(&self, cx: &Cx) -> Result<Message, Fault> {
        let rows = self.crawl(cx).await?;
        let texts: Vec<&str> = rows.iter().filter_map(|row| row.get("text")?.as_str()).collect();
        Ok(cx.new_message(texts.join("\n\n")))
    }

    /// The pages as data, for flows of older versions.
    #[output(title = "Data", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.crawl(cx).await?.into_iter().map(Data::new).collect())
    }
}

/// A page that was read.
struct Read {
    row: JsonMap,
    links: Vec<String>,
    size_bytes: usize,
}

impl UrlComponent {
    async fn crawl(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let mut level = self.starts()?;
        let hosts: HashSet<String> =
            level.iter().filter_map(|url| url.host_str().map(str::to_owned)).collect();
        let mut seen: HashSet<String> = level.iter().map(::url::Url::to_string).collect();
        let limits = cx.egress().page_limits();
        let fetch = Fetch {
            max_bytes: limits.page_bytes,
            follow_redirects: self.follow_redirects,
            headers: header_rows(&self.headers),
            ..Fetch::within(self.timeout)
        };
        let (mut rows, mut weight, mut first_fault) = (Vec::new(), 0, None);
        for depth in 1..=self.max_depth.max(1) {
            let reading: Vec<_> = level.iter().map(|url| self.read(url.clone(), &fetch, cx)).collect();
            let mut pages = futures::stream::iter(reading).buffered(AT_ONCE);
            let mut next = Vec::new();
            while let Some(page) = pages.next().await {
                let page = match page {
                    Ok(Some(page)) => page,
                    Ok(None) => continue,
                    Err(fault) if self.continue_on_failure => {
                        cx.log("Page", fault.message());
                        first_fault.get_or_insert(fault);
                        continue;
                    }
                    Err(fault) => return Err(fault.at_field("urls")),
                };
                weight += page.size_bytes;
                if weight > limits.run_bytes {
                    let most = limits.run_bytes;
                    return Err(Fault::invalid(format!(
                        "the pages weigh more than {most} bytes together (LANGFLOW_URL_COMPONENT_MAX_TOTAL_BYTES)"
                    ))
                    .at_field("urls"));
                }
                if depth < self.max_depth {
                    let base = page.row.get("url").and_then(Json::as_str).unwrap_or_default().to_owned();
                    for link in &page.links {
                        next.extend(self.follow(&base, link, &hosts, &mut seen));
                    }
                }
                rows.push(page.row);
                if rows.len() >= PAGES {
                    cx.log("Page", format!("stopped after {PAGES} pages"));
                    return Ok(rows);
                }
            }
            level = next;
        }
        match first_fault {
            Some(fault) if rows.is_empty() => Err(fault.at_field("urls")),
            _ if rows.is_empty() => Err(Fault::missing("no page could be read").at_field("urls")),
            _ => Ok(rows),
        }
    }

    /// The given addresses, each once. Invalid ones are left out if the run may go on without them.
    fn starts(&self) -> Result<Vec<::url::Url>, Fault> {
        let (mut urls, mut first_fault) = (Vec::new(), None);
        for text in self.urls.0.iter().filter(|text| !text.trim().is_empty()) {
            match normalise(text) {
                Ok(url) if !urls.contains(&url) => urls.push(url),
                Ok(_) => {}
                Err(fault) if self.continue_on_failure => {
                    first_fault.get_or_insert(fault);
                }
                Err(fault) => return Err(fault.at_field("urls")),
            }
        }
        if urls.is_empty() {
            let fault = first_fault.unwrap_or_else(|| Fault::missing("No valid URLs provided"));
            return Err(fault.at_field("urls"));
        }
        Ok(urls)
    }

    fn follow(
        &self,
        base: &str,
        link: &str,
        hosts: &HashSet<String>,
        seen: &mut HashSet<String>,
    ) -> Option<::url::Url> {
        let mut url = ::url::Url::parse(base).ok()?.join(link).ok()?;
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        if self.prevent_outside && !hosts.contains(url.host_str()?) {
            return None;
        }
        (seen.len() < PAGES * 4 && seen.insert(url.to_string())).then_some(url)
    }

    async fn read(&self, url: ::url::Url, fetch: &Fetch, cx: &Cx) -> Result<Option<Read>, Fault> {
        let document = fetch.get(url.as_str(), cx).await?;
        if self.filter_text_html && document.content_type == "text/css" {
            return Ok(None);
        }
        if self.check_response_status && document.status >= 400 {
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("{url} answered with status {}", document.status),
            ));
        }
        let format = self.format;
        let (document, page, text) = away(move || {
            let page = read_page(&document.text);
            let text = match format {
                Format::Text => page.text.clone(),
                Format::Html => tidy(&document.text),
                Format::Markdown => to_markdown(&document.text),
            };
            (document, page, text)
        })
        .await?;
        let mut row = JsonMap::new();
        for (name, value) in [
            ("text", text),
            ("url", document.url),
            ("title", page.title),
            ("description", page.description),
            ("content_type", document.content_type),
            ("language", page.language),
        ] {
            row.insert(name.into(), Json::String(value));
        }
        Ok(Some(Read { row, links: page.links, size_bytes: document.size_bytes }))
    }
}
