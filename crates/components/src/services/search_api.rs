//! SearchApi.

use super::remote::{ask, error_row, objects, parameter, results};
use langflow_core::prelude::*;
use langflow_providers::http::Call;

const API: &str = "https://www.searchapi.io/api/v1/search";

/// Searches with SearchApi, in one of the engines it knows.
#[derive(Component)]
#[component(
    id = "SearchComponent",
    class = "SearchComponent",
    title = "SearchApi",
    icon = "SearchAPI",
    category = "searchapi",
    documentation = "https://www.searchapi.io/docs/google",
    examples = EXAMPLES
)]
pub struct SearchComponent {
    /// The engine, like `google`, `bing` or `duckduckgo`.
    #[input(title = "Engine", kind = Dropdown, options = ["google", "bing", "duckduckgo"], default = "google")]
    engine: String,
    /// The key of SearchApi.
    #[input(title = "SearchAPI API Key", required)]
    api_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
    input_value: String,
    /// Further parameters of the engine.
    #[input(title = "Search parameters", advanced, list)]
    search_params: JsonMap,
    /// How many results at most.
    #[input(title = "Max Results", default = 5, advanced)]
    max_results: usize,
    /// Most characters of a title or snippet.
    #[input(title = "Max Snippet Length", default = 100, advanced)]
    max_snippet_length: usize,
}

#[outputs]
impl SearchComponent {
    /// A row for each result; a row with an `error` when the search fails.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let found = self.search(cx).await.unwrap_or_else(|fault| vec![error_row(&fault)]);
        Ok(Table::from_rows(found))
    }

    /// The results as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let found = self.search(cx).await.unwrap_or_else(|fault| vec![error_row(&fault)]);
        Ok(found.into_iter().map(Data::new).collect())
    }
}

impl SearchComponent {
    async fn search(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let call = call(&self.engine, &self.api_key, &self.input_value, &self.search_params);
        let answer = ask(call, "SearchApi", cx).await?;
        Ok(results(objects(&answer, "/organic_results"), self.max_results, self.max_snippet_length))
    }
}

/// The call for a search.
pub fn call(engine: &str, key: &Secret, query: &str, more: &JsonMap) -> Call {
    let engine = if engine.trim().is_empty() { "google" } else { engine.trim() };
    let more: Vec<(&str, String)> =
        more.iter().map(|(name, value)| (name.as_str(), parameter(value))).collect();
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Call::get(API).bearer(key).query(&[("engine", engine), ("q", query)]).query(&more)
}

examples! {
    "No key": {"input_value": "ants"} => fails "API Key";
}
