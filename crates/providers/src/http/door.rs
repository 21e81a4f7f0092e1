//! The door itself.

use super::config::EgressConfig;
use super::gate::{Gate, Refusal};
use super::operator_keys::OperatorKeys;
use super::redirect::Hop;
use super::resolver::{GatedResolver, Lookup, SystemLookup};
use super::retry::{self, Attempt};
use super::tls;
use super::wire::wire;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use http::header;
use langflow_core::clock::{Clock, SystemClock};
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Encryption, PageLimits, Reply, ServiceRecords, Wire};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use reqwest::{Client, NoProxy, Proxy};
use rustls::pki_types::ServerName;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// Outbound HTTP: the gate, one client with its pool of connections, retry, redirects.
pub struct Door {
    config: EgressConfig,
    gate: Arc<Gate>,
    operator_keys: OperatorKeys,
    resolver: GatedResolver,
    clock: Arc<dyn Clock>,
    client: Client,
    /// Made on first use: few flows ever skip certificate checks.
    unchecked: OnceLock<Client>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("gate", &self.gate).finish_non_exhaustive()
    }
}

impl Door {
    /// Fails on settings that cannot be used: a proxy that is no URL, an unreadable CA file.
    pub fn new(config: EgressConfig) -> Result<Self, Fault> {
        Self::with(config, Arc::new(SystemLookup), Arc::new(SystemClock))
    }

    /// As [`Door::new`], with a look-up and a clock of the caller's.
    pub fn with(config: EgressConfig, lookup: Arc<dyn Lookup>, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let gate = Arc::new(Gate::new(&config.ssrf, &config.proxy));
        let resolver = GatedResolver { gate: Arc::clone(&gate), lookup };
        let client = client(&config, &resolver, tls::checked(config.ca_file.as_ref(), config.system_ca)?)?;
        let operator_keys = OperatorKeys::new(&config.operator_keys);
        Ok(Self { config, gate, operator_keys, resolver, clock, client, unchecked: OnceLock::new() })
    }

    fn client(&self, options: CallOptions) -> Result<&Client, Fault> {
        if !options.accept_invalid_certs {
            return Ok(&self.client);
        }
        if self.unchecked.get().is_none() {
            // Two at once make two; one of them is dropped.
            let _ = self.unchecked.set(client(&self.config, &self.resolver, tls::unchecked()?)?);
        }
        self.unchecked.get().ok_or_else(|| Fault::bug("the client without certificate checks is gone"))
    }

    /// One hop with its retries.
    async fn hop(&self, hop: &Hop, options: CallOptions) -> Result<Reply, Fault> {
        self.gate.check_url(&hop.url)?;
        self.check_behind_proxy(&hop.url).await?;
        let client = self.client(options)?;
        retry::run(&self.config.retry, options.retries, || self.attempt(client, hop, options)).await
    }

    /// A proxy resolves the name itself, so the gate has to look before.
    async fn check_behind_proxy(&self, url: &Url) -> Result<(), Fault> {
        if !self.config.proxy.is_set() {
            return Ok(());
        }
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        match self.resolver.addresses(name).await {
            Ok(_) => Ok(()),
            Err(error) => match error.downcast::<Refusal>() {
                Ok(refusal) => Err((*refusal).into()),
                // A name only the proxy can resolve.
                Err(_) => Ok(()),
            },
        }
    }

