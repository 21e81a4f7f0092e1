//! Whether a browser's request comes from the server's own pages.

use axum::http::{HeaderMap, Uri, header};

/// Whether the request may act for the person whose cookies it carries: it comes from our own page, from an
/// origin of the operator's list, or not from a page at all.
pub fn is_same_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\0"));
    let origin = text("origin");
    if origin.is_some_and(|origin| allowed.iter().any(|known| known == origin)) {
        return true;
    }
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => origin.is_none_or(|origin| host_of(origin) == own_host(headers)),
    }
}

/// `host[:port]` of an origin; `None` for `null` and nonsense.
fn host_of(origin: &str) -> Option<String> {
    let uri: Uri = origin.parse().ok()?;
    let host = uri.authority()?.as_str().to_ascii_lowercase();
    (!host.contains('@')).then_some(host)
}

fn own_host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?.to_ascii_lowercase();
    // An origin leaves its default port out.
    Some(host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(&host).to_owned())
}

/// Whether an origin is a name of this machine.
pub fn is_loopback_origin(origin: &str) -> bool {
    let host = origin.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    host.is_some_and(|host| is_loopback_name(&host))
}

/// Whether the host the client asked for is a name of this machine. A page of another site whose name was
/// made to point here asks for its own name.
pub fn asks_for_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Some(name) = host.to_str().ok().and_then(|host| format!("http://{host}").parse::<Uri>().ok()) else {
        return false;
    };
    is_loopback_name(name.host().unwrap_or_default())
}

/// Whether a proxy says that it passed the request on: then a connection of this machine is not one of this machine's
/// programs, even where the proxy asks for `localhost`.
pub fn came_through_a_proxy(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name))
}

fn is_loopback_name(name: &str) -> bool {
    let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn pages_of_others_are_told_from_our_own() {
        let host = ("host", "localhost:7860");
        for (pairs, ok) in [
            (&[host][..], true),
            (&[host, ("origin", "http://localhost:7860")], true),
            (&[host, ("origin", "http://evil.example")], false),
            (&[host, ("origin", "http://localhost:7861")], false),
            (&[host, ("origin", "null")], false),
            (&[host, ("origin", "http://localhost:7860@evil.example")], false),
            (&[("host", "lf.example"), ("origin", "https://lf.example")], true),
            (&[("host", "lf.example:443"), ("origin", "https://lf.example")], true),
            (&[host, ("sec-fetch-site", "same-origin")], true),
            (&[host, ("sec-fetch-site", "none")], true),
            (&[host, ("sec-fetch-site", "cross-site")], false),
            (&[host, ("sec-fetch-site", "same-site")], false),
            (&[host, ("sec-fetch-site", "cross-site"), ("origin", "https://listed.example")], true),
            (&[host, ("origin", "https://listed.example")], true),
        ] {
            let allowed = ["https://listed.example".to_owned()];
            assert_eq!(is_same_origin(&headers(pairs), &allowed), ok, "{pairs:?}");
        }
    }

    #[test]
    fn names_of_this_machine() {
        for (host, ok) in [
            ("localhost:7860", true),
            ("127.0.0.1", true),
            ("[::1]:7860", true),
            ("app.localhost", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("10.0.0.1:7860", false),
        ] {
            assert_eq!(asks_for_loopback(&headers(&[("host", host)])), ok, "{host}");
        }
    }
}
