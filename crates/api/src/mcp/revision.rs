//! Revisions of the protocol.
//!
//! Clients of 2025-11-25 and before begin with `initialize`. Since 2026-07-28 every request says its revision in
//! `_meta`, repeated in headers, and there is nothing to begin.

use super::rpc::{self, Error, Request};
use axum::http::HeaderMap;
use langflow_core::JsonMap;
use serde_json::{Value, json};

/// Revisions with `initialize`, newest first.
pub const WITH_HANDSHAKE: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
/// Revisions without.
pub const STATELESS: [&str; 1] = ["2026-07-28"];

const HEADER: &str = "mcp-protocol-version";
const IN_META: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// The revision an `initialize` is answered with: the one asked for if it is known, else the newest.
pub fn negotiated(asked: Option<&str>) -> &'static str {
    WITH_HANDSHAKE.into_iter().find(|known| Some(*known) == asked).unwrap_or(WITH_HANDSHAKE[0])
}

/// Whether a request is of a revision without handshake.
///
/// # Errors
/// A revision that is not spoken, headers that differ from the body, capabilities that are missing: all of
/// them are answered with status 400.
pub fn is_stateless(headers: &HeaderMap, request: &Request) -> Result<bool, Error> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let meta = request.params.get("_meta");
    let in_meta = meta.and_then(|meta| meta.get(IN_META));
    let is_stateless = in_meta.is_some()
        || header(HEADER).is_some_and(|version| STATELESS.contains(&version))
        || request.method == "server/discover";
    if !is_stateless {
        return match header(HEADER) {
            Some(version) if !WITH_HANDSHAKE.contains(&version) => Err(unsupported(version)),
            _ => Ok(false),
        };
    }
    let Some(version) = in_meta.and_then(Value::as_str) else {
        return Err(Error::new(rpc::INVALID_PARAMS, format!("_meta lacks {IN_META}")));
    };
    if !STATELESS.contains(&version) {
        return Err(unsupported(version));
    }
    if !meta.and_then(|meta| meta.get(CAPABILITIES)).is_some_and(Value::is_object) {
        return Err(Error::new(rpc::INVALID_PARAMS, format!("_meta lacks {CAPABILITIES}")));
    }
    let text = |key: &str| request.params.get(key).and_then(Value::as_str);
    let name = match request.method.as_str() {
        "tools/call" => text("name"),
        "resources/read" => text("uri"),
        _ => None,
    };
    let mirrored =
        [(HEADER, Some(version)), ("mcp-method", Some(request.method.as_str())), ("mcp-name", name)];
    for (key, expected) in mirrored {
        let Some(expected) = expected else { continue };
        if header(key).and_then(plain).as_deref() != Some(expected) {
            return Err(Error::new(
                rpc::HEADER_MISMATCH,
                format!("The header {key} must repeat what the body says: {expected}"),
            ));
        }
    }
    Ok(true)
}

/// A header's value; what does not fit into a header comes as `=?base64?…?=`.
fn plain(value: &str) -> Option<String> {
    use base64::Engine as _;
    let Some(coded) = value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) else {
        return Some(value.to_owned());
    };
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(coded).ok()?).ok()
}

fn unsupported(version: &str) -> Error {
    let supported: Vec<&str> = STATELESS.into_iter().chain(WITH_HANDSHAKE).collect();
    Error::new(rpc::UNSUPPORTED_REVISION, format!("Unsupported protocol version: {version}"))
        .with_data(json!({"supported": supported, "requested": version}))
}

/// What results carry since 2026-07-28: that they are whole, by whom they are, and that lists go stale at once.
pub fn completed(method: &str, mut result: JsonMap, server: &Value) -> JsonMap {
    result.insert("resultType".into(), json!("complete"));
    let is_cacheable = matches!(
        method,
        "server/discover"
            | "tools/list"
            | "prompts/list"
            | "resources/list"
            | "resources/templates/list"
            | "resources/read"
    );
    if is_cacheable {
        result.insert("ttlMs".into(), json!(0));
        result.insert("cacheScope".into(), json!("private"));
    }
    result.insert("_meta".into(), json!({ SERVER_INFO: server }));
    result
}

#[cfg(test)]
mod tests {
    use super::rpc::Id;
    use super::*;

    fn request(method: &str, params: Value) -> Request {
        Request { id: Id::Number(1), method: method.into(), params: params.as_object().unwrap().clone() }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn revisions_are_told_apart() {
        let new = STATELESS[0];
        let meta = |version: &str| json!({"name": "echo", "_meta": {IN_META: version, CAPABILITIES: {}}});
        let full = [(HEADER, new), ("mcp-method", "tools/call"), ("mcp-name", "echo")];
        let coded = [(HEADER, new), ("mcp-method", "tools/call"), ("mcp-name", "=?base64?ZWNobw==?=")];
        let wrong = [(HEADER, new), ("mcp-method", "tools/call"), ("mcp-name", "other")];
        for (pairs, params, expected) in [
            (&[][..], json!({"name": "echo"}), Ok(false)),
            (&[(HEADER, "2025-06-18")], json!({}), Ok(false)),
            (&[(HEADER, "1999-01-01")], json!({}), Err(rpc::UNSUPPORTED_REVISION)),
            (&full, meta(new), Ok(true)),
            (&coded, meta(new), Ok(true)),
            (&wrong, meta(new), Err(rpc::HEADER_MISMATCH)),
            (&full[..1], meta(new), Err(rpc::HEADER_MISMATCH)),
            (&full, meta("2027-01-01"), Err(rpc::UNSUPPORTED_REVISION)),
            (&full, json!({"name": "echo"}), Err(rpc::INVALID_PARAMS)),
            (&full, json!({"name": "echo", "_meta": {IN_META: new}}), Err(rpc::INVALID_PARAMS)),
        ] {
            let found = is_stateless(&headers(pairs), &request("tools/call", params.clone()));
            assert_eq!(found.map_err(|error| error.code), expected, "{pairs:?} {params}");
        }
    }

    #[test]
    fn unknown_revisions_get_the_newest() {
        assert_eq!(negotiated(Some("2025-03-26")), "2025-03-26");
        assert_eq!(negotiated(Some("2026-07-28")), "2025-11-25");
        assert_eq!(negotiated(None), "2025-11-25");
    }
}
