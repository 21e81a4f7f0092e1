//! Encyclopedias and figures.

use super::{Case, case};
use serde_json::json;

pub fn cases() -> Vec<Case> {
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
