//! Files and workflows over HTTP: limits, names, owners.

use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_users_files_are_named_appended_and_their_own() {
    let server = TestApp::start(Setup::default()).await;
    let (ann, bob) = (server.caller("ann").await, server.caller("bob").await);
    let first = ann.upload("/api/v2/files/", "../../report.txt", "line1").await;
    assert_eq!((first.status, first.json()["name"].clone()), (201, json!("report")), "{}", first.text);
    assert!(first.json()["path"].as_str().unwrap().ends_with("/report.txt"));
    assert_eq!(ann.upload("/api/v2/files", "report.txt", "x").await.json()["name"], "report (1)");
    let longer = ann.upload("/api/v2/files?append=true", "report.txt", "more").await.json();
    assert_eq!((&longer["id"], &longer["size"]), (&first.json()["id"], &json!(9)));
    let path = format!("/api/v2/files/{}", first.json()["id"].as_str().unwrap());
    assert_eq!(ann.get(&path).await.text, "line1more");
    assert_eq!(ann.get(&format!("{path}?return_content=true")).await.json(), "line1more");
    for answer in [
        bob.get(&path).await,
        bob.delete(&path).await,
        bob.put(&format!("{path}?name=x"), &json!(null)).await,
    ] {
        assert_eq!((answer.status, answer.detail()), (404, json!("File not found")));
    }
    assert_eq!(ann.delete(&path).await.json(), json!({"detail": "File report deleted successfully"}));
    assert_eq!(
        ann.delete("/api/v2/files").await.json(),
        json!({"message": "All 1 files deleted successfully"})
    );
}

#[tokio::test]
async fn attachments_stay_inside_their_flow_and_only_images_are_shown() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F"})).await.json();
    let id = flow["id"].as_str().unwrap();
    let upload = format!("/api/v1/files/upload/{id}");
    let picture = ann.upload(&upload, "pic one.png", &b"\x89PNG\r\n\x1a\n...."[..]).await.json();
    let name = picture["file_path"].as_str().unwrap().split_once('/').unwrap().1.replace(' ', "%20");
    let shown = ann.get(&format!("/api/v1/files/images/{id}/{name}")).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/png")));
    let script = ann.upload(&upload, "x.svg", "<svg onload=alert(1)>").await.json();
    let script = script["file_path"].as_str().unwrap().split_once('/').unwrap().1.to_owned();
    assert_eq!(ann.get(&format!("/api/v1/files/images/{id}/{script}")).await.status, 400);
    for climb in ["..%2F..%2Fsecret_key", "%2Fetc%2Fpasswd", "..", "none.png"] {
        let answer = ann.get(&format!("/api/v1/files/download/{id}/{climb}")).await;
        assert!(answer.status == 404, "{climb}: {} {}", answer.status, answer.text);
    }
    assert_eq!(ann.post(&upload, &json!({})).await.status, 422);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let server = TestApp::start(Setup::default().settings(|s| s.http.max_file_size_upload_mb = 1)).await;
    let ann = server.caller("ann").await;
    let answer = ann.upload("/api/v2/files", "big.bin", vec![0; 2 * 1024 * 1024]).await;
    assert_eq!(answer.status, 413);
    let text = answer.detail().as_str().unwrap().to_owned();
    assert!(text.starts_with("Content size limit exceeded. Maximum allowed is 1MB and got 2."), "{text}");
    assert_eq!(ann.get("/api/v2/files").await.json(), json!([]));
}

#[tokio::test]
async fn a_workflow_names_what_it_does_not_take() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let unknown = "00000000-0000-4000-8000-000000000000";
    let missing = ann.post("/api/v2/workflows", &json!({"flow_id": unknown})).await;
    assert_eq!((missing.status, missing.json()["code"].clone()), (404, json!("FLOW_NOT_FOUND")));
    let cases = [
        (json!({"flow_id": "echo"}), "value_error"),
        (json!({"flow_id": unknown, "zzz": 1}), "extra_forbidden"),
        (json!({"flow_id": unknown, "mode": "later"}), "enum"),
    ];
    for (body, kind) in cases {
        let answer = ann.post("/api/v2/workflows", &body).await;
        assert_eq!(
            (answer.status, answer.detail()[0]["type"].clone()),
            (422, json!(kind)),
            "{}",
            answer.text
        );
    }
    let coded = [
        (json!({"flow_id": unknown, "stream_protocol": "x"}), "UNKNOWN_STREAM_PROTOCOL"),
        (json!({"flow_id": unknown, "files": ["a"]}), "SYNC_MODE_UNSUPPORTED_FIELDS"),
    ];
    for (body, code) in coded {
        let answer = ann.post("/api/v2/workflows", &body).await;
        assert_eq!((answer.status, answer.detail()["code"].clone()), (422, json!(code)));
    }
}

