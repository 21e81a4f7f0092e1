//! Name look-up with the gate in it: the client can only connect to addresses that passed.

use super::gate::Gate;
use langflow_core::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Turns a name into addresses.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// The resolver handed to the client.
#[derive(Clone)]
pub(super) struct GatedResolver {
    pub gate: Arc<Gate>,
    pub lookup: Arc<dyn Lookup>,
}

impl GatedResolver {
    /// Addresses of `name`. One forbidden address refuses the whole name: a name that points both inside
    /// and outside is an attempt at rebinding.
    pub async fn addresses(
        &self,
        name: &str,
    ) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let addresses = self.lookup.lookup(name).await?;
        if !self.gate.allows_name(name) {
            for address in &addresses {
                self.gate.check_address(name, *address)?;
            }
        }
        if addresses.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
        }
        Ok(addresses)
    }
}

impl Resolve for GatedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let addresses = this.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}
