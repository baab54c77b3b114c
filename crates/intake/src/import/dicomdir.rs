//! The files that a DICOMDIR lists (PS3.3 Annex F, PS3.10 §8.2).

use bytes::Bytes;
use dicom::{Header, read_header, tags};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// A DICOMDIR larger than this is not followed; its folder still can be imported.
const LARGEST: u64 = 256 << 20;

/// Whether a file has a DICOMDIR's name (PS3.10 §8.6).
pub(super) fn is_named_so(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))
}

/// Every file it lists: where it is, or where it should be.
pub(super) fn listed(path: &Path) -> Vec<Result<PathBuf, PathBuf>> {
    let small = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LARGEST);
    let folder = path.parent().unwrap_or(Path::new(""));
    let header = small.then(|| std::fs::read(path).ok()).flatten();
    let header = header.and_then(|bytes| read_header(&Bytes::from(bytes)).ok());
    header.map(|header| names(&header)).unwrap_or_default().iter().map(|name| find(folder, name)).collect()
}

/// Referenced File IDs as their components, without those that lead elsewhere.
fn names(header: &Header) -> Vec<Vec<String>> {
    let records = header.data_set.items(tags::DIRECTORY_RECORD_SEQUENCE);
    let ids = records.iter().map(|record| record.texts(tags::REFERENCED_FILE_ID));
    ids.filter(|parts| !parts.is_empty() && parts.iter().all(|part| is_plain(part))).collect()
}

fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(['/', '\\', '\0'])
}

/// Media are written in capitals and read back in whatever a file system makes of them.
fn find(folder: &Path, parts: &[String]) -> Result<PathBuf, PathBuf> {
    let exact = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
    if exact.is_file() {
        return Ok(exact);
    }
    let folded = parts.iter().try_fold(folder.to_owned(), |path, part| child(&path, part));
    folded.filter(|path| path.is_file()).ok_or(exact)
}

fn child(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let same = |found: &OsStr| found.eq_ignore_ascii_case(name);
    entries.filter_map(Result::ok).map(|entry| entry.path()).find(|path| path.file_name().is_some_and(same))
}
