//! YouTube Transcripts.

use super::remote::{error_row, row};
use super::youtube_work::{Line, clock, transcript, video_id};
use langflow_core::prelude::*;
use serde_json::json;

/// Reads what is said in a video on YouTube.
#[derive(Component)]
#[component(
    id = "YouTubeTranscripts",
    class = "YouTubeTranscriptsComponent",
    aliases = ["YouTubeTranscriptsComponent"],
    title = "YouTube Transcripts",
    icon = "YouTube",
    category = "youtube",
    examples = EXAMPLES
)]
pub struct YouTubeTranscriptsComponent {
    /// The address of the video.
    #[input(title = "Video URL", kind = Multiline, required, tool_mode)]
    url: String,
    /// Seconds that a row of the table covers.
    #[input(title = "Chunk Size (seconds)", default = 60)]
    chunk_size_seconds: u64,
    /// The language to translate to, like `de`; empty leaves it as it is spoken.
    #[input(title = "Translation Language", kind = Dropdown, default = "", advanced,
        options = ["", "en", "es", "fr", "de", "it", "pt", "ru", "ja", "ko", "hi", "ar", "id"])]
    translation: String,
}

#[outputs]
impl YouTubeTranscriptsComponent {
    /// A row with `timestamp` and `text` for each stretch of time.
    #[output(name = "dataframe", title = "Chunks", method = "get_dataframe_output")]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(match self.lines(cx).await {
            Ok(lines) => self.chunks(&lines),
            Err(fault) => vec![row(
                json!({"timestamp": "", "text": format!("Failed to get YouTube transcripts: {fault}")}),
            )],
        }))
    }

    /// The whole text.
    #[output(name = "message", title = "Transcript", method = "get_message_output")]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.lines(cx).await {
            Ok(lines) => lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(" "),
            Err(fault) => format!("Failed to get YouTube transcripts: {fault}"),
        };
        Ok(cx.new_message(text))
    }

    /// The whole text with the address of the video.
    #[output(name = "data_output", title = "Transcript + Source", method = "get_data_output")]
    async fn data_output(&self, cx: &Cx) -> Result<Data, Fault> {
        Ok(Data::new(match self.lines(cx).await {
            Ok(lines) => {
                let text = lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ");
                row(json!({"transcript": text, "video_url": self.url}))
            }
            Err(fault) => {
                let mut row = error_row(&fault);
                row.insert("video_url".into(), json!(self.url));
                row
            }
        }))
    }
}

impl YouTubeTranscriptsComponent {
    async fn lines(&self, cx: &Cx) -> Result<Vec<Line>, Fault> {
        transcript(&video_id(&self.url)?, &self.translation, cx).await
    }

    fn chunks(&self, lines: &[Line]) -> Vec<JsonMap> {
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        let length = self.chunk_size_seconds.max(1) as f64;
        let mut chunks: Vec<(f64, Vec<&str>)> = Vec::new();
        for line in lines {
            let start = (line.start / length).floor() * length;
            match chunks.last_mut() {
                Some((last, texts)) if (*last - start).abs() < 0.5 => texts.push(&line.text),
                _ => chunks.push((start, vec![&line.text])),
            }
        }
        let chunk = |(start, texts): (f64, Vec<&str>)| {
            row(json!({"timestamp": clock(start), "text": texts.join(" ")}))
        };
        chunks.into_iter().map(chunk).collect()
    }
}

examples! {
    "No video": {"url": "https://example.com"} => dataframe: [{"timestamp": "",
        "text": "Failed to get YouTube transcripts: 'https://example.com' is no address of a video on YouTube"}];
}
