//! Zip, tar, gzip and Zstandard files, opened one level deep, their members read as they stream by.
//! A member's name is a label, never a path on this machine.

use super::{
    found::{Stamp, Trouble},
    reader::{Readers, Stopped, read_full},
    squeezed::Squeezed,
};
use crate::sniff::{GLANCE, Looks, looks};
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Cursor, Read, Seek, Write},
};
use tar::EntryType;
use zip::{CompressionMethod as Method, ZipArchive, result::ZipError};

/// Deflate can't make bytes 1,032 times fewer; an archive that claims more reads the same bytes
/// again and again.
const MOST_RATIO: u64 = 1032;

/// Small archives of small files are let be.
const SLACK: u64 = 64 << 20;

/// An archive inside an archive that needs to be sought in is copied to a temporary file up to this size.
const LARGEST_NESTED: u64 = 32 << 30;

/// First members of zip files that are documents or programs.
const DOCUMENT_MEMBERS: [&str; 3] = ["[Content_Types].xml", "META-INF/", "mimetype"];

/// Said by our readers through `io::Error`, when the archive expands too far.
#[derive(Debug, thiserror::Error)]
#[error("expands too far")]
struct ExpandsTooFar;

/// What a reader's error means for the file it was reading.
pub(super) fn trouble_of(error: &io::Error) -> Trouble {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<ExpandsTooFar>) {
        return Trouble::ExpandsTooFar;
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Trouble::DamagedArchive { detail: error.to_string() }
        }
        _ => super::trouble_of(error),
    }
}

/// Opens a file that looks like an archive.
pub(super) fn open(
    readers: &Readers,
    path: &str,
    mut file: File,
    stamp: Stamp,
    looks: Looks,
) -> Result<(), Stopped> {
    let left = Cell::new(stamp.size.saturating_mul(MOST_RATIO).saturating_add(SLACK));
    let packed = Packed { readers, left: &left, depth: 0 };
    if let Some(squeezed) = Squeezed::of(looks) {
        let size = stamp.size as usize;
        return packed.squeezed_file(squeezed, path, file, Some(stamp), size);
    }
    if looks == Looks::Zip && is_document(&mut file) {
        let size = stamp.size as usize;
        return readers.content(path.into(), Some(stamp), &mut file, size);
    }
    match looks {
        Looks::Zip => packed.zip(path, file),
        _ => packed.tar(path, &mut BufReader::with_capacity(1 << 20, file)),
    }
}

/// An office document or a program is one file, not many.
fn is_document(file: &mut File) -> bool {
    let mut head = [0; 64];
    let length = read_full(file, &mut head).unwrap_or(0);
    let back = file.rewind();
    let name = head[..length].get(30..).unwrap_or_default();
    back.is_ok() && DOCUMENT_MEMBERS.iter().any(|member| name.starts_with(member.as_bytes()))
}

/// An archive being read, and how far it may still expand.
#[derive(Clone, Copy)]
struct Packed<'a> {
    readers: &'a Readers,
    left: &'a Cell<u64>,
    depth: u8,
}

