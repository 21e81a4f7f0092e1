//! HTML Link Extractor.

use super::documents::{data, document};
use crate::web::html;
use langflow_core::prelude::*;
use serde_json::json;

/// Most links of one page.
const MAX_LINKS: usize = 10_000;

/// Adds the links of a page to what is known about it.
///
/// The key `links` gets one entry for each link: `kind`, `direction` and `tag`, its address. The page's own address
/// is read under `source`.
#[derive(Component)]
#[component(
    id = "HtmlLinkExtractor",
    class = "HtmlLinkExtractorComponent",
    title = "HTML Link Extractor",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.html_link_extractor.HtmlLinkExtractorComponent",
    examples = EXAMPLES
)]
pub struct HtmlLinkExtractorComponent {
    /// What the links are called.
    #[input(title = "Kind of edge", kind = Str, default = "hyperlink")]
    kind: String,
    /// Leave out what stands behind `#`.
    #[input(title = "Drop URL fragments", default = true)]
    drop_fragments: bool,
    /// The data with the pages.
    #[input(title = "Input", kind = Data, handles = ["Document", "Data", "JSON"], required, extra = json!({"list": false}))]
    data_input: Vec<Data>,
}

#[outputs]
impl HtmlLinkExtractorComponent {
    /// The data with their links.
    #[output(name = "data", title = "JSON", method = "transform_data")]
    async fn data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.data_input.iter().map(|page| self.with_links(page)).collect())
    }
}

impl HtmlLinkExtractorComponent {
    fn with_links(&self, page: &Data) -> Data {
        let (text, mut rest) = document(page);
        let own = rest.get("source").and_then(Json::as_str).unwrap_or_default().to_owned();
        let base = url::Url::parse(&own).ok();
        let mut found: Vec<String> = html::read_page(&text)
            .links
            .into_iter()
            .take(MAX_LINKS)
            .filter_map(|href| self.address(&href, base.as_ref()))
            .filter(|address| *address != own)
            .collect();
        found.sort();
        found.dedup();
        let link =
            |direction: &str, tag: &str| json!({"kind": self.kind, "direction": direction, "tag": tag});
        let mut links: Vec<Json> = Vec::new();
        if !own.is_empty() {
            links.push(link("in", &own));
        }
        links.extend(found.iter().map(|address| link("out", address)));
        rest.insert("links".into(), Json::Array(links));
        data(text, rest)
    }

    fn address(&self, href: &str, base: Option<&url::Url>) -> Option<String> {
        let mut address = match base {
            Some(base) => base.join(href).ok()?,
            None => url::Url::parse(href).ok()?,
        };
        if self.drop_fragments {
            address.set_fragment(None);
        }
        matches!(address.scheme(), "http" | "https").then(|| address.into())
    }
}

examples! {
    "Links of a page": {"data_input": {"$data": {"text": "<a href='/b#x'>b</a><a href='mailto:x'>m</a>", "source": "https://a.example/"}}}
        => data: [{"source": "https://a.example/", "text": "<a href='/b#x'>b</a><a href='mailto:x'>m</a>", "links": [
            {"kind": "hyperlink", "direction": "in", "tag": "https://a.example/"},
            {"kind": "hyperlink", "direction": "out", "tag": "https://a.example/b"}]}];
    "Nothing to read": {} => fails "required";
}
