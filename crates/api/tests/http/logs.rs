//! Lines of the log, for superusers.

use langflow_app::log_lines::lines;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::json;

#[tokio::test]
async fn lines_are_read_around_a_time_and_as_they_come() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    let get = |path: &str| app.get(path).bearer(&admin).send();
    assert_eq!(get("/logs").await.status, 501);
    assert_eq!(get("/logs-stream").await.status, 501);
    lines().keep(100);
    for (at, text) in [(10, "a"), (20, "b"), (30, "c")] {
        lines().add(at, text);
    }
    for (query, status, expected) in [
        ("", 200, json!({"10": "a", "20": "b", "30": "c"})),
        ("?lines_before=1", 200, json!({"30": "c"})),
        ("?lines_before=1&timestamp=25", 200, json!({"20": "b"})),
        ("?lines_after=1&timestamp=15", 200, json!({"20": "b"})),
        (
            "?lines_after=1",
            400,
            json!({"detail": "Timestamp is required when requesting logs after the timestamp"}),
        ),
    ] {
        let answer = get(&format!("/logs{query}")).await;
        assert_eq!((answer.status, answer.json()), (status, expected), "{query}");
    }
    assert_eq!(get("/logs?lines_before=1&lines_after=1&timestamp=5").await.status, 400);
    assert_eq!(get("/logs?lines_before=x").await.status, 422);
    let mut stream = app.get("/logs-stream").bearer(&admin).stream().await.unwrap();
    lines().add(40, "d");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "{\"40\":\"d\"}\n\n");
    let (_, token) = app.new_user("ada", "ada-password-1").await;
    assert_eq!(app.get("/logs").bearer(&token).send().await.status, 403);
    lines().keep(0);
}
