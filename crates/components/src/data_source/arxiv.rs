//! arXiv.

use crate::web::fetch::{Fetch, away};
use crate::web::xml::{self, Element};
use langflow_core::component::choice;
use langflow_core::prelude::*;
use serde_json::json;

const API: &str = "http://export.arxiv.org/api/query";

choice! {
    /// Which part of a paper is searched.
    pub enum SearchType { All = "all", Title = "title", Abstract = "abstract", Author = "author", Category = "cat" }
}

impl SearchType {
    /// The prefix in arXiv's query language.
    fn prefix(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Title => "ti",
            Self::Abstract => "abs",
            Self::Author => "au",
            Self::Category => "cat",
        }
    }
}

/// Searches papers on arXiv.
#[derive(Component)]
#[component(
    id = "ArXivComponent",
    class = "ArXivComponent",
    title = "arXiv",
    icon = "arXiv",
    category = "arxiv",
    module = "lfx.components.arxiv.arxiv.ArXivComponent"
)]
pub struct ArXivComponent {
    /// What to search for.
    #[input(title = "Search Query", required, tool_mode)]
    search_query: String,
    /// Which part of the papers to search.
    #[input(title = "Search Field", default = SearchType::All)]
    search_type: SearchType,
    /// How many papers at most.
    #[input(title = "Max Results", default = 10)]
    max_results: u32,
}

#[outputs]
impl ArXivComponent {
    /// Searches papers: a row per paper with title, summary, authors, dates, links and categories.
    #[output(name = "dataframe", title = "Table", method = "search_papers_dataframe")]
    async fn search_papers_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.papers(cx).await))
    }

    /// The papers as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "search_papers", legacy, no_tool)]
    async fn search_papers(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.papers(cx).await.into_iter().map(Data::new).collect())
    }
}

impl ArXivComponent {
    /// A service that fails is a row that says so.
    async fn papers(&self, cx: &Cx) -> Vec<JsonMap> {
        self.search(cx).await.unwrap_or_else(|fault| {
            let mut row = JsonMap::new();
            row.insert("error".into(), json!(format!("arXiv: {fault}")));
            vec![row]
        })
    }

    async fn search(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let mut url = url::Url::parse(API).map_err(|e| Fault::bug(e.to_string()))?;
        url.query_pairs_mut()
            .append_pair(
                "search_query",
                &format!("{}:{}", self.search_type.prefix(), self.search_query.trim()),
            )
            .append_pair("max_results", &self.max_results.to_string());
        let document = Fetch::within(30).get(url.as_str(), cx).await?;
        if document.status >= 400 {
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("it answered with status {}", document.status),
            ));
        }
        let feed = away(move || xml::parse(&document.text)).await?;
        let feed = feed
            .map_err(|why| Fault::new(FaultKind::Unavailable, format!("its answer cannot be read: {why}")))?;
        Ok(feed.all("entry").map(paper).collect())
    }
}

fn paper(entry: &Element) -> JsonMap {
    let link = |find: &dyn Fn(&Element) -> bool| {
        entry.all("link").find(|link| find(link)).and_then(|link| link.attribute("href")).map(str::to_owned)
    };
    let one_line = |name: &str| entry.text_of(name).split_whitespace().collect::<Vec<_>>().join(" ");
    let optional = |name: &str| entry.child(name).map(|child| child.text.clone());
    let authors: Vec<&str> = entry.all("author").map(|author| author.text_of("name")).collect();
    let categories: Vec<&str> =
        entry.all("category").filter_map(|category| category.attribute("term")).collect();
    let row = json!({
        "id": entry.text_of("id"),
        "title": one_line("title"),
        "summary": one_line("summary"),
        "published": entry.text_of("published"),
        "updated": entry.text_of("updated"),
        "authors": authors,
        "arxiv_url": link(&|l| l.attribute("rel") == Some("alternate")),
        "pdf_url": link(&|l| l.attribute("title") == Some("pdf")),
        "comment": optional("comment"),
        "journal_ref": optional("journal_ref"),
        "primary_category": entry.child("primary_category").and_then(|c| c.attribute("term")),
        "categories": categories,
    });
    match row {
        Json::Object(row) => row,
        _ => JsonMap::new(),
    }
}
