//! Where a request comes from, as use cases and the audit log want it.

use crate::AppState;
use crate::middleware::RequestId;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use langflow_app::Client;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The client of a request.
#[derive(Clone, Debug)]
pub struct From(pub Client);

impl FromRequestParts<AppState> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        Ok(Self(client_of(parts, app.settings.auth.rate_limit_trust_proxy)))
    }
}

/// Reads the client; `X-Forwarded-For` is believed only behind the operator's proxy, and then its last
/// address, which is the one the proxy wrote.
pub fn client_of(parts: &Parts, trust_proxy: bool) -> Client {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = trust_proxy
        .then(|| parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok())
        .flatten()
        .and_then(|list| list.rsplit(',').next())
        .and_then(parse_address);
    Client {
        address: forwarded.or(peer),
        user_agent: text(header::USER_AGENT).map(str::to_owned),
        request_id: parts.extensions.get::<RequestId>().map(|id| id.0.to_string()),
    }
}

/// An address, with or without a port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}
