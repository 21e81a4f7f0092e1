//! What is seen of each variable.

use super::world::World;
use crate::http;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Less than any default that the cases shorten, and long on a busy machine.
const SOON: Duration = Duration::from_secs(25);
const PASSWORD: &str = "owl-in-daylight";

pub fn the_data_is_elsewhere(w: &World) {
    for name in ["elsewhere/langflow.db", "elsewhere/secret_key"] {
        assert!(w.folder().join(name).is_file(), "{name}");
    }
    assert!(!w.folder().join("data").exists());
}

pub fn it_listens_on_the_second_address(w: &World) {
    let at = |ip: [u8; 4]| {
        http::send(SocketAddr::from((ip, w.server.address.port())), "GET", "/health", &[], None)
    };
    assert_eq!(at([127, 0, 0, 2]).unwrap().status, 200);
    assert!(at([127, 0, 0, 1]).is_err());
}

pub fn it_listens_on_the_port(w: &World) {
    let port = w.value("LANGFLOW_PORT");
    // Between finding a free port and listening on it another program may have taken it: then that is said.
    let is_named = w.server.banner().contains(&format!("port {port} is taken"));
    assert!(w.server.address.port().to_string() == port || is_named, "{}", w.server.banner());
}

pub fn only_warnings_are_in_the_file(w: &World) {
    assert_eq!(w.server.get("/api/v1/version").status, 200);
    assert_eq!(w.sign_in("another", "").status, 401);
    let log = || std::fs::read_to_string(w.folder().join("server.log")).unwrap_or_default();
    let began = Instant::now();
    while !log().contains("sign-in failed") {
        assert!(began.elapsed() < SOON, "{}", log());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!log().contains("/api/v1/version answered"), "{}", log());
}

pub fn files_are_looked_for_in_the_bucket(w: &World) {
    let flow = w.chat_flow();
    let heard = w.refuse_one();
    assert_eq!(w.get(&format!("/api/v1/files/list/{flow}")).status, 500);
    let asked = heard.join().unwrap();
    let begin = "GET /of-the-team/?list-type=2&encoding-type=url&prefix=langflow%2Fchat%2F";
    assert!(asked.starts_with(begin), "{asked}");
    assert!(asked.contains("Credential=an-id/") && !asked.contains("a-secret"), "{asked}");
}

pub fn there_is_no_editor(w: &World) {
    let page = w.server.get("/");
    assert_eq!((page.status, page.header("content-type")), (404, Some("application/json")), "{page:?}");
}

pub fn the_editor_is_ours(w: &World) {
    assert!(w.server.get("/").body.contains("an editor of my own"));
}

pub fn it_speaks_tls(w: &World) {
    assert!(w.server.banner().contains("https://localhost"), "{}", w.server.banner());
    let plain = http::send(w.server.address, "GET", "/health", &[], None);
    assert!(plain.is_err_and(|error| error.kind() != std::io::ErrorKind::ConnectionRefused));
}

pub fn the_database_is_the_named_file(w: &World) {
    assert!(w.folder().join("other.db").is_file() && !w.folder().join("data/langflow.db").exists());
}

/// One connection writes, one reads, and one copies the log now and then.
pub fn few_connections_are_open(w: &World) {
    let open = || {
        let files = std::fs::read_dir(format!("/proc/{}/fd", w.server.pid())).unwrap();
        let names = files.flatten().filter_map(|file| std::fs::read_link(file.path()).ok());
        names.filter(|name| name.ends_with("langflow.db")).count()
    };
    w.key();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(w.server.send("GET", "/health_check", &[], None).status, 200);
                }
            });
        }
    });
    assert!((2..=3).contains(&open()), "{} connections", open());
}

pub fn a_locked_database_is_not_waited_for(w: &World) {
    w.key();
    let path = w.folder().join("data/langflow.db");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut options = sea_orm::ConnectOptions::new(format!("sqlite://{}", path.display()));
        options.max_connections(1);
        let db = sea_orm::Database::connect(options).await.unwrap();
        db.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        let body = json!({"name": "N", "value": "v", "type": "Generic", "default_fields": []});
        let began = Instant::now();
        let refused = w.ask("POST", "/api/v1/variables/", Some(&body));
        assert_eq!(refused.status, 503, "{refused:?}");
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        db.execute_unprepared("ROLLBACK").await.unwrap();
        db.close().await.unwrap();
    });
}

