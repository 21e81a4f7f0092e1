//! Flows over HTTP: what is kept, what is refused, and in which words.

use langflow_testkit::caller::Caller;
use langflow_testkit::test_app::{Answer, Setup, TestApp};
use serde_json::{Value, json};

async fn make(client: &Caller<'_>, body: Value) -> Value {
    let answer = client.post("/api/v1/flows/", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn path_of(flow: &Value) -> String {
    format!("/api/v1/flows/{}", flow["id"].as_str().unwrap_or_default())
}

fn detail(answer: &Answer) -> Value {
    answer.json()["detail"].clone()
}

#[tokio::test]
async fn a_flow_reads_back_as_it_was_written() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    // Numbers that no double holds, key order, unknown keys, an escape kept as written.
    let data = r#"{"viewport":{"y":1.10,"x":-0.0},"nodes":[{"id":"a","zzz":12345678901234567890123,"data":{"é":"\u00e9"}}],"edges":[],"later":null}"#;
    let body = format!(r#"{{"name":"Lossless","data":{data},"unknown":1}}"#);
    let made = user.post_raw("/api/v1/flows/", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.text.contains(data), "{}", made.text);
    let read = user.get(&path_of(&made.json())).await;
    assert!(read.text.contains(data), "{}", read.text);
    let keys: Vec<String> = read.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys.join(" "),
        "name description icon icon_bg_color gradient data is_component updated_at webhook endpoint_name tags \
         locked mcp_enabled action_name action_description access_type flow_type a2a_enabled a2a_card_overrides \
         id user_id folder_id workspace_id name_key version_token"
    );
}

#[tokio::test]
async fn taken_names_get_numbers_and_ids_are_refused() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let first = make(&user, json!({"name": "Blank", "endpoint_name": "echo"})).await;
    let second = make(&user, json!({"name": "Blank", "endpoint_name": "echo"})).await;
    assert_eq!((&second["name"], &second["endpoint_name"]), (&json!("Blank (1)"), &json!("echo-1")));
    assert_eq!(make(&user, json!({"name": "Blank"})).await["name"], "Blank (2)");
    let other = server.caller("bob").await;
    assert_eq!(
        make(&other, json!({"name": "Blank", "endpoint_name": "echo"})).await["endpoint_name"],
        "echo"
    );
    let cases = [
        (json!({"name": "x", "id": first["id"]}), "Id must be unique"),
        (
            json!({"name": "x", "id": "11111111-1111-5111-8111-111111111111"}),
            "UUID5 flow IDs are reserved for public execution histories.",
        ),
    ];
    for (body, expected) in cases {
        let answer = other.post("/api/v1/flows/", &body).await;
        assert_eq!((answer.status, detail(&answer)), (400, json!(expected)));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_named_field_by_field() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let bad = json!({
        "endpoint_name": "bad name!", "icon_bg_color": "red", "data": {"nodes": []}, "access_type": "WEIRD", "id": "abc"
    });
    let answer = user.post("/api/v1/flows/", &bad).await;
    assert_eq!(answer.status, 422);
    let problems = detail(&answer);
    let seen: Vec<(String, String)> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["loc"][1].as_str().unwrap().to_owned(), p["msg"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ("name", "Field required"),
        ("icon_bg_color", "Value error, Icon background color must start with #"),
        ("data", "Value error, Flow must have edges"),
        (
            "endpoint_name",
            "Value error, Endpoint name must contain only letters, numbers, hyphens, and underscores",
        ),
        ("access_type", "Input should be 'PRIVATE' or 'PUBLIC'"),
        ("id", "Input should be a valid UUID, invalid length: expected length 32 for simple format, found 3"),
    ];
    assert_eq!(seen, expected.map(|(field, msg)| (field.to_owned(), msg.to_owned())));
    for (body, status) in [("{bad", 422), ("", 422), ("[]", 422), ("\"x\"", 422), ("null", 422)] {
        let answer = user.post_raw("/api/v1/flows/", body).await;
        assert_eq!(answer.status, status, "{body}");
        assert!(detail(&answer)[0]["loc"][0] == "body", "{}", answer.text);
    }
    let wrong = user.get("/api/v1/flows/?get_all=false&page=0&size=1000").await;
    assert_eq!((wrong.status, detail(&wrong).as_array().unwrap().len()), (422, 2));
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    make(&user, json!({"name": "Taken", "endpoint_name": "taken"})).await;
    let flow = make(&user, json!({"name": "F", "endpoint_name": "f", "tags": ["a"]})).await;
    let path = path_of(&flow);
    let cases = [
        (json!({"name": "Taken"}), 400, json!("Name must be unique")),
        (json!({"endpoint_name": "taken"}), 400, json!("Endpoint name must be unique")),
    ];
    for (body, status, expected) in cases {
        let answer = user.patch(&path, &body).await;
        assert_eq!((answer.status, detail(&answer)), (status, expected));
    }
    let kept = user
        .patch(&path, &json!({"description": "d", "tags": ["b"], "folder_id": flow["user_id"]}))
        .await
        .json();
    assert_eq!(kept["endpoint_name"], "f", "an absent endpoint name stays");
    assert_eq!((&kept["tags"], &kept["folder_id"]), (&json!(["a"]), &flow["folder_id"]));
    assert_eq!(kept["version_token"], flow["version_token"], "the token follows the graph alone");
    assert_eq!(user.patch(&path, &json!({"endpoint_name": null})).await.json()["endpoint_name"], Value::Null);
    assert_eq!(user.patch(&path, &json!({"endpoint_name": ""})).await.status, 422);
    assert_eq!(user.patch(&path, &json!({"data": {"foo": 1}})).await.status, 422);
    let hook = json!({"nodes": [{"id": "Webhook-x"}], "edges": []});
    assert_eq!(user.patch(&path, &json!({"data": hook})).await.json()["webhook"], true);
    let unknown =
        user.patch("/api/v1/flows/00000000-0000-4000-8000-000000000000", &json!({"name": "x"})).await;
    assert_eq!((unknown.status, detail(&unknown)), (404, json!("Flow not found")));
}

#[tokio::test]
async fn a_locked_flow_takes_only_its_unlocking() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let flow = make(&user, json!({"name": "F"})).await;
    let path = path_of(&flow);
    assert_eq!(user.patch(&path, &json!({"locked": true})).await.json()["locked"], true);
    for body in [json!({"name": "G"}), json!({"name": "G", "locked": false})] {
        let answer = user.patch(&path, &body).await;
        assert_eq!(answer.status, 423, "{body}");
        assert_eq!(detail(&answer), "Flow is locked. Unlock it before making changes.");
    }
    assert_eq!(user.patch(&path, &json!({"name": "F", "locked": false})).await.json()["locked"], false);
}

