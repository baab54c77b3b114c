//! The walk over the elements, with a stack of what is open.

use super::header::{ElementHeader, Encoding, element_header};
use super::swap::swapped;
use super::{Parsed, ReadError, ReadOptions, Stop, Stopped};
use crate::{Charset, DataSet, Element, Fragments, Tag, Value, Vr, dictionary, tags};
use bytes::Bytes;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// Reads `bytes` from `start` on; `whole` is how long they would be if all were there.
pub(super) fn walk(
    bytes: &Bytes,
    start: usize,
    whole: u64,
    encoding: Encoding,
    opts: &ReadOptions,
) -> Result<Parsed, ReadError> {
    let root = Open {
        what: What::Item { charset: Charset::DEFAULT, signed: false },
        encoding,
        end: None,
        limit: bytes.len(),
        first: 0,
        fallback: None,
    };
    let mut walk = Walk {
        bytes,
        at: start,
        whole,
        opts,
        budget: opts.max_elements,
        stack: vec![root],
        elements: Vec::with_capacity(256),
        items: Vec::new(),
        complete: true,
        zeros_from: None,
    };
    let stopped = walk.run()?;
    Ok(walk.finish(stopped))
}

struct Walk<'a> {
    bytes: &'a Bytes,
    at: usize,
    whole: u64,
    opts: &'a ReadOptions,
    budget: usize,
    /// What is open, outermost first; never empty.
    stack: Vec<Open>,
    /// Elements of all open items, outermost first: closing one takes its own off the end,
    /// so that a finished item is allocated once, in its final size.
    elements: Vec<Element>,
    /// Finished items of all open sequences, likewise.
    items: Vec<DataSet>,
    complete: bool,
    /// Where the zeros at the end start, once somebody asked.
    zeros_from: Option<usize>,
}

/// An open item or sequence.
#[derive(Clone, Copy)]
struct Open {
    what: What,
    encoding: Encoding,
    /// Where it ends, if it says.
    end: Option<usize>,
    /// Where it must have ended: its own end or that of the nearest outer one that says.
    limit: usize,
    /// Its first element or item on the common stack.
    first: usize,
    /// A value of VR UN read as a sequence by guess: where to go on, and what to keep,
    /// if the guess was wrong.
    fallback: Option<(usize, usize)>,
}

#[derive(Clone, Copy)]
enum What {
    /// The data set itself or an item.
    Item {
        charset: Charset,
        signed: bool,
    },
    Sequence {
        tag: Tag,
    },
}

enum Step {
    GoOn,
    Stop(Stopped),
    End,
}

