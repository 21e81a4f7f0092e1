//! The interface of ClickHouse.

use super::{Ask, LINES, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;
use std::collections::HashMap;

/// Reads lists of quoted texts and of numbers.
fn clickhouse_list(text: &str) -> Json {
    serde_json::from_str(&text.replace('\'', "\"")).unwrap()
}

pub fn clickhouse(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let address: HashMap<_, _> = url::form_urlencoded::parse(ask.query.as_bytes()).into_owned().collect();
    if let Some(statement) = address.get("query") {
        assert_eq!(
            statement,
            "INSERT INTO `d`.`docs` (id, document, embedding, metadata) FORMAT JSONEachRow"
        );
        for row in &ask.lines {
            memory.put(&row["id"], &row["embedding"], object(row));
        }
        return (200, Json::Null);
    }
    if ask.text.starts_with("CREATE") {
        assert!(ask.text.starts_with("CREATE TABLE IF NOT EXISTS `d`.`docs` ("), "{}", ask.text);
        assert!(ask.text.contains("vector_similarity('hnsw', 'cosineDistance', 2)"), "{}", ask.text);
        assert_eq!(address["allow_experimental_json_type"], "1");
        memory.is_made = true;
        return (200, Json::Null);
    }
    let form = form(ask.text);
    let statement = form["query"].as_str();
    let rows: Vec<Json> = match statement.split(' ').next().unwrap() {
        "EXISTS" => vec![json!({"result": u8::from(memory.is_made)})],
        "SELECT" if statement.contains("system.settings") => {
            vec![json!({"name": "allow_experimental_json_type"})]
        }
        _ if !memory.is_made => return (404, json!("Code: 60. DB::Exception: no such table")),
        "DELETE" => {
            memory.remove(&clickhouse_list(&form["param_ids"]));
            Vec::new()
        }
        "SELECT" if form.contains_key("param_ids") => {
            let ids = list(&clickhouse_list(&form["param_ids"]));
            let known = ids.into_iter().filter(|id| memory.records.contains_key(id.as_str().unwrap()));
            known.map(|id| json!({"id": id})).collect()
        }
        "SELECT" => {
            assert!(statement.contains("cosineDistance(embedding, {vector:Array(Float32)}) AS distance"));
            let mut found =
                memory.nearest(&clickhouse_list(&form["param_vector"]), &json!(100), &JsonMap::new());
            if let Some(key) = form.get("param_key0") {
                assert!(statement.contains("{key0:String}) = {value0:String}"), "{statement}");
                let value: Json = serde_json::from_str(&form["param_value0"]).unwrap();
                found.retain(|(_, record, _)| record.fields["metadata"][key.as_str()] == value);
            }
            found.truncate(form["param_limit"].parse().unwrap());
            found
                .into_iter()
                .map(|(id, record, score)| {
                    json!({
                        "id": id, "document": record.fields["document"], "distance": 1.0 - score,
                        "about": record.fields["metadata"].to_string(), "embedding": record.vector,
                    })
                })
                .collect()
        }
        other => panic!("{other}"),
    };
    (200, json!({ LINES: rows }))
}

/// Fields of a form in several parts.
fn form(text: &str) -> HashMap<String, String> {
    let (boundary, _) = text.split_once("\r\n").unwrap();
    let part = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let name = head.split_once("name=\"")?.1.strip_suffix('"')?;
        Some((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()))
    };
    text.split(boundary).filter_map(part).collect()
}
