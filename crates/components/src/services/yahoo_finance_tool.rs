//! Yahoo! Finance, as older flows have it.

use super::remote::query_tool;
use super::yahoo_finance_work::{METHODS, fetch};
use langflow_core::prelude::*;

/// Asks Yahoo! Finance about a company.
#[derive(Component)]
#[component(
    id = "YahooFinanceTool",
    class = "YfinanceToolComponent",
    title = "Yahoo! Finance",
    icon = "trending-up",
    category = "tools",
    module = "lfx.components.tools.yahoo_finance.YfinanceToolComponent",
    legacy,
    replacement = ["yahoosearch.YfinanceComponent"],
    examples = EXAMPLES
)]
pub struct YfinanceToolComponent {
    /// The symbol of the company, like `AAPL`.
    #[input(title = "Stock Symbol")]
    symbol: String,
    /// What to ask.
    #[input(title = "Data Method", kind = Dropdown, options = METHODS, default = "get_news")]
    method: String,
    /// How many news.
    #[input(title = "Number of News", default = 5)]
    num_news: usize,
}

#[outputs]
impl YfinanceToolComponent {
    /// One data for each news; all else as one.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let rows = fetch(&self.symbol, &self.method, self.num_news, cx).await?;
        Ok(rows.into_iter().map(Data::new).collect())
    }

    /// The question as a tool, for any symbol.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, method, news) = (cx.clone(), self.method.clone(), self.num_news);
        Ok(query_tool("yahoo_finance", "Tells about a company by its stock symbol.", move |symbol| {
            let (cx, method) = (cx.clone(), method.clone());
            async move {
                let rows = fetch(&symbol, &method, news, &cx).await?;
                Ok(Json::Array(rows.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

examples! {
    "As a tool": {} => api_build_tool: ["yahoo_finance"];
    "No symbol": {} => fails "symbol";
}
