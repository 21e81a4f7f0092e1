//! Certificates as people paste them.

use langflow_core::{Fault, Secret};
use std::fmt::Write as _;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// Characters in a line of PEM.
const LINE: usize = 64;

/// The blocks of `pem` with their line breaks, which may have become spaces.
///
/// # Errors
/// A key or a certificate is missing; the key has a password.
pub(super) fn with_lines(pem: &Secret) -> Result<Secret, Fault> {
    let mut lines = String::new();
    let mut labels = Vec::new();
    let mut rest = pem.expose();
    while let Some((label, body, after)) = block(rest) {
        let body: Vec<char> = body.chars().filter(|c| !c.is_whitespace()).collect();
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{BEGIN}{label}{DASHES}");
        for line in body.chunks(LINE) {
            let _ = writeln!(lines, "{}", line.iter().collect::<String>());
        }
        let _ = writeln!(lines, "-----END {label}{DASHES}");
        labels.push(label);
        rest = after;
    }
    if labels.iter().any(|label| label.contains("ENCRYPTED")) {
        return Err(Fault::unsupported("the key of the client certificate has a password; give it without"));
    }
    for (what, there) in [
        ("private key", labels.iter().any(|label| label.ends_with("PRIVATE KEY"))),
        ("certificate", labels.contains(&"CERTIFICATE")),
    ] {
        if !there {
            return Err(Fault::invalid(format!(
                "there is no {what} in the client certificate: it holds a key and a certificate in PEM"
            )));
        }
    }
    Ok(Secret::new(lines))
}

/// Label and body of the first block, and what comes after it.
fn block(text: &str) -> Option<(&str, &str, &str)> {
    let (_, after) = text.split_once(BEGIN)?;
    let (label, after) = after.split_once(DASHES)?;
    let end = format!("-----END {label}{DASHES}");
    let (body, after) = after.split_once(&end)?;
    Some((label, body, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n";
    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\ndef\n-----END CERTIFICATE-----\n";

    #[test]
    fn line_breaks_come_back() {
        let pem = format!("{KEY}{CERTIFICATE}");
        for given in [pem.clone(), pem.replace('\n', " "), format!("  {}", pem.replace('\n', "\r\n"))] {
            assert_eq!(with_lines(&Secret::new(given)).unwrap().expose(), pem);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let encrypted = KEY.replace("PRIVATE", "ENCRYPTED PRIVATE");
        for (given, words) in [
            (KEY, "no certificate"),
            (CERTIFICATE, "no private key"),
            ("", "no private key"),
            ("-----BEGIN CERTIFICATE-----", "no private key"),
            (&format!("{encrypted}{CERTIFICATE}"), "has a password"),
        ] {
            let fault = with_lines(&Secret::new(given)).unwrap_err();
            assert!(fault.message().contains(words), "{given}: {fault}");
        }
    }
}
