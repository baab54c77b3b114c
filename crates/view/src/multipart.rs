//! Writing `multipart/related` (RFC 2387, PS3.18 §8.6.1.2).

use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::{ByteStream, ViewError};

/// One part.
pub struct Part {
    /// Content-Type.
    pub media_type: String,
    /// Content-Location, where the part has an address of its own.
    pub location: Option<String>,
    /// The content.
    pub content: ByteStream,
}

impl Part {
    /// A part that is in memory.
    #[must_use]
    pub fn whole(media_type: String, location: Option<String>, content: Bytes) -> Self {
        Self { media_type, location, content: stream::once(async { Ok(content) }).boxed() }
    }
}

/// A boundary no content can foresee.
#[must_use]
pub fn boundary() -> String {
    use std::hash::{BuildHasher, RandomState};
    let random = |n: u8| RandomState::new().hash_one(n);
    format!("isocenter-{:016x}{:016x}", random(1), random(2))
}

/// The Content-Type of the whole.
#[must_use]
pub fn content_type(root: &str, boundary: &str) -> String {
    format!("multipart/related; type=\"{root}\"; boundary={boundary}")
}

/// The body, part after part as they come.
pub fn body(
    boundary: String,
    parts: impl stream::Stream<Item = Result<Part, ViewError>> + Send + 'static,
) -> ByteStream {
    let end = Bytes::from(format!("\r\n--{boundary}--\r\n"));
    let parts = parts.enumerate().map(move |(number, part)| {
        let part = part?;
        // The line break that ends a part goes out with the boundary behind it.
        let before = if number == 0 { "" } else { "\r\n" };
        let head = head(before, &boundary, &part);
        Ok::<_, ViewError>(stream::once(async { Ok(head) }).chain(part.content))
    });
    parts.try_flatten().chain(stream::once(async { Ok(end) })).boxed()
}

fn head(before: &str, boundary: &str, part: &Part) -> Bytes {
    let location =
        part.location.as_ref().map(|uri| format!("Content-Location: {uri}\r\n")).unwrap_or_default();
    format!("{before}--{boundary}\r\nContent-Type: {}\r\n{location}\r\n", part.media_type).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_boundaries() {
        let part = |text: &'static str| {
            Ok(Part::whole("text/plain".into(), None, Bytes::from_static(text.as_bytes())))
        };
        let body = body("b".into(), stream::iter([part("one"), part("two")]));
        let chunks: Vec<Bytes> = futures::executor::block_on(body.try_collect()).unwrap();
        let text = String::from_utf8(chunks.concat()).unwrap();
        assert_eq!(
            text,
            "--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\nContent-Type: text/plain\r\n\r\ntwo\r\n--b--\r\n"
        );
    }
}
