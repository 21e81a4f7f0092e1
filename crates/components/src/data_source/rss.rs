//! RSS Reader, as older flows have it.

use super::web_search::read_feed;
use crate::web::fetch::normalise;
use langflow_core::prelude::*;

/// Reads an RSS feed.
#[derive(Component)]
#[component(
    id = "RSSReaderSimple",
    class = "RSSReaderComponent",
    title = "RSS Reader",
    icon = "rss",
    category = "data_source",
    module = "lfx.components.data_source.rss.RSSReaderComponent",
    legacy,
    replacement = ["data_source.WebSearch"]
)]
pub struct RssReaderComponent {
    /// The address of the feed.
    #[input(title = "RSS Feed URL", required, tool_mode)]
    rss_url: String,
    /// Seconds to wait.
    #[input(title = "Timeout", advanced, default = 5)]
    timeout: i64,
}

#[outputs]
impl RssReaderComponent {
    /// A row with title, link, published and summary for each article.
    #[output(name = "articles", title = "Articles", method = "read_rss")]
    async fn articles(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(read_feed(normalise(&self.rss_url), self.timeout, cx).await)
    }
}
