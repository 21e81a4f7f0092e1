//! What answers without a credential. Whoever adds to this list opens the server a little: say why in review.

use langflow_api::access::Access;

const OPEN: [&str; 38] = [
    "ANY /api/v1/folders/",
    "ANY /api/v1/folders/{*rest}",
    "ANY /api/v1/store/check/",
    "ANY /api/v1/store/tags",
    "ANY /docs",
    "ANY /docs/docs.css",
    "ANY /docs/docs.js",
    "ANY /openapi.json",
    "DELETE /api/v1/monitor/messages/shared/session/{session_id}",
    "GET /api/v1/auto_login",
    // Files of visitors, off unless the operator gives them a size: one's own images, and one more file.
    "GET /api/v1/build_public_tmp/{flow_id}/files/{file_name}",
    "GET /api/v1/build_public_tmp/{job_id}/events",
    "GET /api/v1/config",
    "GET /api/v1/files/profile_pictures/list",
    "GET /api/v1/files/profile_pictures/{folder_name}/{file_name}",
    "GET /api/v1/flows/basic_examples/",
    "GET /api/v1/flows/public_flow/{flow_id}",
    "GET /api/v1/monitor/messages/shared",
    "GET /api/v1/monitor/messages/shared/sessions",
    "GET /api/v1/session",
    "GET /api/v1/version",
    "GET /health",
    "GET /health_check",
    "GET /healthz",
    "HEAD /api/v1/mcp/project/{project_id}/sse",
    "HEAD /api/v1/mcp/project/{project_id}/streamable",
    "HEAD /api/v1/mcp/sse",
    "HEAD /api/v1/mcp/streamable",
    "PATCH /api/v1/monitor/messages/shared/session/{session_id}",
    "POST /api/v1/build_public_tmp/{flow_id}/files",
    "POST /api/v1/build_public_tmp/{flow_id}/flow",
    "POST /api/v1/build_public_tmp/{job_id}/cancel",
    "POST /api/v1/login",
    "POST /api/v1/logout",
    "POST /api/v1/refresh",
    "POST /api/v1/users/",
    "POST /api/v2/workflows/public",
    "PUT /api/v1/monitor/messages/shared/{message_id}",
];

#[test]
fn the_open_surface_is_this_list() {
    let all = langflow_api::routes::all();
    let mut open: Vec<String> = all
        .table()
        .iter()
        .filter(|route| matches!(route.access, Access::Public | Access::Optional))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    open.sort();
    assert_eq!(open, OPEN);
}

/// Clients are made from the document: two operations of one name would be one function.
#[test]
fn operations_have_names_of_their_own() {
    let document = serde_json::to_value(langflow_api::routes::all().openapi()).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(name) = operation["operationId"].as_str() else { continue };
            let place = format!("{method} {path}");
            if let Some(other) = seen.insert(name.to_owned(), place.clone()) {
                panic!("{place} and {other} are both called {name}: give one an `operation_id`");
            }
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}
