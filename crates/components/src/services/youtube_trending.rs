//! YouTube Trending.

use super::remote::{objects, row, text_at};
use super::youtube_work::data_api;
use langflow_core::prelude::*;
use serde_json::json;

/// The service gives no more in one answer.
const MOST: u64 = 50;

/// Lists the videos that are most seen in a country.
#[derive(Component)]
#[component(
    id = "YouTubeTrendingComponent",
    class = "YouTubeTrendingComponent",
    title = "YouTube Trending",
    icon = "YouTube",
    category = "youtube",
    examples = EXAMPLES
)]
pub struct YouTubeTrendingComponent {
    /// The key of the YouTube Data API.
    #[input(title = "YouTube API Key", required)]
    api_key: Secret,
    /// The country, by its two letters or as `Germany (DE)`.
    #[input(title = "Region", kind = Dropdown, default = "Global", options = [
        "Global", "US", "BR", "GB", "IN", "JP", "KR", "DE", "FR", "CA", "AU", "ES", "IT", "MX", "NL"], extra = json!({"combobox": true}))]
    region: String,
    /// What the videos are about.
    #[input(title = "Category", kind = Dropdown, default = "All", options = [
        "All", "Film & Animation", "Autos & Vehicles", "Music", "Pets & Animals", "Sports", "Travel & Events", "Gaming",
        "People & Blogs", "Comedy", "Entertainment", "News & Politics", "Education", "Science & Technology"])]
    category: String,
    /// How many videos, at most 50.
    #[input(title = "Max Results", default = 10)]
    max_results: u64,
    /// Tell how often they were seen, liked and commented on.
    #[input(title = "Include Statistics", default = true)]
    include_statistics: bool,
    /// Tell length and dimension.
    #[input(title = "Include Content Details", default = true, advanced)]
    include_content_details: bool,
    /// Tell the addresses of their pictures.
    #[input(title = "Include Thumbnails", default = true, advanced)]
    include_thumbnails: bool,
}

#[outputs]
impl YouTubeTrendingComponent {
    /// A row for each video.
    #[output(name = "trending_videos", title = "Trending Videos", method = "get_trending_videos")]
    async fn trending_videos(&self, cx: &Cx) -> Result<Table, Fault> {
        let count = self.max_results.clamp(1, MOST).to_string();
        let region = region(&self.region);
        let mut pairs = vec![
            ("part", "snippet,statistics,contentDetails"),
            ("chart", "mostPopular"),
            ("maxResults", count.as_str()),
            ("regionCode", region.as_str()),
        ];
        if let Some(category) = category(&self.category) {
            pairs.push(("videoCategoryId", category));
        }
        let answer = data_api("videos", &self.api_key, &pairs, cx).await?;
        let video = |found: JsonMap| {
            let found = Json::Object(found);
            let id = text_at(&found, "/id").to_owned();
            let at = |pointer: &str| found.pointer(pointer).cloned().unwrap_or_default();
            let mut video = row(json!({
                "video_id": id, "title": at("/snippet/title"), "url": format!("https://www.youtube.com/watch?v={id}"),
                "channel_title": at("/snippet/channelTitle"), "published_at": at("/snippet/publishedAt"),
                "region": region,
            }));
            let mut add = |name: &str, pointer: &str| video.insert(name.to_owned(), at(pointer));
            if self.include_statistics {
                add("view_count", "/statistics/viewCount");
                add("like_count", "/statistics/likeCount");
                add("comment_count", "/statistics/commentCount");
            }
            if self.include_content_details {
                add("duration", "/contentDetails/duration");
                add("definition", "/contentDetails/definition");
            }
            if self.include_thumbnails {
                add("thumbnails", "/snippet/thumbnails");
            }
            video
        };
        Ok(Table::from_rows(objects(&answer, "/items").into_iter().map(video)))
    }
}

/// Two letters; the world is that of the United States, as on the site.
fn region(text: &str) -> String {
    let inside = text.rsplit_once('(').map_or(text, |(_, code)| code.trim_end_matches(')')).trim();
    let is_code = inside.len() == 2 && inside.chars().all(|c| c.is_ascii_alphabetic());
    if is_code { inside.to_uppercase() } else { "US".into() }
}

fn category(name: &str) -> Option<&'static str> {
    Some(match name {
        "Film & Animation" => "1",
        "Autos & Vehicles" => "2",
        "Music" => "10",
        "Pets & Animals" => "15",
        "Sports" => "17",
        "Travel & Events" => "19",
        "Gaming" => "20",
        "People & Blogs" => "22",
        "Comedy" => "23",
        "Entertainment" => "24",
        "News & Politics" => "25",
        "Education" => "27",
        "Science & Technology" => "28",
        _ => return None,
    })
}

examples! {
    "No key": {} => fails "API Key";
}
