//! Hands out a file that strangers made, so that no browser runs or shows it as a page of ours.

use crate::App;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures::TryStreamExt;
use intake::Locator;
use model::Sha256Digest;
use std::fmt::Write as _;

/// A file to hand out.
pub(super) struct Download {
    pub(super) locator: Locator,
    pub(super) name: String,
    /// What it was said to be; plain bytes where nothing was said.
    pub(super) media_type: Option<String>,
    pub(super) digest: Sha256Digest,
}

/// The answer that streams it.
pub(super) fn download(app: &App, file: Download) -> Response {
    let length = file.locator.length;
    let stream = app.archive.stream(&file.locator, 0..length);
    let mut response = Response::new(Body::from_stream(stream.map_err(std::io::Error::other)));
    let media_type = file.media_type.and_then(|media_type| HeaderValue::try_from(media_type).ok());
    let media_type = media_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_LENGTH, length.into());
    for (name, value) in [
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::ETAG, format!("\"{}\"", file.digest)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".into()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// An attachment under its name: plain ASCII for old clients, UTF-8 for the others (RFC 6266).
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(byte.into()),
            // Writing to a string does not fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_not_break_out_of_its_header() {
        assert_eq!(
            disposition("a\"; x=\"ü\r\n.pdf"),
            "attachment; filename=\"a__ x_____.pdf\"; \
             filename*=UTF-8''a%22%3B%20x%3D%22%C3%BC%0D%0A.pdf"
        );
    }
}
