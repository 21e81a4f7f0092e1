//! The node SQL Database against real servers, where the environment names them: a flow asks, an agent asks.

use crate::bad_input::graph::Graph;
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::json;

#[tokio::test]
async fn flows_and_agents_ask_databases() {
    for variable in ["LANGFLOW_TEST_POSTGRES_URL", "LANGFLOW_TEST_MYSQL_URL"] {
        #[expect(clippy::disallowed_methods, reason = "tests are told in the environment where servers are")]
        let Ok(url) = std::env::var(variable) else {
            println!("skipped: {variable} names no server");
            continue;
        };
        ask(&url).await;
    }
}

async fn ask(url: &str) {
    let app = TestApp::start(Setup::default().with_network()).await;
    let model = FakeModel::start().await;
    let user = app.caller("ann").await;
    let key = user.post("/api/v1/api_key/", &json!({"name": "test"})).await.field("api_key");
    let user = user.header("x-api-key", &key);
    let address = json!({"name": "OPENAI_BASE_URL", "value": model.openai_url(), "type": "Credential", "default_fields": []});
    assert_eq!(user.post("/api/v1/variables/", &address).await.status, 201);
    let catalogue = langflow_components::catalogue();
    let chat = || Graph::chat(&catalogue);
    let query = "SELECT n, n * 2 AS twice FROM (SELECT 1 AS n UNION ALL SELECT 2) t ORDER BY n";
    let flow = Graph::output(&catalogue)
        .node("Sql-s", "SQLComponent", json!({"database_url": url, "query": query}))
        .edge("Sql-s.run_sql_query > ChatOutput-out.input_value");
    let picked = json!([{"name": "gpt-4o-mini", "provider": "OpenAI"}]);
    let agent = chat()
        .node("Agent-a", "Agent", json!({"model": picked, "api_key": "sk-x"}))
        .tool("Sql-s", "SQLComponent", json!({"database_url": url}))
        .edge("ChatInput-in.message > Agent-a.input_value")
        .edge("Sql-s.component_as_tool > Agent-a.tools")
        .edge("Agent-a.response > ChatOutput-out.input_value");
    let write = r#"call run_sql_query {"query": "CREATE TABLE ants (a INTEGER)"}"#;
    let read = r#"call run_sql_query {"query": "SELECT 40 + 2 AS answer"}"#;
    for (graph, input, says) in
        [(&flow, "go", "|   2 |       4 |"), (&agent, read, "42"), (&agent, write, "LANGFLOW_SQL_WRITES")]
    {
        let made = user.post("/api/v1/flows/", &json!({"name": "sql", "data": graph.json()})).await;
        let path = format!("/api/v1/run/{}", made.field("id"));
        let ran = user.post(&path, &json!({"input_value": input, "session_id": says})).await;
        assert!(ran.status == 200 && ran.text.contains(says), "{input}: {} {}", ran.status, ran.text);
    }
}
