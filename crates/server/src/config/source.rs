//! Where values come from: flags, the file named by `--env-file`, the process environment, `./.env`.

use super::dotenv;
use langflow_core::Secret;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag,
    /// The file given by `--env-file`.
    EnvFile(PathBuf),
    Environment,
    /// `.env` in the working directory.
    Found(PathBuf),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::EnvFile(path) | Self::Found(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Everything that was given, the strongest source first.
#[derive(Debug, Default)]
pub struct Sources {
    layers: Vec<Layer>,
    /// Variables whose value is not text.
    pub not_text: Vec<String>,
}

#[derive(Debug)]
struct Layer {
    origin: Origin,
    /// Names as written.
    values: BTreeMap<String, String>,
    /// Upper-case name → name as written; an exact upper-case name wins over a near one.
    names: BTreeMap<String, String>,
}

impl Layer {
    fn new(origin: Origin, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let values: BTreeMap<String, String> = pairs.into_iter().collect();
        let mut names = BTreeMap::new();
        for name in values.keys() {
            let upper = name.to_ascii_uppercase();
            if *name == upper || !names.contains_key(&upper) {
                names.insert(upper, name.clone());
            }
        }
        Self { origin, values, names }
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.names.get(name).and_then(|written| self.values.get(written)).map(String::as_str)
    }
}

impl Sources {
    /// Puts the layers together. `given` are flags as `(variable, value)`.
    ///
    /// # Errors
    /// A file that cannot be read, or lines in it that cannot.
    pub fn collect(
        given: Vec<(&'static str, String)>,
        env_file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        working_dir: Option<&Path>,
    ) -> Result<Self, Vec<String>> {
        let (environment, not_text) = texts(environment);
        let process = Layer::new(Origin::Environment, environment);
        let mut sources = Self { layers: Vec::new(), not_text };
        sources.push(Layer::new(Origin::Flag, given.into_iter().map(|(n, v)| (n.to_owned(), v))));
        if let Some(path) = env_file {
            let read = read_file(path, &process)?;
            sources.push(Layer::new(Origin::EnvFile(path.to_owned()), read));
        }
        let found = working_dir.map(|dir| dir.join(".env")).filter(|path| path.is_file());
        let found = match found {
            Some(path) => Some(Layer::new(Origin::Found(path.clone()), read_file(&path, &process)?)),
            None => None,
        };
        sources.push(process);
        sources.layers.extend(found);
        Ok(sources)
    }

    fn push(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    /// The strongest value that is not empty: an empty one counts as not given.
    pub fn find(&self, name: &str) -> Option<(&str, &Origin)> {
        self.layers.iter().find_map(|layer| {
            layer.find(name).filter(|value| !value.trim().is_empty()).map(|value| (value, &layer.origin))
        })
    }

    /// Upper-case names beginning with `prefix`, from every source.
    pub fn names_with_prefix(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .layers
            .iter()
            .flat_map(|layer| layer.names.keys())
            .filter(|name| name.starts_with(prefix))
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The environment as flows may see it: the process's own, with the files' values in their place.
    pub fn environment(&self) -> BTreeMap<String, Secret> {
        let mut all = BTreeMap::new();
        for layer in self.layers.iter().rev().filter(|layer| layer.origin != Origin::Flag) {
            for (name, value) in &layer.values {
                all.insert(name.clone(), Secret::new(value.clone()));
            }
        }
        all
    }
}

fn texts(pairs: impl IntoIterator<Item = (OsString, OsString)>) -> (Vec<(String, String)>, Vec<String>) {
    let mut read = Vec::new();
    let mut not_text = Vec::new();
    for (name, value) in pairs {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => read.push((name, value)),
            Err(_) if name.to_ascii_uppercase().starts_with("LANGFLOW_") => not_text.push(name),
            Err(_) => {}
        }
    }
    (read, not_text)
}

fn read_file(path: &Path, process: &Layer) -> Result<Vec<(String, String)>, Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("{}: {error}", path.display())])?;
    dotenv::parse(&text, |name| process.values.get(name).cloned())
        .map_err(|bad| bad.iter().map(|line| format!("{}, {line}", path.display())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        pairs.iter().map(|(n, v)| (OsString::from(n), OsString::from(v))).collect()
    }

    #[test]
    fn flag_beats_env_file_beats_environment_beats_found_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("given.env");
        std::fs::write(&file, "LANGFLOW_A=file\nLANGFLOW_B=file\n").unwrap();
        std::fs::write(dir.path().join(".env"), "LANGFLOW_C=found\nLANGFLOW_D=found\nKEY=k\n").unwrap();
        let sources = Sources::collect(
            vec![("LANGFLOW_A", "flag".into())],
            Some(&file),
            env(&[("langflow_b", "env"), ("LANGFLOW_C", "env"), ("LANGFLOW_E", "  ")]),
            Some(dir.path()),
        )
        .unwrap();
        let found = |name: &str| sources.find(name).map(|(value, _)| value.to_owned());
        assert_eq!(found("LANGFLOW_A").as_deref(), Some("flag"));
        assert_eq!(found("LANGFLOW_B").as_deref(), Some("file"));
        assert_eq!(found("LANGFLOW_C").as_deref(), Some("env"));
        assert_eq!(found("LANGFLOW_D").as_deref(), Some("found"));
        assert_eq!(found("LANGFLOW_E"), None, "empty counts as not given");
        assert_eq!(sources.environment().get("KEY").map(Secret::expose), Some("k"));
    }

    #[test]
    fn names_do_not_care_about_case() {
        let sources = Sources::collect(vec![], None, env(&[("langflow_auto_login", "false")]), None).unwrap();
        assert_eq!(sources.find("LANGFLOW_AUTO_LOGIN").map(|(value, _)| value), Some("false"));
    }

    #[test]
    fn a_missing_env_file_is_named() {
        let problems = Sources::collect(vec![], Some(Path::new("/no/such.env")), env(&[]), None).unwrap_err();
        assert!(problems[0].contains("/no/such.env"), "{problems:?}");
    }
}
