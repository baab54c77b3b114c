//! The header, the directories and their fields (TIFF 6.0 §2, BigTIFF).

use super::{Ranges, TiffError};
use bytes::Bytes;
use std::collections::HashSet;

/// Directories of a file, those below others included.
const MOST_DIRECTORIES: usize = 512;
/// Fields of a directory.
const MOST_FIELDS: u64 = 4096;

pub(super) const SUB_DIRECTORIES: u16 = 330;

/// A file that is open.
pub(super) struct File<'a> {
    ranges: &'a dyn Ranges,
    big: bool,
    little: bool,
}

/// One field: its values stand in it or elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Field {
    kind: u16,
    pub count: u64,
    /// Where the values begin in the file; for short ones, inside the field itself.
    at: u64,
}

/// The fields of one picture.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    fields: Vec<(u16, Field)>,
    /// Those below it.
    pub below: Vec<Self>,
}

impl Directory {
    pub fn get(&self, tag: u16) -> Option<&Field> {
        self.fields.iter().find(|(other, _)| *other == tag).map(|(_, field)| field)
    }
}

impl Field {
    /// Bytes of one value.
    fn size(&self) -> Result<u64, TiffError> {
        match self.kind {
            1 | 2 | 6 | 7 => Ok(1),
            3 | 8 => Ok(2),
            4 | 9 | 11 | 13 => Ok(4),
            5 | 10 | 12 | 16..=18 => Ok(8),
            _ => Err(TiffError::Damaged("a field is of an unknown type")),
        }
    }
}

impl<'a> File<'a> {
    /// Reads the header and gives the first directory's offset.
    pub async fn open(ranges: &'a dyn Ranges) -> Result<(Self, u64), TiffError> {
        let head = ranges.read(0..ranges.length().min(16)).await?;
        let little = match head.get(..2) {
            Some(b"II") => true,
            Some(b"MM") => false,
            _ => return Err(TiffError::NotTiff),
        };
        let mut file = Self { ranges, big: false, little };
        let first = match head.get(2..4).map(|bytes| file.number(bytes)) {
            Some(42) => head.get(4..8),
            Some(43)
                if head.get(4..8).map(|bytes| (file.number(&bytes[..2]), file.number(&bytes[2..])))
                    == Some((8, 0)) =>
            {
                file.big = true;
                head.get(8..16)
            }
            _ => return Err(TiffError::NotTiff),
        };
        let first = first.map(|bytes| file.number(bytes)).ok_or(TiffError::NotTiff)?;
        Ok((file, first))
    }

    /// An unsigned number in the file's byte order.
    pub fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let bytes = bytes.get(..8).unwrap_or(bytes);
        if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    }

    pub async fn read(&self, at: u64, length: u64) -> Result<Bytes, TiffError> {
        let end = at.checked_add(length).filter(|end| *end <= self.ranges.length());
        let end = end.ok_or(TiffError::Damaged("something lies beyond its end"))?;
        self.ranges.read(at..end).await
    }

    /// All directories of the chain that begins here.
    pub async fn directories(&self, first: u64) -> Result<Vec<Directory>, TiffError> {
        let mut seen = HashSet::new();
        let mut chain = self.chain(first, &mut seen).await?;
        for directory in &mut chain {
            let Some(field) = directory.get(SUB_DIRECTORIES).cloned() else { continue };
            if field.count > MOST_DIRECTORIES as u64 {
                return Err(TiffError::Damaged("it has too many directories"));
            }
            for nth in 0..field.count {
                let at = self.nth(&field, nth).await?;
                // Many programs also chain those they list.
                if !seen.contains(&at) {
                    directory.below.extend(self.chain(at, &mut seen).await?);
                }
            }
        }
        Ok(chain)
    }

    async fn chain(&self, first: u64, seen: &mut HashSet<u64>) -> Result<Vec<Directory>, TiffError> {
        let (mut found, mut at) = (Vec::new(), first);
        while at != 0 {
            if !seen.insert(at) {
                return Err(TiffError::Damaged("its directories go round in a circle"));
            }
            if seen.len() > MOST_DIRECTORIES {
                return Err(TiffError::Damaged("it has too many directories"));
            }
            let (directory, next) = self.directory(at).await?;
            found.push(directory);
            at = next;
        }
        Ok(found)
    }

    async fn directory(&self, at: u64) -> Result<(Directory, u64), TiffError> {
        let (head, entry, word) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(&self.read(at, head).await?);
        if count > MOST_FIELDS {
            return Err(TiffError::Damaged("a directory has too many fields"));
        }
        let body = self.read(at + head, count * entry + word).await?;
        let (entries, next) = body.split_at((count * entry) as usize);
        let from = at + head;
        let fields = (0u64..).zip(entries.chunks_exact(entry as usize));
        let fields =
            fields.map(|(nth, bytes)| self.field(bytes, from + nth * entry)).collect::<Result<_, _>>()?;
        Ok((Directory { fields, below: Vec::new() }, self.number(next)))
    }

    fn field(&self, bytes: &[u8], at: u64) -> Result<(u16, Field), TiffError> {
        let word = if self.big { 8 } else { 4 };
        let (tag, kind) = (self.number(&bytes[..2]) as u16, self.number(&bytes[2..4]) as u16);
        let count = self.number(&bytes[4..4 + word]);
        let mut field = Field { kind, count, at: at + 4 + word as u64 };
        // A field of a type nobody knows is passed over by whoever does not ask for it.
        let length = field.size().map_or(Some(0), |size| size.checked_mul(count));
        if length.ok_or(TiffError::Damaged("a field is too long"))? > word as u64 {
            field.at = self.number(&bytes[4 + word..]);
        }
        Ok((tag, field))
    }

    /// One value of a field.
    pub async fn nth(&self, field: &Field, nth: u64) -> Result<u64, TiffError> {
        let size = field.size()?;
        let at = nth.checked_mul(size).and_then(|by| field.at.checked_add(by)).filter(|_| nth < field.count);
        let at = at.ok_or(TiffError::Damaged("a table is shorter than it must be"))?;
        Ok(self.number(&self.read(at, size).await?))
    }

    /// The first value of a field, where it is there.
    pub async fn first(&self, directory: &Directory, tag: u16) -> Result<Option<u64>, TiffError> {
        match directory.get(tag).filter(|field| field.count > 0) {
            Some(field) => self.nth(field, 0).await.map(Some),
            None => Ok(None),
        }
    }

    /// The first value of a field of fractions.
    pub async fn fraction(&self, directory: &Directory, tag: u16) -> Result<Option<f64>, TiffError> {
        let Some(field) = directory.get(tag).filter(|field| field.kind == 5 && field.count > 0) else {
            return Ok(None);
        };
        let bytes = self.read(field.at, 8).await?;
        let (above, below) = (self.number(&bytes[..4]), self.number(&bytes[4..]));
        Ok((below > 0).then(|| above as f64 / below as f64))
    }

    /// A field's bytes; `None` where it is not there or longer than the limit.
    pub async fn bytes(
        &self,
        directory: &Directory,
        tag: u16,
        limit: u64,
    ) -> Result<Option<Bytes>, TiffError> {
        let Some(field) = directory.get(tag).filter(|field| field.size().is_ok_and(|size| size == 1)) else {
            return Ok(None);
        };
        if field.count > limit {
            return Ok(None);
        }
        self.read(field.at, field.count).await.map(Some)
    }
}
