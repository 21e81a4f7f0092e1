//! Where a request comes from.

use crate::accounts::throttle::Network;
use std::net::IpAddr;

/// What is known of the program at the other end. Nothing of it proves anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Of the connection, or as the operator's proxy tells it where it is trusted.
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
}

impl Client {
    /// The command line, or the server itself.
    pub fn local() -> Self {
        Self::default()
    }

    pub fn network(&self) -> Network {
        Network::of(self.address)
    }

    /// Whether the request was made on this machine.
    pub fn is_loopback(&self) -> bool {
        self.address.is_none_or(|address| address.to_canonical().is_loopback())
    }

    pub fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_canonical().to_string())
    }
}
