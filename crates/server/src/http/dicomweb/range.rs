//! Parts of what is large: `Range` and `If-Range` (RFC 9110 §14, PS3.18 §8.4.2).

use super::answer;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::ops::Range;
use view::{ByteStream, Whole};

/// What a request wants of content.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    /// A part that lies behind the end.
    Nothing,
}

/// Gives the content, or the part of it that is asked for. The tag names it, whatever part is given.
pub(super) fn give(headers: &HeaderMap, media_type: &str, tag: &str, whole: Whole) -> Response {
    let length = whole.length();
    give_part(headers, media_type, tag, length, |range| whole.part(range))
}

/// The same of content that `part` gives.
pub(in crate::http) fn give_part(
    headers: &HeaderMap,
    media_type: &str,
    tag: &str,
    length: u64,
    part: impl FnOnce(Range<u64>) -> ByteStream,
) -> Response {
    if let Some(response) = answer::unchanged(headers, tag) {
        return response;
    }
    let (status, range) = match wanted(headers, tag, length) {
        Wanted::All => (StatusCode::OK, 0..length),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => return nothing(length),
    };
    let given = range.end - range.start;
    let place = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
    let mut response = answer::stream(media_type, part(range));
    *response.status_mut() = status;
    if status == StatusCode::PARTIAL_CONTENT {
        answer::set(&mut response, header::CONTENT_RANGE, &place);
    }
    answer::set(&mut response, header::CONTENT_LENGTH, &given.to_string());
    answer::set(&mut response, header::ACCEPT_RANGES, "bytes");
    answer::set(&mut response, header::ETAG, tag);
    response
}

fn nothing(length: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    answer::set(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
    answer::set(&mut response, header::ACCEPT_RANGES, "bytes");
    response
}

fn wanted(headers: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    // A date names no version here: what is only perhaps the same is given whole.
    let same = text(header::IF_RANGE).is_none_or(|held| held.trim() == tag);
    match text(header::RANGE).filter(|_| same) {
        Some(range) => parse(range, length),
        None => Wanted::All,
    }
}

/// One range of bytes. What is no such thing, or several, is passed over (RFC 9110 §14.2).
fn parse(text: &str, length: u64) -> Wanted {
    let Some((first, last)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Wanted::All;
    };
    let number = |text: &str| text.trim().parse::<u64>();
    match (number(first), number(last)) {
        (Ok(first), Ok(last)) if first <= last => within(first..last.saturating_add(1), length),
        (Ok(first), Err(_)) if last.trim().is_empty() => within(first..length.max(first), length),
        (Err(_), Ok(0)) if first.trim().is_empty() => Wanted::Nothing,
        (Err(_), Ok(last)) if first.trim().is_empty() => within(length.saturating_sub(last)..length, length),
        _ => Wanted::All,
    }
}

fn within(range: Range<u64>, length: u64) -> Wanted {
    match range.start < length {
        true => Wanted::Part(range.start..range.end.min(length)),
        false => Wanted::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_what_rfc_9110_says() {
        for (text, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=0-9", Wanted::Part(0..10)),
            ("bytes=90-", Wanted::Part(90..100)),
            ("bytes=90-1000", Wanted::Part(90..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-1000", Wanted::Part(0..100)),
            ("bytes=99-18446744073709551615", Wanted::Part(99..100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=9-0", Wanted::All),
            ("bytes=0-1,5-6", Wanted::All),
            ("items=0-1", Wanted::All),
            ("bytes=-", Wanted::All),
        ] {
            assert_eq!(parse(text, 100), expected, "{text}");
        }
        assert_eq!(parse("bytes=0-", 0), Wanted::Nothing);
    }
}