#[tokio::test]
async fn a_save_of_what_changed_touches_nothing_else() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let data =
        json!({"nodes": [{"id": "a", "kept": 1.5}, {"id": "b"}], "edges": [{"id": "e"}], "unknown": [1]});
    let flow = make(&user, json!({"name": "F", "data": data})).await;
    let path = path_of(&flow);
    let token = flow["version_token"].as_str().unwrap();
    let changes =
        json!({"graph_changes": {"nodes": [{"id": "b", "new": true}, {"id": "c"}], "removed_edges": ["e"]}});
    let blind = user.patch(&path, &changes).await;
    assert_eq!((blind.status, detail(&blind).to_string().contains("If-Match")), (400, true));
    let save = |body: serde_json::Value| {
        let user = user.clone().header("if-match", token);
        let path = path.clone();
        async move { user.patch(&path, &body).await }
    };
    assert_eq!(save(json!({"graph_changes": {"node": []}})).await.status, 422);
    // What cannot be applied with it is refused by name, all of it, and nothing is changed.
    for (beside, named) in [
        (json!({"data": {"nodes": [], "edges": []}}), vec!["data"]),
        (json!({"icon": "x", "tags": [], "name": "G"}), vec!["icon", "tags"]),
        (json!({"name": 1, "nodes": []}), vec!["nodes", "name"]),
    ] {
        let mut body = changes.clone();
        body.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        let refused = save(body).await;
        let places: Vec<_> =
            detail(&refused).as_array().unwrap().iter().map(|p| p["loc"][1].clone()).collect();
        assert_eq!((refused.status, json!(places)), (422, json!(named)), "{beside}");
    }
    assert_eq!(user.get(&path).await.json(), flow);
    let saved = save(changes.clone()).await;
    assert_eq!((saved.status, &saved.json()["data"]), (200, &json!(null)));
    let expected = json!({"nodes": [{"id": "a", "kept": 1.5}, {"id": "b", "new": true}, {"id": "c"}], "edges": [],
        "unknown": [1]});
    let read = user.get(&path).await.json();
    assert_eq!(read["data"], expected);
    assert_eq!(read["version_token"], saved.json()["version_token"]);
    assert_eq!(save(changes).await.status, 409, "the token is that of the graph before");
    // Everything else that a save changes is changed with it.
    let with_token = user.clone().header("if-match", read["version_token"].as_str().unwrap());
    let both = json!({"graph_changes": {"removed_nodes": ["c"]}, "name": "G", "description": "d",
        "endpoint_name": "both", "access_type": "PUBLIC", "locked": true});
    let saved = with_token.patch(&path, &both).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let read = user.get(&path).await.json();
    for key in ["name", "description", "endpoint_name", "access_type", "locked"] {
        assert_eq!((&saved.json()[key], &read[key]), (&both[key], &both[key]), "{key}");
    }
    assert_eq!(read["data"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(read["version_token"], saved.json()["version_token"]);
    let token_now = read["version_token"].as_str().unwrap();
    let locked = user.clone().header("if-match", token_now).patch(&path, &json!({"graph_changes": {}})).await;
    assert_eq!(locked.status, 423);
    let other = server.caller("bob").await.header("if-match", token);
    assert_eq!(other.patch(&path, &json!({"graph_changes": {}})).await.status, 404);
}

#[tokio::test]
async fn a_stale_save_is_refused_and_a_blind_one_keeps_what_it_replaces() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let graph = |n: u8| json!({"nodes": [{"id": format!("n{n}")}], "edges": []});
    let flow = make(&user, json!({"name": "F", "data": graph(1)})).await;
    let path = path_of(&flow);
    let token = flow["version_token"].as_str().unwrap();
    let saved = user
        .clone()
        .header("if-match", &format!("W/\"{token}\""))
        .patch(&path, &json!({"data": graph(2)}))
        .await;
    assert_eq!(saved.status, 200);
    assert_ne!(saved.json()["version_token"], flow["version_token"]);
    let stale = user.clone().header("if-match", token).patch(&path, &json!({"data": graph(3)})).await;
    assert_eq!(stale.status, 409);
    assert_eq!(detail(&stale)["code"], "flow_version_conflict");
    assert_eq!(detail(&stale)["current_version_token"], saved.json()["version_token"]);
    assert_eq!(detail(&stale)["modified_by"]["username"], "ann");
    let renamed = user.clone().header("if-match", token).patch(&path, &json!({"name": "G"})).await;
    assert_eq!(renamed.status, 200, "only the graph is guarded");
    let bad = user.clone().header("if-match", "zzz").patch(&path, &json!({"name": "G"})).await;
    assert_eq!((bad.status, detail(&bad)), (400, json!("Invalid If-Match header: expected a version token")));

    let versions = format!("{path}/versions/");
    assert_eq!(user.get(&versions).await.json()["entries"], json!([]));
    user.patch(&path, &json!({"data": graph(4)})).await;
    let entries = user.get(&versions).await.json()["entries"].clone();
    assert_eq!((entries.as_array().unwrap().len(), &entries[0]["username"]), (1, &json!("ann")));
    let kept = user.get(&format!("{versions}{}", entries[0]["id"].as_str().unwrap())).await.json();
    assert_eq!(kept["data"], graph(2));
    let back =
        user.post(&format!("{versions}{}/activate", entries[0]["id"].as_str().unwrap()), &json!({})).await;
    assert_eq!((back.status, back.json()["data"].clone()), (200, graph(2)));
    let none = user.post(&format!("{path}/overwrite"), &json!({"data": graph(5)})).await;
    assert_eq!(none.status, 428);
    let state = user.get(&format!("{path}/version-state")).await.json();
    let token = state["version_token"].as_str().unwrap();
    let done = user
        .clone()
        .header("if-match", token)
        .post(&format!("{path}/overwrite"), &json!({"data": graph(5)}))
        .await;
    assert_eq!((done.status, done.json()["data"].clone()), (200, graph(5)));
}

