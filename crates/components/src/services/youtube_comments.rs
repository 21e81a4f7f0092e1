//! YouTube Comments.

use super::remote::{objects, row};
use super::youtube_work::{data_api, video_id};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use serde_json::json;

/// Most comments of one run.
const MOST: usize = 1_000;

choice! {
    /// The order of the comments.
    pub enum SortBy { Time = "time", Relevance = "relevance" }
}

/// Reads the comments on a video on YouTube.
#[derive(Component)]
#[component(
    id = "YouTubeCommentsComponent",
    class = "YouTubeCommentsComponent",
    title = "YouTube Comments",
    icon = "YouTube",
    category = "youtube",
    examples = EXAMPLES
)]
pub struct YouTubeCommentsComponent {
    /// The address of the video.
    #[input(title = "Video URL", required, tool_mode)]
    video_url: String,
    /// The key of the YouTube Data API.
    #[input(title = "YouTube API Key", required)]
    api_key: Secret,
    /// How many comments at most, up to 1,000.
    #[input(title = "Max Results", default = 20)]
    max_results: usize,
    /// The order of the comments.
    #[input(title = "Sort By", default = SortBy::Relevance)]
    sort_by: SortBy,
    /// Read the answers to comments too.
    #[input(title = "Include Replies", advanced)]
    include_replies: bool,
    /// Tell how often comments were liked and answered.
    #[input(title = "Include Metrics", default = true, advanced)]
    include_metrics: bool,
}

#[outputs]
impl YouTubeCommentsComponent {
    /// A row for each comment.
    #[output(name = "comments", title = "Comments", method = "get_video_comments")]
    async fn comments(&self, cx: &Cx) -> Result<Table, Fault> {
        let id = video_id(&self.video_url).map_err(|fault| fault.at_field("video_url"))?;
        let most = self.max_results.clamp(1, MOST);
        let part = if self.include_replies { "snippet,replies" } else { "snippet" };
        let (mut rows, mut page) = (Vec::new(), String::new());
        while rows.len() < most {
            let count = (most - rows.len()).min(100).to_string();
            let mut pairs = vec![
                ("part", part),
                ("videoId", id.as_str()),
                ("maxResults", count.as_str()),
                ("order", self.sort_by.as_str()),
                ("textFormat", "plainText"),
            ];
            if !page.is_empty() {
                pairs.push(("pageToken", page.as_str()));
            }
            let answer = data_api("commentThreads", &self.api_key, &pairs, cx).await?;
            let threads = objects(&answer, "/items");
            if threads.is_empty() {
                break;
            }
            for thread in threads {
                self.add(&Json::Object(thread), &mut rows);
            }
            match answer.get("nextPageToken").and_then(Json::as_str) {
                Some(next) => next.clone_into(&mut page),
                None => break,
            }
        }
        Ok(Table::from_rows(rows))
    }
}

impl YouTubeCommentsComponent {
    fn add(&self, thread: &Json, rows: &mut Vec<JsonMap>) {
        let top = thread.pointer("/snippet/topLevelComment").cloned().unwrap_or_default();
        let count = thread.pointer("/snippet/totalReplyCount").cloned().unwrap_or_default();
        rows.push(self.comment(&top, &Json::Null, &count));
        if self.include_replies {
            for reply in objects(thread, "/replies/comments") {
                rows.push(self.comment(&Json::Object(reply), &top, &json!(0)));
            }
        }
    }

    fn comment(&self, comment: &Json, parent: &Json, replies: &Json) -> JsonMap {
        let at = |pointer: &str| comment.pointer(pointer).cloned().unwrap_or_default();
        let mut found = row(json!({
            "comment_id": at("/id"),
            "parent_comment_id": parent.get("id"),
            "author": at("/snippet/authorDisplayName"),
            "author_channel_url": at("/snippet/authorChannelUrl"),
            "text": at("/snippet/textDisplay"),
            "published_at": at("/snippet/publishedAt"),
            "updated_at": at("/snippet/updatedAt"),
            "is_reply": !parent.is_null(),
        }));
        if self.include_metrics {
            found.insert("like_count".into(), at("/snippet/likeCount"));
            found.insert("reply_count".into(), replies.clone());
        }
        found
    }
}

examples! {
    "No video": {"api_key": "k", "video_url": "https://example.com"} => fails "YouTube";
    "No key": {"video_url": "dQw4w9WgXcQ"} => fails "API Key";
}
