//! The sockets: plain or TLS, HTTP/1.1 and 2, bounded, with an orderly end.

use crate::config::Limits;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// The other end of the connection, put on every request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Remote(pub(crate) SocketAddr);

/// A bound socket, with TLS or without.
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) tls: Option<Arc<ServerConfig>>,
}

/// Serves until `stop`, then gives open requests their time to finish.
pub(crate) async fn run(listener: Listener, router: Router, limits: Limits, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let server = Server::new(listener.tls, router, &limits);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.socket.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => server.begin(stream, remote, graceful.watcher()),
            Err(error) => wait_after(&error).await,
        }
    }
    let patience = Duration::from_secs(limits.shutdown_seconds.into());
    if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
}

/// When the process is out of file descriptors, accepting again at once would only spin.
async fn wait_after(error: &std::io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

struct Server {
    tls: Option<TlsAcceptor>,
    router: Router,
    http: Builder<TokioExecutor>,
    seats: Arc<Semaphore>,
    patience: Duration,
}

impl Server {
    fn new(tls: Option<Arc<ServerConfig>>, router: Router, limits: &Limits) -> Self {
        let patience = Duration::from_secs(limits.header_seconds.into());
        let seats = Arc::new(Semaphore::new(limits.connections as usize));
        Self { tls: tls.map(TlsAcceptor::from), router, http: http(limits, patience), seats, patience }
    }

    fn begin(&self, stream: TcpStream, remote: SocketAddr, watcher: Watcher) {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
            tracing::warn!("too many connections; one was closed");
            return;
        };
        let _ = stream.set_nodelay(true);
        let (router, http) = (self.router.clone(), self.http.clone());
        let Some(tls) = self.tls.clone() else {
            tokio::spawn(converse(stream, remote, router, http, watcher, seat));
            return;
        };
        let patience = self.patience;
        tokio::spawn(async move {
            // A failed handshake is the client's affair: scanners and wrong schemes are common.
            if let Ok(Ok(stream)) = tokio::time::timeout(patience, tls.accept(stream)).await {
                converse(stream, remote, router, http, watcher, seat).await;
            }
        });
    }
}

fn http(limits: &Limits, patience: Duration) -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_headers(128)
        .max_buf_size(limits.header_bytes.max(8192) as usize);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(limits.header_bytes)
        .max_concurrent_streams(256)
        .keep_alive_interval(Duration::from_secs(30))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20);
    http
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    remote: SocketAddr,
    router: Router,
    http: Builder<TokioExecutor>,
    watcher: Watcher,
    _seat: OwnedSemaphorePermit,
) {
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Remote(remote));
        router.clone().oneshot(request)
    });
    let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
