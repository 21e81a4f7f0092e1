//! Questions to whoever sits at the terminal.

use anyhow::{Context as _, Result, ensure};
use langflow_core::Secret;
use std::io::Write as _;

/// A line of text.
///
/// # Errors
/// Nobody answers.
pub fn line(question: &str) -> Result<String> {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{question}").and_then(|()| out.flush());
    drop(out);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("cannot read an answer")?;
    let answer = answer.trim().to_owned();
    ensure!(!answer.is_empty(), "{}nobody answered", question.to_lowercase());
    Ok(answer)
}

/// A text that is not shown while it is typed; without a terminal the next line of standard input.
///
/// # Errors
/// Nobody answers.
pub fn secret(question: &str) -> Result<Secret> {
    use std::io::IsTerminal as _;
    if !std::io::stdin().is_terminal() {
        return line(question).map(Secret::new);
    }
    let answer = rpassword::prompt_password(question).context("cannot read an answer")?;
    ensure!(!answer.is_empty(), "{}nobody answered", question.to_lowercase());
    Ok(Secret::new(answer))
}
