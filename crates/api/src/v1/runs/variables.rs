//! Global variables that a request brings: headers `X-LANGFLOW-GLOBAL-VAR-<NAME>`.

use axum::http::HeaderMap;
use langflow_core::Secret;
use std::collections::HashMap;

const PREFIX: &str = "x-langflow-global-var-";

/// By upper-case name. The number of headers is bounded by the HTTP server.
pub fn request_variables(headers: &HeaderMap) -> HashMap<String, Secret> {
    headers
        .iter()
        .filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix(PREFIX).filter(|n| !n.is_empty())?;
            let value = std::str::from_utf8(value.as_bytes()).ok()?;
            Some((name.to_ascii_uppercase(), Secret::new(value)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_upper_case_and_other_headers_are_left_alone() {
        let mut headers = HeaderMap::new();
        headers.insert("X-LANGFLOW-GLOBAL-VAR-myVar", "v".parse().unwrap());
        headers.insert("x-api-key", "k".parse().unwrap());
        let found = request_variables(&headers);
        assert_eq!(found.len(), 1);
        assert_eq!(found["MYVAR"].expose(), "v");
    }
}
