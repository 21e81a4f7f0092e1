//! What the operator reads when the server is up.

use super::listener::Bound;
use crate::config::{Config, Origin};
use crate::output::say;
use crate::wiring;
use std::net::SocketAddr;

/// Prints address, login mode, database, warnings and what to do next.
pub fn print(config: &Config, bound: &Bound, metrics: Option<SocketAddr>) {
    let url = url(config, bound);
    say("");
    say(format_args!("  langflow-rs {} (Langflow 1.13.0)", env!("CARGO_PKG_VERSION")));
    say(format_args!("  Address:   {url}"));
    say(format_args!("  Login:     {}", login(config)));
    say(format_args!("  Database:  {}", wiring::database_shown(config)));
    if let Some(address) = metrics {
        say(format_args!("  Metrics:   http://{address}/metrics"));
    }
    for warning in warnings(config, bound) {
        say(format_args!("  Warning:   {warning}"));
    }
    let deviations = config.deviations();
    if !deviations.is_empty() {
        say(format_args!("  Laxer than the strict profile:"));
        let width = deviations.iter().map(|one| one.setting.len()).max().unwrap_or(0);
        for one in deviations {
            say(format_args!("    {:<width$}  {}", one.setting, one.means));
        }
    }
    say(format_args!("  Next:      {}", next(config, &url)));
    say("");
}

/// The address as a browser on this machine opens it.
pub fn url(config: &Config, bound: &Bound) -> String {
    let scheme = if config.listen.ssl_cert_file.is_some() { "https" } else { "http" };
    let ip = bound.address.ip();
    let host = if ip.is_loopback() || ip.is_unspecified() { "localhost".to_owned() } else { ip.to_string() };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("{scheme}://{host}:{}", bound.address.port())
}

fn login(config: &Config) -> String {
    let auth = &config.auth;
    if !auth.auto_login {
        format!("required; superuser {}", auth.superuser.as_deref().unwrap_or("langflow"))
    } else if auth.skip_auth_auto_login {
        "automatic, and API calls need no key".to_owned()
    } else {
        "automatic in the editor; API calls need a key".to_owned()
    }
}

fn warnings(config: &Config, bound: &Bound) -> Vec<String> {
    let mut all = config.notes.clone();
    if let Some(port) = bound.taken {
        all.push(format!("port {port} is taken, port {} is used instead", bound.address.port()));
    }
    let is_open = !config.listens_on_loopback();
    let auth = &config.auth;
    if auth.auto_login && is_open {
        all.push(
            "automatic login on an address others can reach: whoever reaches it is the superuser".into(),
        );
    }
    if auth.skip_auth_auto_login && auth.auto_login {
        all.push(
            "LANGFLOW_SKIP_AUTH_AUTO_LOGIN lets requests without a credential act as the superuser".into(),
        );
    }
    if is_open && config.listen.ssl_cert_file.is_none() && !config.limits.rate_limit_trust_proxy {
        all.push("no TLS: put a proxy in front, or give --ssl-cert-file-path and --ssl-key-file-path".into());
    }
    if !auth.auto_login && config.origin("LANGFLOW_SECRET_KEY") == Origin::Default {
        all.push(
            "the secret key was made here; set LANGFLOW_SECRET_KEY if several servers share the data".into(),
        );
    }
    all
}

fn next(config: &Config, url: &str) -> String {
    match (config.listen.backend_only, config.auth.auto_login) {
        (true, _) => {
            "make a key with `langflow api-key`, then call the API; its documentation is at /docs".into()
        }
        (false, true) => format!("open {url} in a browser; for the API make a key with `langflow api-key`"),
        (false, false) => format!("open {url} in a browser and sign in"),
    }
}
