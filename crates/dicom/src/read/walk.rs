//! The walk over the elements, with a stack of what is open.
//! Read in this order: `item`, `sequence`, `fragments`.

mod fragments;
mod item;
mod sequence;

use super::header::Encoding;
use super::{Parsed, ReadError, ReadOptions, Stop, Stopped};
use crate::{Charset, DataSet, Element, Tag, Value, Vr};
use bytes::Bytes;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// From here on pixel data, padding and delimiters need a closer look.
const PIXEL_GROUP: Tag = Tag(0x7FE0, 0);

impl Stop {
    /// The first tag that may have to be stopped at.
    const fn first_special(self) -> Tag {
        match self {
            Self::Before(tag) if tag.0 < PIXEL_GROUP.0 => tag,
            Self::Before(_) | Self::Never | Self::AtPixelData => PIXEL_GROUP,
        }
    }
}

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
        elements: Vec::with_capacity((bytes.len().saturating_sub(start) / 24).min(384)),
        items: Vec::new(),
        complete: true,
        zeros_from: None,
    };
    let stopped = walk.run()?;
    walk.finish(stopped)
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

    fn finish(self, stopped: Option<Stopped>) -> Result<Parsed, ReadError> {
        let charset = match self.stack[0].what {
            What::Item { charset, .. } => charset,
            What::Sequence { .. } => Charset::DEFAULT,
        };
        let data_set = assemble(self.elements, charset)?;
        Ok(Parsed { data_set, stopped, complete: self.complete })
    }

    fn stops_at(&self, tag: Tag) -> bool {
        match self.opts.stop {
            Stop::Never => false,
            Stop::AtPixelData => is_pixel_data(tag),
            Stop::Before(stop) => tag >= stop,
        }
    }

    /// One more element or item, if there may be one.
    fn spend(&mut self) -> Result<(), ReadError> {
        let max = self.opts.max_elements;
        self.budget = self.budget.checked_sub(1).ok_or(ReadError::TooManyElements { max })?;
        Ok(())
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

fn assemble(elements: Vec<Element>, charset: Charset) -> Result<DataSet, ReadError> {
    DataSet::assemble(elements, charset).map_err(|tag| ReadError::Contradiction { tag })
}

/// Pixel Data, Float Pixel Data, Double Float Pixel Data (PS3.5 §8.1).
pub(crate) const fn is_pixel_data(tag: Tag) -> bool {
    matches!(tag, Tag(0x7FE0, 0x0008 | 0x0009 | 0x0010))
}
