//! YouTube: ids of videos, the Data API, transcripts.

use super::remote::{ANSWER_BYTES, ask, text_at};
use crate::web::xml;
use langflow_core::run::Cx;
use langflow_core::{Fault, FaultKind, Json, Secret};
use langflow_providers::http::Call;
use serde_json::json;

const DATA_API: &str = "https://www.googleapis.com/youtube/v3";
const PLAYER: &str = "https://www.youtube.com/youtubei/v1/player";
/// Most lines of a transcript.
const MOST_LINES: usize = 100_000;

/// The id of the video that an address names.
pub fn video_id(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let is_id =
        |id: &str| id.len() == 11 && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_id(text) {
        return Ok(text.to_owned());
    }
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let found = url::Url::parse(&full).ok().and_then(|url| {
        let of_query = url.query_pairs().find(|(key, _)| key == "v").map(|(_, id)| id.into_owned());
        let last = || url.path_segments()?.rfind(|part| !part.is_empty()).map(str::to_owned);
        of_query.or_else(last)
    });
    found.filter(|id| is_id(id)).ok_or_else(|| {
        Fault::invalid(format!("'{text}' is no address of a video on YouTube")).at_field("url")
    })
}

/// Asks the Data API.
pub async fn data_api(path: &str, key: &Secret, pairs: &[(&str, &str)], cx: &Cx) -> Result<Json, Fault> {
    let call = Call::get(format!("{DATA_API}/{path}"))
        .query(pairs)
        .secret_header("x-goog-api-key", key.expose().trim());
    ask(call, "YouTube", cx).await
}

/// A piece of a transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Seconds from the beginning.
    pub start: f64,
    pub text: String,
}

/// The transcript of a video; translated where a language is given.
///
/// The player of the app is asked, as its users' requests are: there is no interface with a key for transcripts.
pub async fn transcript(id: &str, translate_to: &str, cx: &Cx) -> Result<Vec<Line>, Fault> {
    let body = json!({
        "context": {"client": {"clientName": "ANDROID", "clientVersion": "20.10.38"}}, "videoId": id,
    });
    let player = ask(Call::post(PLAYER).json(&body), "YouTube", cx).await?;
    let tracks =
        player.pointer("/captions/playerCaptionsTracklistRenderer/captionTracks").and_then(Json::as_array);
    let tracks = tracks.map(Vec::as_slice).unwrap_or_default();
    let english = tracks.iter().find(|track| text_at(track, "/languageCode").starts_with("en"));
    let track = english.or(tracks.first());
    let address =
        track.map(|track| text_at(track, "/baseUrl")).filter(|url| !url.is_empty()).ok_or_else(|| {
            let why = text_at(&player, "/playabilityStatus/reason");
            let why = if why.is_empty() { "it has none" } else { why };
            Fault::new(FaultKind::Missing, format!("there is no transcript of the video: {why}"))
        })?;
    let mut call = Call::get(address.replace("&fmt=srv3", ""));
    if !translate_to.is_empty() {
        call = call.query(&[("tlang", translate_to)]);
    }
    let bytes = call.send_ok(&*cx.egress(), "YouTube").await?.bytes(ANSWER_BYTES).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let document = crate::web::fetch::away(move || xml::parse(&text)).await?;
    let document = document
        .map_err(|why| Fault::new(FaultKind::Unavailable, format!("the transcript cannot be read: {why}")))?;
    let line = |element: &xml::Element| Line {
        start: element.attribute("start").and_then(|start| start.parse().ok()).unwrap_or_default(),
        text: crate::web::html::inline_text(&element.text),
    };
    Ok(document.all("text").take(MOST_LINES).map(line).collect())
}

/// `MM:SS`.
pub fn clock(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a video")]
    let seconds = seconds.max(0.0) as u64;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_addresses() {
        for (text, expect) in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", Some("dQw4w9WgXcQ")),
            ("youtu.be/dQw4w9WgXcQ", Some("dQw4w9WgXcQ")),
            ("https://www.youtube.com/embed/dQw4w9WgXcQ", Some("dQw4w9WgXcQ")),
            ("dQw4w9WgXcQ", Some("dQw4w9WgXcQ")),
            ("https://example.com", None),
            ("", None),
        ] {
            assert_eq!(video_id(text).ok().as_deref(), expect, "{text}");
        }
        assert_eq!(clock(125.4), "02:05");
    }
}
