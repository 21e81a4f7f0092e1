//! A server under test: the real router on a loopback port, over a store of its own.
//!
//! ```no_run
//! # async fn example() {
//! use langflow_testkit::test_app::{Setup, TestApp};
//! let app = TestApp::start(Setup::default()).await;
//! let key = app.admin_key().await;
//! let answer = app.get("/api/v1/users/whoami").header("x-api-key", &key).send().await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```
//!
//! Helpers panic with what went wrong: they are for tests.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Method};
use langflow_api::AppState;
use langflow_app::accounts::bootstrap;
use langflow_app::crypto::KeyRing;
use langflow_app::settings::{AuthSettings, Settings};
use langflow_app::{App, Outside};
use langflow_core::capability::{McpConnector, McpSession, McpTarget};
use langflow_core::clock::{Clock, SystemClock};
use langflow_core::component::Catalogue;
use langflow_core::ids::SystemIds;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Reply};
use langflow_core::shared_files::SharedFiles;
use langflow_core::{Fault, Secret, async_trait};
use langflow_providers::http::{Door, EgressConfig, SsrfConfig};
use langflow_providers::models::Providers;
use langflow_store::Store;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::task::JoinHandle;

pub const ADMIN: &str = "admin";
pub const ADMIN_PASSWORD: &str = "admin-pass-1";
/// The secret of test servers, for tests that sign tokens of their own.
pub const SECRET_KEY: &str = "a secret of tests";

/// The clock of the machine, moved forward by what a test says.
#[derive(Debug, Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }
}

/// What a server under test is made of.
pub struct Setup {
    /// By default: authentication on, superuser [`ADMIN`], no limit on sign-ins.
    pub settings: Settings,
    pub catalogue: Catalogue,
    /// By default there is no network.
    pub egress: Arc<dyn Egress>,
    /// By default no MCP server can be reached.
    pub mcp_client: Arc<dyn McpConnector>,
    /// By default a throw-away SQLite file.
    pub store: Option<Store>,
    /// By default files lie in a throw-away folder.
    pub shared_files: Option<Arc<dyn SharedFiles>>,
}

impl Default for Setup {
    fn default() -> Self {
        let auth = AuthSettings {
            auto_login: false,
            superuser: ADMIN.into(),
            superuser_password: Secret::new(ADMIN_PASSWORD),
            rate_limit_enabled: false,
            ..AuthSettings::default()
        };
        Self {
            settings: Settings { auth, ..Settings::default() },
            catalogue: langflow_components::catalogue(),
            egress: Arc::new(NoNetwork),
            mcp_client: Arc::new(NoNetwork),
            store: None,
            shared_files: None,
        }
    }
}

impl Setup {
    /// Changes the settings of accounts.
    pub fn auth(mut self, change: impl FnOnce(&mut AuthSettings)) -> Self {
        change(&mut self.settings.auth);
        self
    }

    /// Lets the server call addresses of this machine, where the fakes of tests listen.
    pub fn with_network(self) -> Self {
        self.with_network_of(|_| {})
    }

    /// The same with other bounds.
    #[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "for tests")]
    pub fn with_network_of(mut self, change: impl FnOnce(&mut EgressConfig)) -> Self {
        let ssrf = SsrfConfig { enabled: false, ..SsrfConfig::default() };
        let mut config = EgressConfig { ssrf, ..EgressConfig::default() };
        change(&mut config);
        self.egress = Arc::new(Door::new(config).expect("a door"));
        self
    }

    /// Changes any setting.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }
}

/// Refuses every call.
#[derive(Debug)]
struct NoNetwork;

#[async_trait]
impl Egress for NoNetwork {
    async fn send(&self, request: http::Request<Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::refused(format!("this test has no network: {}", request.uri())))
    }
}

#[async_trait]
impl McpConnector for NoNetwork {
    async fn connect(&self, _target: McpTarget) -> Result<Arc<dyn McpSession>, Fault> {
        Err(Fault::refused("this test has no MCP servers"))
    }
}

/// A running server; it stops when dropped.
pub struct TestApp {
    pub app: AppState,
    pub clock: Arc<MovedClock>,
    pub address: SocketAddr,
    client: reqwest::Client,
    task: JoinHandle<()>,
    /// Its data folder.
    pub folder: TempDir,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(clippy::missing_panics_doc, reason = "helpers of tests panic with what went wrong")]
