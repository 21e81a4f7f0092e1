//! API Request.

use super::curl;
use super::{header_columns, header_rows};
use crate::web::fetch::{decode, is_binary, no_text, normalise};
use langflow_core::component::{RefreshCx, RefreshRequest, choice};
use langflow_core::prelude::*;
use langflow_core::run::Reply;
use langflow_core::run::ports::CallOptions;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

/// A body may be this large.
const BODY_BYTES: usize = 50 * 1024 * 1024;
/// Redirects followed at most.
const REDIRECTS: usize = 20;

choice! {
    /// How the request is written down.
    pub enum Mode { Url = "URL", Curl = "cURL" }
}
choice! {
    /// The method of the request.
    pub enum Method { Get = "GET", Post = "POST", Patch = "PATCH", Put = "PUT", Delete = "DELETE" }
}

/// Calls an HTTP API.
///
/// Give the parts of the request, or paste a `curl` command: it fills the fields. A status of 400 or more is a
/// result like any other; what keeps the call from being made comes back as data with `error`.
#[derive(Component)]
#[component(
    id = "APIRequest",
    class = "APIRequestComponent",
    title = "API Request",
    icon = "Globe",
    category = "data_source",
    module = "lfx.components.data_source.api_request.APIRequestComponent",
    documentation = "https://docs.langflow.org/api-request"
)]
pub struct ApiRequestComponent {
    /// Where to send the request.
    #[input(title = "URL", tool_mode)]
    url_input: String,
    /// A `curl` command whose parts fill the other fields.
    #[input(title = "cURL", kind = Multiline, advanced, hidden, tool_mode, real_time_refresh)]
    #[expect(dead_code, reason = "it fills the other fields when it changes")]
    curl_input: String,
    /// The method of the request.
    #[input(title = "Method", default = Method::Get, real_time_refresh)]
    method: Method,
    /// Give the parts of the request, or a `curl` command.
    #[input(title = "Mode", kind = Tab, default = Mode::Url, real_time_refresh)]
    #[expect(dead_code, reason = "it says which fields the editor shows")]
    mode: Mode,
    /// Parameters to add to the address: data, or a query string.
    #[input(title = "Query Parameters", kind = Data, advanced)]
    query_params: AnyValue,
    /// The body: rows of key and value, data, or text. Sent as JSON; never with GET.
    #[input(
        title = "Body", kind = Table, advanced, real_time_refresh, handles = ["Data", "JSON"],
        extra = json!({ "is_list": true, "table_schema": [
            { "name": "key", "display_name": "Key", "type": "str", "description": "Name of the value." },
            { "name": "value", "display_name": "Value", "description": "The value; JSON is understood." },
        ] })
    )]
    body: AnyValue,
    /// Headers to send.
    #[input(
        title = "Headers", kind = Table, advanced, real_time_refresh, handles = ["Data", "JSON"],
        default = json!([{ "key": "User-Agent", "value": "langflow-rs" }]),
        extra = json!({ "is_list": true, "table_schema": header_columns() })
    )]
    headers: Table,
    /// Seconds to wait for an answer.
    #[input(title = "Timeout", advanced, default = 30)]
    timeout: i64,
    /// Follows redirects, at most twenty.
    #[input(title = "Follow Redirects", advanced)]
    follow_redirects: bool,
    /// Stores the body as a file and gives its path.
    #[input(title = "Save to File", advanced)]
    save_to_file: bool,
    /// Adds what was sent to the result.
    #[input(title = "Include HTTPx Metadata", advanced)]
    include_httpx_metadata: bool,
}

#[outputs]
impl ApiRequestComponent {
    /// Sends the request. The data holds source, status_code, response_headers and result.
    #[output(name = "data", title = "API Response")]
    async fn make_api_request(&self, cx: &Cx) -> Result<Data, Fault> {
        let url = self.url()?;
        let headers = header_rows(&self.headers);
        let mut history = Vec::new();
        let sent = json!(headers.iter().cloned().collect::<std::collections::BTreeMap<_, _>>());
        let answer = match self.send(url.clone(), &headers, &mut history, cx).await {
            Ok(reply) => self.answer(reply).await,
            Err(fault) => Err(fault),
        };
        match answer {
            Ok(answer) => {
                let result = self.result(url.as_str(), &sent, history, answer, cx).await;
                result.map_err(|fault| fault.at_field("url_input"))
            }
            Err(fault) if !is_soft(fault.kind()) => Err(fault.at_field("url_input")),
            Err(fault) => {
                let mut data = JsonMap::new();
                data.insert("source".into(), json!(url.as_str()));
                data.insert("headers".into(), sent);
                data.insert("status_code".into(), json!(500));
                data.insert("error".into(), json!(fault.message()));
                insert_history(&mut data, history);
                Ok(Data::new(data))
            }
        }
    }

