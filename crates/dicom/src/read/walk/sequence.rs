//! Sequences and their items.

use super::{ITEM, ITEM_END, Open, SEQUENCE_END, Walk, What, assemble, is_pixel_data};
use crate::read::ReadError;
use crate::read::header::{ElementHeader, Encoding, element_header};
use crate::{Element, Tag, Value, Vr};

impl Walk<'_> {
    pub(super) fn undefined_length(
        &mut self,
        open: Open,
        header: ElementHeader,
        vr: Vr,
        start: usize,
    ) -> Result<(), ReadError> {
        let ElementHeader { tag, .. } = header;
        let starts_with_item = |encoding: Encoding| {
            let next = self.bytes.get(start..start + 4).and_then(|b| b.try_into().ok());
            next.is_none_or(|b| matches!(encoding.tag(b), ITEM | SEQUENCE_END))
        };
        if is_pixel_data(tag) || matches!(vr, Vr::OB | Vr::OW) {
            return self.fragments(open, header, vr, start);
        }
        // UN of undefined length is a sequence in implicit VR little endian, whatever is around it
        // (PS3.5 §6.2.2, CP-246).
        let encoding = if header.vr == Some(Vr::UN) { Encoding::IMPLICIT } else { open.encoding };
        if vr != Vr::SQ && !starts_with_item(encoding) {
            return Err(ReadError::UndefinedLength { tag, at: self.at as u64 });
        }
        self.at = start;
        self.open_sequence(open, tag, None, encoding, None)
    }

    pub(super) fn open_sequence(
        &mut self,
        open: Open,
        tag: Tag,
        end: Option<usize>,
        encoding: Encoding,
        fallback: Option<(usize, usize)>,
    ) -> Result<(), ReadError> {
        // An item and its sequence are one level.
        if self.stack.len() / 2 >= self.opts.max_depth {
            return Err(ReadError::TooDeep { max: self.opts.max_depth, at: self.at as u64 });
        }
        let limit = end.unwrap_or(open.limit);
        let what = What::Sequence { tag };
        self.stack.push(Open { what, encoding, end, limit, first: self.items.len(), fallback });
        Ok(())
    }

    pub(super) fn step_in_sequence(&mut self, open: Open, tag: Tag) -> Result<(), ReadError> {
        if self.at >= open.limit {
            if open.end.is_none() && open.limit == self.bytes.len() {
                return Err(if self.is_all() { ReadError::Unclosed } else { self.need(self.at + 8) });
            }
            self.close_sequence(open, tag);
            return Ok(());
        }
        let header = element_header(&self.bytes[self.at..open.limit], open.encoding)
            .map_err(|needed| self.short_of(tag, self.at + needed, open.limit))?;
        match header.tag {
            ITEM => self.open_item(open, header),
            SEQUENCE_END => {
                self.at += 8;
                if open.end.is_none() {
                    self.close_sequence(open, tag);
                }
                Ok(())
            }
            ITEM_END => {
                self.at += 8;
                Ok(())
            }
            tag => Err(ReadError::NotAnItem { tag, at: self.at as u64 }),
        }
    }

    fn open_item(&mut self, open: Open, header: ElementHeader) -> Result<(), ReadError> {
        self.spend()?;
        let start = self.at + header.size;
        let end = header.length.map(|length| start.saturating_add(length as usize));
        if let Some(end) = end.filter(|end| *end > open.limit) {
            return Err(self.short_of(ITEM, end, open.limit));
        }
        let What::Item { charset, signed } = self.stack[self.stack.len() - 2].what else {
            return Err(ReadError::NotAnItem { tag: header.tag, at: self.at as u64 });
        };
        let what = What::Item { charset, signed };
        let limit = end.unwrap_or(open.limit);
        self.at = start;
        self.stack.push(Open {
            what,
            encoding: open.encoding,
            end,
            limit,
            first: self.elements.len(),
            fallback: None,
        });
        Ok(())
    }

    pub(super) fn close_item(&mut self, open: Open) -> Result<(), ReadError> {
        let elements: Vec<_> = self.elements.drain(open.first..).collect();
        if let What::Item { charset, .. } = open.what {
            self.items.push(assemble(elements, charset)?);
        }
        self.stack.pop();
        Ok(())
    }

    fn close_sequence(&mut self, open: Open, tag: Tag) {
        let items: Vec<_> = self.items.drain(open.first..).collect();
        self.stack.pop();
        self.elements.push(Element { tag, vr: Vr::SQ, value: Value::Items(items) });
    }
}
