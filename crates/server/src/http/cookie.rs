//! The session cookie: opaque, out of reach of scripts, sent to us alone.

use axum::http::{HeaderMap, HeaderValue, header};
use govern::Secret;

/// The browser holds the `__Host-` prefix to mean: over TLS, for this host, for all paths.
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-isocenter_session" } else { "isocenter_session" }
}

/// The secret of the session cookie, if the request has one.
pub(super) fn read(headers: &HeaderMap, secure: bool) -> Option<Secret> {
    find(headers, name(secure)).map(Secret::presented)
}

/// The header that sets the session cookie.
pub(super) fn set(secret: &Secret, seconds: u32, secure: bool) -> HeaderValue {
    header_value(name(secure), secret.reveal(), seconds, secure)
}

/// The header that takes the session cookie away.
pub(super) fn clear(secure: bool) -> HeaderValue {
    header_value(name(secure), "", 0, secure)
}

/// A cookie by name.
pub(super) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// A `Set-Cookie` value. `Lax`, so that a link from elsewhere opens the page signed in.
pub(super) fn header_value(name: &str, value: &str, seconds: u32, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    // Made of URL-safe characters, so it always is one.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; isocenter_session=xyz; b=2"));
        assert_eq!(read(&headers, false).map(|s| s.reveal().to_owned()).as_deref(), Some("xyz"));
        assert!(read(&headers, true).is_none());
    }

    #[test]
    fn over_tls_it_is_sent_over_tls_only() {
        let value = set(&Secret::presented("x"), 60, true);
        let text = value.to_str().expect("text");
        assert_eq!(text, "__Host-isocenter_session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    }
}
