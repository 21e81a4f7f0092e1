//! Connection strings.

use super::certificate::with_lines;
use super::login::{Login, Mechanism};
use langflow_core::run::Egress;
use langflow_core::{Fault, Secret};
use std::collections::BTreeMap;
use std::sync::Arc;

const PORT: u16 = 27017;
/// Options that name files of the server this program runs on.
const FILES: [&str; 3] = ["tlscafile", "tlscertificatekeyfile", "tlscrlfile"];
/// Options that would take any certificate.
const BLIND: [&str; 3] = ["tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames"];

/// Where a cluster is, and who calls it.
#[derive(Clone, Debug)]
pub struct MongoServer {
    pub(super) seeds: Seeds,
    pub(super) encrypted: bool,
    /// Speaks to the host that is named, whatever it is in its cluster.
    pub(super) direct: bool,
    pub(super) login: Login,
    /// Where the account is known; empty: what the records of the name say, or `admin`.
    pub(super) source: String,
    /// A certificate with its key, both in PEM. Empty: none is shown.
    pub(super) certificate: Secret,
    pub(super) egress: Arc<dyn Egress>,
}

/// How the hosts are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seeds {
    Hosts(Vec<(String, u16)>),
    /// By the SRV records of this name.
    Records(String),
}

impl MongoServer {
    /// Reads `mongodb://user:password@host:port,host:port/database?options` and `mongodb+srv://user:password@name`. The
    /// faults never show the text, which may hold a password.
    ///
    /// # Errors
    /// It is no such address; it asks for what is not spoken: sockets of the machine, files of the server, certificates
    /// that are not checked, other ways to sign in than SCRAM and X.509.
    pub fn parse(text: &str, egress: Arc<dyn Egress>) -> Result<Self, Fault> {
        let (scheme, rest) = text.trim().split_once("://").ok_or_else(|| wrong("is no URL"))?;
        let by_records = match scheme {
            "mongodb" => false,
            "mongodb+srv" => true,
            _ => return Err(wrong("has another scheme than mongodb and mongodb+srv")),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        // A password may hold an @.
        let (account, place) = place.rsplit_once('@').map_or((None, place), |(a, p)| (Some(a), p));
        let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
        let options = options(query);
        refuse(&options)?;
        let says = |name: &str| options.get(name).map(|value| value == "true");
        let login = login(account, options.get("authmechanism").map(String::as_str))?;
        let source = match (options.get("authsource"), &login) {
            (Some(source), _) => source.clone(),
            (None, Login::Certificate) => String::new(),
            (None, _) => decode(database),
        };
        Ok(Self {
            seeds: if by_records { records(hosts)? } else { listed(hosts)? },
            encrypted: says("tls").or_else(|| says("ssl")).unwrap_or(by_records),
            direct: says("directconnection").unwrap_or(false),
            login,
            source,
            certificate: Secret::default(),
            egress,
        })
    }

    /// Shows a certificate: it and its key in PEM, one after the other, as Atlas gives them out. Line breaks may have
    /// become spaces, as in a field of one line. The connection is by TLS then.
    ///
    /// # Errors
    /// There is no key or no certificate in it.
    pub fn with_certificate(mut self, pem: &Secret) -> Result<Self, Fault> {
        self.certificate = with_lines(pem)?;
        self.encrypted = true;
        Ok(self)
    }
}

fn wrong(why: &str) -> Fault {
    let like = "mongodb+srv://user:password@cluster.example.net";
    Fault::invalid(format!("the connection string {why}; it is something like {like}"))
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The options by their names in lower case; both separators are in use.
fn options(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split(['&', ';']).filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_ascii_lowercase(), decode(value))).collect()
}

fn refuse(options: &BTreeMap<String, String>) -> Result<(), Fault> {
    if let Some(name) = FILES.iter().find(|name| options.contains_key(**name)) {
        return Err(Fault::refused(format!(
            "the connection string names a file of the server ({name}); give a client certificate in its field, and \
             let the operator add an authority"
        )));
    }
    if let Some(name) = BLIND.iter().find(|name| options.get(**name).is_some_and(|value| value == "true")) {
        return Err(Fault::unsupported(format!("certificates are always checked; take {name} away")));
    }
    Ok(())
}

fn login(account: Option<&str>, mechanism: Option<&str>) -> Result<Login, Fault> {
    let (user, password) = account.map(|a| a.split_once(':').unwrap_or((a, ""))).unwrap_or_default();
    let scram = |mechanism| {
        if user.is_empty() {
            return Err(wrong("names a way to sign in and no user"));
        }
        Ok(Login::Password { user: decode(user), password: Secret::new(decode(password)), mechanism })
    };
    match mechanism {
        None | Some("DEFAULT") if user.is_empty() => Ok(Login::Nobody),
        None | Some("DEFAULT") => scram(None),
        Some("SCRAM-SHA-1") => scram(Some(Mechanism::Sha1)),
        Some("SCRAM-SHA-256") => scram(Some(Mechanism::Sha256)),
        Some("MONGODB-X509") => Ok(Login::Certificate),
        Some(other) => {
            Err(Fault::unsupported(format!("'{other}' is no way to sign in to {}", super::SERVICE)))
        }
    }
}