#[tokio::test]
async fn somebody_elses_flow_is_not_there() {
    let server = TestApp::start(Setup::default()).await;
    let (ann, bob) = (server.caller("ann").await, server.caller("bob").await);
    let flow = make(&ann, json!({"name": "F", "data": {"nodes": [], "edges": []}})).await;
    let path = path_of(&flow);
    let id = flow["id"].clone();
    let answers = [
        bob.get(&path).await,
        bob.patch(&path, &json!({"name": "x"})).await,
        bob.put(&path, &json!({"name": "x"})).await,
        bob.delete(&path).await,
        bob.get(&format!("{path}/versions/")).await,
        bob.get(&format!("{path}/version-state")).await,
        bob.post(&format!("{path}/fork"), &json!({})).await,
        bob.get(&format!("{path}/events?since=0")).await,
        bob.post("/api/v1/flows/download/", &json!([id])).await,
        bob.upload(&format!("/api/v1/files/upload/{}", id.as_str().unwrap()), "a.txt", "x").await,
        server.anonymous().get(&format!("/api/v1/flows/public_flow/{}", id.as_str().unwrap())).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 404, "{}", answer.text);
    }
    assert_eq!(bob.delete_all("/api/v1/flows/", &json!([id])).await.json()["deleted"], 0);
    let taken =
        bob.upload("/api/v1/flows/upload/", "f.json", json!({"name": "F", "id": id}).to_string()).await;
    assert_ne!(taken.json()[0]["id"], id, "an upload under another's id makes a flow of its own");
    assert_eq!(ann.get(&path).await.status, 200);
}

