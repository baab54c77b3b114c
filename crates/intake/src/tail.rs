//! Follows what stands behind the header — pixel data and whatever comes after — without reading
//! values, so that a file which is cut short is found even when it is larger than memory.

use crate::{body::Body, outcome::Reason, shelf::ShelfError};
use dicom::TransferSyntax;

/// "As long as it takes, until a delimiter" (PS3.5 §7.1).
const UNDEFINED: u32 = 0xFFFF_FFFF;

/// (FFFE,E000), (FFFE,E00D) and (FFFE,E0DD) as group and element.
const ITEM: (u16, u16) = (0xFFFE, 0xE000);
const ITEM_END: (u16, u16) = (0xFFFE, 0xE00D);
const SEQUENCE_END: (u16, u16) = (0xFFFE, 0xE0DD);

/// Sequences nest no deeper than this, as when reading a data set.
const MAX_DEPTH: usize = 64;

/// What is wrong behind the header.
pub(crate) struct TailTrouble {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

/// How the elements are written.
#[derive(Clone, Copy)]
struct Writing {
    explicit: bool,
    big_endian: bool,
}

/// One element's head.
struct Head {
    tag: (u16, u16),
    /// Bytes of the head itself.
    size: u64,
    length: u32,
}

/// Follows the elements from offset `at` to the end of a file of `length` bytes.
pub(crate) async fn follow(
    body: &mut Body,
    at: u64,
    length: u64,
    syntax: &TransferSyntax,
) -> Result<Option<TailTrouble>, ShelfError> {
    let writing = Writing { explicit: syntax.explicit_vr(), big_endian: syntax.big_endian() };
    let mut walk = Walk { body, at, length, writing, depth: 0 };
    loop {
        match walk.step().await? {
            Step::On => {}
            Step::End => return Ok(None),
            Step::Trouble(reason, detail) => return Ok(Some(TailTrouble { reason, detail })),
        }
    }
}

struct Walk<'a> {
    body: &'a mut Body,
    at: u64,
    length: u64,
    writing: Writing,
    /// How many sequences and items of undefined length are open.
    depth: usize,
}

enum Step {
    On,
    End,
    Trouble(Reason, String),
}

impl Walk<'_> {
    async fn step(&mut self) -> Result<Step, ShelfError> {
        let rest = self.length - self.at;
        if rest == 0 {
            return Ok(self.at_end());
        }
        let bytes = self.body.read(self.at, 12).await?;
        let Some(head) = head(&bytes, self.writing) else {
            return Ok(self.stray(&bytes));
        };
        Ok(self.pass(&head, rest))
    }

    fn at_end(&self) -> Step {
        if self.depth == 0 {
            return Step::End;
        }
        let detail = format!("the file ends inside an open sequence, at byte {}", self.at);
        Step::Trouble(Reason::Truncated, detail)
    }

    /// Fewer than 8 bytes are left. Writers of odd lengths leave a byte or two of padding.
    fn stray(&self, bytes: &[u8]) -> Step {
        if self.depth == 0 && bytes.iter().all(|&b| b == 0) {
            return Step::End;
        }
        let detail = format!("the file ends inside the head of an element, at byte {}", self.at);
        Step::Trouble(Reason::Truncated, detail)
    }

    fn pass(&mut self, head: &Head, rest: u64) -> Step {
        match (head.tag, head.length) {
            (SEQUENCE_END | ITEM_END, _) if self.depth == 0 => return self.stray_delimiter(),
            (SEQUENCE_END | ITEM_END, _) => self.depth -= 1,
            ((0, 0), 0) if self.depth == 0 => return Step::End, // zero padding behind the data set
            (_, UNDEFINED) if self.depth == MAX_DEPTH => return self.too_deep(),
            (_, UNDEFINED) => self.depth += 1,
            (_, length) if u64::from(length) > rest - head.size => return self.beyond(head, rest),
            (_, length) => self.at += u64::from(length),
        }
        self.at += head.size;
        Step::On
    }

    fn stray_delimiter(&self) -> Step {
        let detail = format!("a sequence ends at byte {} but none is open", self.at);
        Step::Trouble(Reason::Unreadable, detail)
    }

    fn too_deep(&self) -> Step {
        let detail = format!("sequences nest deeper than {MAX_DEPTH} at byte {}", self.at);
        Step::Trouble(Reason::Unreadable, detail)
    }

    fn beyond(&self, head: &Head, rest: u64) -> Step {
        let (group, element) = head.tag;
        let detail = format!(
            "({group:04X},{element:04X}) at byte {} needs {} bytes, {} are left",
            self.at,
            u64::from(head.length) + head.size,
            rest
        );
        Step::Trouble(Reason::Truncated, detail)
    }
}

/// Reads an element's head; `None` when the bytes are too few.
fn head(bytes: &[u8], writing: Writing) -> Option<Head> {
    let u16_at = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
        Some(if writing.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let u32_at = |at: usize| -> Option<u32> {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if writing.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    };
    let tag = (u16_at(0)?, u16_at(2)?);
    let delimiter = matches!(tag, ITEM | ITEM_END | SEQUENCE_END);
    let (size, length) = match bytes.get(4..6)? {
        _ if delimiter || !writing.explicit => (8, u32_at(4)?),
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT"
        | b"UV" => (12, u32_at(8)?),
        vr if vr.iter().all(u8::is_ascii_uppercase) => (8, u32::from(u16_at(6)?)),
        // Implicit VR inside an explicit file, as inside UN of undefined length (CP-246).
        _ => (8, u32_at(4)?),
    };
    Some(Head { tag, size, length })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    async fn reason(bytes: &[u8]) -> Option<Reason> {
        let mut body = Body::Memory(vec![Bytes::copy_from_slice(bytes)]);
        let syntax = TransferSyntax::by_uid("1.2.840.10008.1.2.1").expect("it is sound");
        let followed = follow(&mut body, 0, bytes.len() as u64, &syntax).await;
        followed.expect("it is sound").map(|trouble| trouble.reason)
    }

    const NATIVE: &[u8] = b"\xE0\x7F\x10\x00OW\0\0\x04\0\0\0abcd";
    const FRAGMENTS: &[u8] = b"\xE0\x7F\x10\x00OB\0\0\xFF\xFF\xFF\xFF\
        \xFE\xFF\x00\xE0\0\0\0\0\xFE\xFF\x00\xE0\x02\0\0\0ab\xFE\xFF\xDD\xE0\0\0\0\0";

    #[tokio::test]
    async fn complete_pixel_data_is_complete() {
        assert_eq!(reason(NATIVE).await, None);
        assert_eq!(reason(FRAGMENTS).await, None);
        assert_eq!(reason(&[FRAGMENTS, b"\0"].concat()).await, None);
    }

    #[tokio::test]
    async fn every_cut_is_found() {
        for whole in [NATIVE, FRAGMENTS] {
            for end in 1..whole.len() {
                assert_eq!(reason(&whole[..end]).await, Some(Reason::Truncated), "cut at {end}");
            }
        }
    }
}