#[tokio::test]
async fn bytes_of_nobody_go_and_those_of_files_stay() {
    use langflow_app::files::area::Key;
    use langflow_app::files::{FileArea, delete_orphans, user};
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let kept = ann.upload("/api/v2/files", "kept.txt", "kept").await.json();
    let token = server.sign_in("ann", "ann-pass-1").await["access_token"].as_str().unwrap().to_owned();
    let owner = langflow_app::identify::by_token(&server.app, &token).await.unwrap();
    let id: uuid::Uuid = kept["id"].as_str().unwrap().parse().unwrap();
    let file = user::find(&server.app, &owner, id).await.unwrap();
    let area = FileArea::of(&server.app);
    #[expect(clippy::disallowed_methods, reason = "the times of files are those of the machine")]
    let now = std::time::SystemTime::now();
    let old = now - std::time::Duration::from_hours(2);
    let place = |path: std::path::PathBuf, at: std::time::SystemTime| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path).unwrap();
        file.set_modified(at).unwrap();
        path
    };
    let blob = |id: uuid::Uuid| area.path(&Key::blob(owner.user_id, id));
    let real = place(blob(file.id), old);
    let lost = place(blob(uuid::Uuid::from_u128(7)), old);
    let young = place(blob(uuid::Uuid::from_u128(8)), now);
    let cut = place(area.incoming().join("half"), old);
    assert_eq!(delete_orphans(&server.app).await.unwrap(), 2);
    assert_eq!([real, lost, young, cut].map(|path| path.exists()), [true, false, true, false]);
}

#[tokio::test]
async fn visitors_attach_files_only_where_they_may_and_see_only_their_own() {
    let mut setup = Setup::default();
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let private = ann.post("/api/v1/flows/", &json!({"name": "F", "access_type": "PUBLIC"})).await.json();
    let off = attach(&server, private["id"].as_str().unwrap(), "a", b"x").await;
    assert_eq!(off.status, 403, "off unless the operator gives a size: {}", off.text);

    setup.settings.runs.public_upload_bytes = 64;
    let server = TestApp::start(setup).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F"})).await.json();
    let flow = flow["id"].as_str().unwrap();
    let png = b"\x89PNG\r\n\x1a\n....";
    assert_eq!(attach(&server, flow, "a", png).await.status, 404, "a private flow");
    let share = ann.patch(&format!("/api/v1/flows/{flow}"), &json!({"access_type": "PUBLIC"})).await;
    assert_eq!(share.status, 200, "{}", share.text);
    let seen = server.get(&format!("/api/v1/flows/public_flow/{flow}")).send().await.json();
    assert_eq!(seen["public_access"]["can_attach"], json!(true));
    let kept = attach(&server, flow, "a", png).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let path = kept.json()["file_path"].as_str().unwrap().to_owned();
    let (folder, name) = path.split_once('/').unwrap();
    assert_ne!(folder, flow, "under an id of the visitor's own");
    assert_eq!(attach(&server, flow, "a", &[b'x'; 65]).await.status, 413, "larger than a visitor may send");
    let show = |client: &str| {
        let path = format!("/api/v1/build_public_tmp/{flow}/files/{name}");
        server.get(&path).header("cookie", &format!("client_id={client}"))
    };
    assert_eq!(show("a").send().await.status, 200);
    assert_eq!(show("b").send().await.status, 404, "somebody else's");
    for twin in 1..20 {
        assert_eq!(attach(&server, flow, "a", png).await.status, 201, "file {twin}");
    }
    assert_eq!(attach(&server, flow, "a", png).await.status, 429, "one too many");
    assert_eq!(attach(&server, flow, "b", png).await.status, 201, "another visitor has room");
    assert_eq!(langflow_app::files::visitors::delete_old(&server.app).await.unwrap(), 0, "they are new");
}

async fn attach(
    server: &TestApp,
    flow: &str,
    client: &str,
    bytes: &[u8],
) -> langflow_testkit::test_app::Answer {
    let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name("pic.png");
    server
        .post(&format!("/api/v1/build_public_tmp/{flow}/files"))
        .header("cookie", &format!("client_id={client}"))
        .multipart(reqwest::multipart::Form::new().part("file", part))
        .send()
        .await
}
