//! Elements of the data set itself or of an item.

use super::{ITEM, ITEM_END, Open, PIXEL_GROUP, SEQUENCE_END, Step, Walk, What, is_pixel_data};
use crate::read::header::{ElementHeader, Encoding, element_header};
use crate::read::swap::swapped;
use crate::read::{ReadError, Stopped};
use crate::{Charset, Element, Tag, Value, Vr, dictionary, tags};
use bytes::Bytes;

impl Walk<'_> {
    pub(super) fn step_in_item(&mut self, open: Open, signed: bool) -> Result<Step, ReadError> {
        let is_root = self.stack.len() == 1;
        self.plain_elements(open, signed, is_root);
        if self.at >= open.limit {
            return self.end_of_item(open, is_root);
        }
        let header = match element_header(&self.bytes[self.at..open.limit], open.encoding) {
            Ok(header) => header,
            // A rest too short for an element is padding if it looks like it, or else a cut.
            Err(_) if is_root && self.is_all() && is_padding(&self.bytes[self.at..]) => return Ok(Step::End),
            Err(needed) => return Err(self.cut_header(self.at + needed, open.limit)),
        };
        if header.tag.0 == 0xFFFE {
            return self.delimiter_in_item(open, header, is_root);
        }
        if is_root && self.stops_at(header.tag) {
            let vr = settle_vr(open.encoding, header, signed);
            return Ok(Step::Stop(Stopped { at: self.at, tag: header.tag, vr }));
        }
        if is_root && header.tag == Tag(0, 0) && self.is_all() && self.only_zeros_left() {
            return Ok(Step::End);
        }
        self.element(open, header, signed)
    }

    /// Reads on as long as nothing special comes; most of a data set is read here.
    fn plain_elements(&mut self, open: Open, signed: bool, is_root: bool) {
        let bytes = &self.bytes[..open.limit];
        let first_special = if is_root { self.opts.stop.first_special() } else { PIXEL_GROUP };
        while let Some(Ok(header)) = bytes.get(self.at..).map(|rest| element_header(rest, open.encoding)) {
            let ElementHeader { tag, vr: written, length: Some(length), size } = header else { return };
            let vr = settle_vr(open.encoding, header, signed);
            let start = self.at + size;
            let end = start.saturating_add(length as usize);
            let sequence = vr == Vr::SQ || (vr == Vr::UN && written.is_some());
            if sequence || is_special(tag) || tag >= first_special || end > bytes.len() || self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.push_bytes(open.encoding, tag, vr, start, end);
            self.at = end;
        }
    }

    fn end_of_item(&mut self, open: Open, is_root: bool) -> Result<Step, ReadError> {
        if is_root {
            return if self.is_all() { Ok(Step::End) } else { Err(self.need(self.at + 8)) };
        }
        // Its end, or that of the sequence around it, which closes what was left open in it.
        if open.end.is_some() || open.limit < self.bytes.len() {
            self.close_item(open)?;
            return Ok(Step::GoOn);
        }
        Err(if self.is_all() { ReadError::Unclosed } else { self.need(self.at + 8) })
    }

    /// Delimiters among elements: the proper one closes the item; others show that one was
    /// forgotten or is too many, which does no harm.
    fn delimiter_in_item(
        &mut self,
        open: Open,
        header: ElementHeader,
        is_root: bool,
    ) -> Result<Step, ReadError> {
        match header.tag {
            ITEM_END if open.end.is_none() && !is_root => {
                self.at += 8;
                self.close_item(open)?;
            }
            ITEM | SEQUENCE_END if open.end.is_none() && !is_root => self.close_item(open)?,
            ITEM_END | SEQUENCE_END => self.at += 8,
            tag => return Err(ReadError::NotAnItem { tag, at: self.at as u64 }),
        }
        Ok(Step::GoOn)
    }

    fn element(&mut self, open: Open, header: ElementHeader, signed: bool) -> Result<Step, ReadError> {
        self.spend()?;
        let vr = settle_vr(open.encoding, header, signed);
        let start = self.at + header.size;
        let Some(length) = header.length else {
            return self.undefined_length(open, header, vr, start).map(|()| Step::GoOn);
        };
        let end = start.saturating_add(length as usize);
        if end > open.limit {
            return self.too_long(open, header.tag, vr, start, end);
        }
        if vr == Vr::SQ {
            self.at = start;
            return self.open_sequence(open, header.tag, Some(end), open.encoding, None).map(|()| Step::GoOn);
        }
        if vr == Vr::UN && self.may_be_sequence(open, header.tag, start, end) {
            self.at = start;
            let fallback = Some((start, end));
            return self
                .open_sequence(open, header.tag, Some(end), Encoding::IMPLICIT, fallback)
                .map(|()| Step::GoOn);
        }
        self.at = end;
        // Group lengths are retired and wrong after the least change; (FFFC,FFFC) is padding.
        if (header.tag.1 == 0 && header.tag.0 > 2) || header.tag == tags::DATA_SET_TRAILING_PADDING {
            return Ok(Step::GoOn);
        }
        self.note_context(header.tag, start, end);
        self.push_bytes(open.encoding, header.tag, vr, start, end);
        Ok(Step::GoOn)
    }

    /// The attribute is a sequence, was written as UN by someone who didn't know it, and its bytes
    /// start like one.
    fn may_be_sequence(&self, open: Open, tag: Tag, start: usize, end: usize) -> bool {
        let starts_like_one = self.bytes[start..end].starts_with(b"\xFE\xFF\x00\xE0");
        starts_like_one && open.encoding.explicit && dictionary::implicit_vr(tag, false) == Vr::SQ
    }

    pub(super) fn push_bytes(&mut self, encoding: Encoding, tag: Tag, vr: Vr, start: usize, end: usize) {
        let value = match encoding.big_endian.then(|| swapped(vr, &self.bytes[start..end])).flatten() {
            Some(swapped) => Bytes::from(swapped),
            None => self.bytes.slice(start..end),
        };
        self.elements.push(Element { tag, vr, value: Value::Bytes(value) });
    }

    /// Two attributes say how others of the same item are to be read.
    fn note_context(&mut self, tag: Tag, start: usize, end: usize) {
        let value = &self.bytes[start..end];
        let Some(Open { what: What::Item { charset, signed }, .. }) = self.stack.last_mut() else {
            return;
        };
        match tag {
            tags::SPECIFIC_CHARACTER_SET => *charset = Charset::parse(value),
            tags::PIXEL_REPRESENTATION => *signed = value.contains(&1),
            _ => {}
        }
    }

    fn too_long(
        &mut self,
        open: Open,
        tag: Tag,
        vr: Vr,
        start: usize,
        end: usize,
    ) -> Result<Step, ReadError> {
        let is_root = self.stack.len() == 1;
        if is_root && is_pixel_data(tag) && self.is_all() {
            self.complete = false;
            self.push_bytes(open.encoding, tag, vr, start, open.limit);
            return Ok(Step::End);
        }
        Err(self.short_of(tag, end, open.limit))
    }
}

/// The VR as written; where none is, or only UN, the dictionary's (PS3.5 §6.2.2).
#[inline]
fn settle_vr(encoding: Encoding, header: ElementHeader, signed: bool) -> Vr {
    match header.vr {
        None => dictionary::implicit_vr(header.tag, signed),
        Some(Vr::UN) if !encoding.big_endian => match dictionary::implicit_vr(header.tag, signed) {
            Vr::SQ => Vr::UN,
            vr => vr,
        },
        Some(vr) => vr,
    }
}

/// Delimiters, group lengths and elements that say how others are read.
#[inline]
const fn is_special(tag: Tag) -> bool {
    tag.1 == 0 || matches!(tag, tags::SPECIFIC_CHARACTER_SET | tags::PIXEL_REPRESENTATION) || tag.0 >= 0xFFFC
}

/// Zeros, or the single byte that makes an odd length even.
fn is_padding(rest: &[u8]) -> bool {
    rest.len() == 1 || rest.iter().all(|b| *b == 0)
}
