//! Variables that fill fields by themselves ("apply to fields").

use super::rows;
use crate::{App, AppResult};
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use uuid::Uuid;

/// The variable of each field title, of the user a flow runs as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultFields(HashMap<String, String>);

impl DefaultFields {
    /// Reads them. Of two variables for one title the later by name counts, as in the reference.
    pub async fn load(app: &App, user_id: Uuid) -> AppResult<Self> {
        let mut titles = HashMap::new();
        for row in rows::list(&app.store, user_id).await? {
            let fields: Vec<String> = row.default_fields.read().unwrap_or_default();
            titles.extend(fields.into_iter().map(|title| (title, row.name.clone())));
        }
        Ok(Self(titles))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A number that differs where what is filled differs, to keep compiled plans apart.
    pub fn fingerprint(&self) -> u64 {
        let mut pairs: Vec<_> = self.0.iter().collect();
        pairs.sort();
        let mut hasher = DefaultHasher::new();
        pairs.hash(&mut hasher);
        hasher.finish()
    }

    /// Fills empty, visible text fields of a graph whose title is listed, as if the user had picked the
    /// variable in the editor. For runs over the API; the stored flow is not changed.
    pub fn apply(&self, graph: &mut Value) {
        if self.is_empty() {
            return;
        }
        let nodes = graph.get_mut("nodes").and_then(Value::as_array_mut);
        for node in nodes.into_iter().flatten() {
            if let Some(template) = node.pointer_mut("/data/node/template").and_then(Value::as_object_mut) {
                template.values_mut().for_each(|field| self.fill(field));
            }
            if let Some(inner) = node.pointer_mut("/data/node/flow/data") {
                self.apply(inner);
            }
        }
    }

    fn fill(&self, field: &mut Value) {
        let Some(field) = field.as_object_mut() else { return };
        let text = |key: &str| field.get(key).and_then(Value::as_str);
        let is_set = |key: &str| field.get(key).and_then(Value::as_bool);
        let is_empty = field.get("value").is_none_or(|value| value.is_null() || value.as_str() == Some(""));
        let wanted = text("type") == Some("str")
            && is_empty
            && is_set("show") != Some(false)
            && is_set("load_from_db") != Some(true);
        let Some(name) = text("display_name").filter(|_| wanted).and_then(|title| self.0.get(title)) else {
            return;
        };
        let name = name.clone();
        field.insert("value".into(), Value::String(name));
        field.insert("load_from_db".into(), Value::Bool(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_empty_visible_text_fields_are_filled() {
        let fields = DefaultFields([("Key".to_owned(), "MY_KEY".to_owned())].into());
        let field = |extra: Value| {
            let mut base = json!({"type": "str", "display_name": "Key", "value": "", "show": true});
            base.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            base
        };
        for (extra, filled) in [
            (json!({}), true),
            (json!({"value": null}), true),
            (json!({"value": "mine"}), false),
            (json!({"show": false}), false),
            (json!({"type": "int"}), false),
            (json!({"display_name": "Other"}), false),
        ] {
            let mut graph = json!({"nodes": [{"data": {"node": {"template": {"k": field(extra.clone())}}}}]});
            fields.apply(&mut graph);
            let after = &graph["nodes"][0]["data"]["node"]["template"]["k"];
            assert_eq!(
                after["load_from_db"] == json!(true) && after["value"] == json!("MY_KEY"),
                filled,
                "{extra}"
            );
        }
        let mut odd = json!({"nodes": [1, {}, {"data": {"node": {"template": {"_type": "x"}}}}]});
        let before = odd.clone();
        fields.apply(&mut odd);
        assert_eq!(odd, before);
    }
}
