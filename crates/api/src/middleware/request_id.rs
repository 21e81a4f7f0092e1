//! A name for every request: the client's `x-request-id` where it is usable, else one of ours; answered back.

use crate::AppState;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The id of the request, for spans and error reports.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

const HEADER: &str = "x-request-id";
/// Longer ids are not taken over: they go into every log line.
const MAX_LEN: usize = 128;

pub async fn assign(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let sent =
        request.headers().get(HEADER).and_then(|value| value.to_str().ok()).filter(|text| is_usable(text));
    let id: Arc<str> = match sent {
        Some(text) => text.into(),
        None => app.ids.ordered().to_string().into(),
    };
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn is_usable(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_LEN && text.bytes().all(|b| b.is_ascii_graphic())
}
