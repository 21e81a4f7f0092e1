//! Name look-up with the gate in it: the client can only connect to addresses that passed.

use super::gate::Gate;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::RData;
use langflow_core::async_trait;
use langflow_core::run::ServiceRecords;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Turns a name into addresses.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
    /// Where a service of a name runs (SRV) and what the name's TXT records say.
    async fn service(&self, service: &str, name: &str) -> io::Result<ServiceRecords>;
}

/// The resolver of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }

    async fn service(&self, service: &str, name: &str) -> io::Result<ServiceRecords> {
        // The name servers of the machine are read anew: they may have changed.
        let resolver = tokio::task::spawn_blocking(|| TokioResolver::builder_tokio()?.build()).await?;
        records(&resolver.map_err(io::Error::other)?, service, name).await.map_err(io::Error::other)
    }
}

/// Asks for the records. The dots at the end keep out the domains that the machine would try.
async fn records(resolver: &TokioResolver, service: &str, name: &str) -> Result<ServiceRecords, NetError> {
    let places = resolver.srv_lookup(format!("_{service}._tcp.{name}.")).await?;
    let place = |record: &RData| match record {
        RData::SRV(place) => Some((place.target.to_ascii().trim_end_matches('.').to_owned(), place.port)),
        _ => None,
    };
    let text = |record: &RData| match record {
        RData::TXT(text) => {
            Some(text.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect::<String>())
        }
        _ => None,
    };
    let texts = match resolver.txt_lookup(format!("{name}.")).await {
        Ok(found) => found.answers().iter().filter_map(|record| text(&record.data)).collect(),
        Err(error) if error.is_no_records_found() => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(ServiceRecords {
        hosts: places.answers().iter().filter_map(|record| place(&record.data)).collect(),
        texts,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_resolver::config::{NameServerConfig, ResolverConfig};
    use hickory_resolver::net::runtime::TokioRuntimeProvider;
    use hickory_resolver::proto::op::{Message, OpCode};
    use hickory_resolver::proto::rr::rdata::{SRV, TXT};
    use hickory_resolver::proto::rr::{Name, Record, RecordType};
    use tokio::net::UdpSocket;

    /// A name server that knows one cluster; its port.
    async fn name_server() -> u16 {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        tokio::spawn(async move {
            let mut bytes = [0; 512];
            loop {
                let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
                let asked = Message::from_vec(&bytes[..length]).unwrap();
                let query = asked.queries[0].clone();
                let name = query.name().clone();
                let host = |host: &str| Name::from_ascii(host).unwrap();
                let all = match (name.to_ascii().as_str(), query.query_type()) {
                    ("_mongodb._tcp.c.example.", RecordType::SRV) => vec![
                        RData::SRV(SRV::new(0, 0, 27017, host("a.c.example."))),
                        RData::SRV(SRV::new(0, 0, 27018, host("b.c.example."))),
                    ],
                    ("c.example.", RecordType::TXT) => {
                        vec![RData::TXT(TXT::new(vec!["authSource=".into(), "other".into()]))]
                    }
                    ("_mongodb._tcp.plain.example.", RecordType::SRV) => {
                        vec![RData::SRV(SRV::new(0, 0, 1, host("h.plain.example.")))]
                    }
                    _ => Vec::new(),
                };
                let mut answer = Message::response(asked.metadata.id, OpCode::Query);
                answer.add_query(query);
                answer.add_answers(all.into_iter().map(|data| Record::from_rdata(name.clone(), 60, data)));
                socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
            }
        });
        port
    }

    #[tokio::test]
    async fn records_of_services() {
        let mut server = NameServerConfig::udp([127, 0, 0, 1].into());
        server.connections[0].port = name_server().await;
        let config = ResolverConfig::from_name_servers(vec![server]);
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let resolver = builder.build().unwrap();
        let found = records(&resolver, "mongodb", "c.example").await.unwrap();
        assert_eq!(found.hosts, [("a.c.example".to_owned(), 27017), ("b.c.example".to_owned(), 27018)]);
        assert_eq!(found.texts, ["authSource=other"]);
        let plain = records(&resolver, "mongodb", "plain.example").await.unwrap();
        assert_eq!((plain.hosts.len(), plain.texts.len()), (1, 0), "texts may be missing");
        assert!(records(&resolver, "mongodb", "none.example").await.is_err());
    }
}
