//! What an import found and did.

use serde::Serialize;

/// Notes beyond this many are only counted.
const MOST_NOTES: usize = 200;

/// The outcome of an import, or of its dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// False: nothing was written.
    pub applied: bool,
    pub users: Tally,
    pub api_keys: Tally,
    pub variables: Tally,
    pub projects: Tally,
    pub flows: Tally,
    pub messages: Tally,
    pub files: Tally,
    pub attachments: Tally,
    pub mcp_servers: Tally,
    pub versions: Tally,
    /// Traces of Langflow.
    pub runs: Tally,
    pub transactions: Tally,
    pub builds: Tally,
    /// Sentences for the operator: what was renamed, merged or left out, and why.
    pub notes: Vec<String>,
    pub more_notes: u64,
}

/// Rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// In the other database.
    pub found: u64,
    /// Taken over, or to be taken over.
    pub taken: u64,
    /// Here already.
    pub present: u64,
    /// Not taken over.
    pub left_out: u64,
}

impl Report {
    pub fn note(&mut self, note: impl Into<String>) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(note.into());
        } else {
            self.more_notes += 1;
        }
    }

    /// Kinds and their numbers, in the order of the import.
    pub fn tallies(&self) -> [(&'static str, Tally); 13] {
        [
            ("users", self.users),
            ("API keys", self.api_keys),
            ("variables", self.variables),
            ("projects", self.projects),
            ("flows", self.flows),
            ("messages", self.messages),
            ("files", self.files),
            ("chat attachments", self.attachments),
            ("MCP servers", self.mcp_servers),
            ("flow versions", self.versions),
            ("runs", self.runs),
            ("transactions", self.transactions),
            ("states of nodes", self.builds),
        ]
    }
}
