//! Contact points: where a cluster is looked for.

use super::SERVICE;
use langflow_core::Fault;
use std::net::Ipv6Addr;
use uuid::Uuid;

/// Hosts that are tried one after the other.
const MOST_HOSTS: usize = 16;

/// Reads hosts with commas between them, each with a port of its own where it is not `port`: `10.0.0.1`,
/// `db.example:9043`, `[::1]:9042`.
///
/// # Errors
/// There is no host, or one is not in order. The id of an Astra database is `Unsupported`.
pub fn contact_points(text: &str, port: u16) -> Result<Vec<(String, u16)>, Fault> {
    let text = text.trim();
    if Uuid::parse_str(text).is_ok() {
        return Err(Fault::unsupported(
            "this is the id of an Astra database, which is not reached as a cluster of Cassandra: use the component \
             Astra DB for it",
        ));
    }
    let mut hosts = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let host = host_and_port(part, port).ok_or_else(|| {
            Fault::invalid(format!("'{part}' is no contact point; one is something like db.example:{port}"))
        })?;
        hosts.push(host);
    }
    if hosts.is_empty() {
        return Err(Fault::missing(format!("no host of {SERVICE} is named")));
    }
    if hosts.len() > MOST_HOSTS {
        return Err(Fault::invalid(format!("there are more than {MOST_HOSTS} contact points")));
    }
    Ok(hosts)
}

fn host_and_port(text: &str, usual: u16) -> Option<(String, u16)> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Some((text.to_owned(), usual));
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            (address, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let is_host = |char: char| char.is_alphanumeric() || ['.', '-', '_'].contains(&char);
    if host.is_empty() || !(text.starts_with('[') || host.chars().all(is_host)) {
        return None;
    }
    let port = match port {
        None => usual,
        Some(port) => port.parse().ok().filter(|port| *port != 0)?,
    };
    Some((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::FaultKind;

    #[test]
    fn hosts_and_ports() {
        let read = |text: &str| {
            let hosts = contact_points(text, 9042).map_err(|fault| fault.kind())?;
            Ok(hosts.into_iter().map(|(host, port)| format!("{host} {port}")).collect::<Vec<_>>().join(", "))
        };
        for (text, expect) in [
            ("h", Ok("h 9042")),
            (" a.example , b:9043,, ", Ok("a.example 9042, b 9043")),
            ("10.0.0.1", Ok("10.0.0.1 9042")),
            ("::1", Ok("::1 9042")),
            ("[::1]", Ok("::1 9042")),
            ("[2001:db8::1]:7000,h", Ok("2001:db8::1 7000, h 9042")),
            ("", Err(FaultKind::Missing)),
            (" , ", Err(FaultKind::Missing)),
            ("h:x", Err(FaultKind::Invalid)),
            ("h:0", Err(FaultKind::Invalid)),
            ("h:70000", Err(FaultKind::Invalid)),
            (":9042", Err(FaultKind::Invalid)),
            ("[h]", Err(FaultKind::Invalid)),
            ("[::1]9042", Err(FaultKind::Invalid)),
            ("cassandra://u:p@h", Err(FaultKind::Invalid)),
            ("01234567-89ab-cdef-0123-456789abcdef", Err(FaultKind::Unsupported)),
        ] {
            assert_eq!(read(text), expect.map(str::to_owned), "{text}");
        }
        assert_eq!(read(&"h,".repeat(17)), Err(FaultKind::Invalid));
    }
}
