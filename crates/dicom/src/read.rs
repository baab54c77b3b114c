//! Reading data sets (PS3.5 §7): one pass over the bytes, values as slices of them.
//!
//! Written for input from strangers: an explicit stack instead of recursion, depth and element count
//! bounded, nothing allocated by a declared length, the inflated size of a deflated data set bounded.
//! What can be read safely in spite of an error of the writer is read; the rest is refused with the
//! reason and the offset.

mod header;
mod inflate;
mod span;
mod swap;
mod walk;

pub(crate) use header::{Encoding, element_header, has_short_length, parse_vr};
pub(crate) use inflate::{inflate_until, stream_ends};
pub use span::{Span, span};
pub(crate) use swap::swapped;
pub(crate) use walk::is_pixel_data;

use crate::{DataSet, Tag, TransferSyntax, Vr};
use bytes::Bytes;

/// Limits and where to stop.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Where to stop at the top level.
    pub stop: Stop,
    /// How deep sequences may nest.
    pub max_depth: usize,
    /// How many elements there may be in all, nested ones included.
    pub max_elements: usize,
    /// How many bytes a deflated data set may inflate to; also bounded by a ratio.
    pub max_inflated: usize,
}

/// Where reading stops at the top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// At the end of the bytes.
    Never,
    /// Before (Float, Double Float) Pixel Data.
    AtPixelData,
    /// Before the first element with this or a greater tag.
    Before(Tag),
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { stop: Stop::Never, max_depth: 64, max_elements: 4_000_000, max_inflated: 1 << 30 }
    }
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The elements before the stop.
    pub data_set: DataSet,
    /// The element reading stopped at.
    pub stopped: Option<Stopped>,
    /// False if pixel data is cut short; what is there is in the data set.
    pub complete: bool,
}

/// An element not read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Its offset in the bytes given (after inflating, if deflated).
    pub at: usize,
    /// Its tag.
    pub tag: Tag,
    /// Its VR.
    pub vr: Vr,
}

/// Why bytes can't be read as a data set. Offsets count from the start of the bytes given;
/// in a deflated data set, of the inflated bytes. Never carries a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes are the first part of something longer, and the part is too short.
    #[error("needs at least {at_least} bytes")]
    NeedMore {
        /// How many bytes from the start would help.
        at_least: u64,
    },
    /// Neither a DICOM prefix nor anything that looks like a data set.
    #[error("not DICOM: no prefix, and it does not start like a data set")]
    NotDicom,
    /// The bytes end inside an element.
    #[error("cut short: the bytes end inside {tag}, which starts at offset {at}")]
    Truncated {
        /// The element.
        tag: Tag,
        /// Where it starts.
        at: u64,
    },
    /// The bytes end inside the header of an element.
    #[error("cut short: the bytes end inside the header of an element, at offset {at}")]
    CutHeader {
        /// Where the element starts.
        at: u64,
    },
    /// The bytes end before a sequence or item of undefined length is closed.
    #[error("cut short: the bytes end inside an open sequence or item")]
    Unclosed,
    /// An element is longer than the item or sequence it is in.
    #[error("{tag} at offset {at} runs past the end of the item it is in")]
    BeyondItem {
        /// The element.
        tag: Tag,
        /// Where it starts.
        at: u64,
    },
    /// Something else stands where an item of a sequence must.
    #[error("{tag} at offset {at} stands where an item must")]
    NotAnItem {
        /// What stands there.
        tag: Tag,
        /// Where.
        at: u64,
    },
    /// A value of undefined length that is neither a sequence nor pixel data.
    #[error("{tag} at offset {at} has an undefined length, which its VR does not allow")]
    UndefinedLength {
        /// The element.
        tag: Tag,
        /// Where it starts.
        at: u64,
    },
    /// One attribute twice in the same data set or item, saying different things: nobody can tell
    /// which one is meant.
    #[error("{tag} is there twice, with different values")]
    Contradiction {
        /// The attribute.
        tag: Tag,
    },
    /// Sequences nest deeper than allowed.
    #[error("sequences nest deeper than {max} at offset {at}")]
    TooDeep {
        /// The limit.
        max: usize,
        /// Where.
        at: u64,
    },
    /// More elements than allowed.
    #[error("more than {max} elements")]
    TooManyElements {
        /// The limit.
        max: usize,
    },
    /// The deflated stream is damaged.
    #[error("the deflated data set is damaged")]
    Deflate,
    /// The deflated stream inflates to more than allowed.
    #[error("the deflated data set inflates to more than {max} bytes")]
    InflatesTooFar {
        /// The limit.
        max: usize,
    },
}

/// Reads a data set in a transfer syntax.
///
/// # Errors
/// [`ReadError`], saying what and where.
pub fn read_data_set(bytes: &Bytes, ts: &TransferSyntax, opts: &ReadOptions) -> Result<DataSet, ReadError> {
    parse(bytes, ts, opts).map(|parsed| parsed.data_set)
}

/// As [`read_data_set`], telling also where it stopped and whether pixel data is complete.
///
/// # Errors
/// [`ReadError`], saying what and where.
pub fn parse(bytes: &Bytes, ts: &TransferSyntax, opts: &ReadOptions) -> Result<Parsed, ReadError> {
    if ts.deflated() {
        return inflate_until(bytes, opts, |inflated, whole| {
            walk::walk(inflated, 0, whole, Encoding::EXPLICIT, opts)
        });
    }
    walk::walk(bytes, 0, bytes.len() as u64, Encoding::of(ts), opts)
}

/// As [`parse`], of the bytes of a file from `start` on, where the file may be longer than `bytes`;
/// offsets count from the start of the file.
pub(crate) fn parse_file(
    bytes: &Bytes,
    start: usize,
    whole: u64,
    encoding: Encoding,
    opts: &ReadOptions,
) -> Result<Parsed, ReadError> {
    walk::walk(bytes, start, whole, encoding, opts)
}
