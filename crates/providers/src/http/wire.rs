//! Connections that are not HTTP.

use futures::{AsyncRead, AsyncWrite};
use langflow_core::run::Wire;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::ReadBuf;

/// A stream of the runtime as the port has it.
struct Stream<S>(S);

/// A stream of the runtime as a connection that components can be given.
pub fn wire(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
) -> Box<dyn Wire> {
    Box::new(Stream(stream))
}

impl<S: tokio::io::AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(into);
        Pin::new(&mut self.0).poll_read(cx, &mut buffer).map_ok(|()| buffer.filled().len())
    }
}

impl<S: tokio::io::AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// A connection as a stream of the runtime, with a bound on what is read from it.
pub(crate) struct Bounded {
    wire: Box<dyn Wire>,
    left: usize,
}

impl Bounded {
    pub fn new(wire: Box<dyn Wire>, most_bytes: usize) -> Self {
        Self { wire, left: most_bytes }
    }
}

impl tokio::io::AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::FileTooLarge, "the answer is too large")));
        }
        let space = into.initialize_unfilled();
        let most = space.len().min(self.left);
        let space = space.get_mut(..most).unwrap_or_default();
        let read = std::task::ready!(Pin::new(&mut self.wire).poll_read(cx, space))?;
        self.left -= read.min(most);
        into.advance(read.min(most));
        Poll::Ready(Ok(()))
    }
}

impl tokio::io::AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_close(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Door, EgressConfig, SsrfConfig};
    use futures::{AsyncReadExt as _, AsyncWriteExt as _};
    use langflow_core::run::{Egress, Encryption};
    use langflow_core::{FaultKind, Secret};
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::server::WebPkiClientVerifier;
    use std::path::PathBuf;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// An authority, and a server and a client of its own, good until 2126.
    fn data(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name)
    }

    /// A server that speaks TLS and says back what it hears, to those who show a certificate where it wants one; its
    /// port.
    async fn echo(wants_certificate: bool) -> u16 {
        let pem = std::fs::read(data("server.pem")).unwrap();
        let chain = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(&pem).unwrap();
        let provider = Arc::new(ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(data("authority.pem")).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
        let builder = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if wants_certificate {
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let settings = builder.with_single_cert(chain, key).unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut heard = [0; 5];
                stream.read_exact(&mut heard).await.unwrap();
                stream.write_all(&heard).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        port
    }

    fn door(ca_file: Option<PathBuf>) -> Door {
        let ssrf = SsrfConfig { enabled: true, allowed_hosts: vec!["127.0.0.1".into(), "localhost".into()] };
        Door::new(EgressConfig { ssrf, ca_file, ..EgressConfig::default() }).unwrap()
    }

    #[tokio::test]
    async fn by_tls_with_an_authority_of_the_operator() {
        let port = echo(false).await;
        let trusting = door(Some(data("authority.pem")));
        for host in ["localhost", "127.0.0.1"] {
            let mut wire = trusting.connect(host, port, &Encryption::Tls).await.unwrap();
            wire.write_all(b"hello").await.unwrap();
            let mut heard = String::new();
            wire.read_to_string(&mut heard).await.unwrap();
            assert_eq!(heard, "hello", "{host}");
        }
        let fault = door(None).connect("localhost", port, &Encryption::Tls).await.map(drop).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unavailable);
        assert!(fault.message().contains("certificate"), "{fault}");
    }

    #[tokio::test]
    async fn who_has_a_certificate_shows_it() {
        let port = echo(true).await;
        let door = door(Some(data("authority.pem")));
        let hear = async |encryption: Encryption| {
            let mut wire = door.connect("localhost", port, &encryption).await.ok()?;
            wire.write_all(b"hello").await.ok()?;
            let mut heard = String::new();
            wire.read_to_string(&mut heard).await.ok()?;
            Some(heard)
        };
        let own = Secret::new(std::fs::read_to_string(data("client.pem")).unwrap());
        assert_eq!(hear(Encryption::TlsAs(own)).await.as_deref(), Some("hello"));
        assert_eq!(hear(Encryption::Tls).await, None, "nobody is served without a certificate");
        let wrong = Encryption::TlsAs(Secret::new("-----BEGIN CERTIFICATE-----"));
        let fault = door.connect("localhost", port, &wrong).await.map(drop).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Invalid, "{fault}");
    }

    #[tokio::test]
    async fn what_is_read_is_bounded() {
        let (near, mut far) = tokio::io::duplex(64);
        far.write_all(&[7; 10]).await.unwrap();
        let mut bounded = Bounded::new(wire(near), 8);
        let mut heard = Vec::new();
        let error = tokio::io::AsyncReadExt::read_to_end(&mut bounded, &mut heard).await.unwrap_err();
        assert_eq!((heard.len(), error.kind()), (8, io::ErrorKind::FileTooLarge));
    }
}
