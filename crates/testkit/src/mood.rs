//! How servers in memory answer.

/// How a server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Good,
    /// No credential is good.
    Locked,
    /// It fails on its side; connections break off.
    Broken,
    /// What it says is not its protocol.
    Garbage,
}
