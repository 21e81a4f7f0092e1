//! `curl` commands, as people paste them.

/// What a command asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curl {
    pub url: String,
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub follow_redirects: bool,
}

/// Reads a command line. Options that change nothing about the request are skipped.
pub fn parse(command: &str) -> Result<Curl, String> {
    let mut words = split(command)?.into_iter();
    if words.next().as_deref() != Some("curl") {
        return Err("a cURL command begins with 'curl'".into());
    }
    let mut curl = Curl::default();
    let mut data: Vec<String> = Vec::new();
    let mut as_query = false;
    while let Some(word) = words.next() {
        let (option, inline) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            _ => (word, None),
        };
        let mut value =
            || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{option} has no value"));
        match option.as_str() {
            "-X" | "--request" => curl.method = value()?.to_uppercase(),
            "-H" | "--header" => {
                let header = value()?;
                let (name, text) =
                    header.split_once(':').ok_or_else(|| format!("'{header}' is not a header"))?;
                curl.headers.push((name.trim().to_owned(), text.trim().to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-ascii" | "--data-binary" | "--data-urlencode"
            | "--json" => {
                let text = value()?;
                if text.starts_with('@') {
                    return Err("files on the command line are not read".into());
                }
                data.push(text);
                if option == "--json" {
                    curl.headers.push(("Content-Type".into(), "application/json".into()));
                }
            }
            "-u" | "--user" => {
                use base64::Engine as _;
                let user = base64::engine::general_purpose::STANDARD.encode(value()?);
                curl.headers.push(("Authorization".into(), format!("Basic {user}")));
            }
            "-A" | "--user-agent" => curl.headers.push(("User-Agent".into(), value()?)),
            "-e" | "--referer" => curl.headers.push(("Referer".into(), value()?)),
            "-b" | "--cookie" => curl.headers.push(("Cookie".into(), value()?)),
            "-L" | "--location" => curl.follow_redirects = true,
            "-I" | "--head" => curl.method = "HEAD".into(),
            "-G" | "--get" => as_query = true,
            "--url" => curl.url = value()?,
            "-o" | "--output" | "-m" | "--max-time" | "--connect-timeout" | "--retry" | "-x" | "--proxy" => {
                value()?;
            }
            option if option.starts_with("-X") => {
                option.trim_start_matches("-X").to_uppercase().clone_into(&mut curl.method);
            }
            option if option.starts_with('-') => {}
            _ if curl.url.is_empty() => curl.url = option,
            _ => return Err(format!("'{option}' is out of place")),
        }
    }
    if curl.url.is_empty() {
        return Err("the command names no URL".into());
    }
    let joined = data.join("&");
    if as_query && !joined.is_empty() {
        let glue = if curl.url.contains('?') { '&' } else { '?' };
        curl.url = format!("{}{glue}{joined}", curl.url);
    } else if !data.is_empty() {
        curl.body = Some(joined);
    }
    if curl.method.is_empty() {
        curl.method = if curl.body.is_some() { "POST" } else { "GET" }.into();
    }
    Ok(curl)
}

/// Words of a shell command: quotes, escapes, continued lines.
fn split(command: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
    let mut chars = command.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    chars.next_if_eq(&'\n');
                }
                Some(escaped) => {
                    word.push(escaped);
                    open = true;
                }
            },
            '$' if chars.peek() == Some(&'\'') => {}
            '\'' | '"' => {
                open = true;
                loop {
                    match chars.next() {
                        None => return Err("a quote is not closed".into()),
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' => match chars.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some(other) => word.extend(['\\', other]),
                            None => return Err("a quote is not closed".into()),
                        },
                        Some(inside) => word.push(inside),
                    }
                }
            }
            c if c.is_whitespace() => {
                if open {
                    words.push(std::mem::take(&mut word));
                    open = false;
                }
            }
            c => {
                word.push(c);
                open = true;
            }
        }
    }
    if open {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curl(url: &str, method: &str, headers: &[(&str, &str)], body: Option<&str>) -> Curl {
        Curl {
            url: url.into(),
            method: method.into(),
            headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            body: body.map(str::to_owned),
            follow_redirects: false,
        }
    }

    #[test]
    fn commands() {
        for (command, expect) in [
            ("curl https://a.example", Some(curl("https://a.example", "GET", &[], None))),
            ("curl -XPUT 'https://a.example/x y'", Some(curl("https://a.example/x y", "PUT", &[], None))),
            (
                "curl --request POST \\\n --url https://a.example \\\n -H 'Accept: */*' --data '{\"a\": \"it\\u0027s\"}'",
                Some(curl(
                    "https://a.example",
                    "POST",
                    &[("Accept", "*/*")],
                    Some("{\"a\": \"it\\u0027s\"}"),
                )),
            ),
            (
                "curl -d a=1 -d b=2 https://a.example",
                Some(curl("https://a.example", "POST", &[], Some("a=1&b=2"))),
            ),
            ("curl -G -d a=1 https://a.example?x", Some(curl("https://a.example?x&a=1", "GET", &[], None))),
            (
                "curl -s -u me:pw --compressed \"https://a.example/\\\"q\\\"\"",
                Some(curl("https://a.example/\"q\"", "GET", &[("Authorization", "Basic bWU6cHc=")], None)),
            ),
            ("wget https://a.example", None),
            ("curl", None),
            ("curl 'https://a.example", None),
            ("curl -d @/etc/passwd https://a.example", None),
            ("curl -H", None),
            ("curl https://a.example https://b.example", None),
        ] {
            assert_eq!(parse(command).ok(), expect, "{command}");
        }
    }
}
