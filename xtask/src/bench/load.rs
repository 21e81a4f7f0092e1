//! `wrk`, and what it says.

use crate::shell::{has, install, read, say};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// Fails if the load generator is not there and cannot be installed.
pub fn prepare() -> Result<()> {
    ensure!(has("wrk") || install(&["wrk"]), "wrk is missing (Debian: apt-get install wrk)");
    Ok(())
}

/// The body of a run.
pub fn body() -> Value {
    json!({"input_value": "good morning", "input_type": "chat", "output_type": "chat"})
}

/// One kind of request.
pub struct Load {
    url: String,
    /// A script for `wrk` when it is not a plain GET.
    script: Option<String>,
}

/// What a load gave. Times as `wrk` writes them.
pub struct Measured {
    pub requests: u64,
    pub per_second: f64,
    pub p50: String,
    pub p99: String,
    /// Answers that are not 2xx or 3xx, and connections that broke.
    pub failed: u64,
}

impl Load {
    pub fn get(url: String) -> Self {
        Self { url, script: None }
    }

    pub fn run(url: String, key: &str) -> Self {
        let script = format!(
            "wrk.method = \"POST\"\nwrk.body = '{}'\nwrk.headers[\"content-type\"] = \"application/json\"\n\
             wrk.headers[\"x-api-key\"] = \"{key}\"\n",
            body()
        );
        Self { url, script: Some(script) }
    }

    pub fn apply(&self, connections: u32, seconds: u32) -> Result<Measured> {
        let threads = connections.min(2).to_string();
        let (connections, duration) = (connections.to_string(), format!("{seconds}s"));
        let mut arguments =
            vec!["--latency", "-t", &threads, "-c", &connections, "-d", &duration, "--timeout", "30s"];
        let path = std::env::temp_dir().join(format!("langflow-bench-{}.lua", std::process::id()));
        let shown = path.display().to_string();
        if let Some(script) = &self.script {
            std::fs::write(&path, script)?;
            arguments.extend(["-s", &shown]);
        }
        arguments.push(&self.url);
        let text = read("wrk", &arguments);
        let _ = std::fs::remove_file(&path);
        let measured = parse(&text?)?;
        say(&format!("{} x {connections}: {:.0}/s, p99 {}", self.url, measured.per_second, measured.p99));
        Ok(measured)
    }
}

fn parse(text: &str) -> Result<Measured> {
    let after = |label: &str| {
        let found = text.lines().find_map(|line| line.trim().strip_prefix(label));
        found.map(str::trim).with_context(|| format!("wrk says no {label}: {text}"))
    };
    let requests = text
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .and_then(|(count, _)| count.parse().ok())
        .with_context(|| format!("wrk says no count: {text}"))?;
    let refused = after("Non-2xx or 3xx responses:").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let broken: u64 = after("Socket errors:")
        .map_or(0, |line| line.split([',', ' ']).filter_map(|word| word.parse::<u64>().ok()).sum());
    Ok(Measured {
        requests,
        per_second: after("Requests/sec:")?.parse()?,
        p50: after("50%")?.to_owned(),
        p99: after("99%")?.to_owned(),
        failed: refused + broken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_wrk_is_read() {
        let text = "Running 1s test @ http://127.0.0.1:1/\n  2 threads and 8 connections\n  Latency Distribution\n     \
                    50%    1.02ms\n     75%    1.20ms\n     90%    1.50ms\n     99%    3.40ms\n  9000 requests in 1.00s, \
                    1.2MB read\n  Socket errors: connect 0, read 2, write 0, timeout 1\n  Non-2xx or 3xx responses: 4\n\
                    Requests/sec:   9001.50\nTransfer/sec:      1.20MB\n";
        let measured = parse(text).unwrap();
        assert_eq!((measured.requests, measured.failed), (9000, 7));
        assert_eq!((measured.p50.as_str(), measured.p99.as_str()), ("1.02ms", "3.40ms"));
        assert!((measured.per_second - 9001.5).abs() < 0.01);
    }
}
