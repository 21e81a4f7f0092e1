//! What is logged, where and how.

use super::section::section;
use super::value::words;
use std::path::PathBuf;

words! {
    /// The least severe line that is written.
    pub enum Level {
        /// Everything, for development.
        Trace = "trace",
        Debug = "debug",
        /// One line per request and per notable event.
        Info = "info",
        Warning = "warning" | "warn",
        Error = "error",
        /// Only what someone must act on; the reference's word, here the same as `error`.
        Critical = "critical" | "fatal",
    }
}

words! {
    /// How a line looks.
    pub enum Form {
        /// Text for people.
        Text = "default" | "text",
        /// One JSON object per line.
        Json = "container" | "container_json" | "json" | "container_csv",
    }
}

section! {
    /// What is logged, where and how.
    pub struct Logs {
        /// Least severe line that is written: debug, info, warning, error or critical.
        level: Level = "LANGFLOW_LOG_LEVEL", Level::Info;
        /// File that log lines are appended to; without one they go to standard error.
        file: Option<PathBuf> = "LANGFLOW_LOG_FILE", None;
        /// `container` writes one JSON object per line.
        env: Form = "LANGFLOW_LOG_ENV", Form::Text;
        /// Colours on a terminal.
        pretty: bool = "LANGFLOW_PRETTY_LOGS", true;
        /// Lines kept in memory for `/logs`, readable by superusers; 0 turns it off.
        retriever_buffer_size: u32 = "LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE", 0;
    }
}

impl Level {
    /// Commands that end at once speak of trouble only, unless more is asked for by hand.
    pub fn for_commands(self, is_default: bool) -> Self {
        if is_default { Self::Warning } else { self }
    }
}
