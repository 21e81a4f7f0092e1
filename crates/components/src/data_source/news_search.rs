//! News Search, as older flows have it.

use super::web_search::{News, read_feed};
use langflow_core::prelude::*;

/// Searches Google News.
#[derive(Component)]
#[component(
    id = "NewsSearch",
    class = "NewsSearchComponent",
    title = "News Search",
    icon = "newspaper",
    category = "data_source",
    module = "lfx.components.data_source.news_search.NewsSearchComponent",
    legacy,
    replacement = ["data_source.WebSearch"]
)]
pub struct NewsSearchComponent {
    /// What to search for.
    #[input(title = "Search Query", required, tool_mode)]
    query: String,
    /// Language of the news, like `en-US`.
    #[input(title = "Language (hl)", advanced)]
    hl: String,
    /// Country of the news, like `US`.
    #[input(title = "Country (gl)", advanced)]
    gl: String,
    /// Country and language of the news, like `US:en`.
    #[input(title = "Country:Language (ceid)", advanced, default = "US:en")]
    ceid: String,
    /// News of a topic instead of a search.
    #[input(title = "Topic", advanced)]
    topic: String,
    /// News of a place instead of a search.
    #[input(title = "Location (Geo)", advanced)]
    location: String,
    /// Seconds to wait.
    #[input(title = "Timeout", advanced, default = 5)]
    timeout: i64,
}

#[outputs]
impl NewsSearchComponent {
    /// A row with title, link, published and summary for each article.
    #[output(name = "articles", title = "News Articles", method = "search_news")]
    async fn articles(&self, cx: &Cx) -> Result<Table, Fault> {
        let news = News {
            query: &self.query,
            hl: &self.hl,
            gl: &self.gl,
            ceid: &self.ceid,
            topic: &self.topic,
            location: &self.location,
        };
        Ok(read_feed(news.url(), self.timeout, cx).await)
    }
}
