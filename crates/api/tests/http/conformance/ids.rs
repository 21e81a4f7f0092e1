//! Ids of the recorded server and what they are called here.

use serde_json::Value;
use std::collections::HashMap;

/// Recorded text to ours: ids, and names that carry an id or a time.
#[derive(Default)]
pub struct Known {
    by_recorded: HashMap<String, String>,
}

impl Known {
    /// Says what a recorded id is called here.
    pub fn insert(&mut self, recorded: &str, ours: &str) {
        self.by_recorded.insert(recorded.to_owned(), ours.to_owned());
    }

    pub fn knows(&self, recorded: &str) -> bool {
        self.by_recorded.contains_key(recorded)
    }

    /// Takes the ids of an answer, found at the same places in both bodies.
    pub fn learn(&mut self, recorded: &Value, ours: &Value) {
        match (recorded, ours) {
            (Value::String(recorded), Value::String(ours)) if recorded != ours && is_made(recorded) => {
                self.by_recorded.entry(recorded.clone()).or_insert_with(|| ours.clone());
                if let (Some((_, recorded)), Some((_, ours))) =
                    (recorded.rsplit_once('/'), ours.rsplit_once('/'))
                {
                    self.by_recorded.entry(recorded.to_owned()).or_insert_with(|| ours.to_owned());
                }
            }
            (Value::Array(recorded), Value::Array(ours)) => {
                recorded.iter().zip(ours).for_each(|(recorded, ours)| self.learn(recorded, ours));
            }
            (Value::Object(recorded), Value::Object(ours)) => {
                for (key, recorded) in recorded {
                    self.learn(recorded, ours.get(key).unwrap_or(&Value::Null));
                }
            }
            _ => {}
        }
    }

    /// The answer with our ids in place of the recorded ones where they are keys.
    pub fn with_keys(&self, recorded: &Value) -> Value {
        match recorded {
            Value::Object(object) => {
                let ours = |key: &String| self.by_recorded.get(key).unwrap_or(key).clone();
                object.iter().map(|(key, value)| (ours(key), self.with_keys(value))).collect()
            }
            Value::Array(list) => list.iter().map(|value| self.with_keys(value)).collect(),
            other => other.clone(),
        }
    }

    /// The text with our ids in place of the recorded ones.
    pub fn translate(&self, text: &str) -> String {
        let mut pairs: Vec<_> = self.by_recorded.iter().collect();
        pairs.sort_by_key(|(recorded, _)| std::cmp::Reverse(recorded.len()));
        let mut text = text.to_owned();
        for (recorded, ours) in pairs {
            text = text.replace(recorded.as_str(), ours);
            let in_path = recorded.replace(' ', "%20");
            if in_path != *recorded {
                text = text.replace(&in_path, &ours.replace(' ', "%20"));
            }
        }
        text
    }
}

/// A text that the server has made up: it holds an id or a time.
fn is_made(text: &str) -> bool {
    let part = |text: &str| text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    text.len() < 200 && (part(text) || text.split('/').any(part))
}
