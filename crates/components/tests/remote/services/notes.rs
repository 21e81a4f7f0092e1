//! Notion.

use super::{Case, case};
use serde_json::json;

pub fn cases() -> Vec<Case> {
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
