//! Lines for whoever started the program. A closed pipe is not a reason to fail.

use std::fmt::Display;
use std::io::Write as _;

/// A line on standard output.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line on standard error.
pub fn complain(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