    /// A pasted command fills the fields.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        let value = request.value.as_str().unwrap_or_default();
        match request.field.as_str() {
            "mode" => {
                let curl = value == "cURL";
                for field in ["url_input", "method"] {
                    patch.template.insert(field.into(), json!({ "show": !curl }));
                }
                patch.template.insert("curl_input".into(), json!({ "show": curl, "advanced": !curl }));
            }
            "curl_input" if !value.trim().is_empty() => {
                let parsed = curl::parse(value).map_err(|why| Fault::invalid(why).at_field("curl_input"))?;
                let rows = |pairs: &[(String, String)]| -> Json {
                    pairs.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
                };
                patch.template.insert("url_input".into(), json!({ "value": parsed.url }));
                patch.template.insert("method".into(), json!({ "value": parsed.method }));
                patch.template.insert("headers".into(), json!({ "value": rows(&parsed.headers) }));
                patch.template.insert("body".into(), json!({ "value": body_rows(parsed.body.as_deref()) }));
            }
            _ => {}
        }
        Ok(patch)
    }
}

/// The body of a command as rows: the members of a JSON object, or the fields of a form.
fn body_rows(body: Option<&str>) -> Json {
    let Some(body) = body else { return json!([]) };
    let row = |(key, value): (String, Json)| json!({ "key": key, "value": value });
    if let Ok(Json::Object(map)) = serde_json::from_str(body) {
        return map
            .into_iter()
            .map(|(key, value)| row((key, if value.is_string() { value } else { json!(value.to_string()) })))
            .collect();
    }
    url::form_urlencoded::parse(body.as_bytes())
        .map(|(key, value)| row((key.into_owned(), json!(value))))
        .collect()
}

impl ApiRequestComponent {
    fn url(&self) -> Result<url::Url, Fault> {
        let mut url = normalise(&self.url_input).map_err(|fault| fault.at_field("url_input"))?;
        match &self.query_params.0 {
            Value::Null => {}
            Value::Data(data) => append_pairs(&mut url, &data.data),
            Value::Json(Json::Object(map)) => append_pairs(&mut url, map),
            other => {
                let text = langflow_core::component::text_of(other)
                    .map_err(|why| Fault::invalid(why).at_field("query_params"))?;
                let pairs = url::form_urlencoded::parse(text.trim_start_matches('?').as_bytes());
                let pairs: Vec<_> = pairs.map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
                if !pairs.is_empty() {
                    url.query_pairs_mut().extend_pairs(pairs);
                }
            }
        }
        Ok(url)
    }

    /// The body as JSON: rows fold into an object, text that is no JSON becomes `{data: text}`.
    fn json_body(&self) -> Json {
        match &self.body.0 {
            Value::Null => json!({}),
            Value::Data(data) => Json::Object(data.data.clone()),
            Value::Table(table) => folded(&table.to_json()),
            Value::Json(Json::String(text)) if text.trim().is_empty() => json!({}),
            Value::Json(Json::String(text)) => {
                serde_json::from_str(text).unwrap_or_else(|_| json!({ "data": text }))
            }
            Value::Message(message) => {
                serde_json::from_str(&message.text).unwrap_or_else(|_| json!({ "data": message.text }))
            }
            other => folded(&other.to_json()),
        }
    }

