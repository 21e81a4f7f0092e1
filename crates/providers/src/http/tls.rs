//! The TLS settings of outbound connections: rustls with ring, a built-in list of authorities, and those
//! the operator adds.

use langflow_core::{Fault, Secret};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where Linux distributions and BSDs keep the authorities of the machine.
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Settings that check certificates.
pub(super) fn checked(ca_file: Option<&PathBuf>, system_ca: bool) -> Result<ClientConfig, Fault> {
    let roots = roots(ca_file, system_ca)?;
    Ok(with_alpn(builder()?.with_root_certificates(roots).with_no_client_auth()))
}

/// Settings for what is not HTTP; they check certificates, and show `own`, a certificate with its key in PEM.
pub(super) fn of_no_http(
    ca_file: Option<&PathBuf>,
    system_ca: bool,
    own: Option<&Secret>,
) -> Result<ClientConfig, Fault> {
    let builder = builder()?.with_root_certificates(roots(ca_file, system_ca)?);
    let Some(own) = own else { return Ok(builder.with_no_client_auth()) };
    let wrong =
        |error: &dyn std::fmt::Display| Fault::invalid(format!("the client certificate is wrong: {error}"));
    let pem = own.expose().as_bytes();
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|error| wrong(&error))?;
    builder.with_client_auth_cert(chain.map_err(|error| wrong(&error))?, key).map_err(|error| wrong(&error))
}

fn roots(ca_file: Option<&PathBuf>, system_ca: bool) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if system_ca && let Some(bundle) = SYSTEM_BUNDLES.iter().map(Path::new).find(|path| path.exists()) {
        add_bundle(&mut roots, bundle)?;
    }
    if let Some(file) = ca_file {
        add_bundle(&mut roots, file)?;
    }
    Ok(roots)
}

/// Settings that take any certificate; for calls where the user asked for that by name.
pub(super) fn unchecked() -> Result<ClientConfig, Fault> {
    let provider = Arc::new(ring::default_provider());
    let config = builder()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    Ok(with_alpn(config))
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Fault> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::bug(format!("TLS cannot be set up: {e}")))
}

fn with_alpn(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn add_bundle(roots: &mut RootCertStore, file: &Path) -> Result<(), Fault> {
    let wrong = |e: &dyn std::fmt::Display| {
        Fault::invalid(format!("certificate authorities cannot be read from {}: {e}", file.display()))
    };
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(file)
        .map_err(|e| wrong(&e))?
        .collect::<Result<_, _>>()
        .map_err(|e| wrong(&e))?;
    // A machine's bundle may hold single certificates that webpki does not read; the rest still counts.
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(wrong(&"it holds no certificate"));
    }
    Ok(())
}

/// Accepts every certificate; signatures of the handshake are still checked.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
