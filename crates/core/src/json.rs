//! JSON objects from values that are there already.

use crate::{Json, JsonMap};

/// An object of these members, in this order; the last of a name wins.
///
/// The values move into it. `serde_json::json!` serializes what it is given, so that whole trees are copied at each
/// level; it is for objects of leaves.
pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let mut map = JsonMap::with_capacity(N);
    for (name, value) in members {
        map.insert(name.to_owned(), value);
    }
    Json::Object(map)
}

#[cfg(test)]
mod tests {
    use super::object;
    use serde_json::json;

    #[test]
    fn members_keep_their_order_and_values() {
        let made = object([("b", json!([1])), ("a", json!({"x": null}))]);
        assert_eq!(made.to_string(), r#"{"b":[1],"a":{"x":null}}"#);
    }
}