    async fn attempt(
        &self,
        client: &Client,
        hop: &Hop,
        options: CallOptions,
    ) -> Result<Attempt<Reply>, Fault> {
        let mut request = reqwest::Request::new(hop.method.clone(), hop.url.clone());
        *request.headers_mut() = hop.headers.clone();
        if !hop.body.is_empty() {
            *request.body_mut() = Some(hop.body.clone().into());
        }
        let sent = tokio::time::timeout(options.timeout, client.execute(request)).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let fault = transport_fault(&hop.url, error);
                return if fault.kind() == FaultKind::Unavailable {
                    Ok(Attempt::Again { reply: Err(fault), wait: None })
                } else {
                    Err(fault)
                };
            }
            // A second attempt would make the caller wait just as long again.
            Err(_) => {
                return Err(Fault::new(
                    FaultKind::Timeout,
                    format!("{} did not answer within {:?}", origin(&hop.url), options.timeout),
                ));
            }
        };
        let status = response.status();
        let wait = retry::retry_after(response.headers(), self.clock.now());
        let reply = Reply {
            status,
            headers: response.headers().clone(),
            url: hop.url.to_string(),
            body: self.body(&hop.url, response),
        };
        if retry::is_worth_retrying(status) {
            Ok(Attempt::Again { reply: Ok(reply), wait })
        } else {
            Ok(Attempt::Done(reply))
        }
    }

    /// The addresses of a host, all of them checked and at least one.
    async fn addresses_of(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        if let Ok(address) = host.parse::<IpAddr>() {
            self.gate.check_address(host, address)?;
            return Ok(vec![address]);
        }
        self.resolver.addresses(host).await.map_err(|error| match error.downcast::<Refusal>() {
            Ok(refusal) => (*refusal).into(),
            Err(error) => Fault::new(FaultKind::Unavailable, format!("'{host}' is not known: {error}")),
        })
    }

    /// A connection to the first address that answers; `host` is the name in its certificate.
    async fn open(&self, host: &str, port: u16, encryption: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let addresses = self.addresses_of(host).await?;
        let places: Vec<SocketAddr> = addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        let failed = |what: &str, error: std::io::Error| {
            Fault::new(FaultKind::Unavailable, format!("{host}:{port} {what}: {error}")).with_source(error)
        };
        let stream =
            TcpStream::connect(&*places).await.map_err(|error| failed("cannot be reached", error))?;
        stream.set_nodelay(true).map_err(|error| failed("cannot be reached", error))?;
        let own = match encryption {
            Encryption::None => return Ok(wire(stream)),
            Encryption::Tls => None,
            Encryption::TlsAs(own) => Some(own),
        };
        let settings = tls::of_no_http(self.config.ca_file.as_ref(), self.config.system_ca, own)?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| Fault::invalid(format!("'{host}' is no name of a server")).with_source(error))?;
        let connector = TlsConnector::from(Arc::new(settings));
        let stream =
            connector.connect(name, stream).await.map_err(|error| failed("speaks no TLS to trust", error))?;
        Ok(wire(stream))
    }

    /// The body in pieces, with a bound on its size and on every silence.
    fn body(&self, url: &Url, response: reqwest::Response) -> BoxStream<'static, Result<Bytes, Fault>> {
        let (limit, idle) = (self.config.max_body_bytes, self.config.idle_timeout);
        let url = url.clone();
        let pieces = response.bytes_stream().boxed();
        futures::stream::unfold(Some((pieces, 0_usize)), move |state| {
            let url = url.clone();
            async move {
                let (mut pieces, read) = state?;
                let fault = match tokio::time::timeout(idle, pieces.next()).await {
                    Ok(None) => return None,
                    Ok(Some(Ok(piece))) if read + piece.len() <= limit => {
                        let read = read + piece.len();
                        return Some((Ok(piece), Some((pieces, read))));
                    }
                    Ok(Some(Ok(_))) => {
                        Fault::invalid(format!("the reply of {} is larger than {limit} bytes", origin(&url)))
                    }
                    Ok(Some(Err(error))) => transport_fault(&url, error),
                    Err(_) => Fault::new(
                        FaultKind::Timeout,
                        format!("{} stopped in the middle of its reply", origin(&url)),
                    ),
                };
                Some((Err(fault), None))
            }
        })
        .boxed()
    }
}

#[async_trait]
impl Egress for Door {
    fn page_limits(&self) -> PageLimits {
        self.config.pages
    }

    fn check_key_use(&self, key: &Secret, url: &str, own: &[&str]) -> Result<(), Fault> {
        self.operator_keys.check(key, url, own)
    }

    async fn address_of(&self, host: &str) -> Result<IpAddr, Fault> {
        let addresses = self.addresses_of(host).await?;
        addresses.first().copied().ok_or_else(|| Fault::bug("a name without addresses was looked up"))
    }

