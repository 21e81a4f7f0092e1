//! Cells of results as JSON.

use langflow_core::Json;
use sea_orm::sqlx::mysql::MySqlRow;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::sqlx::{Row as _, TypeInfo as _, ValueRef as _};
use serde_json::json;

/// SQLite types values, not columns.
pub(super) fn sqlite(row: &SqliteRow, index: usize) -> Json {
    let Ok(value) = row.try_get_raw(index) else { return Json::Null };
    if value.is_null() {
        return Json::Null;
    }
    let kind = value.type_info().name().to_owned();
    let cell = match kind.as_str() {
        "BOOLEAN" => row.try_get_unchecked::<bool, _>(index).map(Json::from),
        "REAL" | "NUMERIC" => row.try_get_unchecked::<f64, _>(index).map(|number| json!(number)),
        "BLOB" => row.try_get_unchecked::<Vec<u8>, _>(index).map(|bytes| binary(&bytes)),
        "TEXT" | "DATE" | "TIME" | "DATETIME" => row.try_get_unchecked::<String, _>(index).map(Json::from),
        _ => row.try_get_unchecked::<i64, _>(index).map(Json::from),
    };
    cell.unwrap_or_default()
}

pub(super) fn postgres(row: &PgRow, index: usize) -> Json {
    let Ok(value) = row.try_get_raw(index) else { return Json::Null };
    let kind = value.type_info().name().to_owned();
    match row.try_get_unchecked::<Option<String>, _>(index) {
        Ok(Some(text)) => from_text(&kind, text),
        Ok(None) | Err(_) => Json::Null,
    }
}

pub(super) fn mysql(row: &MySqlRow, index: usize) -> Json {
    let Ok(value) = row.try_get_raw(index) else { return Json::Null };
    let kind = value.type_info().name().to_owned();
    match row.try_get_unchecked::<Option<String>, _>(index) {
        Ok(Some(text)) => from_text(&kind, text),
        Ok(None) => Json::Null,
        Err(_) => row.try_get_unchecked::<Vec<u8>, _>(index).map(|bytes| binary(&bytes)).unwrap_or_default(),
    }
}

/// Both servers send texts; the type tells what they mean.
fn from_text(kind: &str, text: String) -> Json {
    let number = || text.parse::<serde_json::Number>().ok().map(Json::Number);
    let kind = kind.trim_end_matches(" UNSIGNED");
    let read = match kind {
        "BOOL" => Some(Json::Bool(text == "t" || text == "true")),
        "BOOLEAN" => Some(Json::Bool(text != "0")),
        "INT2" | "INT4" | "INT8" | "OID" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "TINYINT" | "SMALLINT"
        | "MEDIUMINT" | "INT" | "BIGINT" | "FLOAT" | "DOUBLE" | "DECIMAL" | "YEAR" => number(),
        "JSON" | "JSONB" => serde_json::from_str(&text).ok(),
        _ => None,
    };
    read.unwrap_or(Json::String(text))
}

fn binary(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!(format!("<{} bytes>", bytes.len())),
    }
}
