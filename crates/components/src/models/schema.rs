//! Fields that a person wrote into a table, as a JSON Schema for a model, and answers read by it.

use langflow_core::{Fault, Json, JsonMap, Table};
use serde_json::json;

/// The fields of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq)]
struct Field {
    name: String,
    description: String,
    kind: Kind,
    multiple: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Object,
    List,
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().as_str() {
            "str" | "text" | "string" | "" => Self::Text,
            "int" | "integer" => Self::Integer,
            "float" | "number" => Self::Number,
            "bool" | "boolean" => Self::Boolean,
            "dict" | "json" | "object" => Self::Object,
            "list" => Self::List,
            _ => return None,
        })
    }

    fn json_type(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::List => "array",
        }
    }
}

impl Schema {
    /// The schema of a table with the columns name, description, type and multiple. `None` for an empty one.
    pub fn from_table(table: &Table) -> Result<Option<Self>, Fault> {
        let mut fields = Vec::new();
        for (number, row) in table.rows().enumerate() {
            let text = |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
            let name = text("name");
            if name.is_empty() {
                return Err(wrong(number, "it has no name"));
            }
            let kind = Kind::parse(&text("type"))
                .ok_or_else(|| wrong(number, &format!("there is no type '{}'", text("type"))))?;
            fields.push(Field {
                name,
                description: text("description"),
                kind,
                multiple: truthy(row.get("multiple")),
            });
        }
        Ok(if fields.is_empty() { None } else { Some(Self { fields }) })
    }

    /// The schema of one record.
    pub fn record(&self) -> Json {
        let mut properties = JsonMap::new();
        for field in &self.fields {
            properties.insert(field.name.clone(), field.schema());
        }
        let required: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// `{objects: [record, …]}`: how many records there are is for the model to find out.
    pub fn envelope(&self) -> Json {
        json!({
            "type": "object",
            "properties": { "objects": {
                "type": "array", "items": self.record(), "description": "All records found in the text.",
            } },
            "required": ["objects"],
        })
    }

    /// The records in a model's answer: `{objects: […]}`, a list, or a single record; bare, fenced, or inside
    /// other text.
    pub fn read_objects(&self, answer: &str) -> Result<Vec<Json>, String> {
        let json = find_json(answer).ok_or("the answer holds no JSON")?;
        self.check_objects(json)
    }

    /// As [`Schema::read_objects`], for an answer that is JSON already.
    pub fn check_objects(&self, json: Json) -> Result<Vec<Json>, String> {
        let items = match json {
            Json::Array(items) => items,
            Json::Object(mut map) => match map.remove("objects") {
                Some(Json::Array(items)) => items,
                Some(one @ Json::Object(_)) => vec![one],
                Some(other) => return Err(format!("'objects' is not a list: {other}")),
                None => vec![Json::Object(map)],
            },
            other => return Err(format!("the answer is not an object: {other}")),
        };
        items.into_iter().map(|item| self.fit(item)).collect()
    }

    /// Brings values to their declared types where that loses nothing.
    fn fit(&self, item: Json) -> Result<Json, String> {
        let Json::Object(mut map) = item else { return Err(format!("a record is not an object: {item}")) };
        for field in &self.fields {
            if let Some(value) = map.get_mut(&field.name)
                && !value.is_null()
            {
                *value = field.fit(value.take()).map_err(|why| format!("'{}' {why}", field.name))?;
            }
        }
        Ok(Json::Object(map))
    }
}

impl Field {
    fn schema(&self) -> Json {
        let mut schema = if self.multiple {
            json!({ "type": "array", "items": { "type": self.kind.json_type() } })
        } else {
            json!({ "type": self.kind.json_type() })
        };
        if !self.description.is_empty()
            && let Some(map) = schema.as_object_mut()
        {
            map.insert("description".into(), json!(self.description));
        }
        schema
    }

    fn fit(&self, value: Json) -> Result<Json, String> {
        match value {
            Json::Array(items) if self.multiple => items.into_iter().map(|item| self.fit_one(item)).collect(),
            one if self.multiple => Ok(Json::Array(vec![self.fit_one(one)?])),
            one => self.fit_one(one),
        }
    }

