//! Encapsulated pixel data (PS3.5 §A.4): the offset table, then fragments.

use super::{ITEM, Open, SEQUENCE_END, Walk, is_pixel_data};
use crate::read::ReadError;
use crate::read::header::{ElementHeader, element_header};
use crate::{Element, Fragments, Tag, Value, Vr};
use bytes::Bytes;
use std::ops::Range;

/// What comes next.
enum Next {
    Fragment(Range<usize>),
    /// The delimiter, and where the data set goes on.
    End(usize),
    /// The bytes end here; of a last fragment only this much is there.
    Cut(Option<Range<usize>>),
}

impl Walk<'_> {
    pub(super) fn fragments(
        &mut self,
        open: Open,
        header: ElementHeader,
        vr: Vr,
        start: usize,
    ) -> Result<(), ReadError> {
        let mut parts = Vec::new();
        let mut at = start;
        self.at = loop {
            match self.next_fragment(open, header.tag, at)? {
                Next::Fragment(range) => {
                    at = range.end;
                    parts.push(self.bytes.slice(range));
                }
                Next::End(behind) => break behind,
                Next::Cut(rest) => {
                    self.complete = false;
                    parts.extend(rest.map(|range| self.bytes.slice(range)));
                    break open.limit;
                }
            }
        };
        self.elements.push(encapsulated(header.tag, vr, parts));
        Ok(())
    }

    fn next_fragment(&self, open: Open, tag: Tag, at: usize) -> Result<Next, ReadError> {
        let rest = &self.bytes[at.min(open.limit)..open.limit];
        let (end, left) = match element_header(rest, open.encoding) {
            Ok(ElementHeader { tag: SEQUENCE_END, size, .. }) => return Ok(Next::End(at + size)),
            Ok(ElementHeader { tag: ITEM, length: Some(length), size, .. }) => {
                let start = at + size;
                let end = start.saturating_add(length as usize);
                if end <= open.limit {
                    return Ok(Next::Fragment(start..end));
                }
                (end, Some(start..open.limit))
            }
            Ok(other) => return Err(ReadError::NotAnItem { tag: other.tag, at: at as u64 }),
            Err(needed) => (at.saturating_add(needed), None),
        };
        let may_be_cut = self.stack.len() == 1 && is_pixel_data(tag) && self.is_all();
        if may_be_cut { Ok(Next::Cut(left)) } else { Err(self.short_of(tag, end, open.limit)) }
    }
}

fn encapsulated(tag: Tag, vr: Vr, parts: Vec<Bytes>) -> Element {
    let mut parts = parts.into_iter();
    let offset_table = parts.next().unwrap_or_default();
    let pixels = Fragments { offset_table, fragments: parts.collect() };
    Element { tag, vr, value: Value::Fragments(Box::new(pixels)) }
}
