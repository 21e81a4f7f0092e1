//! Values of documents as JSON, and the other way round.

use bson::oid::ObjectId;
use bson::{Binary, Bson, Document};
use langflow_core::{Json, JsonMap};

/// A number, whichever kind it is of.
pub(super) fn number(value: &Bson) -> Option<f64> {
    match value {
        Bson::Double(number) => Some(*number),
        Bson::Int32(number) => Some(f64::from(*number)),
        Bson::Int64(number) => Some(*number as f64),
        Bson::Boolean(is_set) => Some(f64::from(u8::from(*is_set))),
        _ => None,
    }
}

/// JSON as the driver of Python would store it. What looks like a value of MongoDB (`{"$oid": …}`) stays an object.
pub(super) fn bson(json: Json) -> Bson {
    match json {
        Json::Null => Bson::Null,
        Json::Bool(is_set) => Bson::Boolean(is_set),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => i32::try_from(whole).map_or(Bson::Int64(whole), Bson::Int32),
            None => Bson::Double(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Bson::String(text),
        Json::Array(items) => Bson::Array(items.into_iter().map(bson).collect()),
        Json::Object(fields) => Bson::Document(document(fields)),
    }
}

pub(super) fn document(fields: JsonMap) -> Document {
    fields.into_iter().map(|(name, value)| (name, bson(value))).collect()
}

/// A value as JSON; what JSON has no word for is a text.
pub(super) fn json(value: Bson) -> Json {
    match value {
        Bson::Document(fields) => Json::Object(map(fields)),
        Bson::Array(items) => Json::Array(items.into_iter().map(json).collect()),
        Bson::ObjectId(id) => Json::String(id.to_hex()),
        Bson::DateTime(time) => time.try_to_rfc3339_string().map_or(Json::Null, Json::String),
        Bson::Decimal128(number) => Json::String(number.to_string()),
        Bson::Double(number) => number.into(),
        Bson::Int64(number) => number.into(),
        Bson::Int32(number) => number.into(),
        Bson::Boolean(is_set) => Json::Bool(is_set),
        Bson::Null | Bson::Undefined => Json::Null,
        Bson::String(text) | Bson::Symbol(text) => Json::String(text),
        other => Json::String(other.to_string()),
    }
}

pub(super) fn map(fields: Document) -> JsonMap {
    fields.into_iter().map(|(name, value)| (name, json(value))).collect()
}

/// An id: what can be one of MongoDB's own is.
pub(super) fn id(text: &str) -> Bson {
    match ObjectId::parse_str(text) {
        Ok(id) => Bson::ObjectId(id),
        Err(_) => Bson::String(text.to_owned()),
    }
}

pub(super) fn text_of(id: Bson) -> String {
    match id {
        Bson::String(text) => text,
        Bson::ObjectId(id) => id.to_hex(),
        other => json(other).to_string(),
    }
}

/// The numbers of a vector: a list, or the packed form.
pub(super) fn vector(value: &Bson) -> Option<Vec<f32>> {
    match value {
        Bson::Array(items) => items.iter().map(|item| number(item).map(|number| number as f32)).collect(),
        Bson::Binary(packed) => packed_floats(packed),
        _ => None,
    }
}

/// Subtype 9: kind of the numbers (0x27: floats of 32 bits), bits without a meaning at the end, numbers.
fn packed_floats(packed: &Binary) -> Option<Vec<f32>> {
    let numbers = packed.bytes.strip_prefix(&[0x27, 0])?;
    let is_vector = u8::from(packed.subtype) == 9;
    is_vector.then(|| numbers.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;
    use serde_json::json;

    #[test]
    fn json_goes_in_and_comes_out() {
        let fields = json!({
            "n": null, "b": true, "i": 1, "l": 5_000_000_000_i64, "f": 1.5, "t": "x", "a": [1, { "c": [] }],
            "$oid": { "$date": 3 },
        });
        let stored = document(fields.as_object().cloned().unwrap());
        assert!(matches!(stored.get("i"), Some(Bson::Int32(1))));
        assert!(matches!(stored.get("l"), Some(Bson::Int64(_))));
        assert_eq!(Json::Object(map(stored)), fields);
    }

    #[test]
    fn values_of_mongodb_become_texts() {
        let id = ObjectId::parse_str("65f000000000000000000001").unwrap();
        let told = map(doc! { "id": id, "at": bson::DateTime::from_millis(0), "nan": f64::NAN });
        assert_eq!(
            Json::Object(told),
            json!({ "id": "65f000000000000000000001", "at": "1970-01-01T00:00:00Z", "nan": null })
        );
    }

    #[test]
    fn ids_are_what_they_look_like() {
        for text in ["65f000000000000000000001", "9f1c", "00000000-0000-0000-0000-000000000001"] {
            assert_eq!(text_of(super::id(text)), text);
        }
        assert!(matches!(super::id("65f000000000000000000001"), Bson::ObjectId(_)));
    }

    #[test]
    fn vectors_are_lists_or_packed() {
        let packed = [&[0x27, 0][..], &1.5_f32.to_le_bytes(), &(-2.0_f32).to_le_bytes()].concat();
        let packed = |subtype: u8| Bson::Binary(Binary { subtype: subtype.into(), bytes: packed.clone() });
        for (value, expect) in [
            (Bson::Array(vec![Bson::Double(1.5), Bson::Int32(-2)]), Some(vec![1.5, -2.0])),
            (packed(9), Some(vec![1.5, -2.0])),
            (packed(0), None),
            (Bson::Array(vec![Bson::Null]), None),
        ] {
            assert_eq!(vector(&value), expect, "{value}");
        }
    }
}