    async fn send(
        &self,
        mut url: url::Url,
        headers: &[(String, String)],
        history: &mut Vec<Json>,
        cx: &Cx,
    ) -> Result<Reply, Fault> {
        let method = langflow_core::component::Choice::as_str(self.method);
        let options = CallOptions {
            timeout: Duration::from_secs(u64::try_from(self.timeout).unwrap_or_default().max(1)),
            retries: 0,
            follow_redirects: self.follow_redirects,
            accept_invalid_certs: false,
        };
        let mut call =
            Call::new(http::Method::from_bytes(method.as_bytes()).unwrap_or_default(), url.as_str());
        for (name, value) in headers {
            call = call.header(name, value);
        }
        if !matches!(self.method, Method::Get) {
            call = call.json(&self.json_body());
        }
        let reply = call.options(options).send(&*cx.egress()).await?;
        if reply.url != url.as_str() {
            history.push(json!({ "url": url.as_str(), "status_code": null }));
            url = url::Url::parse(&reply.url).unwrap_or(url);
            history.push(json!({ "url": url.as_str(), "status_code": reply.status.as_u16() }));
            history.truncate(REDIRECTS);
        }
        Ok(reply)
    }

    /// Reads the answer. One that is too large or, where a text is wanted, no text is a fault.
    async fn answer(&self, reply: Reply) -> Result<Answer, Fault> {
        let status = reply.status.as_u16();
        let response_headers: JsonMap = reply
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), json!(String::from_utf8_lossy(value.as_bytes()))))
            .collect();
        let content_type = reply
            .headers
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let url = reply.url.clone();
        let body = reply.bytes(BODY_BYTES).await?;
        if !self.save_to_file && is_binary(&body, &content_type) {
            let said = no_text(&url, &content_type);
            return Err(Fault::invalid(format!("{}: turn on 'Save to File' to keep it", said.message())));
        }
        Ok(Answer { status, response_headers, content_type, body })
    }

    async fn result(
        &self,
        source: &str,
        sent: &Json,
        history: Vec<Json>,
        answer: Answer,
        cx: &Cx,
    ) -> Result<Data, Fault> {
        let Answer { status, response_headers, content_type, body } = answer;
        let mut data = JsonMap::new();
        data.insert("source".into(), json!(source));
        data.insert("status_code".into(), json!(status));
        data.insert("response_headers".into(), Json::Object(response_headers));
        insert_history(&mut data, history);
        if self.include_httpx_metadata {
            data.insert("headers".into(), sent.clone());
        }
        if self.save_to_file {
            let name = format!("response-{}.{}", cx.scope().ids.random(), extension(&content_type));
            let path = cx.files().write(&name, body).await?;
            data.insert("file_path".into(), json!(path));
        } else {
            let result =
                serde_json::from_slice(&body).unwrap_or_else(|_| json!(decode(&body, &content_type)));
            data.insert("result".into(), result);
        }
        Ok(Data::new(data))
    }
}

/// An answer that was read.
struct Answer {
    status: u16,
    response_headers: JsonMap,
    content_type: String,
    body: bytes::Bytes,
}

/// What keeps a service from answering comes back as data, as the reference gives it; everything else is a fault.
fn is_soft(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Unavailable | FaultKind::Timeout)
}

fn insert_history(data: &mut JsonMap, history: Vec<Json>) {
    if !history.is_empty() {
        data.insert("redirection_history".into(), Json::Array(history));
    }
}

fn append_pairs(url: &mut url::Url, map: &JsonMap) {
    if map.is_empty() {
        return;
    }
    let mut pairs = url.query_pairs_mut();
    for (key, value) in map {
        match value {
            Json::Array(items) => {
                for item in items {
                    pairs.append_pair(key, &plain(item));
                }
            }
            Json::Null => {}
            other => {
                pairs.append_pair(key, &plain(other));
            }
        }
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Rows of key and value as an object; values that are JSON are read as such.
fn folded(json: &Json) -> Json {
    let rows = match json {
        Json::Array(rows) => rows,
        other => return other.clone(),
    };
    let mut object = JsonMap::new();
    for row in rows {
        let (Some(key), Some(value)) = (row.get("key").and_then(Json::as_str), row.get("value")) else {
            if let Json::Object(map) = row {
                object.extend(map.clone());
            }
            continue;
        };
        let value = match value {
            Json::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
            other => other.clone(),
        };
        object.insert(key.to_owned(), value);
    }
    Json::Object(object)
}

fn extension(content_type: &str) -> &'static str {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => "json",
        "text/html" => "html",
        "text/csv" => "csv",
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        t if t.starts_with("text/") => "txt",
        _ => "bin",
    }
}
