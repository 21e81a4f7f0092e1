//! YouTube Search.

use super::remote::{objects, row, text_at};
use super::youtube_work::data_api;
use langflow_core::prelude::*;
use serde_json::json;

/// The service gives no more in one answer.
const MOST: u64 = 50;

/// Searches videos on YouTube.
#[derive(Component)]
#[component(
    id = "YouTubeSearchComponent",
    class = "YouTubeSearchComponent",
    title = "YouTube Search",
    icon = "YouTube",
    category = "youtube",
    examples = EXAMPLES
)]
pub struct YouTubeSearchComponent {
    /// What to search for.
    #[input(title = "Search Query", required, tool_mode)]
    query: String,
    /// The key of the YouTube Data API.
    #[input(title = "YouTube API Key", required)]
    api_key: Secret,
    /// How many videos, at most 50.
    #[input(title = "Max Results", default = 10)]
    max_results: u64,
    /// What comes first.
    #[input(title = "Sort Order", kind = Dropdown, options = ["relevance", "date", "rating", "title", "viewCount"], default = "relevance")]
    order: String,
    /// Tell description, channel and date too.
    #[input(title = "Include Metadata", default = true, advanced)]
    include_metadata: bool,
}

#[outputs]
impl YouTubeSearchComponent {
    /// A row for each video.
    #[output(name = "results", title = "Search Results", method = "search_videos")]
    async fn results(&self, cx: &Cx) -> Result<Table, Fault> {
        let count = self.max_results.clamp(1, MOST).to_string();
        let pairs = [
            ("part", "snippet"),
            ("type", "video"),
            ("q", self.query.as_str()),
            ("maxResults", count.as_str()),
            ("order", self.order.as_str()),
        ];
        let answer = data_api("search", &self.api_key, &pairs, cx).await?;
        let video = |found: JsonMap| {
            let found = Json::Object(found);
            let id = text_at(&found, "/id/videoId").to_owned();
            let at = |pointer: &str| found.pointer(pointer).cloned().unwrap_or_default();
            let mut video = row(json!({
                "video_id": id, "title": at("/snippet/title"), "url": format!("https://www.youtube.com/watch?v={id}"),
            }));
            if self.include_metadata {
                video.insert("description".into(), at("/snippet/description"));
                video.insert("published_at".into(), at("/snippet/publishedAt"));
                video.insert("channel_title".into(), at("/snippet/channelTitle"));
                video.insert("thumbnail_url".into(), at("/snippet/thumbnails/default/url"));
            }
            video
        };
        Ok(Table::from_rows(objects(&answer, "/items").into_iter().map(video)))
    }
}

examples! {
    "No key": {"query": "ants"} => fails "API Key";
}
