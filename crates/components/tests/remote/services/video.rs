//! Video and speech.

use super::{Case, case};
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let transcript = || {
        vec![
            (
                "https://www.youtube.com/youtubei/v1/player",
                json!({"captions": {"playerCaptionsTracklistRenderer": {"captionTracks": [
                    {"baseUrl": "https://www.youtube.com/api/timedtext?v=x", "languageCode": "en"}]}}}),
            ),
            (
                "https://www.youtube.com/api/timedtext",
                json!(
                    "<transcript><text start=\"1.5\" dur=\"2\">Hello ants</text><text start=\"61\" dur=\"2\">bye</text></transcript>"
                ),
            ),
        ]
    };
    let job = || {
        vec![(
            "https://api.assemblyai.com/v2/transcript",
            json!({"id": "t1", "status": "completed", "text": "hello", "transcripts": [{"id": "t1"}]}),
        )]
    };
    vec![
        case(
            "YouTubeTranscripts",
            "dataframe",
            json!({"url": "https://youtu.be/dQw4w9WgXcQ"}),
            transcript(),
            &["\"videoId\":\"dQw4w9WgXcQ\""],
            json!([{"timestamp": "00:00", "text": "Hello ants"}, {"timestamp": "01:00", "text": "bye"}]),
        ),
        case(
            "YouTubeTranscripts",
            "message",
            json!({"url": "dQw4w9WgXcQ", "translation": "de"}),
            transcript(),
            &["tlang=de"],
            json!("Hello ants bye"),
        ),
        case(
            "YouTubeCommentsComponent",
            "comments",
            json!({"api_key": "secret-key", "video_url": "dQw4w9WgXcQ", "include_replies": true}),
            vec![(
                "https://www.googleapis.com/youtube/v3/commentThreads",
                json!({"items": [{"snippet": {"totalReplyCount": 1, "topLevelComment": {"id": "c1", "snippet": {"textDisplay": "nice", "authorDisplayName": "Ann", "likeCount": 2}}},
                    "replies": {"comments": [{"id": "c2", "snippet": {"textDisplay": "yes"}}]}}]}),
            )],
            &["part=snippet%2Creplies", "videoId=dQw4w9WgXcQ"],
            json!([{"comment_id": "c1", "text": "nice", "like_count": 2, "reply_count": 1}, {"comment_id": "c2", "parent_comment_id": "c1", "is_reply": true}]),
        ),
        case(
            "YouTubeSearchComponent",
            "results",
            json!({"api_key": "secret-key", "query": "ants"}),
            vec![(
                "https://www.googleapis.com/youtube/v3/search",
                json!({"items": [{"id": {"videoId": "v1"}, "snippet": {"title": "Ants", "channelTitle": "C"}}]}),
            )],
            &["q=ants"],
            json!([{"video_id": "v1", "title": "Ants", "url": "https://www.youtube.com/watch?v=v1", "channel_title": "C"}]),
        ),
        case(
            "YouTubeVideoDetailsComponent",
            "video_data",
            json!({"api_key": "secret-key", "video_url": "dQw4w9WgXcQ"}),
            vec![(
                "https://www.googleapis.com/youtube/v3/videos",
                json!({"items": [{"snippet": {"title": "Ants", "tags": ["a"]}, "statistics": {"viewCount": "7"}}]}),
            )],
            &["id=dQw4w9WgXcQ"],
            json!([{"video_id": "dQw4w9WgXcQ", "title": "Ants", "view_count": "7", "tags": ["a"]}]),
        ),
        case(
            "YouTubeTrendingComponent",
            "trending_videos",
            json!({"api_key": "secret-key", "region": "Germany (DE)", "category": "Music", "max_results": 3}),
            vec![(
                "https://www.googleapis.com/youtube/v3/videos",
                json!({"items": [{"id": "v1", "snippet": {"title": "Ants"}}]}),
            )],
            &["regionCode=DE", "videoCategoryId=10", "maxResults=3"],
            json!([{"video_id": "v1", "title": "Ants", "region": "DE"}]),
        ),
        case(
            "AssemblyAITranscriptionJobCreator",
            "transcript_id",
            json!({"api_key": "secret-key", "audio_file_url": "https://a.example/a.mp3", "speaker_labels": true, "speakers_expected": "2"}),
            job(),
            &["POST", "\"speakers_expected\":2", "\"audio_url\":\"https://a.example/a.mp3\""],
            json!({"transcript_id": "t1"}),
        ),
        case(
            "AssemblyAITranscriptionJobPoller",
            "transcription_result",
            json!({"api_key": "secret-key", "transcript_id": {"$data": {"transcript_id": "t1"}}}),
            job(),
            &["GET https://api.assemblyai.com/v2/transcript/t1"],
            json!({"text": "hello"}),
        ),
        case(
            "AssemblyAIGetSubtitles",
            "subtitles",
            json!({"api_key": "secret-key", "transcription_result": {"$data": {"id": "t1"}}, "subtitle_format": "vtt", "chars_per_caption": 32}),
            vec![("https://api.assemblyai.com/v2/transcript/t1/vtt", json!("WEBVTT"))],
            &["chars_per_caption=32"],
            json!({"subtitles": "WEBVTT", "format": "vtt"}),
        ),
        case(
            "AssemblyAIListTranscripts",
            "transcript_list",
            json!({"api_key": "secret-key", "status_filter": "completed"}),
            job(),
            &["status=completed"],
            json!([{"id": "t1"}]),
        ),
        case(
            "AssemblyAILeMUR",
            "lemur_response",
            json!({"api_key": "secret-key", "prompt": "legs?", "endpoint": "question-answer", "transcription_result": {"$data": {"id": "t1"}}}),
            vec![(
                "https://api.assemblyai.com/lemur/v3/generate/question-answer",
                json!({"response": [{"answer": "6"}]}),
            )],
            &["\"questions\":[{\"question\":\"legs?\"}]", "[\"t1\"]"],
            json!({"response": [{"answer": "6"}]}),
        ),
    ]
}
