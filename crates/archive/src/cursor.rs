//! A place in the order of everything ever appended.

use crate::container::block_end;
use crate::segments::{Lane, SegmentKey, Segments};
use intake::Locator;
use std::fmt;
use std::str::FromStr;

/// How far someone has read the archive: one place in each lane of segments.
/// As text `000042@8192+w000007`; the default is the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cursor {
    /// The shared segment that is read next.
    segment: u64,
    /// Bytes of it that were read.
    offset: u64,
    /// The whole segment that is read next.
    whole: u64,
}

/// The text is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor looks like 000042@8192+w000007")]
pub struct CursorError;

impl Cursor {
    /// The place behind an entry; the other lane's place stays.
    #[must_use]
    pub(crate) fn after(self, key: &SegmentKey, locator: &Locator) -> Self {
        match key.lane {
            Lane::Shared => {
                Self { segment: key.number, offset: block_end(locator.offset + locator.length), ..self }
            }
            Lane::Whole => Self { whole: key.number + 1, ..self },
        }
    }

    /// The place behind everything a segment held when it was read up to `end`. A sealed one
    /// will get no more, so the next one is read next.
    pub(crate) fn past(self, key: &SegmentKey, end: u64, sealed: bool) -> Self {
        match key.lane {
            Lane::Whole => Self { whole: key.number + 1, ..self },
            Lane::Shared if sealed => Self { segment: key.number + 1, offset: 0, ..self },
            Lane::Shared if key.number == self.segment => Self { offset: self.offset.max(end), ..self },
            Lane::Shared => Self { segment: key.number, offset: end, ..self },
        }
    }

    /// The place behind everything there is.
    pub(crate) fn at_end(segments: &Segments) -> Self {
        let whole = segments.next_number(Lane::Whole);
        let last = segments.from(Lane::Shared, 0).pop();
        let end = last.map_or((0, 0), |last| (last.key.number, last.appended()));
        Self { segment: end.0, offset: end.1, whole }
    }

    /// True when the entry was read before this place was reached.
    pub(crate) fn is_behind(self, key: &SegmentKey, locator: &Locator) -> bool {
        match key.lane {
            Lane::Shared => (key.number, locator.offset) < (self.segment, self.offset),
            Lane::Whole => key.number < self.whole,
        }
    }

    /// The first segment of a lane that may hold something unread.
    pub(crate) const fn segment(self, lane: Lane) -> u64 {
        match lane {
            Lane::Shared => self.segment,
            Lane::Whole => self.whole,
        }
    }

    /// Bytes read of the shared segment that is read next.
    pub(crate) const fn offset_in_shared(self) -> u64 {
        self.offset
    }

    /// Where to begin in a segment, as it was first written.
    pub(crate) fn offset_in(self, key: &SegmentKey) -> u64 {
        if key.lane == Lane::Shared && key.number == self.segment { self.offset } else { 0 }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}@{}+w{:06}", self.segment, self.offset, self.whole)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (shared, whole) = text.split_once("+w").ok_or(CursorError)?;
        let (segment, offset) = shared.split_once('@').ok_or(CursorError)?;
        let number = |digits: &str| digits.parse().map_err(|_| CursorError);
        Ok(Self { segment: number(segment)?, offset: number(offset)?, whole: number(whole)? })
    }
}

impl TryFrom<String> for Cursor {
    type Error = CursorError;
    fn try_from(text: String) -> Result<Self, CursorError> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn at(id: &str, offset: u64, length: u64) -> (SegmentKey, Locator) {
        let key = SegmentKey::parse(id).unwrap();
        let segment = key.id();
        (key, Locator { segment, offset, length })
    }

    #[test]
    fn text_goes_there_and_back() {
        let cursor = Cursor { segment: 42, offset: 8192, whole: 7 };
        assert_eq!(cursor.to_string(), "000042@8192+w000007");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("42".parse::<Cursor>(), Err(CursorError));
    }

    #[test]
    fn an_entry_is_behind_the_place_after_it() {
        let (key, locator) = at("2026/11/a-000003", 1536, 100);
        let cursor = Cursor::default().after(&key, &locator);
        assert!(cursor.is_behind(&key, &locator));
        let (key, locator) = at("2026/11/a-000003", 2048 + 1536, 100);
        assert!(!cursor.is_behind(&key, &locator));
        let (key, locator) = at("2026/11/a-w000003", 1536, 100);
        assert!(!cursor.is_behind(&key, &locator));
        assert!(cursor.after(&key, &locator).is_behind(&key, &locator));
    }
}
