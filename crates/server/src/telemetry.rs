//! Log lines: text for people, or one JSON object per line.

use crate::config::{Form, Level, Logs};
use anyhow::{Context as _, Result};
use langflow_app::log_lines;
use langflow_core::clock::{Clock as _, SystemClock};
use std::fs::File;
use std::io::IsTerminal as _;
use std::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Rooms that speak at the level asked for; everything else only warns.
const OURS: &[&str] = &[
    "langflow",
    "langflow_server",
    "langflow_api",
    "langflow_app",
    "langflow_engine",
    "langflow_components",
    "langflow_providers",
    "langflow_store",
    "langflow_core",
];

/// Starts logging for the whole process.
///
/// # Errors
/// The log file cannot be opened, or logging was started before.
pub fn start(logs: &Logs) -> Result<()> {
    let (writer, colours) = writer(logs)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colours).with_target(true);
    let lines = match logs.env {
        Form::Text => lines.boxed(),
        Form::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    };
    log_lines::lines().keep(logs.retriever_buffer_size as usize);
    let kept = (logs.retriever_buffer_size > 0).then_some(KeptLines);
    Registry::default()
        .with(filter(logs.level))
        .with(lines)
        .with(kept)
        .try_init()
        .context("logging was started twice")
}

/// Adds every line to the ones that superusers may read.
struct KeptLines;

impl<S: Subscriber> tracing_subscriber::Layer<S> for KeptLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let text = format!("{} {}{}", event.metadata().level(), line.message, line.fields);
        log_lines::lines().add(SystemClock.now().timestamp_millis(), &text);
    }
}

/// The message of an event, then its fields.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.fields.push_str(&format!(" {}={value:?}", field.name()));
        }
    }
}

fn writer(logs: &Logs) -> Result<(BoxMakeWriter, bool)> {
    let Some(path) = &logs.file else {
        let colours = logs.pretty && std::io::stderr().is_terminal();
        return Ok((BoxMakeWriter::new(std::io::stderr), colours));
    };
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("LANGFLOW_LOG_FILE: cannot write {}", path.display()))?;
    Ok((BoxMakeWriter::new(Mutex::new(file)), false))
}

fn filter(level: Level) -> EnvFilter {
    let ours = match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warn",
        Level::Error | Level::Critical => "error",
    };
    let others = if matches!(level, Level::Error | Level::Critical) { "error" } else { "warn" };
    let directives: Vec<String> = OURS.iter().map(|room| format!("{room}={ours}")).collect();
    EnvFilter::new(format!("{others},{}", directives.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_crates_only_warn() {
        let shown = filter(Level::Debug).to_string();
        assert!(shown.contains("langflow_api=debug") && shown.contains("warn"), "{shown}");
    }
}
