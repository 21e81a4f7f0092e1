//! Database URLs in the form of SQLAlchemy.

use langflow_core::{Fault, Secret};
use std::path::PathBuf;
use url::Url;

/// What a URL names.
#[derive(Debug)]
pub(super) enum Target {
    /// A file; `None` is a database in memory.
    Sqlite(Option<PathBuf>),
    Postgres(Server),
    MySql(Server),
}

#[derive(Debug)]
pub(super) struct Server {
    pub host: String,
    pub port: Option<u16>,
    pub user: String,
    pub password: Secret,
    pub database: String,
    /// As the vendor writes it, in lower case.
    pub ssl_mode: Option<String>,
}

/// Parameters of the URL other than the mode of encryption are not read: they could name files and sockets of the
/// server. The faults never show the URL, which may hold a password.
pub(super) fn parse(text: &str) -> Result<Target, Fault> {
    let text = text.trim();
    let wrong = |why: &str| Fault::invalid(format!("Database URL: {why}")).at_field("database_url");
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| wrong("expected something like postgresql://user:password@host/name"))?;
    // `postgresql+psycopg2`: the driver is ours.
    let dialect = scheme.split('+').next().unwrap_or_default().to_ascii_lowercase();
    match dialect.as_str() {
        "sqlite" => {
            let path = rest.split('?').next().unwrap_or_default();
            let path = path.strip_prefix('/').unwrap_or(path);
            let in_memory = path.is_empty() || path == ":memory:";
            Ok(Target::Sqlite((!in_memory).then(|| PathBuf::from(path))))
        }
        "postgresql" | "postgres" => Ok(Target::Postgres(server(rest, "postgres", &wrong)?)),
        "mysql" | "mariadb" => Ok(Target::MySql(server(rest, "root", &wrong)?)),
        _ => Err(Fault::unsupported(format!(
            "Database URL: there is no driver for '{dialect}'; there are postgresql, mysql, mariadb and sqlite"
        ))
        .at_field("database_url")),
    }
}

fn server(rest: &str, user: &str, wrong: &dyn Fn(&str) -> Fault) -> Result<Server, Fault> {
    let url = Url::parse(&format!("db://{rest}")).map_err(|error| wrong(&error.to_string()))?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mode = url.query_pairs().find(|(key, _)| matches!(key.as_ref(), "sslmode" | "ssl-mode" | "ssl_mode"));
    Ok(Server {
        host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
        port: url.port(),
        user: if url.username().is_empty() { user.to_owned() } else { decode(url.username()) },
        password: Secret::new(decode(url.password().unwrap_or_default())),
        database: decode(url.path().trim_start_matches('/')),
        ssl_mode: mode.map(|(_, value)| value.to_ascii_lowercase()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_sqlalchemy() {
        for (text, expect) in [
            ("sqlite://", "memory"),
            ("sqlite:///:memory:", "memory"),
            ("sqlite:///shop.db", "file shop.db"),
            ("sqlite:////var/shop.db?mode=rwc", "file /var/shop.db"),
            (
                "postgresql://ann:p%40ss@db.example:5433/shop?sslmode=require&host=/tmp",
                "pg ann p@ss db.example 5433 shop require",
            ),
            ("postgres+psycopg2://db.example/shop", "pg postgres  db.example - shop -"),
            ("mysql+pymysql://u@[::1]/", "my u  ::1 -  -"),
            ("oracle://x/y", "fault"),
            ("not a url", "fault"),
            ("postgresql:///shop", "fault"),
        ] {
            let server = |s: Server| {
                let port = s.port.map_or("-".to_owned(), |port| port.to_string());
                let mode = s.ssl_mode.unwrap_or_else(|| "-".into());
                format!("{} {} {} {port} {} {mode}", s.user, s.password.expose(), s.host, s.database)
            };
            let got = match parse(text) {
                Ok(Target::Sqlite(None)) => "memory".to_owned(),
                Ok(Target::Sqlite(Some(path))) => format!("file {}", path.display()),
                Ok(Target::Postgres(s)) => format!("pg {}", server(s)),
                Ok(Target::MySql(s)) => format!("my {}", server(s)),
                Err(_) => "fault".to_owned(),
            };
            assert_eq!(got, expect, "{text}");
        }
    }
}
