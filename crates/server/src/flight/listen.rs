//! The socket, with TLS or without, and who comes in: every call brings a token, none is answered without.

use super::DOOR;
use super::service::Service;
use crate::App;
use crate::http::{self, Caller, Listener, Problem};
use crate::tls::{self, TlsError};
use arrow_flight::flight_service_server::FlightServiceServer;
use axum::Router;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tonic::{Code, Status};

/// Why the door can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Tokens and rows could be read on the way.
    #[error(
        "flight.listen = \"{0}\" can be reached from other machines, so TLS is required: \
         set flight.tls_certificate and flight.tls_key, or listen on 127.0.0.1"
    )]
    PlainBeyondLoopback(SocketAddr),
    /// Only one of certificate and key.
    #[error("flight.tls_certificate and flight.tls_key belong together; one of them is missing")]
    HalfTls,
    /// The certificate or key can't be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The port is taken or not allowed.
    #[error("can't listen on {0} for Flight SQL")]
    Bind(SocketAddr, #[source] std::io::Error),
}

/// The door, open: its socket, what answers there, and its address. Nothing when no address is set.
///
/// # Errors
/// [`OpenError`]; nothing listens then.
pub(crate) async fn open(app: &Arc<App>) -> Result<Option<(Listener, Router, SocketAddr)>, OpenError> {
    let Some(listen) = app.config.flight.listen else { return Ok(None) };
    let tls = tls_for(app, listen)?;
    let failed = |error| OpenError::Bind(listen, error);
    let socket = TcpListener::bind(listen).await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok(Some((Listener { socket, tls }, router(app), address)))
}

fn tls_for(app: &App, listen: SocketAddr) -> Result<Option<Arc<ServerConfig>>, OpenError> {
    let config = &app.config.flight;
    match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => Ok(Some(tls::http_server(certificate, key)?)),
        (None, None) if listen.ip().is_loopback() => Ok(None),
        (None, None) => Err(OpenError::PlainBeyondLoopback(listen)),
        _ => Err(OpenError::HalfTls),
    }
}

fn router(app: &Arc<App>) -> Router {
    let service = FlightServiceServer::new(Service::new(Arc::clone(app)));
    let router = Router::new()
        .route_service("/arrow.flight.protocol.FlightService/{call}", service)
        .layer(from_fn_with_state(Arc::clone(app), admit));
    http::guarded(router, app)
}

/// Finds who calls, and puts them on the request.
async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // A browser's cookie is no key to this door.
    parts.headers.remove(header::COOKIE);
    match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => {
            parts.extensions.insert(Caller { door: DOOR, ..caller });
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => told(&problem).into_http(),
    }
}

/// A problem as gRPC has it.
pub(super) fn told(problem: &Problem) -> Status {
    let code = match (problem.status(), problem.kind()) {
        (_, "too-much-memory") | (429, _) => Code::ResourceExhausted,
        (400, _) => Code::InvalidArgument,
        (401, _) => Code::Unauthenticated,
        (403, _) => Code::PermissionDenied,
        (404 | 410, _) => Code::NotFound,
        (503, _) => Code::Unavailable,
        (504, _) => Code::DeadlineExceeded,
        _ => Code::Internal,
    };
    Status::new(code, problem.detail())
}