impl Walk<'_> {
    /// Walks to the end or the stop, and gives the stop.
    fn run(&mut self) -> Result<Option<Stopped>, ReadError> {
        loop {
            match self.step() {
                Ok(Step::GoOn) => {}
                Ok(Step::Stop(stopped)) => return Ok(Some(stopped)),
                Ok(Step::End) => return Ok(None),
                Err(error) => self.fall_back(error)?,
            }
        }
    }

    #[inline]
    fn step(&mut self) -> Result<Step, ReadError> {
        let open = self.stack[self.stack.len() - 1];
        match open.what {
            What::Item { signed, .. } => self.step_in_item(open, signed),
            What::Sequence { tag } => self.step_in_sequence(open, tag).map(|()| Step::GoOn),
        }
    }

    fn finish(self, stopped: Option<Stopped>) -> Parsed {
        let charset = match self.stack[0].what {
            What::Item { charset, .. } => charset,
            What::Sequence { .. } => Charset::DEFAULT,
        };
        let data_set = DataSet::assemble(self.elements, charset);
        Parsed { data_set, stopped, complete: self.complete }
    }

    fn step_in_item(&mut self, open: Open, signed: bool) -> Result<Step, ReadError> {
        let is_root = self.stack.len() == 1;
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
            let vr = self.settle_vr(open, header, signed);
            return Ok(Step::Stop(Stopped { at: self.at, tag: header.tag, vr }));
        }
        if is_root && header.tag == Tag(0, 0) && self.is_all() && self.only_zeros_left() {
            return Ok(Step::End);
        }
        self.element(open, header, signed)
    }

    fn end_of_item(&mut self, open: Open, is_root: bool) -> Result<Step, ReadError> {
        if is_root {
            return if self.is_all() { Ok(Step::End) } else { Err(self.need(self.at + 8)) };
        }
        // Its end, or that of the sequence around it, which closes what was left open in it.
        if open.end.is_some() || open.limit < self.bytes.len() {
            self.close_item(open);
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
                self.close_item(open);
            }
            ITEM | SEQUENCE_END if open.end.is_none() && !is_root => self.close_item(open),
            ITEM_END | SEQUENCE_END => self.at += 8,
            tag => return Err(ReadError::NotAnItem { tag, at: self.at as u64 }),
        }
        Ok(Step::GoOn)
    }

    fn element(&mut self, open: Open, header: ElementHeader, signed: bool) -> Result<Step, ReadError> {
        self.budget =
            self.budget.checked_sub(1).ok_or(ReadError::TooManyElements { max: self.opts.max_elements })?;
        let vr = self.settle_vr(open, header, signed);
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
        self.push_bytes(open.encoding, header.tag, vr, start, end);
        self.at = end;
        Ok(Step::GoOn)
    }

    /// The VR as written; where none is, or only UN, the dictionary's (PS3.5 §6.2.2).
    #[inline]
    fn settle_vr(&self, open: Open, header: ElementHeader, signed: bool) -> Vr {
        match header.vr {
            None => dictionary::implicit_vr(header.tag, signed),
            Some(Vr::UN) if !open.encoding.big_endian => match dictionary::implicit_vr(header.tag, signed) {
                Vr::SQ => Vr::UN,
                vr => vr,
            },
            Some(vr) => vr,
        }
    }

    /// The attribute is a sequence, was written as UN by someone who didn't know it, and its bytes
    /// start like one.
    fn may_be_sequence(&self, open: Open, tag: Tag, start: usize, end: usize) -> bool {
        let starts_like_one = self.bytes[start..end].starts_with(b"\xFE\xFF\x00\xE0");
        starts_like_one && open.encoding.explicit && dictionary::implicit_vr(tag, false) == Vr::SQ
    }

    fn push_bytes(&mut self, encoding: Encoding, tag: Tag, vr: Vr, start: usize, end: usize) {
        // Group lengths are retired and wrong after the least change; (FFFC,FFFC) is padding.
        if (tag.1 == 0 && tag.0 > 2) || tag == tags::DATA_SET_TRAILING_PADDING {
            return;
        }
        let value = match encoding.big_endian.then(|| swapped(vr, &self.bytes[start..end])).flatten() {
            Some(swapped) => Bytes::from(swapped),
            None => self.bytes.slice(start..end),
        };
        if tag.0 == 0x0028 || tag.0 == 0x0008 {
            self.note_context(tag, &value);
        }
        self.elements.push(Element { tag, vr, value: Value::Bytes(value) });
    }

    /// Two attributes say how others of the same item are to be read.
    fn note_context(&mut self, tag: Tag, value: &Bytes) {
        let Some(Open { what: What::Item { charset, signed }, .. }) = self.stack.last_mut() else {
            return;
        };
        match tag {
            tags::SPECIFIC_CHARACTER_SET => *charset = Charset::parse(value),
            tags::PIXEL_REPRESENTATION => *signed = value.first() == Some(&1),
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

    fn undefined_length(
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

    fn open_sequence(
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

    fn step_in_sequence(&mut self, open: Open, tag: Tag) -> Result<(), ReadError> {
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
        self.budget =
            self.budget.checked_sub(1).ok_or(ReadError::TooManyElements { max: self.opts.max_elements })?;
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

    fn close_item(&mut self, open: Open) {
        let elements: Vec<_> = self.elements.drain(open.first..).collect();
        if let Some(Open { what: What::Item { charset, .. }, .. }) = self.stack.pop() {
            self.items.push(DataSet::assemble(elements, charset));
        }
    }

    fn close_sequence(&mut self, open: Open, tag: Tag) {
        let items: Vec<_> = self.items.drain(open.first..).collect();
        self.stack.pop();
        self.elements.push(Element { tag, vr: Vr::SQ, value: Value::Items(items) });
    }

    /// Encapsulated pixel data (PS3.5 §A.4): the offset table, then fragments.
    fn fragments(
        &mut self,
        open: Open,
        header: ElementHeader,
        vr: Vr,
        start: usize,
    ) -> Result<(), ReadError> {
        let ElementHeader { tag, .. } = header;
        let may_be_cut = self.stack.len() == 1 && is_pixel_data(tag) && self.is_all();
        let mut parts = Vec::new();
        let mut at = start;
        loop {
            let header = element_header(&self.bytes[at.min(open.limit)..open.limit], open.encoding);
            let (next, end) = match header {
                Ok(ElementHeader { tag: SEQUENCE_END, size, .. }) => {
                    at += size;
                    break;
                }
                Ok(ElementHeader { tag: ITEM, length: Some(length), size, .. }) => {
                    (at + size, (at + size).saturating_add(length as usize))
                }
                Ok(header) => return Err(ReadError::NotAnItem { tag: header.tag, at: at as u64 }),
                Err(needed) => (at, at.saturating_add(needed)),
            };
            if end > open.limit || header.is_err() {
                if !may_be_cut {
                    return Err(self.short_of(tag, end, open.limit));
                }
                self.complete = false;
                if header.is_ok() {
                    parts.push(self.bytes.slice(next..open.limit));
                }
                at = open.limit;
                break;
            }
            parts.push(self.bytes.slice(next..end));
            at = end;
        }
        self.at = at;
        let mut parts = parts.into_iter();
        let offset_table = parts.next().unwrap_or_default();
        let pixels = Fragments { offset_table, fragments: parts.collect() };
        self.elements.push(Element { tag, vr, value: Value::Fragments(Box::new(pixels)) });
        Ok(())
    }

    fn stops_at(&self, tag: Tag) -> bool {
        match self.opts.stop {
            Stop::Never => false,
            Stop::AtPixelData => is_pixel_data(tag),
            Stop::Before(stop) => tag >= stop,
        }
    }

    /// Whether `bytes` is all there is.
    const fn is_all(&self) -> bool {
        self.bytes.len() as u64 >= self.whole
    }

    /// Looked up once: asked at every element of a long run of zeros, it would take quadratic time.
    fn only_zeros_left(&mut self) -> bool {
        let bytes = self.bytes;
        let zeros_from = || bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
        self.at >= *self.zeros_from.get_or_insert_with(zeros_from)
    }

    fn need(&self, up_to: usize) -> ReadError {
        ReadError::NeedMore { at_least: (up_to as u64).min(self.whole) }
    }

    /// Something wants to end at `end`, past `limit`: of the bytes, or of an outer item.
    fn short_of(&self, tag: Tag, end: usize, limit: usize) -> ReadError {
        let at = self.at as u64;
        match (limit < self.bytes.len(), self.is_all()) {
            (true, _) => ReadError::BeyondItem { tag, at },
            (false, true) => ReadError::Truncated { tag, at },
            (false, false) if end as u64 > self.whole => ReadError::Truncated { tag, at },
            (false, false) => self.need(end),
        }
    }

    /// A header of an element wants to end at `end`, past `limit`.
    fn cut_header(&self, end: usize, limit: usize) -> ReadError {
        match self.short_of(Tag(0, 0), end, limit) {
            ReadError::Truncated { at, .. } | ReadError::BeyondItem { at, .. } => ReadError::CutHeader { at },
            other => other,
        }
    }

    /// After an error inside a value that was only guessed to be a sequence: keep it as UN.
    fn fall_back(&mut self, error: ReadError) -> Result<(), ReadError> {
        let guess = self.stack.iter().rposition(|open| open.fallback.is_some());
        let (Some(depth), false) = (guess, matches!(error, ReadError::NeedMore { .. })) else {
            return Err(error);
        };
        let Open { what: What::Sequence { tag }, fallback: Some((start, end)), first, .. } =
            self.stack[depth]
        else {
            return Err(error);
        };
        if let Some(item) = self.stack.get(depth + 1) {
            self.elements.truncate(item.first);
        }
        self.items.truncate(first);
        self.stack.truncate(depth);
        let value = Value::Bytes(self.bytes.slice(start..end));
        self.elements.push(Element { tag, vr: Vr::UN, value });
        self.at = end;
        Ok(())
    }
}

/// Pixel Data, Float Pixel Data, Double Float Pixel Data (PS3.5 §8.1).
pub(crate) const fn is_pixel_data(tag: Tag) -> bool {
    matches!(tag, Tag(0x7FE0, 0x0008 | 0x0009 | 0x0010))
}

/// Zeros, or the single byte that makes an odd length even.
fn is_padding(rest: &[u8]) -> bool {
    rest.len() == 1 || rest.iter().all(|b| *b == 0)
}
