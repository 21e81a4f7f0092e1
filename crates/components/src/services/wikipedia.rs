//! Wikipedia.

use super::remote::{ask, clip, objects, query_tool, row, text_at};
use crate::web::html;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Most articles of one search.
const MOST: usize = 20;

/// What is asked of Wikipedia.
#[derive(Clone, Debug)]
pub struct Ask {
    pub query: String,
    pub language: String,
    pub count: usize,
    pub max_chars: usize,
}

/// Finds articles on Wikipedia and reads them.
#[derive(Component)]
#[component(
    id = "WikipediaComponent",
    class = "WikipediaComponent",
    title = "Wikipedia",
    icon = "Wikipedia",
    category = "wikipedia",
    examples = EXAMPLES
)]
pub struct WikipediaComponent {
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
    input_value: String,
    /// The language of the Wikipedia, like `en`.
    #[input(title = "Language", default = "en")]
    lang: String,
    /// How many articles, at most 20.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
    /// Kept for flows of older versions: the address is given always.
    #[input(title = "Load all available meta", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    load_all_available_meta: bool,
    /// Most characters of an article.
    #[input(title = "Document content characters max", default = 4000, advanced)]
    doc_content_chars_max: usize,
}

#[outputs]
impl WikipediaComponent {
    /// A row for each article.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(search(&self.ask(), cx).await?))
    }

    /// The articles as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(search(&self.ask(), cx).await?.into_iter().map(Data::new).collect())
    }
}

impl WikipediaComponent {
    fn ask(&self) -> Ask {
        Ask {
            query: self.input_value.clone(),
            language: self.lang.clone(),
            count: self.k,
            max_chars: self.doc_content_chars_max,
        }
    }
}

/// Text, title, summary and address of what is found.
pub async fn search(wanted: &Ask, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
    let language = if wanted.language.trim().is_empty() { "en" } else { wanted.language.trim() };
    if !language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Fault::invalid(format!("'{language}' is no language of Wikipedia")).at_field("lang"));
    }
    if wanted.query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let api = format!("https://{language}.wikipedia.org/w/api.php");
    let count = wanted.count.clamp(1, MOST).to_string();
    let call = Call::get(&api).query(&[
        ("action", "query"),
        ("format", "json"),
        ("list", "search"),
        ("srsearch", wanted.query.trim()),
        ("srlimit", &count),
    ]);
    let found = ask(call, "Wikipedia", cx).await?;
    let mut rows = Vec::new();
    for article in objects(&found, "/query/search") {
        let title = super::remote::text_of(&article, "title").to_owned();
        let call = Call::get(&api).query(&[
            ("action", "query"),
            ("format", "json"),
            ("prop", "extracts|info"),
            ("inprop", "url"),
            ("explaintext", "1"),
            ("redirects", "1"),
            ("titles", &title),
        ]);
        let page = ask(call, "Wikipedia", cx).await?;
        let pages = page.pointer("/query/pages").and_then(Json::as_object);
        let Some(page) = pages.and_then(|pages| pages.values().next()) else { continue };
        let summary = html::inline_text(super::remote::text_of(&article, "snippet"));
        rows.push(row(json!({
            "text": clip(text_at(page, "/extract"), wanted.max_chars), "title": title, "summary": summary,
            "source": text_at(page, "/fullurl"),
        })));
    }
    Ok(rows)
}

/// The search as a tool.
pub fn tool(wanted: Ask, cx: &Cx) -> Vec<Arc<dyn Tool>> {
    let cx = cx.clone();
    query_tool("wikipedia", "Looks up people, places, events and ideas on Wikipedia.", move |query| {
        let (cx, wanted) = (cx.clone(), Ask { query, ..wanted.clone() });
        async move {
            let pages = search(&wanted, &cx).await?;
            let page = |row: &JsonMap| {
                let text = |key: &str| super::remote::text_of(row, key).to_owned();
                format!("Page: {}\n{}", text("title"), text("text"))
            };
            Ok(json!(pages.iter().map(page).collect::<Vec<_>>().join("\n\n")))
        }
    })
}

examples! {
    "No such language": {"input_value": "ants", "lang": "../x"} => fails "language";
    "Nothing to search for": {"input_value": ""} => dataframe: [];
}
