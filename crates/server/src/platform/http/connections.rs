//! Connections: how many there may be, and how long one may keep a place without doing anything for it.
//! Whoever hangs is let go; meanwhile others are served.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Sleep;
use tower::ServiceExt;

use super::server::HttpOptions;
use super::stopwatch::Timing;

/// Who holds the other end of a request's connection, among its extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// More than a shop needs, and little enough for memory: each takes some ten kilobytes.
const MOST_CONNECTIONS: usize = 4_096;
/// Files that are left for the database and everything else.
const OTHER_FILES: usize = 128;
/// How long nobody is let in when the system will not have another connection.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers requests until `shutdown` is ready; those under way are finished first, as long as the
/// clients have patience with us and we with them.
pub async fn serve(
    router: Router,
    options: HttpOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let places = Arc::new(Semaphore::new(places()));
    let (announce, closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            // Nobody closes it.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
        };
        let (router, closing) = (router.clone(), closing.clone());
        connections.spawn(async move {
            converse(router, options, stream, peer, closing).await;
            drop(place);
        });
    }
    drop((listener, announce));
    // Who hangs is aborted when the set is dropped.
    let _ = tokio::time::timeout(options.patience, async { while connections.join_next().await.is_some() {} }).await;
}

/// One connection, request after request, until one of the two has had enough.
async fn converse(
    router: Router,
    options: HttpOptions,
    stream: TcpStream,
    peer: SocketAddr,
    mut closing: watch::Receiver<()>,
) {
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        request
    });
    let timing = options.stopwatch.map(Timing::new);
    let io = TokioIo::new(Patient { stream, patience: options.patience, stalled: None, timing });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // From the end of one answer, or the beginning, until the next head is there.
        .header_read_timeout(options.patience)
        .serve_connection(io, TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // It fails when whoever would announce something is gone: that is the announcement.
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection broke off");
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client was quicker to go than to come.
            Err(cause) if matches!(cause.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(cause) => {
                tracing::error!(%cause, "no connection can be taken; `ulimit -n` says how many files may be open");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// How many connections there may be. Where the system allows few open files, it must be fewer, or there
/// would be none left for the database.
fn places() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let files = files.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    files.map_or(MOST_CONNECTIONS, |files| files.saturating_sub(OTHER_FILES).clamp(1, MOST_CONNECTIONS))
}

/// A connection to somebody who must take what is sent, at least a little of it every now and then.
struct Patient {
    stream: TcpStream,
    patience: Duration,
    /// Since nothing more was taken.
    stalled: Option<Pin<Box<Sleep>>>,
    timing: Option<Timing>,
}

impl Patient {
    /// Passes on what became of a write, unless the other side has taken nothing for too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            if let Some(timing) = &mut self.timing {
                timing.has_written();
            }
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(timing) = &mut self.timing
            && buffer.filled().len() > before
        {
            timing.has_read();
        }
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
