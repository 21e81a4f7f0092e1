//! Remote services, each against a web in memory: what is asked of them, what becomes of their answers, and of
//! their refusals.

use langflow_components::catalogue;
use langflow_core::component::{Params, example_json, example_value};
use langflow_core::{Fault, FaultKind, Json, Value};
use langflow_testkit::pages::{Asked, Pages};
use langflow_testkit::solo::Solo;
use serde_json::json;
use std::sync::Arc;

/// A service, what it answers, and what must come out.
struct Case {
    key: &'static str,
    output: &'static str,
    fields: Json,
    /// Beginnings of URLs, and the answers there: JSON, or text.
    web: Vec<(&'static str, Json)>,
    /// Parts of the last request: method and URL, headers, body.
    asks: &'static [&'static str],
    gives: Json,
}

async fn run(pages: &Arc<Pages>, key: &str, fields: &Json, output: &str) -> Result<Value, Fault> {
    let mut params = Params::default();
    for (name, value) in fields.as_object().unwrap() {
        params.set(name.clone(), example_value(value));
    }
    Solo::new().with_egress(pages.clone()).run(&catalogue(), key, params, output).await
}

fn web(answers: &[(&'static str, Json)]) -> Arc<Pages> {
    let add = |pages: Pages, (url, answer): &(&'static str, Json)| match answer {
        Json::String(text) => pages.answer(url, 200, "text/html", text.clone()),
        json => pages.json(url, json),
    };
    Arc::new(answers.iter().fold(Pages::new(), add))
}

fn shown(asked: &Asked) -> String {
    format!("{} {} {:?} {}", asked.method, asked.url, asked.headers, asked.body)
}

/// Whether everything expected is there; more may be.
fn holds(got: &Json, expected: &Json) -> bool {
    match (got, expected) {
        (Json::Object(got), Json::Object(expected)) => {
            expected.iter().all(|(key, value)| got.get(key).is_some_and(|got| holds(got, value)))
        }
        (Json::Array(got), Json::Array(expected)) => {
            got.len() == expected.len()
                && got.iter().zip(expected).all(|(got, expected)| holds(got, expected))
        }
        (got, expected) => got == expected,
    }
}

#[tokio::test]
async fn services_are_asked_and_read() {
    let mut wrong = Vec::new();
    let all = cases();
    for case in &all {
        let pages = web(&case.web);
        let name = format!("{} {} {}", case.key, case.output, case.fields);
        match run(&pages, case.key, &case.fields, case.output).await {
            Ok(value) => {
                let got = example_json(&value);
                if !holds(&got, &case.gives) {
                    wrong.push(format!("{name}\n   expected {}\n   got      {got}", case.gives));
                }
            }
            Err(fault) => wrong.push(format!("{name}\n   failed {fault}")),
        }
        let asked = pages.asked().iter().map(shown).collect::<Vec<_>>().join("\n");
        for part in case.asks {
            if !asked.contains(part) {
                wrong.push(format!("{name}\n   '{part}' was not asked: {asked}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
    println!("{} cases", all.len());
}

/// 401, 429, 500, something that is no JSON, no answer at all: a fault or a row that says so, and never the key.
#[tokio::test]
async fn services_that_refuse_say_so() {
    let mut wrong = Vec::new();
    for case in cases() {
        let hosts: Vec<&str> = case.web.iter().map(|(url, _)| *url).collect();
        for status in [401, 429, 500, 200, 0] {
            let body = if status == 200 { "<html>not JSON" } else { "{\"error\": \"no\"}" };
            let add = |pages: Pages, url: &&str| pages.answer(url, status, "application/json", body);
            let pages = if status == 0 { Pages::new() } else { hosts.iter().fold(Pages::new(), add) };
            let got = run(&Arc::new(pages), case.key, &case.fields, case.output).await;
            let (text, kind) = match &got {
                Ok(value) => (example_json(value).to_string(), None),
                Err(fault) => (fault.to_string(), Some(fault.kind())),
            };
            let name = format!("{} {} with {status}", case.key, case.output);
            if text.contains("secret-key") {
                wrong.push(format!("{name}: tells the key: {text}"));
            }
            if kind == Some(FaultKind::Bug)
                || (kind.is_none() && holds(&example_json(got.as_ref().unwrap()), &case.gives))
            {
                wrong.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn case(
    key: &'static str,
    output: &'static str,
    fields: Json,
    web: Vec<(&'static str, Json)>,
    asks: &'static [&'static str],
    gives: Json,
) -> Case {
    Case { key, output, fields, web, asks, gives }
}

fn cases() -> Vec<Case> {
    [search(), pages(), knowledge(), video(), notes()].into_iter().flatten().collect()
}

fn search() -> Vec<Case> {
    let organic = json!({"organic_results": [{"title": "Ants march on", "link": "https://a.example", "snippet": "Many of them"}]});
    let result = json!([{"title": "Ants", "link": "https://a.example", "snippet": "Many"}]);
    let short = |fields: Json| {
        let mut fields = fields;
        fields["max_snippet_length"] = json!(4);
        fields["max_results"] = json!(3);
        fields
    };
    vec![
        case(
            "TavilySearchComponent",
            "dataframe",
            json!({"api_key": "secret-key", "query": "ants", "topic": "news", "include_domains": "a.example, b.example"}),
            vec![(
                "https://api.tavily.com/search",
                json!({"answer": "Six legs", "results": [{"title": "T", "url": "u", "content": "C", "score": 0.5}], "images": ["i"]}),
            )],
            &[
                "POST",
                "authorization\": Sensitive",
                "\"query\":\"ants\"",
                "\"days\":7",
                "[\"a.example\",\"b.example\"]",
            ],
            json!([{"text": "Six legs"}, {"text": "C", "title": "T", "url": "u", "score": 0.5}, {"images": ["i"]}]),
        ),
        case(
            "TavilyExtractComponent",
            "dataframe",
            json!({"api_key": "secret-key", "urls": "https://a.example https://b.example"}),
            vec![(
                "https://api.tavily.com/extract",
                json!({"results": [{"url": "https://a.example", "raw_content": "text"}], "failed_results": [{"url": "https://b.example"}]}),
            )],
            &["[\"https://a.example\",\"https://b.example\"]"],
            json!([{"url": "https://a.example", "raw_content": "text"}, {"failed_results": [{"url": "https://b.example"}]}]),
        ),
        case(
            "SearchComponent",
            "dataframe",
            short(json!({"api_key": "secret-key", "input_value": "ants", "search_params": {"gl": "us"}})),
            vec![("https://www.searchapi.io/api/v1/search", organic.clone())],
            &["engine=google&q=ants&gl=us", "authorization"],
            result.clone(),
        ),
        case(
            "SearchAPI",
            "api_run_model",
            short(json!({"api_key": "secret-key", "input_value": "ants", "engine": "bing"})),
            vec![("https://www.searchapi.io/api/v1/search", organic.clone())],
            &["engine=bing&q=ants"],
            result.clone(),
        ),
        case(
            "Serp",
            "data",
            short(
                json!({"serpapi_api_key": "secret-key", "input_value": "ants", "search_params": {"hl": "de"}}),
            ),
            vec![("https://serpapi.com/search", organic.clone())],
            &["q=ants", "hl=de", "engine=google"],
            result.clone(),
        ),
        case(
            "SerpAPI",
            "api_run_model",
            short(json!({"serpapi_api_key": "secret-key", "input_value": "ants"})),
            vec![("https://serpapi.com/search", organic)],
            &["q=ants", "hl=en"],
            result,
        ),
        case(
            "GoogleSerperAPICore",
            "results",
            json!({"serper_api_key": "secret-key", "input_value": "ants", "k": 1}),
            vec![(
                "https://google.serper.dev/search",
                json!({"organic": [{"title": "A", "link": "l", "snippet": "s", "position": 1}, {}]}),
            )],
            &["POST", "x-api-key", "\"q\":\"ants\"", "\"num\":1"],
            json!([{"title": "A", "link": "l", "snippet": "s"}]),
        ),
        case(
            "GoogleSerperAPI",
            "api_run_model",
            json!({"serper_api_key": "secret-key", "query": "ants", "query_type": "news", "query_params": {"gl": "de"}}),
            vec![("https://google.serper.dev/news", json!({"news": [{"title": "A", "snippet": "s"}]}))],
            &["\"gl\":\"de\""],
            json!([{"title": "A", "text": "s"}]),
        ),
        case(
            "GoogleSearchAPICore",
            "results",
            json!({"google_api_key": "secret-key", "google_cse_id": "engine", "input_value": "ants", "k": 99}),
            vec![(
                "https://www.googleapis.com/customsearch/v1",
                json!({"items": [{"title": "A", "link": "l", "snippet": "s"}]}),
            )],
            &["num=10", "cx=engine"],
            json!([{"title": "A", "link": "l", "snippet": "s"}]),
        ),
        case(
            "GoogleSearchAPI",
            "api_run_model",
            json!({"google_api_key": "secret-key", "google_cse_id": "engine", "input_value": "ants"}),
            vec![(
                "https://www.googleapis.com/customsearch/v1",
                json!({"items": [{"title": "A", "link": "l", "snippet": "s"}]}),
            )],
            &["num=4"],
            json!([{"title": "A"}]),
        ),
        case(
            "BingSearchAPI",
            "dataframe",
            json!({"bing_subscription_key": "secret-key", "input_value": "ants"}),
            vec![(
                "https://api.bing.microsoft.com/v7.0/search",
                json!({"webPages": {"value": [{"name": "A", "url": "u", "snippet": "s"}]}}),
            )],
            &["ocp-apim-subscription-key", "q=ants&count=4"],
            json!([{"title": "A", "link": "u", "snippet": "s"}]),
        ),
        case(
            "DuckDuckGoSearchComponent",
            "dataframe",
            json!({"input_value": "ants", "max_snippet_length": 3}),
            vec![(
                "https://html.duckduckgo.com/html/",
                json!(
                    "<div class=result><a class=result__a href='https://a.example/'>Ants</a><a class=result__snippet>march</a></div>"
                ),
            )],
            &["q=ants"],
            json!([{"title": "Ants", "link": "https://a.example/", "snippet": "mar"}]),
        ),
    ]
}

fn pages() -> Vec<Case> {
    let fire = |path: &'static str| path;
    vec![
        case(
            "FirecrawlScrapeApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "scrapeOptions": {"$data": {"formats": ["html"]}}}),
            vec![(
                fire("https://api.firecrawl.dev/v1/scrape"),
                json!({"success": true, "data": {"html": "<p>"}}),
            )],
            &["authorization\": Sensitive", "\"formats\":[\"html\"]"],
            json!({"html": "<p>"}),
        ),
        case(
            "FirecrawlCrawlApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "crawlerOptions": {"$data": {"limit": 3}}}),
            vec![
                ("https://api.firecrawl.dev/v1/crawl", json!({"success": true, "id": "job1"})),
                (
                    "https://api.firecrawl.dev/v1/crawl/job1",
                    json!({"status": "completed", "data": [{"markdown": "m"}]}),
                ),
            ],
            &["\"limit\":3", "GET https://api.firecrawl.dev/v1/crawl/job1"],
            json!({"results": [{"markdown": "m"}]}),
        ),
        case(
            "FirecrawlMapApi",
            "data",
            json!({"api_key": "secret-key", "urls": "https://a.example\nhttps://b.example", "sitemap_only": true}),
            vec![("https://api.firecrawl.dev/v1/map", json!({"success": true, "links": ["x"]}))],
            &["\"sitemapOnly\":true"],
            json!({"success": true, "links": ["x", "x"]}),
        ),
        case(
            "FirecrawlExtractApi",
            "data",
            json!({"api_key": "secret-key", "urls": "https://a.example/*", "prompt": "legs", "schema": {"$data": {"type": "object"}}}),
            vec![
                ("https://api.firecrawl.dev/v1/extract", json!({"success": true, "id": "job2"})),
                (
                    "https://api.firecrawl.dev/v1/extract/job2",
                    json!({"status": "completed", "data": {"legs": 6}}),
                ),
            ],
            &["\"schema\":{\"type\":\"object\"}"],
            json!({"legs": 6}),
        ),
        case(
            "AgentQL",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "prompt": "legs", "wait_for": 2}),
            vec![(
                "https://api.agentql.com/v1/query-data",
                json!({"data": {"legs": 6}, "metadata": {"request_id": "r"}}),
            )],
            &["x-api-key", "\"prompt\":\"legs\"", "\"wait_for\":2"],
            json!({"result": {"legs": 6}, "metadata": {"request_id": "r"}}),
        ),
        case(
            "ApifyActors",
            "output",
            json!({"apify_token": "secret-key", "actor_id": "apify/crawler", "run_input": "{\"a\": 1}", "dataset_fields": "text, meta.n", "flatten_dataset": true}),
            vec![
                ("https://api.apify.com/v2/acts/apify~crawler/runs", json!({"data": {"id": "run1"}})),
                (
                    "https://api.apify.com/v2/actor-runs/run1",
                    json!({"data": {"status": "SUCCEEDED", "defaultDatasetId": "set1"}}),
                ),
                (
                    "https://api.apify.com/v2/datasets/set1/items",
                    json!([{"text": "t", "meta": {"n": 1}, "x": 2}]),
                ),
            ],
            &["{\"a\":1}", "authorization\": Sensitive"],
            json!([{"text": "t", "meta.n": 1}]),
        ),
        case(
            "ScrapeGraphSmartScraperApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example", "prompt": "legs"}),
            vec![("https://api.scrapegraphai.com/v1/smartscraper", json!({"result": {"legs": 6}}))],
            &["sgai-apikey", "\"website_url\":\"https://a.example\"", "\"user_prompt\":\"legs\""],
            json!({"result": {"legs": 6}}),
        ),
        case(
            "ScrapeGraphMarkdownifyApi",
            "data",
            json!({"api_key": "secret-key", "url": "https://a.example"}),
            vec![("https://api.scrapegraphai.com/v1/markdownify", json!({"result": "# A"}))],
            &["website_url"],
            json!({"result": "# A"}),
        ),
        case(
            "ScrapeGraphSearchApi",
            "data",
            json!({"api_key": "secret-key", "user_prompt": "legs of ants"}),
            vec![("https://api.scrapegraphai.com/v1/searchscraper", json!({"result": "6"}))],
            &["legs of ants"],
            json!({"result": "6"}),
        ),
    ]
}

fn knowledge() -> Vec<Case> {
    let wikipedia = || {
        vec![
            (
                "https://de.wikipedia.org/w/api.php?action=query&format=json&list=search",
                json!({"query": {"search": [{"title": "Ameise", "snippet": "eine <b>Ameise</b>"}]}}),
            ),
            (
                "https://de.wikipedia.org/w/api.php?action=query&format=json&prop=extracts",
                json!({"query": {"pages": {"7": {"title": "Ameise", "extract": "Ameisen sind Insekten", "fullurl": "https://de.wikipedia.org/wiki/Ameise"}}}}),
            ),
        ]
    };
    let article = json!([{"title": "Ameise", "text": "Ameisen", "summary": "eine Ameise", "source": "https://de.wikipedia.org/wiki/Ameise"}]);
    let wikidata =
        json!({"search": [{"id": "Q7386", "label": "ant", "description": "insect", "url": "//w"}]});
    let news =
        json!({"news": [{"title": "Up", "link": "l", "publisher": "P"}, {"title": "Down", "link": "m"}]});
    vec![
        case(
            "WikipediaComponent",
            "dataframe",
            json!({"input_value": "Ameise", "lang": "de", "k": 1, "doc_content_chars_max": 7}),
            wikipedia(),
            &["srsearch=Ameise&srlimit=1", "titles=Ameise"],
            article.clone(),
        ),
        case(
            "WikipediaAPI",
            "api_run_model",
            json!({"input_value": "Ameise", "lang": "de", "k": 1, "doc_content_chars_max": 7}),
            wikipedia(),
            &["srsearch=Ameise"],
            article,
        ),
        case(
            "WikidataComponent",
            "dataframe",
            json!({"query": "ant"}),
            vec![("https://www.wikidata.org/w/api.php", wikidata.clone())],
            &["search=ant"],
            json!([{"id": "Q7386", "label": "ant", "text": "ant: insect"}]),
        ),
        case(
            "WikidataAPI",
            "api_run_model",
            json!({"query": "ant"}),
            vec![("https://www.wikidata.org/w/api.php", wikidata)],
            &["wbsearchentities"],
            json!([{"id": "Q7386"}]),
        ),
        case(
            "WolframAlphaAPI",
            "dataframe",
            json!({"app_id": "secret-key", "input_value": "legs of an ant"}),
            vec![("https://www.wolframalpha.com/api/v1/llm-api", json!("6"))],
            &["input=legs+of+an+ant", "authorization"],
            json!([{"text": "6"}]),
        ),
        case(
            "needle",
            "result",
            json!({"needle_api_key": "secret-key", "collection_id": "clt_1", "query": "ants"}),
            vec![(
                "https://search.needle.app/api/v1/collections/clt_1/search",
                json!({"result": [{"content": "march"}, {"content": "dig"}]}),
            )],
            &["x-api-key", "\"text\":\"ants\""],
            json!("Question: ants\n\nContext:\nmarch\n\ndig"),
        ),
        case(
            "YfinanceComponent",
            "dataframe",
            json!({"symbol": "ant", "num_news": 1}),
            vec![("https://query1.finance.yahoo.com/v1/finance/search", news.clone())],
            &["q=ANT&newsCount=1"],
            json!([{"title": "Up", "link": "l", "publisher": "P"}]),
        ),
        case(
            "YahooFinanceTool",
            "api_run_model",
            json!({"symbol": "ANT", "method": "get_balance_sheet"}),
            vec![
                ("https://fc.yahoo.com/", json!("")),
                ("https://query1.finance.yahoo.com/v1/test/getcrumb", json!("crumb1")),
                (
                    "https://query1.finance.yahoo.com/v10/finance/quoteSummary/ANT",
                    json!({"quoteSummary": {"result": [{"sheet": 1}]}}),
                ),
            ],
            &["modules=balanceSheetHistory&crumb=crumb1"],
            json!([{"text": "{\"sheet\":1}"}]),
        ),
    ]
}

fn video() -> Vec<Case> {
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

fn notes() -> Vec<Case> {
    let rich = |text: &str| json!([{"plain_text": text}]);
    vec![
        case(
            "NotionSearch",
            "api_run_model",
            json!({"notion_secret": "secret-key", "query": "ants"}),
            vec![(
                "https://api.notion.com/v1/search",
                json!({"results": [{"id": "p1", "object": "page", "url": "u", "properties": {"Name": {"title": rich("Ants")}}}]}),
            )],
            &["notion-version", "\"query\":\"ants\"", "\"direction\":\"descending\""],
            json!([{"id": "p1", "title": "Ants"}]),
        ),
        case(
            "NotionUserList",
            "api_run_model",
            json!({"notion_secret": "secret-key"}),
            vec![(
                "https://api.notion.com/v1/users",
                json!({"results": [{"id": "u1", "name": "Ann", "type": "person"}]}),
            )],
            &["GET"],
            json!([{"id": "u1", "name": "Ann"}]),
        ),
        case(
            "NotionListPages",
            "api_run_model",
            json!({"notion_secret": "secret-key", "database_id": "d1", "query_json": "{\"page_size\": 5}"}),
            vec![(
                "https://api.notion.com/v1/databases/d1/query",
                json!({"results": [{"id": "p1", "url": "u", "properties": {"n": 1}}]}),
            )],
            &["{\"page_size\":5}"],
            json!([{"id": "p1", "properties": {"n": 1}}]),
        ),
        case(
            "NotionDatabaseProperties",
            "api_run_model",
            json!({"notion_secret": "secret-key", "database_id": "d1"}),
            vec![(
                "https://api.notion.com/v1/databases/d1",
                json!({"properties": {"Name": {"type": "title"}}}),
            )],
            &["GET"],
            json!({"properties": {"Name": {"type": "title"}}}),
        ),
        case(
            "NotionPageCreator",
            "api_run_model",
            json!({"notion_secret": "secret-key", "database_id": "d1", "properties_json": "{\"Name\": {}}"}),
            vec![("https://api.notion.com/v1/pages", json!({"id": "p2"}))],
            &["\"database_id\":\"d1\""],
            json!({"id": "p2", "text": "Made the page p2"}),
        ),
        case(
            "NotionPageUpdate",
            "api_run_model",
            json!({"notion_secret": "secret-key", "page_id": "p1", "properties": "{\"n\": 2}"}),
            vec![("https://api.notion.com/v1/pages/p1", json!({"id": "p1"}))],
            &["PATCH", "{\"properties\":{\"n\":2}}"],
            json!({"id": "p1"}),
        ),
        case(
            "NotionPageContent",
            "api_run_model",
            json!({"notion_secret": "secret-key", "page_id": "p1"}),
            vec![(
                "https://api.notion.com/v1/blocks/p1/children",
                json!({"results": [
                {"type": "heading_1", "heading_1": {"rich_text": rich("Ants")}},
                {"type": "to_do", "to_do": {"rich_text": rich("march"), "checked": true}}]}),
            )],
            &["page_size=100"],
            json!({"text": "# Ants\n- [x] march"}),
        ),
        case(
            "AddContentToPage",
            "api_run_model",
            json!({"notion_secret": "secret-key", "block_id": "p1", "markdown_text": "# Ants\nmarch"}),
            vec![("https://api.notion.com/v1/blocks/p1/children", json!({"results": []}))],
            &["PATCH", "heading_1", "paragraph"],
            json!({"text": "Added 2 blocks"}),
        ),
    ]
}

/// The tools of older nodes carry their own names and answer with what they find.
#[tokio::test]
async fn tools_of_services_are_called() {
    for (key, output, fields, web_answers, call, expect) in [
        (
            "WikidataAPI",
            "api_build_tool",
            json!({}),
            vec![("https://www.wikidata.org/w/api.php", json!({"search": [{"id": "Q1", "label": "ant"}]}))],
            json!({"query": "ant"}),
            "Q1",
        ),
        (
            "NotionListPages",
            "api_build_tool",
            json!({"notion_secret": "secret-key"}),
            vec![("https://api.notion.com/v1/databases/d9/query", json!({"results": [{"id": "p1"}]}))],
            json!({"database_id": "d9"}),
            "p1",
        ),
        (
            "SearXNGTool",
            "result_tool",
            json!({"url": "https://searx.example/", "categories": ["it"]}),
            vec![(
                "https://searx.example/search?q=ants&format=json&categories=it",
                json!({"results": [{"title": "Ants"}]}),
            )],
            json!({"query": "ants"}),
            "Ants",
        ),
        (
            "ExaSearch",
            "tools",
            json!({"metaphor_api_key": "secret-key"}),
            vec![("https://api.exa.ai/search", json!({"results": [{"title": "Ants"}]}))],
            json!({"query": "ants"}),
            "Ants",
        ),
    ] {
        let Value::Tools(tools) = run(&web(&web_answers), key, &fields, output).await.unwrap() else {
            panic!("{key}")
        };
        let answer = tools[0].call(call).await.unwrap();
        assert!(answer.text.contains(expect), "{key}: {}", answer.text);
    }
}
