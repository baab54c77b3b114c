//! The web application, embedded from `web/dist`: files by path, the first page for everything else.
//! The web build keeps most files compressed (`name.gz`); they go out as they are to whoever takes gzip.

use super::{EMBED, Problem};
use crate::App;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use model::Sha256Digest;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::io::Read as _;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Files;

/// A file of the application.
struct Found {
    file: EmbeddedFile,
    gzipped: bool,
}

/// The viewer compiles WebAssembly codecs and starts workers from memory; our own pages do neither.
const VIEWER_POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob:; \
     worker-src 'self' blob:; connect-src 'self' blob: data:; img-src 'self' blob: data:; \
     font-src 'self' data:; style-src 'self' 'unsafe-inline'; media-src 'self' blob:; \
     object-src 'self' blob:; frame-src 'self' blob:; base-uri 'self'; form-action 'self'; frame-ancestors ";

/// Shown when the binary was built without the web application.
const WITHOUT_PAGES: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Isocenter</title>\
     <h1>Isocenter</h1><p>This binary was built without its web pages. The API is at \
     <a href=\"/api/v1/openapi.json\">/api/v1</a>; `make run` builds the pages too.</p></html>";

/// Answers whatever no other route does.
pub(super) async fn serve(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::not_found("resource").into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(found) = find(path) {
        return answer(path, &found, &headers);
    }
    if is_programs(path) {
        return Problem::not_found("resource").into_response();
    }
    if is_under(path, EMBED.trim_start_matches('/')) {
        let mut page = first_page("viewer", &headers);
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, framed_by(&app));
        return page;
    }
    first_page(path, &headers)
}

fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The viewer's policy, with the pages elsewhere that may show it. Only this address has it: a page that may
/// frame the viewer opened by a token can't frame the one opened by a person's session.
fn framed_by(app: &App) -> HeaderValue {
    let origins: Vec<&str> =
        app.config.links.embed_origins.iter().map(crate::config::Origin::as_str).collect();
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    viewer_policy(&ancestors)
}

fn viewer_policy(ancestors: &str) -> HeaderValue {
    HeaderValue::try_from(format!("{VIEWER_POLICY}{ancestors}"))
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

/// A path asked for by programs: a page in answer would only hide the mistake.
/// Pages have dots too (`exams/1.2.840…`), so only endings of files count.
fn is_programs(path: &str) -> bool {
    ["api/", "dicom-web/", "auth/"].iter().any(|door| path.starts_with(door))
        || path.split('/').nth(1) == Some("dicomweb")
        || media_type(path) != "application/octet-stream"
}

/// The application routes in the browser, so every other path gets its first page.
fn first_page(path: &str, headers: &HeaderMap) -> Response {
    let page = if is_under(path, "viewer") { "viewer/index.html" } else { "index.html" };
    match find(page) {
        Some(found) => answer(page, &found, headers),
        None => axum::response::Html(WITHOUT_PAGES).into_response(),
    }
}

fn find(path: &str) -> Option<Found> {
    if path.is_empty() || path.ends_with('/') {
        return None;
    }
    let plain = Files::get(path).map(|file| Found { file, gzipped: false });
    plain.or_else(|| Files::get(&format!("{path}.gz")).map(|file| Found { file, gzipped: true }))
}

fn answer(path: &str, found: &Found, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", Sha256Digest(found.file.metadata.sha256_hash()));
    let caching = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, lifetime(path).to_owned()),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if held.is_some_and(|held| held.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)))];
    let mut response = (caching, kind, content(found, takes_gzip(headers))).into_response();
    let about = response.headers_mut();
    if found.gzipped && takes_gzip(headers) {
        about.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if path.starts_with("viewer/") {
        about.insert(header::CONTENT_SECURITY_POLICY, viewer_policy("'self'"));
    }
    response
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    taken.is_some_and(|taken| taken.contains("gzip"))
}

/// The bytes to send; unpacked for the rare client that doesn't take gzip.
fn content(found: &Found, packed: bool) -> Cow<'static, [u8]> {
    if packed || !found.gzipped {
        return found.file.data.clone();
    }
    let mut plain = Vec::new();
    match flate2::read::GzDecoder::new(found.file.data.as_ref()).read_to_end(&mut plain) {
        Ok(_) => Cow::Owned(plain),
        // Embedded at build time by our own script; were it damaged, the packed bytes are all there is.
        Err(_) => found.file.data.clone(),
    }
}

/// The bundlers name files under `assets/`, and the viewer's scripts, by their content: those never change.
fn lifetime(path: &str) -> &'static str {
    let viewer_script = path.starts_with("viewer/") && path.contains(".bundle.") && path.ends_with(".js");
    let fixed = path.starts_with("assets/") || viewer_script;
    if fixed { "public, max-age=31536000, immutable" } else { "no-cache" }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_page_is_a_page_although_its_uid_has_dots() {
        assert!(!is_programs("exams/1.2.840.113619.2.55"));
        assert!(!is_programs("viewer/viewer"));
    }

    #[test]
    fn what_programs_ask_for_is_never_answered_with_a_page() {
        for path in ["api/v1/nothing", "dicom-web/studies/1.2", "assets/gone.js", "viewer/gone.wasm"] {
            assert!(is_programs(path), "{path}");
        }
    }

    #[test]
    fn a_client_without_gzip_gets_the_plain_bytes() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, b"hello").expect("memory does not fail");
        let data = Cow::Owned(packed.finish().expect("memory does not fail"));
        let file =
            EmbeddedFile { data, metadata: rust_embed::Metadata::__rust_embed_new([0; 32], None, None) };
        assert_eq!(content(&Found { file, gzipped: true }, false).as_ref(), b"hello");
    }
}
