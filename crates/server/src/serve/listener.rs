//! The address to listen on.

use crate::config::Listen;
use anyhow::{Context as _, Result, anyhow};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs as _};

/// Ports tried after the one asked for.
const TRIES: u16 = 100;

/// A bound socket.
pub struct Bound {
    pub socket: TcpListener,
    pub address: SocketAddr,
    /// The port that was asked for and taken, if another one is used.
    pub taken: Option<u16>,
}

/// Binds the address; a port that is taken gives way to the next free one.
///
/// # Errors
/// The host has no address, or none of the ports can be had.
pub fn bind(listen: &Listen) -> Result<Bound> {
    let ip = resolve(&listen.host)?;
    let last = listen.port.saturating_add(TRIES);
    for port in listen.port..=last {
        match TcpListener::bind((ip, port)) {
            Ok(socket) => {
                let address = socket.local_addr()?;
                let taken = (port != listen.port).then_some(listen.port);
                return Ok(Bound { socket, address, taken });
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(anyhow!(error).context(format!("cannot listen on {ip}, port {port}"))),
        }
    }
    Err(anyhow!("cannot listen on {ip}: ports {} to {last} are all taken", listen.port))
}

/// An address of the host; of several the first of version 4.
fn resolve(host: &str) -> Result<IpAddr> {
    let bare = host.trim_matches(['[', ']']);
    if let Ok(ip) = bare.parse() {
        return Ok(ip);
    }
    let found: Vec<IpAddr> = (bare, 0)
        .to_socket_addrs()
        .with_context(|| format!("LANGFLOW_HOST={host} has no address"))?
        .map(|address| address.ip())
        .collect();
    found
        .iter()
        .find(|ip| ip.is_ipv4())
        .or(found.first())
        .copied()
        .ok_or_else(|| anyhow!("LANGFLOW_HOST={host} has no address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_gives_way_to_the_next() {
        let first = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let listen = Listen { host: "localhost".into(), port, ..Listen::default() };
        let bound = bind(&listen).unwrap();
        assert_ne!(bound.address.port(), port);
        assert_eq!(bound.taken, Some(port));
    }

    #[test]
    fn a_host_without_address_is_named() {
        let listen = Listen { host: "no.such.host.invalid".into(), ..Listen::default() };
        assert!(bind(&listen).is_err_and(|error| format!("{error:#}").contains("no.such.host.invalid")));
    }
}
