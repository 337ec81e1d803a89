//! An object store that speaks Amazon's protocol, checks signatures, and can be stopped in the middle of things.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use hyper::service::Service;
use hyper_util::rt::TokioIo;
use rustls::pki_types::PrivateKeyDer;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

const BUCKET: &str = "shop-backups";
const KEY_ID: &str = "AKIDOFTHESHOP";
const SECRET: &str = "a secret that nobody may ever see";

/// A store with one bucket, which is a folder, on a port of its own.
#[derive(Debug)]
pub struct Store {
    folder: tempfile::TempDir,
    address: SocketAddr,
    /// Of the certificate, when it speaks nothing but TLS.
    certificate: Option<PathBuf>,
    requests_left: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Starts one with an empty bucket.
    ///
    /// # Panics
    ///
    /// When the machine has no room or port for it.
    pub fn start() -> Store {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        Store::start_in(folder, None)
    }

    /// The same behind TLS, with a certificate that only [`variables`](Store::variables) make trusted.
    ///
    /// # Panics
    ///
    /// As [`start`](Store::start).
    pub fn start_encrypted() -> Store {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("the name is one");
        let path = folder.path().join("certificate.pem");
        std::fs::write(&path, own.cert.pem()).expect("there is room for a file");
        let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("the provider knows them").with_no_client_auth();
        let config = config.with_single_cert(vec![own.cert.into()], key).expect("the key is the certificate's");
        Store::start_in(folder, Some((path, TlsAcceptor::from(Arc::new(config)))))
    }

    fn start_in(folder: tempfile::TempDir, encryption: Option<(PathBuf, TlsAcceptor)>) -> Store {
        let (certificate, encryption) = encryption.unzip();
        std::fs::create_dir(folder.path().join(BUCKET)).expect("there is room for a folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a port");
        listener.set_nonblocking(true).expect("a listener need not block");
        let address = listener.local_addr().expect("the port has a number");
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).expect("the folder is there"));
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let requests_left = Arc::new(AtomicU64::new(u64::MAX));
        let (stop, stopped) = oneshot::channel();
        let left = Arc::clone(&requests_left);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.expect("there is a thread for it").block_on(async {
                tokio::select! {
                    () = serve(listener, service, encryption, left) => (),
                    _ = stopped => (),
                }
            });
        });
        Store { folder, address, certificate, requests_left, stop: Some(stop), thread: Some(thread) }
    }

    /// The address of a place in the bucket, as it is typed.
    pub fn bucket(&self, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}")
    }

    /// The folder in which what is below a prefix lies.
    pub fn folder(&self, prefix: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(prefix)
    }

    /// What opens it, as it stands in an environment.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_ENDPOINT_URL", format!("{scheme}://{}", self.address)),
        ];
        variables.extend(self.certificate.iter().map(|path| ("SSL_CERT_FILE", path.display().to_string())));
        variables
    }

    /// From now on so many requests are answered; the connections of all others are cut.
    pub fn answer_only(&self, requests: u64) {
        self.requests_left.store(requests, Ordering::SeqCst);
    }

    /// From now on all requests are answered again.
    pub fn answer_all(&self) {
        self.answer_only(u64::MAX);
    }
}

async fn serve(
    listener: std::net::TcpListener,
    service: S3Service,
    encryption: Option<TlsAcceptor>,
    left: Arc<AtomicU64>,
) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener does not block");
    loop {
        let Ok((socket, _)) = listener.accept().await else { continue };
        let (service, encryption, left) = (service.clone(), encryption.clone(), Arc::clone(&left));
        tokio::spawn(async move {
            match encryption {
                None => converse(socket, service, left).await,
                Some(encryption) => {
                    if let Ok(socket) = encryption.accept(socket).await {
                        converse(socket, service, left).await;
                    }
                }
            }
        });
    }
}

async fn converse<S>(socket: S, service: S3Service, left: Arc<AtomicU64>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let answer = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let is_answered = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        let answer = is_answered.then(|| Service::call(&service, request));
        async move {
            match answer {
                Some(answer) => answer.await.map_err(|fault| format!("{fault:?}")),
                None => Err("the store is down".to_owned()),
            }
        }
    });
    // A client that went away is no concern of the store's.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
