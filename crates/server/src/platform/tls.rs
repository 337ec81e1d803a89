//! How this program makes sure of whom it talks to.

use std::sync::Arc;

/// Certificates are checked against those that the operator's system trusts.
pub fn client() -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    // The provider always knows the default versions.
    let config = builder.map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
    config.unwrap_or_else(|_| unreachable!())
}
