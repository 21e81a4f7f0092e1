//! Settings: one file per section, each field with its variable, default and documentation.
//!
//! Precedence: flag, the file of `--env-file`, process environment, `.env` in the working directory,
//! default. Names do not care about case; an empty value counts as not given. A value that cannot be read
//! refuses to start, all such values at once.

mod accepted;
mod auth;
mod browsers;
mod check;
mod cookies;
mod database;
pub mod document;
mod dotenv;
mod editor;
mod files;
mod flows;
mod limits;
mod listen;
mod logs;
mod mcp;
mod metrics;
mod outbound;
mod paths;
mod python;
mod section;
mod source;
mod strict;
pub(crate) mod value;

pub use auth::{Algorithm, Auth, KeySource, Profile};
pub use browsers::Browsers;
pub use cookies::{Cookies, SameSite};
pub use database::Database;
pub use editor::{Editor, EventDelivery};
pub use files::{Files, StorageType};
pub use flows::{Flows, TweaksPolicy};
pub use limits::Limits;
pub use listen::Listen;
pub use logs::{Form, Level, Logs};
pub use mcp::Mcp;
pub use metrics::Metrics;
pub use outbound::Outbound;
pub use paths::Paths;
pub use python::{CustomCode, Pool, Python};
pub use section::{Described, Section};
pub use source::{Origin, Sources};

use langflow_core::Secret;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use value::Setting;

/// All settings of the server.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: Listen,
    pub paths: Paths,
    pub database: Database,
    pub files: Files,
    pub auth: Auth,
    pub cookies: Cookies,
    pub browsers: Browsers,
    pub limits: Limits,
    pub flows: Flows,
    pub python: Python,
    pub outbound: Outbound,
    pub mcp: Mcp,
    pub editor: Editor,
    pub logs: Logs,
    pub metrics: Metrics,
    /// The environment as flows may see it.
    pub environment: BTreeMap<String, Secret>,
    /// Every setting with its value and where that came from.
    pub effective: Vec<Effective>,
    /// Sentences for the operator, to be said at start.
    pub notes: Vec<String>,
}

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    pub name: &'static str,
    /// As one would write it; secrets are masked.
    pub shown: String,
    pub origin: Origin,
}

/// Why the server does not start: everything that must be mended, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub Vec<String>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        for problem in &self.0 {
            write!(f, "\n  * {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Reads settings from the sources and remembers what it saw.
pub struct Reader<'a> {
    sources: &'a Sources,
    effective: Vec<Effective>,
    problems: Vec<String>,
    notes: Vec<String>,
}

impl Reader<'_> {
    /// The value of a variable, or the default; an unreadable value is noted as a problem.
    pub fn read<T: Setting>(&mut self, name: &'static str, default: T) -> T {
        let found = self.sources.find(name).filter(|(text, _)| {
            // Kubernetes writes this for a service called "langflow"; it is not meant as a port.
            let is_link = name == "LANGFLOW_PORT" && text.starts_with("tcp://");
            !is_link
        });
        let (value, origin) = match found {
            None => (default, Origin::Default),
            Some((text, origin)) => match T::parse(text) {
                Ok(value) => (value, origin.clone()),
                Err(reason) => {
                    let given = if T::SECRET { String::new() } else { format!("={text}") };
                    self.problems.push(format!("{name}{given} ({origin}): {reason}"));
                    (default, origin.clone())
                }
            },
        };
        let shown = match (T::SECRET, &origin) {
            (true, Origin::Default) => String::new(),
            (true, _) => "********".to_owned(),
            (false, _) => value.show(),
        };
        self.effective.push(Effective { name, shown, origin });
        value
    }
}

/// A section as the reference page shows it.
pub struct DescribedSection {
    pub about: Vec<&'static str>,
    pub settings: Vec<Described>,
}

/// Lists the sections once, for reading and for the reference.
macro_rules! sections {
    ($($field:ident: $ty:ty,)*) => {
        /// Every section in the order of the reference page.
        pub fn describe() -> Vec<DescribedSection> {
            vec![$(DescribedSection { about: <$ty>::about(), settings: <$ty>::describe() },)*]
        }

        fn read_sections(reader: &mut Reader<'_>, environment: BTreeMap<String, Secret>) -> Config {
            Config {
                $($field: <$ty>::read(reader),)*
                environment,
                effective: Vec::new(),
                notes: Vec::new(),
            }
        }
    };
}

sections! {
    listen: Listen,
    paths: Paths,
    database: Database,
    files: Files,
    auth: Auth,
    cookies: Cookies,
    browsers: Browsers,
    limits: Limits,
    flows: Flows,
    python: Python,
    outbound: Outbound,
    mcp: Mcp,
    editor: Editor,
    logs: Logs,
    metrics: Metrics,
}

impl Config {
    /// Reads every section.
    ///
    /// # Errors
    /// Values that cannot be read, or that do not go together: all of them.
    pub fn read(sources: &Sources) -> Result<Self, Refusal> {
        let mut reader = Reader { sources, effective: Vec::new(), problems: Vec::new(), notes: Vec::new() };
        let mut config = read_sections(&mut reader, sources.environment());
        let not_text = sources.not_text.iter().map(|name| format!("{name}: the value is not text in UTF-8"));
        reader.problems.extend(not_text);
        name_unread(&mut reader);
        config.effective = reader.effective;
        config.notes = reader.notes;
        if reader.problems.is_empty() { Ok(config) } else { Err(Refusal(reader.problems)) }
    }

    /// Where the value of a variable came from.
    pub fn origin(&self, name: &str) -> Origin {
        let found = self.effective.iter().find(|effective| effective.name == name);
        found.map_or(Origin::Default, |effective| effective.origin.clone())
    }

    /// The data folder.
    ///
    /// # Errors
    /// No folder was given and the platform names none (no home folder).
    pub fn data_dir(&self) -> Result<PathBuf, Refusal> {
        let found =
            self.paths.config_dir.clone().or_else(|| dirs::data_dir().map(|dir| dir.join("langflow")));
        found.ok_or_else(|| {
            Refusal(vec![
                "LANGFLOW_CONFIG_DIR: there is no home folder to take a default from; set it".into(),
            ])
        })
    }
}

/// Names of ours that no section reads: a typing mistake should not go unnoticed.
fn name_unread(reader: &mut Reader<'_>) {
    let read: Vec<&str> = reader.effective.iter().map(|effective| effective.name).collect();
    let mut unknown = Vec::new();
    let mut idle = Vec::new();
    for name in reader.sources.names_with_prefix("LANGFLOW_") {
        if read.contains(&name.as_str()) {
            continue;
        }
        match accepted::judge(&name) {
            accepted::Unread::Unknown => unknown.push(name),
            accepted::Unread::WithoutEffect => idle.push(name),
            accepted::Unread::Silent => {}
        }
    }
    if !unknown.is_empty() {
        reader.notes.push(format!("Unknown settings (mistyped?): {}", unknown.join(", ")));
    }
    if !idle.is_empty() {
        reader.notes.push(format!("Settings without effect in this server: {}", idle.join(", ")));
    }
}

#[cfg(test)]
mod tests;
