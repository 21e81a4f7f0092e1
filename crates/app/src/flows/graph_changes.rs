//! A save that says what changed in a graph instead of the whole graph.

use super::change::{Save, conflict};
use super::draft::FlowChange;
use super::{Flow, graph, locked, not_found};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use indexmap::IndexMap;
use langflow_store::{RawJson, flows};
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashSet;
use uuid::Uuid;

type Object = IndexMap<String, Box<RawValue>>;

/// What changed in a graph since the version its writer has seen.
///
/// A node or edge takes the place of the stored one of its id, or is added. The field `code` of a node may come
/// without `value`: then the stored code stays, so that sources do not travel with every move of a node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GraphChanges {
    pub nodes: Vec<Box<RawValue>>,
    pub edges: Vec<Box<RawValue>>,
    pub removed_nodes: HashSet<String>,
    pub removed_edges: HashSet<String>,
    pub viewport: Option<Box<RawValue>>,
}

impl GraphChanges {
    /// The graph with these changes in it. `None`: the stored graph cannot be read.
    fn apply(self, graph: &str) -> Option<Box<RawValue>> {
        let mut object: Object = serde_json::from_str(graph).ok()?;
        put(&mut object, "nodes", self.nodes, &self.removed_nodes)?;
        put(&mut object, "edges", self.edges, &self.removed_edges)?;
        if let Some(viewport) = self.viewport {
            object.insert("viewport".into(), viewport);
        }
        to_raw_value(&object).ok()
    }
}

fn id_of(item: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Item {
        id: String,
    }
    serde_json::from_str::<Item>(item.get()).ok().map(|item| item.id)
}

/// Replaces, adds and removes items of one list of the graph; the order of those that stay is kept.
fn put(graph: &mut Object, key: &str, changed: Vec<Box<RawValue>>, removed: &HashSet<String>) -> Option<()> {
    if changed.is_empty() && removed.is_empty() {
        return Some(());
    }
    let stored: Vec<Box<RawValue>> = match graph.get(key) {
        Some(raw) => serde_json::from_str(raw.get()).ok()?,
        None => Vec::new(),
    };
    let mut news: IndexMap<String, Box<RawValue>> =
        changed.into_iter().filter_map(|item| Some((id_of(&item)?, item))).collect();
    let mut next = Vec::with_capacity(stored.len() + news.len());
    for old in stored {
        let id = id_of(&old);
        if id.as_ref().is_some_and(|id| removed.contains(id)) {
            continue;
        }
        match id.and_then(|id| news.shift_remove(&id)) {
            Some(new) => next.push(with_code(new, &old)),
            None => next.push(old),
        }
    }
    next.extend(news.into_values());
    graph.insert(key.to_owned(), to_raw_value(&next).ok()?);
    Some(())
}

const CODE: &[&str] = &["data", "node", "template", "code"];

/// The node, with the stored code where it has none of its own.
fn with_code(new: Box<RawValue>, old: &RawValue) -> Box<RawValue> {
    let value = |field: Object| field.get("value").cloned();
    let Some(code) = at(old, CODE).and_then(value) else { return new };
    if at(&new, CODE).is_none_or(|field| field.contains_key("value")) {
        return new;
    }
    insert(&new, CODE, "value", code).unwrap_or(new)
}

fn at(raw: &RawValue, path: &[&str]) -> Option<Object> {
    let object: Object = serde_json::from_str(raw.get()).ok()?;
    match path.split_first() {
        None => Some(object),
        Some((key, rest)) => at(object.get(*key)?, rest),
    }
}

fn insert(raw: &RawValue, path: &[&str], name: &str, value: Box<RawValue>) -> Option<Box<RawValue>> {
    let mut object: Object = serde_json::from_str(raw.get()).ok()?;
    match path.split_first() {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((key, rest)) => {
            let inner = insert(object.get(*key)?, rest, name, value)?;
            object.insert((*key).to_owned(), inner);
        }
    }
    to_raw_value(&object).ok()
}

/// Changes the graph of the version `expected`, and what `change` says besides, which has no graph; with another
/// graph stored, nothing is changed (409).
pub async fn change_graph(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    changes: GraphChanges,
    change: FlowChange,
    expected: Uuid,
) -> AppResult<Flow> {
    let save = Save::of(app, who, client, ErrorKind::BadRequest);
    let hides_secrets = app.settings.flows.remove_api_keys;
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let flow = flows::lock(tx, save.owner, id).await?.ok_or_else(not_found)?;
                if flow.locked == Some(true) {
                    return Err(locked());
                }
                if flow.version_token != Some(expected) {
                    return Err(conflict(tx, &flow, expected).await?);
                }
                let stored = flow.data.as_ref().map_or(r#"{"nodes":[],"edges":[]}"#, RawJson::get);
                let graph = changes.apply(stored).ok_or_else(|| {
                    AppError::bad_request("The stored graph cannot be read; save the whole graph instead")
                })?;
                let kept = if hides_secrets { graph::blank_secrets(&graph).unwrap_or(graph) } else { graph };
                let change = FlowChange { data: Some(kept.into()), ..change };
                save.change(tx, flow, change, Some(expected)).await
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRAPH: &str = r#"{"nodes":[{"id":"a","x":1},{"id":"b","data":{"node":{"template":{"code":{"type":"code","value":"print(1)"}}}}}],"edges":[{"id":"e","source":"a"}],"other":1.50}"#;

    fn apply(changes: &str) -> String {
        let changes: GraphChanges = serde_json::from_str(changes).unwrap();
        changes.apply(GRAPH).unwrap().get().to_owned()
    }

    #[test]
    fn nothing_changed_changes_nothing() {
        assert_eq!(apply("{}"), GRAPH);
    }

    #[test]
    fn items_are_replaced_in_place_added_and_removed() {
        let graph = apply(
            r#"{"nodes":[{"id":"a","x":2},{"id":"c"}],"removed_edges":["e"],"removed_nodes":["nobody"],"viewport":{"zoom":1}}"#,
        );
        let expected = GRAPH
            .replace(r#""x":1"#, r#""x":2"#)
            .replace("}}}}}]", r#"}}}}},{"id":"c"}]"#)
            .replace(r#"[{"id":"e","source":"a"}]"#, "[]")
            .replace("1.50}", r#"1.50,"viewport":{"zoom":1}}"#);
        assert_eq!(graph, expected);
    }

    #[test]
    fn code_that_was_left_out_stays_and_new_code_wins() {
        let without = r#"{"nodes":[{"id":"b","data":{"node":{"template":{"code":{"type":"code"}}}}}]}"#;
        assert_eq!(apply(without), GRAPH);
        let with = without.replace(r#""type":"code""#, r#""type":"code","value":"print(2)""#);
        assert_eq!(apply(&with), GRAPH.replace("print(1)", "print(2)"));
    }

    #[test]
    fn keys_nobody_knows_are_refused() {
        assert!(serde_json::from_str::<GraphChanges>(r#"{"node":[]}"#).is_err());
    }
}
