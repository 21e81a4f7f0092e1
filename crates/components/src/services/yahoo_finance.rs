//! Yahoo! Finance.

use super::yahoo_finance_work::{METHODS, fetch};
use langflow_core::prelude::*;

/// Asks Yahoo! Finance about a company: news, prices, reports.
#[derive(Component)]
#[component(
    id = "YfinanceComponent",
    class = "YfinanceComponent",
    aliases = ["YahooFinance"],
    title = "Yahoo! Finance",
    icon = "trending-up",
    category = "yahoosearch",
    examples = EXAMPLES
)]
pub struct YfinanceComponent {
    /// The symbol of the company, like `AAPL`.
    #[input(title = "Stock Symbol", tool_mode)]
    symbol: String,
    /// What to ask.
    #[input(title = "Data Method", kind = Dropdown, options = METHODS, default = "get_news")]
    method: String,
    /// How many news.
    #[input(title = "Number of News", default = 5)]
    num_news: usize,
}

#[outputs]
impl YfinanceComponent {
    /// The news, a row each; all else as one row of JSON.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(fetch(&self.symbol, &self.method, self.num_news, cx).await?))
    }

    /// The same as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let rows = fetch(&self.symbol, &self.method, self.num_news, cx).await?;
        Ok(rows.into_iter().map(Data::new).collect())
    }
}

examples! {
    "No symbol": {"symbol": ""} => fails "symbol";
    "No such question": {"symbol": "AAPL", "method": "get_rich"} => fails "get_rich";
}