#[tokio::test]
async fn files_go_out_and_come_back() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let code = json!({"nodes": [{"id": "c", "selected": true, "data": {"node": {"template": {
        "code": {"type": "code", "value": "a\nb"}, "key": {"password": true, "value": "sk-1"}}}}}], "edges": []});
    let one = make(&user, json!({"name": "One", "data": code})).await;
    let two = make(&user, json!({"name": "Two/../x"})).await;
    let single = user.post("/api/v1/flows/download/", &json!([one["id"]])).await;
    let template = single.json()["data"]["nodes"][0]["data"]["node"]["template"].clone();
    assert_eq!(template["code"]["value"], json!(["a", "b"]));
    assert_eq!(template["key"]["value"], "");
    assert!(single.json().get("user_id").is_none() && single.json().get("folder_id").is_none());
    let zip = user.post("/api/v1/flows/download/", &json!([one["id"], two["id"]])).await;
    assert_eq!(zip.header("content-type"), Some("application/x-zip-compressed"));
    assert!(zip.header("content-disposition").unwrap().contains("_langflow_flows.zip\""));
    let gone = user.delete_all("/api/v1/flows/", &json!([one["id"], two["id"], two["user_id"]])).await;
    assert_eq!(gone.json(), json!({"deleted": 2}));
    assert_eq!(detail(&user.post("/api/v1/flows/download/", &json!([one["id"]])).await), "No flows found.");
    let back = user.upload("/api/v1/flows/upload/", "f.zip", zip.bytes.to_vec()).await;
    assert_eq!((back.status, back.json().as_array().unwrap().len()), (201, 2), "{}", back.text);
    let code_back =
        user.get(&path_of(&one)).await.json()["data"]["nodes"][0]["data"]["node"]["template"]["code"].clone();
    assert_eq!(code_back["value"], "a\nb");
    let again = user.upload("/api/v1/flows/upload/", "f.json", single.bytes.to_vec()).await;
    assert_eq!(again.json()[0]["id"], one["id"], "a known id is changed in place");
    assert_eq!(user.get("/api/v1/flows/").await.json().as_array().unwrap().len(), 2);

    let cases: [(&[u8], u16); 4] = [(b"", 400), (b"{bad", 400), (b"[1]", 422), (b"{\"name\": 1}", 422)];
    for (bytes, status) in cases {
        let answer = user.upload("/api/v1/flows/upload/", "f.json", bytes).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert_eq!(detail(&user.post("/api/v1/flows/upload/", &json!({})).await), "No file provided");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_json() {
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let missing = user.get("/api/v1/nope").await;
    assert_eq!((missing.status, missing.json()), (404, json!({"detail": "Not Found"})));
    for answer in [user.post("/api/v1/nope", &json!({})).await, user.put("/api/v1/version", &json!({})).await]
    {
        assert_eq!((answer.status, answer.json()), (405, json!({"detail": "Method Not Allowed"})));
        assert!(answer.header("allow").unwrap().contains("GET"));
    }
    let moved = user.get("/api/v1/folders/?page=1").await;
    assert_eq!((moved.status, moved.header("location")), (307, Some("/api/v1/projects/?page=1")));
    let named = user.clone().header("x-request-id", "abc-1").get("/health").await;
    assert_eq!(named.header("x-request-id"), Some("abc-1"));
    assert_eq!(user.get("/openapi.json").await.json()["info"]["title"], "Langflow");
    assert!(user.get("/docs").await.header("content-security-policy").is_some());
}