#[expect(clippy::expect_used, reason = "a test that cannot set up its server fails")]
impl TestApp {
    pub async fn start(setup: Setup) -> Self {
        let folder = TempDir::with_prefix("langflow-test-").expect("a folder");
        let store = match setup.store {
            Some(store) => store,
            None => Store::open_memory().await.expect("a store"),
        };
        let clock = Arc::new(MovedClock::default());
        let outside = Outside {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Arc::new(SystemIds),
            documents: langflow_components::documents(),
            shared_files: setup.shared_files,
            providers: Arc::new(Providers::new(Arc::clone(&setup.egress))),
            egress: setup.egress,
            mcp_client: setup.mcp_client,
            secrets: Arc::new(KeyRing::new(&Secret::new(SECRET_KEY), &[]).expect("a key ring")),
        };
        let mut settings = setup.settings;
        settings.paths.config_dir = folder.path().to_owned();
        let app = Arc::new(App::new(settings, store, setup.catalogue, outside));
        bootstrap(&app).await.expect("the superuser");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service =
            langflow_api::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, service).await;
        });
        // The client wants one, though it never speaks TLS. Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "the client of tests talks to the test's own server")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("an HTTP client");
        Self { app, clock, address, client, task, folder }
    }

    pub fn request(&self, method: Method, path: &str) -> Ask {
        Ask(self.client.request(method, format!("http://{}{path}", self.address)))
    }

    pub fn get(&self, path: &str) -> Ask {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.request(Method::POST, path)
    }

    pub fn patch(&self, path: &str) -> Ask {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.request(Method::DELETE, path)
    }

    /// The tokens of a sign-in: the answer's body.
    pub async fn sign_in(&self, username: &str, password: &str) -> Value {
        let answer =
            self.post("/api/v1/login").form(&[("username", username), ("password", password)]).send().await;
        assert_eq!(answer.status, 200, "sign-in of {username}: {}", answer.text);
        answer.json()
    }

    /// An access token of the superuser.
    pub async fn admin_token(&self) -> String {
        text_of(&self.sign_in(ADMIN, ADMIN_PASSWORD).await, "access_token")
    }

    /// An API key of the superuser.
    pub async fn admin_key(&self) -> String {
        self.key_of(&self.admin_token().await).await
    }

    /// An API key of whose access token this is.
    pub async fn key_of(&self, token: &str) -> String {
        let answer = self.post("/api/v1/api_key/").bearer(token).json(&json!({"name": "test"})).send().await;
        assert_eq!(answer.status, 200, "making a key: {}", answer.text);
        text_of(&answer.json(), "api_key")
    }

    /// A new active user: id and access token.
    pub async fn new_user(&self, username: &str, password: &str) -> (String, String) {
        let admin = self.admin_token().await;
        let body = json!({"username": username, "password": password});
        let made = self.post("/api/v1/users/").bearer(&admin).json(&body).send().await;
        assert_eq!(made.status, 201, "making {username}: {}", made.text);
        let id = text_of(&made.json(), "id");
        let path = format!("/api/v1/users/{id}");
        let active = self.patch(&path).bearer(&admin).json(&json!({"is_active": true})).send().await;
        assert_eq!(active.status, 200, "activating {username}: {}", active.text);
        let token = text_of(&self.sign_in(username, password).await, "access_token");
        (id, token)
    }
}

#[expect(clippy::panic, reason = "for tests")]
fn text_of(value: &Value, key: &str) -> String {
    match value.get(key).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => panic!("no text {key} in {value}"),
    }
}

/// A request about to be sent.
pub struct Ask(reqwest::RequestBuilder);

impl Ask {
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        Self(self.0.form(pairs))
    }

    /// A body as it is, without a content type.
    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.body(body))
    }

    pub fn multipart(self, form: reqwest::multipart::Form) -> Self {
        Self(self.0.multipart(form))
    }

    /// # Panics
    /// The server does not answer.
    #[expect(clippy::panic, reason = "for tests")]
    pub async fn send(self) -> Answer {
        let reply = match self.0.send().await {
            Ok(reply) => reply,
            Err(error) => panic!("the server does not answer: {error}"),
        };
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        let bytes = reply.bytes().await.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, headers, bytes, text }
    }

    /// The answer while it comes in, for streams.
    pub async fn stream(self) -> reqwest::Result<reqwest::Response> {
        self.0.send().await
    }
}

/// What the server said.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    /// The same, as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// What stands under `detail`.
    pub fn detail(&self) -> Value {
        self.json().get("detail").cloned().unwrap_or_default()
    }

    /// The text of a field of the body.
    pub fn field(&self, key: &str) -> String {
        text_of(&self.json(), key)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value a cookie is set to.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.headers.get_all("set-cookie").iter().find_map(|line| {
            let line = line.to_str().ok()?;
            let (key, value) = line.split(';').next()?.split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
    }
}
