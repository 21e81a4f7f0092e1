//! YouTube Video Details.

use super::remote::{objects, row};
use super::youtube_work::{data_api, video_id};
use langflow_core::prelude::*;
use serde_json::json;

/// Tells about a video on YouTube.
#[derive(Component)]
#[component(
    id = "YouTubeVideoDetailsComponent",
    class = "YouTubeVideoDetailsComponent",
    title = "YouTube Video Details",
    icon = "YouTube",
    category = "youtube",
    examples = EXAMPLES
)]
pub struct YouTubeVideoDetailsComponent {
    /// The address of the video.
    #[input(title = "Video URL", required, tool_mode)]
    video_url: String,
    /// The key of the YouTube Data API.
    #[input(title = "YouTube API Key", required)]
    api_key: Secret,
    /// Tell how often it was seen, liked and commented on.
    #[input(title = "Include Statistics", default = true)]
    include_statistics: bool,
    /// Tell length, dimension and subtitles.
    #[input(title = "Include Content Details", default = true, advanced)]
    include_content_details: bool,
    /// Tell its tags.
    #[input(title = "Include Tags", default = true, advanced)]
    include_tags: bool,
    /// Tell the addresses of its pictures.
    #[input(title = "Include Thumbnails", default = true, advanced)]
    include_thumbnails: bool,
}

#[outputs]
impl YouTubeVideoDetailsComponent {
    /// One row about the video.
    #[output(name = "video_data", title = "Video Data", method = "get_video_details")]
    async fn video_data(&self, cx: &Cx) -> Result<Table, Fault> {
        let id = video_id(&self.video_url).map_err(|fault| fault.at_field("video_url"))?;
        let pairs = [("part", "snippet,statistics,contentDetails"), ("id", id.as_str())];
        let answer = data_api("videos", &self.api_key, &pairs, cx).await?;
        let Some(video) = objects(&answer, "/items").into_iter().next().map(Json::Object) else {
            return Err(Fault::new(FaultKind::Missing, "there is no such video").at_field("video_url"));
        };
        let at = |pointer: &str| video.pointer(pointer).cloned().unwrap_or_default();
        let mut details = row(json!({
            "video_id": id, "title": at("/snippet/title"), "url": format!("https://www.youtube.com/watch?v={id}"),
            "description": at("/snippet/description"), "published_at": at("/snippet/publishedAt"),
            "channel_id": at("/snippet/channelId"), "channel_title": at("/snippet/channelTitle"),
        }));
        let mut add = |name: &str, pointer: &str| details.insert(name.to_owned(), at(pointer));
        if self.include_statistics {
            add("view_count", "/statistics/viewCount");
            add("like_count", "/statistics/likeCount");
            add("comment_count", "/statistics/commentCount");
        }
        if self.include_content_details {
            add("duration", "/contentDetails/duration");
            add("definition", "/contentDetails/definition");
            add("has_captions", "/contentDetails/caption");
        }
        if self.include_tags {
            add("tags", "/snippet/tags");
        }
        if self.include_thumbnails {
            add("thumbnails", "/snippet/thumbnails");
        }
        Ok(Table::from_rows([details]))
    }
}

examples! {
    "No video": {"api_key": "k", "video_url": "https://example.com"} => fails "YouTube";
}