pub fn the_editor_is_told(w: &World) {
    let told = w.get("/api/v1/config").json();
    let expected = json!({
        "event_delivery": "polling", "webhook_polling_interval": 41, "health_check_max_retries": 42,
        "max_file_size_upload": 1, "auto_saving": false, "auto_saving_interval": 43, "frontend_timeout": 44,
        "serialization_max_items_length": 45,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    // The body need not come to be refused.
    let mut stream = TcpStream::connect(w.server.address).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.write_all(b"POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1100000\r\n\r\n").unwrap();
    let mut line = [0; 12];
    stream.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"HTTP/1.1 413");
}

/// Transactions and builds of the flow.
fn left_of(w: &World, flow: &str) -> (u64, Value) {
    let transactions = w.get(&format!("/api/v1/monitor/transactions?flow_id={flow}")).json();
    let builds = w.get(&format!("/api/v1/monitor/builds?flow_id={flow}")).json();
    (transactions["total"].as_u64().unwrap(), builds["vertex_builds"].clone())
}

pub fn builds_leave_nothing(w: &World) {
    let flow = w.chat_flow();
    w.build(&flow, "hi");
    assert_eq!(left_of(w, &flow), (0, json!({})));
}

pub fn little_is_kept_of_builds(w: &World) {
    let flow = w.chat_flow();
    for _ in 0..4 {
        w.build(&flow, "hi");
    }
    let began = Instant::now();
    // Rows are trimmed after the answer.
    loop {
        let (transactions, builds) = left_of(w, &flow);
        let states: usize =
            builds.as_object().unwrap().values().map(|all| all.as_array().unwrap().len()).sum();
        if transactions == 3 && states == 1 {
            return;
        }
        assert!(began.elapsed() < SOON, "{transactions} transactions, {states} builds");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub fn one_short_build_of_each_node_is_kept(w: &World) {
    let flow = w.chat_flow();
    let said = "x".repeat(100);
    for _ in 0..3 {
        w.build(&flow, &said);
    }
    let (_, builds) = left_of(w, &flow);
    let counts: Vec<usize> =
        builds.as_object().unwrap().values().map(|all| all.as_array().unwrap().len()).collect();
    assert_eq!(counts, [1, 1], "{builds}");
    let text = builds.to_string();
    assert!(text.contains(&format!("\"{}...", "x".repeat(20))), "{text}");
    assert!(!text.contains(&"x".repeat(21)), "{text}");
}

pub fn visitors_are_counted_and_forgotten(w: &World) {
    let told = w.get("/api/v1/config").json();
    assert_eq!(
        (&told["public_flow_cleanup_interval"], &told["public_flow_expiration"]),
        (&json!(601), &json!(602))
    );
    let flow = w.chat_flow();
    let public = w.ask("PATCH", &format!("/api/v1/flows/{flow}"), Some(&json!({"access_type": "PUBLIC"})));
    assert_eq!(public.status, 200, "{public:?}");
    let path = format!("/api/v1/build_public_tmp/{flow}/flow?event_delivery=direct");
    let visit = || {
        let body = json!({"inputs": {"input_value": "from a visitor"}});
        w.server.send("POST", &path, &[("cookie", "client_id=me")], Some(&body)).status
    };
    assert_eq!([visit(), visit()], [200, 429]);
}

pub fn a_run_that_waits_ends(w: &World) {
    let flow = w.flow_of("data_source", "APIRequest", &json!({"url_input": {"value": w.silence()}}));
    let began = Instant::now();
    let answer = w.run_flow(&flow);
    assert!(answer.status >= 400, "{answer:?}");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

pub fn a_silent_mcp_server_is_not_waited_for(w: &World) {
    let added = w.ask("POST", "/api/v2/mcp/servers/silent", Some(&json!({"url": w.silence()})));
    assert_eq!(added.status, 200, "{added:?}");
    let began = Instant::now();
    let probed = w.get("/api/v2/mcp/servers?action_count=true").json();
    let silent = probed.as_array().unwrap().iter().find(|server| server["name"] == "silent").unwrap();
    assert!(silent["error"].is_string(), "{probed}");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_ne!(ask_mcp(w), 404, "the server itself speaks MCP");
}

pub fn there_is_no_mcp_server(w: &World) {
    assert_eq!(ask_mcp(w), 404);
}

fn ask_mcp(w: &World) -> u16 {
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    w.ask("POST", "/api/v1/mcp/streamable", Some(&hello)).status
}

pub fn only_the_flow_of_the_folder_is_there(w: &World) {
    let flows = w.get("/api/v1/flows/").json();
    let names: Vec<&str> =
        flows.as_array().unwrap().iter().map(|flow| flow["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["From the folder"]);
    assert_eq!(w.get("/api/v1/flows/basic_examples/").json(), json!([]));
}

fn variables(w: &World) -> Vec<String> {
    let all = w.get("/api/v1/variables/").json();
    all.as_array().unwrap().iter().map(|variable| variable["name"].as_str().unwrap().to_owned()).collect()
}

/// What a flow says whose text is the variable.
fn said_of(w: &World, variable: &str) -> http::Answer {
    let fields = json!({"input_value": {"value": variable, "load_from_db": true}});
    w.run_flow(&w.flow_of("input_output", "TextInput", &fields))
}

pub fn the_listed_variable_is_there_and_others_are_read(w: &World) {
    assert_eq!(variables(w), ["MY_TOKEN"]);
    let said = said_of(w, "MY_WORD");
    assert!(said.status == 200 && said.body.contains("hello"), "{said:?}");
}

pub fn nothing_of_the_environment_reaches_a_flow(w: &World) {
    assert_eq!(variables(w), Vec::<String>::new());
    let said = said_of(w, "MY_WORD");
    assert!(said.status >= 400 && said.body.contains("MY_WORD variable not found."), "{said:?}");
}

pub fn the_named_superuser_signs_in(w: &World) {
    assert_eq!(w.server.get("/api/v1/auto_login").status, 403);
    assert_eq!(w.sign_in("another", "").status, 401);
    let answer = w.sign_in(PASSWORD, "");
    assert_eq!(answer.status, 200, "{answer:?}");
    let me = whoami(w, answer.json()["access_token"].as_str().unwrap());
    assert_eq!((&me.json()["username"], &me.json()["is_superuser"]), (&json!("chief"), &json!(true)));
}

fn whoami(w: &World, token: &str) -> http::Answer {
    w.server.send("GET", "/api/v1/users/whoami", &[("authorization", &format!("Bearer {token}"))], None)
}

pub fn no_credential_is_needed(w: &World) {
    assert_eq!(w.server.get("/api/v1/users/whoami").json()["username"], json!("langflow"));
}

fn sign_up(w: &World) -> http::Answer {
    let body = json!({"username": "ada", "password": "a long pass phrase"});
    w.server.send("POST", "/api/v1/users/", &[], Some(&body))
}

pub fn nobody_makes_accounts(w: &World) {
    assert_eq!(sign_up(w).status, 403);
    let (said, code) = w.run(&["superuser", "--username", "ada", "--password", "a long pass phrase"]);
    assert!(code == Some(1) && said.contains("LANGFLOW_ENABLE_SUPERUSER_CLI=true"), "{said}");
}

pub fn new_accounts_are_active_and_uses_are_not_counted(w: &World) {
    let made = sign_up(w);
    assert_eq!((made.status, &made.json()["is_active"]), (201, &json!(true)));
    w.get("/api/v1/users/whoami");
    let keys = w.get("/api/v1/api_key/").json();
    let key = &keys["api_keys"][0];
    assert_eq!((&key["total_uses"], &key["last_used_at"]), (&json!(0), &Value::Null), "{keys}");
}

pub fn no_secret_key_is_made(w: &World) {
    assert_eq!(w.get("/api/v1/users/whoami").status, 200);
    assert!(!w.folder().join("data/secret_key").exists());
}

pub fn tokens_are_signed_with_rsa(w: &World) {
    let token = w.sign_in(PASSWORD, "").json()["access_token"].as_str().unwrap().to_owned();
    // {"typ":"JWT","alg":"RS256"}
    assert!(token.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9."), "{token}");
    assert_eq!(whoami(w, &token).status, 200);
}

pub fn tokens_end_within_a_second(w: &World) {
    let tokens = w.sign_in(PASSWORD, "").json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(2100));
    let late = whoami(w, &text("access_token"));
    assert_eq!((late.status, &late.json()["detail"]), (401, &json!("Token has expired")));
    let cookie = format!("refresh_token_lf={}", text("refresh_token"));
    assert_eq!(w.server.send("POST", "/api/v1/refresh", &[("cookie", &cookie)], None).status, 401);
}

pub fn the_key_of_the_environment_works_and_webhooks_need_none(w: &World) {
    let key = [("x-api-key", "key-of-the-operator")];
    assert_eq!(w.server.send("GET", "/api/v1/users/whoami", &key, None).status, 200);
    let flow = w.chat_flow();
    let called = w.server.send("POST", &format!("/api/v1/webhook/{flow}"), &[], Some(&json!({"a": 1})));
    assert_eq!(called.status, 202, "{called:?}");
}

pub fn the_third_attempt_is_too_many_whatever_a_header_says(w: &World) {
    let tried: Vec<u16> =
        ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map(|by| w.sign_in(PASSWORD, by).status).to_vec();
    assert_eq!(tried, [200, 200, 429]);
}

pub fn attempts_are_counted_by_the_address_the_proxy_names(w: &World) {
    let tried = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2"].map(|by| w.sign_in(PASSWORD, by).status);
    assert_eq!(tried, [200, 200, 429, 200]);
}

pub fn attempts_are_not_counted(w: &World) {
    for _ in 0..8 {
        assert_eq!(w.sign_in("another", "").status, 401);
    }
    assert_eq!(w.sign_in(PASSWORD, "").status, 200);
}

pub fn one_other_origin_may_read(w: &World) {
    let preflight = |origin: &str, method: &str, header: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", header),
        ];
        w.server.send("OPTIONS", "/api/v1/users/whoami", &headers, None).status
    };
    assert_eq!(preflight("https://app.example", "GET", "x-mine"), 200);
    assert_eq!(preflight("https://other.example", "GET", "x-mine"), 400);
    assert_eq!(preflight("https://app.example", "DELETE", "x-mine"), 400);
    assert_eq!(preflight("https://app.example", "GET", "x-other"), 400);
    let read = w.server.send("GET", "/health", &[("origin", "https://app.example")], None);
    assert_eq!(read.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(read.header("access-control-allow-credentials"), None);
}

pub fn cookies_have_the_attributes(w: &World) {
    let answer = w.sign_in(PASSWORD, "");
    let cookies: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| value.to_ascii_lowercase())
        .collect();
    for (name, same_site) in
        [("refresh_token_lf", "none"), ("access_token_lf", "strict"), ("apikey_tkn_lflw", "strict")]
    {
        let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        let parts: Vec<&str> = cookie.split(';').skip(1).map(str::trim).collect();
        let same_site = format!("samesite={same_site}");
        for part in ["secure", "domain=flows.example", &same_site] {
            assert!(parts.contains(&part), "{part}: {cookie}");
        }
        assert!(!parts.contains(&"httponly"), "{cookie}");
    }
}

pub fn it_answers_below_the_prefix(w: &World) {
    assert_eq!(w.server.get("/lf/health").status, 200);
    let answer = w.sign_in(PASSWORD, "");
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let is_ours = |cookie: &str| cookie.starts_with("access_token_lf_%2Flf=") && cookie.contains("Path=/lf/");
    assert!(cookies.map(|(_, value)| value).any(|cookie| is_ours(cookie)), "{answer:?}");
}

fn pages(w: &World, count: usize) -> http::Answer {
    let page = |nth: usize| format!("http://{}/?{nth}", w.server.address);
    let urls: Vec<String> = (0..count).map(page).collect();
    let fields = json!({"urls": {"value": urls}, "continue_on_failure": {"value": false}});
    w.run_flow(&w.flow_of("data_source", "URLComponent", &fields))
}

/// The page of [`World`] has 58 bytes.
pub fn a_page_is_too_large(w: &World) {
    let one = pages(w, 1);
    assert!(one.status >= 400 && one.body.contains("larger than 40 bytes"), "{one:?}");
}

pub fn two_pages_are_too_large_together(w: &World) {
    let one = pages(w, 1);
    assert!(one.status == 200 && one.body.contains("an editor of my own"), "{one:?}");
    let two = pages(w, 2);
    assert!(two.status >= 400 && two.body.contains("LANGFLOW_URL_COMPONENT_MAX_TOTAL_BYTES"), "{two:?}");
}

pub fn the_operators_key_goes_to_allowed_hosts_only(w: &World) {
    let ask = |address: &str, key: Value| {
        let fields = json!({
            "openai_api_base": {"value": address}, "api_key": key, "model_name": {"value": "gpt-4o-mini"},
            "input_value": {"value": "hi"},
        });
        w.run_flow(&w.flow_of("openai", "ext:openai:OpenAIModelComponent@official", &fields)).body
    };
    let refusal = "LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS";
    let operators = json!({"value": "OPENAI_API_KEY", "load_from_db": true});
    let stolen = ask("https://evil.invalid/v1", operators.clone());
    assert!(stolen.contains(refusal), "{stolen}");
    for (address, key) in [
        ("https://trusted.invalid/v1", operators),
        ("https://evil.invalid/v1", json!({"value": "sk-of-my-own", "load_from_db": false})),
    ] {
        // Nobody is there, but it was tried.
        let tried = ask(address, key);
        assert!(!tried.contains(refusal) && tried.contains("invalid"), "{tried}");
    }
}
