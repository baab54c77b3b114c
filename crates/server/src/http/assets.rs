//! The web application, embedded from `web/dist`: files by path, the first page for everything else.

use super::Problem;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use model::Sha256Digest;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Files;

/// Shown when the binary was built without the web application.
const WITHOUT_PAGES: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Isocenter</title>\
     <h1>Isocenter</h1><p>This binary was built without its web pages. The API is at \
     <a href=\"/api/v1/openapi.json\">/api/v1</a>; `make run` builds the pages too.</p></html>";

/// Answers whatever no other route does.
pub(super) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::not_found("resource").into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = find(path) {
        return answer(path, &file, &headers);
    }
    if is_programs(path) {
        return Problem::not_found("resource").into_response();
    }
    first_page(path, &headers)
}

/// A path asked for by programs: a page in answer would only hide the mistake.
fn is_programs(path: &str) -> bool {
    ["api/", "dicom-web/", "auth/"].iter().any(|door| path.starts_with(door))
        || path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

/// The application routes in the browser, so every other path gets its first page.
fn first_page(path: &str, headers: &HeaderMap) -> Response {
    let page =
        if path == "viewer" || path.starts_with("viewer/") { "viewer/index.html" } else { "index.html" };
    match Files::get(page) {
        Some(file) => answer(page, &file, headers),
        None => axum::response::Html(WITHOUT_PAGES).into_response(),
    }
}

fn find(path: &str) -> Option<EmbeddedFile> {
    if path.is_empty() || path.ends_with('/') {
        return None;
    }
    Files::get(path)
}

fn answer(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", Sha256Digest(file.metadata.sha256_hash()));
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, lifetime(path).to_owned())];
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if held.is_some_and(|held| held.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = HeaderValue::from_static(media_type(path));
    (caching, [(header::CONTENT_TYPE, kind)], file.data.clone()).into_response()
}

/// The bundler names files under `assets/` by their content, so those never change.
fn lifetime(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