    /// The value in the declared type, where it can be brought to it. A list or an object for a single number is
    /// refused; words for one are kept, a person may read them.
    fn fit_one(&self, value: Json) -> Result<Json, String> {
        Ok(match (self.kind, &value) {
            (Kind::Integer, Json::String(text)) => text.trim().parse::<i64>().map_or(value, |n| json!(n)),
            (Kind::Number, Json::String(text)) => text.trim().parse::<f64>().map_or(value, |n| json!(n)),
            (Kind::Boolean, Json::String(_) | Json::Number(_)) => json!(truthy(Some(&value))),
            (Kind::Text, Json::Number(_) | Json::Bool(_)) => json!(value.to_string()),
            (Kind::Integer | Kind::Number | Kind::Boolean, Json::Object(_) | Json::Array(_)) => {
                return Err(format!("is no {}: {value}", self.kind.json_type()));
            }
            _ => value,
        })
    }
}

fn wrong(row: usize, why: &str) -> Fault {
    Fault::invalid(format!("row {} of the output schema: {why}", row + 1)).at_field("output_schema")
}

fn truthy(value: Option<&Json>) -> bool {
    match value {
        Some(Json::Bool(truth)) => *truth,
        Some(Json::Number(number)) => number.as_f64() != Some(0.0),
        Some(Json::String(text)) => {
            matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes" | "y" | "on" | "t")
        }
        _ => false,
    }
}

/// The JSON in a text: the whole, the inside of a code fence, or the first object or list that reads.
pub fn find_json(text: &str) -> Option<Json> {
    let text = text.trim();
    if let Ok(json) = serde_json::from_str(text) {
        return Some(json);
    }
    text.char_indices().filter(|(_, c)| matches!(c, '{' | '[')).take(100).find_map(|(at, _)| {
        let mut stream = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<Json>();
        stream.next()?.ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(rows: Json) -> Result<Option<Schema>, Fault> {
        let rows = rows.as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone());
        Schema::from_table(&Table::from_rows(rows))
    }

    #[test]
    fn rows_become_a_schema() {
        let schema = schema(json!([
            { "name": "title", "description": "Its title", "type": "str", "multiple": "False" },
            { "name": "tags", "type": "text", "multiple": true },
            { "name": "price", "type": "number" },
            { "name": "sold", "type": "bool" },
        ]))
        .unwrap()
        .unwrap();
        assert_eq!(
            schema.record(),
            json!({
                "type": "object",
                "properties": {
                    "title": { "type": "string", "description": "Its title" },
                    "tags": { "type": "array", "items": { "type": "string" } },
                    "price": { "type": "number" },
                    "sold": { "type": "boolean" },
                },
                "required": ["title", "tags", "price", "sold"],
            })
        );
    }

    #[test]
    fn bad_rows_are_named() {
        assert_eq!(schema(json!([])).unwrap(), None);
        for (rows, word) in [
            (json!([{ "name": "a", "type": "str" }, { "name": "b", "type": "date" }]), "row 2"),
            (json!([{ "name": "a", "type": "date" }]), "'date'"),
            (json!([{ "name": " ", "type": "str" }]), "no name"),
        ] {
            let fault = schema(rows).unwrap_err();
            assert!(fault.message().contains(word), "{fault}");
            assert_eq!(fault.place().unwrap().field.as_deref(), Some("output_schema"));
        }
    }

    #[test]
    fn answers_are_read_leniently() {
        let schema = schema(json!([
            { "name": "n", "type": "int" }, { "name": "ok", "type": "bool" }, { "name": "l", "type": "str", "multiple": true },
        ]))
        .unwrap()
        .unwrap();
        for (answer, expect) in [
            (r#"{"objects": [{"n": 1}, {"n": 2}]}"#, Ok(json!([{ "n": 1 }, { "n": 2 }]))),
            (r#"[{"n": "3"}]"#, Ok(json!([{ "n": 3 }]))),
            (r#"{"n": 4, "ok": "yes"}"#, Ok(json!([{ "n": 4, "ok": true }]))),
            (r#"{"l": "one"}"#, Ok(json!([{ "l": ["one"] }]))),
            ("Here it is:\n```json\n{\"objects\": [{\"n\": 5}]}\n```\nBye {}", Ok(json!([{ "n": 5 }]))),
            (r#"{"objects": []}"#, Ok(json!([]))),
            (r#"{"n": null}"#, Ok(json!([{ "n": null }]))),
            (r#"{"n": "about six"}"#, Ok(json!([{ "n": "about six" }]))),
            (r#"{"n": {"left": 3}}"#, Err(())),
            ("no json here", Err(())),
            (r#"{"objects": 3}"#, Err(())),
            ("[1, 2]", Err(())),
        ] {
            let got = schema.read_objects(answer).map(Json::Array).map_err(|_| ());
            assert_eq!(got, expect, "{answer}");
        }
    }
}
