//! The three ways the reference writes times.

use chrono::{DateTime, Utc};

/// Whole seconds, as flows and versions have them: `2026-11-23T03:33:22+00:00`.
pub fn seconds(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Microseconds, as records have them: `2026-11-23T03:45:15.059917Z`.
pub fn micros(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// As messages have them: `2026-11-23 03:44:13.062784 UTC`.
pub fn message(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.6f UTC").to_string()
}