impl<'a> Packed<'a> {
    fn counted<R: Read>(&self, reader: R) -> Counted<'a, R> {
        Counted { reader, left: self.left }
    }

    fn damaged(&self, path: &str, detail: impl Into<String>) -> Result<(), Stopped> {
        let trouble = Trouble::DamagedArchive { detail: detail.into() };
        self.readers.trouble(path.into(), trouble)
    }

    /// A compressed file: a tar archive, a DICOM file, or kept as it is (NIfTI, for one).
    fn squeezed_file(
        &self,
        squeezed: Squeezed,
        path: &str,
        mut file: File,
        stamp: Option<Stamp>,
        size: usize,
    ) -> Result<(), Stopped> {
        let mut inside = squeezed.open(&mut file);
        let mut first = [0; GLANCE];
        let length = match read_full(&mut inside, &mut first) {
            Ok(length) => length,
            // Anything may follow the two bytes that gzip files begin with.
            Err(_) if squeezed == Squeezed::Gzip => 0,
            Err(error) => return self.readers.trouble(path.into(), trouble_of(&error)),
        };
        let kind = looks(&first[..length]);
        if !matches!(kind, Looks::Tar | Looks::Dicom) {
            drop(inside);
            return match file.rewind() {
                Ok(()) => self.readers.content(path.into(), stamp, &mut file, size),
                Err(error) => self.readers.trouble(path.into(), super::trouble_of(&error)),
            };
        }
        let mut whole = self.counted(Cursor::new(first[..length].to_vec()).chain(inside));
        match kind {
            Looks::Tar if self.depth > 1 => self.readers.trouble(path.into(), Trouble::NestedTooDeep),
            Looks::Tar => self.tar(path, &mut whole),
            _ => self.readers.content(path.into(), stamp, &mut whole, 0),
        }
    }

    fn zip(&self, path: &str, file: File) -> Result<(), Stopped> {
        let mut archive = match ZipArchive::new(file) {
            Ok(archive) => archive,
            Err(error) => return self.damaged(path, error.to_string()),
        };
        for index in 0..archive.len() {
            let member = match archive.by_index_with_options(index, zip::ZipReadOptions::new()) {
                Ok(member) => member,
                Err(error) => {
                    self.unreadable_member(&format!("{path}!/#{index}"), &error)?;
                    continue;
                }
            };
            if member.is_dir() {
                continue;
            }
            let name = member.name().map_or_else(|_| format!("#{index}"), std::borrow::Cow::into_owned);
            let (label, method) = (format!("{path}!/{name}"), member.compression());
            if !matches!(method, Method::Stored | Method::Deflated | Method::Deflate64) {
                let by = format!("zip's method {method}");
                self.readers.trouble(label, Trouble::UnknownPacking { by })?;
                continue;
            }
            let size = member.size() as usize;
            self.member(label, &mut self.counted(member), size)?;
        }
        Ok(())
    }

    fn unreadable_member(&self, path: &str, error: &ZipError) -> Result<(), Stopped> {
        let trouble = match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Trouble::Encrypted,
            ZipError::CompressionMethodNotSupported(method) => {
                Trouble::UnknownPacking { by: format!("zip's method {method}") }
            }
            error => Trouble::DamagedArchive { detail: error.to_string() },
        };
        self.readers.trouble(path.into(), trouble)
    }

    fn tar(&self, path: &str, reader: &mut dyn Read) -> Result<(), Stopped> {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.damaged(path, error.to_string()),
        };
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                // Behind a damaged header nothing can be found.
                Err(error) => return self.readers.trouble(path.into(), trouble_of(&error)),
            };
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let member = format!("{path}!/{name}");
            let size = entry.size() as usize;
            match entry.header().entry_type() {
                EntryType::Regular | EntryType::Continuous => self.member(member, &mut entry, size)?,
                // Its holes are not in the archive: it can be larger than compression explains.
                EntryType::GNUSparse => self.member(member, &mut self.counted(entry), size)?,
                EntryType::Symlink => self.readers.trouble(member, Trouble::Link)?,
                EntryType::Char | EntryType::Block | EntryType::Fifo => {
                    self.readers.trouble(member, Trouble::NotAFile)?;
                }
                // Folders, headers, and further names (hard links) of members that are taken.
                _ => {}
            }
        }
        Ok(())
    }

    /// A member: a file, or an archive one level deeper.
    fn member(&self, path: String, reader: &mut dyn Read, size: usize) -> Result<(), Stopped> {
        let mut first = [0; GLANCE];
        let length = match read_full(reader, &mut first) {
            Ok(length) => length,
            Err(error) => return self.readers.trouble(path, trouble_of(&error)),
        };
        let mut whole = Cursor::new(first[..length].to_vec()).chain(reader);
        let kind = looks(&first[..length]);
        let is_document = DOCUMENT_MEMBERS
            .iter()
            .any(|name| first.get(30..).is_some_and(|at| at.starts_with(name.as_bytes())));
        match kind {
            Looks::Zip if is_document => self.readers.content(path, None, &mut whole, size),
            Looks::Zip | Looks::Tar if self.depth > 0 => self.readers.trouble(path, Trouble::NestedTooDeep),
            Looks::Zip => self.nested_zip(&path, &mut whole),
            Looks::Tar => self.deeper().tar(&path, &mut whole),
            Looks::Gzip => self.nested_gzip(path, &mut whole, size),
            Looks::Zstd => self.nested_zstd(&path, &mut whole, size),
            Looks::Dicom | Looks::Other => self.readers.content(path, None, &mut whole, size),
        }
    }

    const fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }

    /// A zip's directory stands at its end, so a nested one is copied to where it can be sought in.
    fn nested_zip(&self, path: &str, whole: &mut dyn Read) -> Result<(), Stopped> {
        let copy = self.copied(path, whole)?;
        copy.map_or(Ok(()), |copy| self.deeper().zip(path, copy))
    }

    /// Zstandard may give nothing before it has decompressed megabytes, so a nested file that turns
    /// out to be neither archive nor DICOM could not be read again from its start.
    fn nested_zstd(&self, path: &str, whole: &mut dyn Read, size: usize) -> Result<(), Stopped> {
        let copy = self.copied(path, whole)?;
        let deeper = self.deeper();
        copy.map_or(Ok(()), |copy| deeper.squeezed_file(Squeezed::Zstd, path, copy, None, size))
    }

    /// A member in a temporary file; none where that failed, which has been told.
    fn copied(&self, path: &str, whole: &mut dyn Read) -> Result<Option<File>, Stopped> {
        let copied = tempfile::tempfile().and_then(|mut copy| {
            let length = io::copy(&mut whole.take(LARGEST_NESTED), &mut copy)?;
            copy.flush()?;
            copy.rewind()?;
            Ok((copy, length))
        });
        let trouble = match copied {
            Ok((_, LARGEST_NESTED)) => Trouble::ExpandsTooFar,
            Ok((copy, _)) => return Ok(Some(copy)),
            Err(error) => trouble_of(&error),
        };
        self.readers.trouble(path.into(), trouble)?;
        Ok(None)
    }

    /// A compressed member: an archive, a DICOM file, or kept as it is. Its first bytes must be
    /// decompressed to tell, so what was read for that is read again.
    fn nested_gzip(&self, path: String, whole: &mut dyn Read, size: usize) -> Result<(), Stopped> {
        let mut head = vec![0; 64 << 10];
        let length = match read_full(whole, &mut head) {
            Ok(length) => length,
            Err(error) => return self.readers.trouble(path, trouble_of(&error)),
        };
        head.truncate(length);
        let mut first = [0; GLANCE];
        let inside = read_full(&mut Squeezed::Gzip.open(head.as_slice()), &mut first).unwrap_or(GLANCE);
        let kind = looks(&first[..inside]);
        let mut packed = Cursor::new(head).chain(whole);
        match kind {
            Looks::Tar if self.depth > 0 => self.readers.trouble(path, Trouble::NestedTooDeep),
            Looks::Tar => self.deeper().tar(&path, &mut self.counted(Squeezed::Gzip.open(packed))),
            Looks::Dicom => {
                self.readers.content(path, None, &mut self.counted(Squeezed::Gzip.open(packed)), 0)
            }
            _ => self.readers.content(path, None, &mut packed, size),
        }
    }
}

/// A reader that stops when the archive has expanded too far.
struct Counted<'a, R> {
    reader: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other(ExpandsTooFar)),
        }
        Ok(read)
    }
}
