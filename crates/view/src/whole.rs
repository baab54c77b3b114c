//! Content whose length is known before it is read, so that any part of it can be given.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use catalog::Located;
use futures::stream::{self, StreamExt};

use crate::retrieve::{Form, missing_head};
use crate::{ByteStream, Files, View, ViewError};

/// Bytes in memory, and behind them a stretch of a file on the shelves.
pub struct Whole {
    head: Bytes,
    rest: Option<(Arc<dyn Files>, Located, Range<u64>)>,
}

impl Whole {
    /// Content in memory.
    #[must_use]
    pub const fn of(bytes: Bytes) -> Self {
        Self { head: bytes, rest: None }
    }

    /// Bytes of it.
    #[must_use]
    pub fn length(&self) -> u64 {
        let rest = self.rest.as_ref().map_or(0, |(_, _, range)| range.end - range.start);
        self.head.len() as u64 + rest
    }

    /// A part of it; what of the range lies behind its end is left out.
    #[must_use]
    pub fn part(self, range: Range<u64>) -> ByteStream {
        let in_head = self.head.len() as u64;
        let cut = |at: u64| at.min(in_head) as usize;
        let head = self.head.slice(cut(range.start)..cut(range.end.max(range.start)));
        let head = stream::iter((!head.is_empty()).then_some(Ok(head)));
        let Some((files, located, file)) = self.rest else { return head.boxed() };
        let place = |at: u64| (file.start + at.saturating_sub(in_head)).min(file.end);
        let rest = place(range.start)..place(range.end);
        if rest.is_empty() {
            return head.boxed();
        }
        let rest = files.stream(&located.locator, rest);
        head.chain(rest).boxed()
    }
}

impl View {
    /// A stretch of an instance's file.
    #[must_use]
    pub fn in_file(&self, located: &Located, range: Range<u64>) -> Whole {
        Whole { head: Bytes::new(), rest: Some((self.files.clone(), located.clone(), range)) }
    }

    /// One instance in a form.
    ///
    /// # Errors
    /// As [`View::content`].
    pub async fn whole(&self, located: &Located, form: &Form) -> Result<Whole, ViewError> {
        if let Form::In(uid) = form {
            return Ok(Whole::of(self.transcoded(located, uid).await?));
        }
        let length = located.locator.length;
        let first = self.files.read(&located.locator, 0..length.min(132)).await?;
        Ok(Whole { head: missing_head(located, &first), ..self.in_file(located, 0..length) })
    }
}
