//! What surrounds every request: headers that tell browsers to be strict, a request id, a log line
//! by route template, a shield against panics.

use crate::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tracing::Instrument as _;

/// Wraps the router. The last layer added is the first to see a request.
pub(super) fn around(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    let secure = app.config.has_tls();
    let limits = &app.config.limits;
    router
        .layer(DefaultBodyLimit::max(usize::try_from(limits.body_bytes).unwrap_or(usize::MAX)))
        // A body that stalls is given up; a slow one isn't.
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(limits.stall_seconds.into())))
        .layer(from_fn_with_state(Arc::clone(app), super::limits::by_address))
        .layer(map_response(move |response: Response| async move { strict(response, secure) }))
        .layer(CatchPanicLayer::custom(|_| {
            super::Problem::internal(&std::io::Error::other("a handler panicked")).into_response()
        }))
        .layer(from_fn_with_state(Arc::clone(app), log))
}

/// Pages may load only what we serve ourselves; nobody may frame them.
const PAGES: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; \
     object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const STRICT: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, PAGES),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

fn strict(mut response: Response, secure: bool) -> Response {
    let headers = response.headers_mut();
    for (name, value) in STRICT {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// One line per request: the route's template, never the path, the query or a header.
async fn log(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = format!("{:016x}", rand::random::<u64>());
    let route = request.extensions().get::<MatchedPath>().map_or("(page)", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    app.metrics.answered(method.as_str(), &route, status, begun.elapsed());
    let duration_ms = begun.elapsed().as_millis() as u64;
    span.in_scope(|| tracing::debug!(%method, route, status, duration_ms, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