fn records(name: &str) -> Result<Seeds, Fault> {
    let is_name = name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if !is_name || name.parse::<std::net::IpAddr>().is_ok() {
        return Err(wrong("with +srv has to have one name without a port"));
    }
    Ok(Seeds::Records(name.trim_end_matches('.').to_ascii_lowercase()))
}

fn listed(hosts: &str) -> Result<Seeds, Fault> {
    let hosts = hosts.split(',').map(|host| host_and_port(host).ok_or(host));
    let hosts: Result<Vec<_>, _> = hosts.collect();
    match hosts {
        Ok(hosts) => Ok(Seeds::Hosts(hosts)),
        Err(socket) if socket.contains(".sock") => {
            Err(Fault::unsupported("sockets of the machine are not spoken to"))
        }
        Err(_) => Err(wrong("names no host")),
    }
}

/// `host`, `host:port` or `[address]:port`.
pub(super) fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (address, port.strip_prefix(':').unwrap_or(port))
        }
        None => text.split_once(':').unwrap_or((text, "")),
    };
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    let port = if port.is_empty() { PORT } else { port.parse().ok()? };
    is_host.then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Door, EgressConfig};
    use langflow_core::FaultKind;

    fn read(text: &str) -> Result<MongoServer, Fault> {
        MongoServer::parse(text, Arc::new(Door::new(EgressConfig::default()).unwrap()))
    }

    #[test]
    fn connection_strings() {
        let hosts = |hosts: &[(&str, u16)]| {
            Seeds::Hosts(hosts.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect())
        };
        for (text, seeds, encrypted, source) in [
            ("mongodb://h", hosts(&[("h", 27017)]), false, ""),
            ("mongodb://u:p@h:1,[::1]:2/d?tls=true", hosts(&[("h", 1), ("::1", 2)]), true, "d"),
            ("mongodb://u:p%40/@h/d?authSource=a;ssl=true", hosts(&[("h", 27017)]), true, "a"),
            ("mongodb+srv://u:p@C.x.net/?w=majority", Seeds::Records("c.x.net".into()), true, ""),
            ("mongodb+srv://c.x.net/?tls=false", Seeds::Records("c.x.net".into()), false, ""),
        ] {
            let server = read(text).unwrap();
            let told = (server.seeds, server.encrypted, server.source.as_str());
            assert_eq!(told, (seeds, encrypted, source), "{text}");
        }
    }

    #[test]
    fn who_signs_in() {
        for (text, expect) in [
            ("mongodb://h", "nobody"),
            ("mongodb://u:p%40@s@h", "u p@@s None"),
            ("mongodb://u:p@h/?authMechanism=SCRAM-SHA-1", "u p Some(Sha1)"),
            ("mongodb://h/?authMechanism=MONGODB-X509&authSource=$external", "certificate"),
        ] {
            let told = match read(text).unwrap().login {
                Login::Nobody => "nobody".to_owned(),
                Login::Certificate => "certificate".to_owned(),
                Login::Password { user, password, mechanism } => {
                    format!("{user} {} {mechanism:?}", password.expose())
                }
            };
            assert_eq!(told, expect, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_said_without_the_password() {
        for (text, kind) in [
            ("h:27017", FaultKind::Invalid),
            ("http://u:secret@h", FaultKind::Invalid),
            ("mongodb://u:secret@", FaultKind::Invalid),
            ("mongodb://u:secret@h:x", FaultKind::Invalid),
            ("mongodb+srv://u:secret@c.x.net:27017", FaultKind::Invalid),
            ("mongodb+srv://u:secret@10.0.0.1", FaultKind::Invalid),
            ("mongodb+srv://u:secret@localhost", FaultKind::Invalid),
            ("mongodb://%2Ftmp%2Fmongodb.sock", FaultKind::Unsupported),
            ("mongodb://u:secret@h/?tlsCAFile=/etc/passwd", FaultKind::Refused),
            ("mongodb://u:secret@h/?tlsInsecure=true", FaultKind::Unsupported),
            ("mongodb://u:secret@h/?authMechanism=GSSAPI", FaultKind::Unsupported),
            ("mongodb://h/?authMechanism=SCRAM-SHA-256", FaultKind::Invalid),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.kind(), kind, "{text}: {fault}");
            assert!(!fault.message().contains("secret"), "{fault}");
        }
    }
}
