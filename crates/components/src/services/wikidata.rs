//! Wikidata.

use super::remote::{ask, objects, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://www.wikidata.org/w/api.php";

/// Finds things on Wikidata.
#[derive(Component)]
#[component(
    id = "WikidataComponent",
    class = "WikidataComponent",
    title = "Wikidata",
    icon = "Wikipedia",
    category = "wikipedia",
    examples = EXAMPLES
)]
pub struct WikidataComponent {
    /// What to search for.
    #[input(title = "Query", kind = Multiline, required, tool_mode)]
    query: String,
}

#[outputs]
impl WikidataComponent {
    /// A row for each thing; a row with an `error` when the search fails or finds nothing.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let rows =
            search(&self.query, cx).await.unwrap_or_else(|fault| vec![super::remote::error_row(&fault)]);
        Ok(Table::from_rows(rows))
    }

    /// The things as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let rows =
            search(&self.query, cx).await.unwrap_or_else(|fault| vec![super::remote::error_row(&fault)]);
        Ok(rows.into_iter().map(Data::new).collect())
    }
}

/// Label, id, address and description of what is found.
pub async fn search(query: &str, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
    let call = Call::get(API).query(&[
        ("action", "wbsearchentities"),
        ("format", "json"),
        ("search", query.trim()),
        ("language", "en"),
    ]);
    let found = objects(&ask(call, "Wikidata", cx).await?, "/search");
    if found.is_empty() {
        return Err(Fault::new(FaultKind::Missing, "Wikidata knows nothing by that name").at_field("query"));
    }
    let thing = |found: JsonMap| {
        row(json!({
            "text": format!("{}: {}", super::remote::text_of(&found, "label"), super::remote::text_of(&found, "description")),
            "label": found.get("label"), "id": found.get("id"), "url": found.get("url"),
            "description": found.get("description"), "concepturi": found.get("concepturi"),
        }))
    };
    Ok(found.into_iter().map(thing).collect())
}

examples! {
    "No query": {"query": {"$table": []}} => fails "Query";
}
