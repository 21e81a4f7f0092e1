//! Times in the two forms of the reference, and reading them.

use crate::extract::fields::Fields;
use crate::extract::query::Query;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

/// `2026-11-23T03:30:20.244935Z`
pub fn micros(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// `2026-11-23T03:34:17+00:00`
pub fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Reads a time; without an offset it is UTC.
pub fn read(fields: &mut Fields<'_>, key: &str) -> Option<DateTime<Utc>> {
    let raw = fields.raw(key)??;
    let text = serde_json::from_str::<String>(raw.get()).ok();
    let time = text.as_deref().and_then(parse).or_else(|| {
        let seconds = serde_json::from_str::<i64>(raw.get()).ok()?;
        DateTime::from_timestamp(seconds, 0)
    });
    if time.is_none() {
        fields.problem(key, "datetime_from_date_parsing", "Input should be a valid datetime or date");
    }
    time
}

/// Reads a time of a query, as [`read`].
pub fn of_query(query: &mut Query, key: &str) -> Option<DateTime<Utc>> {
    let time = parse(query.text(key)?);
    if time.is_none() {
        query.problem(key, "datetime_from_date_parsing", "Input should be a valid datetime or date");
    }
    time
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .ok()
        .or_else(|| naive.map(|at| at.and_utc()))
        .or_else(|| {
            let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            day.and_hms_opt(0, 0, 0).map(|at| at.and_utc())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_offset() {
        for (text, expected) in [
            ("2030-01-02T03:04:05.678Z", Some("2030-01-02T03:04:05+00:00")),
            ("2030-01-02T03:04:05+02:00", Some("2030-01-02T01:04:05+00:00")),
            ("2020-01-02T03:04:05", Some("2020-01-02T03:04:05+00:00")),
            ("2020-01-02 03:04:05", Some("2020-01-02T03:04:05+00:00")),
            ("2020-01-02", Some("2020-01-02T00:00:00+00:00")),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(seconds).as_deref(), expected, "{text}");
        }
    }
}
