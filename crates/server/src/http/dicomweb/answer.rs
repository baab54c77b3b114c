//! Answers that are streams.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::Stream;
use view::multipart::{self, Part};
use view::{ByteStream, ViewError};

/// A stream of one media type.
pub(super) fn stream(media_type: &str, body: ByteStream) -> Response {
    response(media_type, Body::from_stream(body))
}

/// Bytes of one media type.
pub(in crate::http) fn whole(media_type: &str, body: impl Into<Body>) -> Response {
    response(media_type, body.into())
}

/// A `multipart/related` of parts with this media type.
pub(super) fn parts(
    root: &str,
    parts: impl Stream<Item = Result<Part, ViewError>> + Send + 'static,
) -> Response {
    let boundary = multipart::boundary();
    let media_type = multipart::content_type(root, &boundary);
    stream(&media_type, multipart::body(boundary, parts))
}

fn response(media_type: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    set(&mut response, header::CONTENT_TYPE, media_type);
    // Identified images stay out of shared and disk caches; a tag lets the browser ask again cheaply.
    set(&mut response, header::CACHE_CONTROL, "private, no-cache");
    set(&mut response, header::VARY, "accept, authorization, cookie");
    response
}

/// Sets a header to text that is visible ASCII.
pub(in crate::http) fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Tells something beside the answer (PS3.18 §8.5.1.2); several times, several things.
pub(super) fn warn(response: &mut Response, text: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("299 isocenter \"{text}\"")) {
        response.headers_mut().append(header::WARNING, value);
    }
}

/// A tag for what never changes: the content's digest and how it was asked for.
pub(in crate::http) fn tag(digest: impl std::fmt::Display, asked: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    asked.hash(&mut hasher);
    let digest = digest.to_string();
    format!("\"{}-{:016x}\"", digest.get(..24).unwrap_or(&digest), hasher.finish())
}

/// 304 where the caller has what the tag names.
pub(in crate::http) fn unchanged(headers: &HeaderMap, tag: &str) -> Option<Response> {
    let held = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let same = held.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    same.then(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        set(&mut response, header::ETAG, tag);
        response
    })
}