    async fn connect(&self, host: &str, port: u16, encryption: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let wait = self.config.connect_timeout;
        match tokio::time::timeout(wait, self.open(host, port, encryption)).await {
            Ok(opened) => opened,
            Err(_) => Err(Fault::new(FaultKind::Timeout, format!("{host}:{port} cannot be reached in time"))),
        }
    }

    async fn service_records(&self, service: &str, name: &str) -> Result<ServiceRecords, Fault> {
        let looking = self.resolver.lookup.service(service, name);
        match tokio::time::timeout(self.config.connect_timeout, looking).await {
            Ok(Ok(records)) => Ok(records),
            Ok(Err(error)) => Err(Fault::new(
                FaultKind::Unavailable,
                format!("where '{name}' runs its service {service} is not known: {error}"),
            )
            .with_source(error)),
            Err(_) => Err(Fault::new(
                FaultKind::Timeout,
                format!("nobody told in time where '{name}' runs its service {service}"),
            )),
        }
    }

    async fn send(&self, request: http::Request<Bytes>, options: CallOptions) -> Result<Reply, Fault> {
        let (parts, body) = request.into_parts();
        let text = parts.uri.to_string();
        let url = Url::parse(&text).map_err(|e| Fault::invalid(format!("'{text}' is not a URL: {e}")))?;
        let mut hop = Hop { method: parts.method, url, headers: parts.headers, body };
        for _ in 0..=self.config.max_redirects {
            let reply = self.hop(&hop, options).await?;
            if !options.follow_redirects {
                return Ok(reply);
            }
            let location = reply.headers.get(header::LOCATION).and_then(|l| l.to_str().ok());
            match hop.redirected(reply.status, location) {
                Some(next) => hop = next,
                None => return Ok(reply),
            }
        }
        Err(Fault::invalid(format!(
            "{} redirects more than {} times",
            origin(&hop.url),
            self.config.max_redirects
        )))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
fn client(
    config: &EgressConfig,
    resolver: &GatedResolver,
    tls: rustls::ClientConfig,
) -> Result<Client, Fault> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(resolver.clone())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(&config.user_agent)
        .connect_timeout(config.connect_timeout)
        .pool_max_idle_per_host(16);
    let no_proxy = || config.proxy.no_proxy.as_deref().and_then(NoProxy::from_string);
    type Make = fn(&str) -> reqwest::Result<Proxy>;
    let proxies: [(&Option<String>, Make); 3] = [
        (&config.proxy.http, |url| Proxy::http(url)),
        (&config.proxy.https, |url| Proxy::https(url)),
        (&config.proxy.all, |url| Proxy::all(url)),
    ];
    for (url, make) in proxies {
        let Some(url) = url else { continue };
        let proxy = make(url).map_err(|e| Fault::invalid(format!("the proxy setting is not a URL: {e}")))?;
        builder = builder.proxy(proxy.no_proxy(no_proxy()));
    }
    builder.build().map_err(|e| Fault::bug("the HTTP client cannot be made").with_source(e))
}

/// Scheme, host and port: what may stand in a message. Paths and queries may hold secrets.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn transport_fault(url: &Url, error: reqwest::Error) -> Fault {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut deepest = String::new();
    while let Some(inner) = cause {
        if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            return refusal.clone().into();
        }
        deepest = inner.to_string();
        cause = inner.source();
    }
    let from = origin(url);
    let error = error.without_url();
    if error.is_timeout() {
        return Fault::new(FaultKind::Timeout, format!("{from} cannot be reached in time"))
            .with_source(error);
    }
    if error.is_builder() {
        return Fault::invalid(format!("the request to {from} cannot be made: {deepest}")).with_source(error);
    }
    let what = if error.is_connect() {
        "cannot be reached"
    } else if error.is_body() || error.is_decode() {
        "broke off in the middle of its reply"
    } else {
        "closed the connection"
    };
    Fault::new(FaultKind::Unavailable, format!("{from} {what}: {deepest}")).with_source(error)
}
