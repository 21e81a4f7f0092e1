//! Somebody who calls a server under test, again and again with the same credentials.
//!
//! ```no_run
//! # async fn example() {
//! use langflow_testkit::test_app::{Setup, TestApp};
//! use serde_json::json;
//! let app = TestApp::start(Setup::default()).await;
//! let ann = app.caller("ann").await;
//! assert_eq!(ann.post("/api/v1/flows/", &json!({"name": "Echo"})).await.status, 201);
//! # }
//! ```

use crate::test_app::{Answer, Ask, TestApp};
use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// A caller: a server and the headers of every request.
#[derive(Clone)]
pub struct Caller<'a> {
    app: &'a TestApp,
    headers: Vec<(String, String)>,
}

impl TestApp {
    /// A new active user, signed in.
    pub async fn caller(&self, name: &str) -> Caller<'_> {
        let (_, token) = self.new_user(name, &format!("{name}-pass-1")).await;
        self.anonymous().header("authorization", &format!("Bearer {token}"))
    }

    /// The superuser, signed in.
    pub async fn admin(&self) -> Caller<'_> {
        let token = self.admin_token().await;
        self.anonymous().header("authorization", &format!("Bearer {token}"))
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Caller<'_> {
        Caller { app: self, headers: Vec::new() }
    }
}

impl Caller<'_> {
    /// The same caller with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::PATCH, path).json(body).send().await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::PUT, path).json(body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send().await
    }

    /// A DELETE with a body.
    pub async fn delete_all(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::DELETE, path).json(body).send().await
    }

    /// A POST of bytes as they are.
    pub async fn post_raw(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        self.request(Method::POST, path).header("content-type", "application/json").body(body).send().await
    }

    /// A multipart body with the part `file`.
    pub async fn upload(&self, path: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned());
        self.request(Method::POST, path).multipart(Form::new().part("file", part)).send().await
    }

    pub fn request(&self, method: Method, path: &str) -> Ask {
        let ask = self.app.request(method, path);
        self.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }
}
