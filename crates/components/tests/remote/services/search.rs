//! Search engines.

use super::{Case, case};
use langflow_core::Json;
use serde_json::json;

pub fn cases() -> Vec<Case> {
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
