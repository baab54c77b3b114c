//! Opening after anything: which segments there are, and where the last durable entry of each
//! that isn't sealed ends.
//!
//! Every entry says how much of its segment was durable when it was written (`synced`). So
//! whatever lies before the largest `synced` was acknowledged and is never cut off; what lies
//! behind it was one batch, perhaps never acknowledged and perhaps torn: each of its entries
//! must prove itself by its digest, and from the first that can't the file is cut.

use crate::commit::Active;
use crate::config::ArchiveConfig;
use crate::container::index::ENDING;
use crate::container::{BLOCK, Ending, EntryHead, HeadError};
use crate::disk::{Disk, create_folder};
use crate::elsewhere::Elsewhere;
use crate::runway::{Runway, written_end};
use crate::segments::{Lane, Placement, Segment, SegmentKey, Segments, parse_relative_path, relative_path};
use model::Sha256Digest;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing::{error, info, warn};

/// What was found at the start.
pub(crate) struct Recovered {
    pub segments: Segments,
    pub active: Option<Active>,
    pub to_seal: Vec<Arc<Segment>>,
    /// Sealed segments whose local file is gone or was cut; only another place knows their end.
    pub hurt: Vec<Arc<Segment>>,
}

/// Removes every file of a folder (not folders in it).
pub(crate) fn clear_folder(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Reads all segments below `folder` and repairs those a crash left open; adds those other places have.
pub(crate) fn recover(
    disk: &dyn Disk,
    config: &ArchiveConfig,
    elsewhere: &Elsewhere,
) -> io::Result<Recovered> {
    let root = config.folder.join("segments");
    let mut recovered =
        Recovered { segments: Segments::default(), active: None, to_seal: Vec::new(), hurt: Vec::new() };
    let (mut open, mut local) = (None, HashMap::new());
    for (key, generation) in newest_generations(disk, &root, config.read_only)? {
        let segment = match sealed_and_cut(&root, &key, generation, elsewhere)? {
            Some(segment) => {
                recovered.hurt.push(segment.clone());
                segment
            }
            None => examine(disk, config, &key, generation)?,
        };
        let placement = segment.placement();
        if !placement.sealed {
            recovered.to_seal.extend(open.replace(segment.clone()));
        }
        let tiered = elsewhere.is_tiered(&key, generation, placement.file_length);
        segment.place(|placement| placement.tiered |= tiered);
        local.insert(key, generation);
        recovered.segments.insert(segment);
    }
    for segment in elsewhere.beyond(&local) {
        recovered.hurt.extend((!segment.placement().tiered).then(|| segment.clone()));
        recovered.segments.insert(segment);
    }
    if config.read_only {
        return Ok(recovered);
    }
    if let Some(segment) = open {
        let last = segment.key.number + 1 == recovered.segments.next_number(Lane::Shared);
        if last && segment.key.lane == Lane::Shared && segment.durable() < config.segment_size {
            let end = segment.durable();
            let file = disk.open(&segment.path(&root))?;
            recovered.active = Some(Active { segment, file, end, runway: Runway::none(end) });
        } else {
            recovered.to_seal.push(segment);
        }
    }
    Ok(recovered)
}

/// The files of segments below the root, each in its newest form; older forms are removed.
fn newest_generations(disk: &dyn Disk, root: &Path, read_only: bool) -> io::Result<Vec<(SegmentKey, u32)>> {
    let mut found: Vec<(SegmentKey, u32)> = Vec::new();
    for year in folders(root)? {
        for month in folders(&year)? {
            for entry in std::fs::read_dir(&month)? {
                let path = entry?.path();
                let relative = path.strip_prefix(root).ok().and_then(Path::to_str);
                found.extend(relative.and_then(parse_relative_path));
            }
        }
    }
    found.sort();
    for pair in found.windows(2).filter(|pair| !read_only && pair[0].0 == pair[1].0) {
        disk.remove(&root.join(relative_path(&pair[0].0.id(), pair[0].1)))?;
    }
    found.reverse();
    found.dedup_by(|older, newer| older.0 == newer.0);
    found.reverse();
    Ok(found)
}

fn folders(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(parent)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}

/// A local file without an end whose segment another place has: it was sealed, and has been cut since.
/// Nothing is cut off it or added to it; what is left of it is read, the rest from the other place.
fn sealed_and_cut(
    root: &Path,
    key: &SegmentKey,
    generation: u32,
    elsewhere: &Elsewhere,
) -> io::Result<Option<Arc<Segment>>> {
    let Some(length) = elsewhere.sealed_length(key, generation) else { return Ok(None) };
    let file = File::open(root.join(relative_path(&key.id(), generation)))?;
    let file_length = file.metadata()?.len();
    if read_ending(&file, file_length)?.is_some() {
        return Ok(None);
    }
    error!(segment.id = %key.id(), file_length, length, "a sealed segment lost its end; verify and repair");
    let placement = Placement {
        generation,
        sealed: true,
        local: true,
        file_length: length,
        entries_end: Some(length),
        ..Placement::default()
    };
    Ok(Some(Arc::new(Segment::new(key.clone(), length, placement))))
}

fn examine(
    disk: &dyn Disk,
    config: &ArchiveConfig,
    key: &SegmentKey,
    generation: u32,
) -> io::Result<Arc<Segment>> {
    let path = config.folder.join("segments").join(relative_path(&key.id(), generation));
    let file = File::open(&path)?;
    let file_length = file.metadata()?.len();
    let mut placement = Placement { generation, local: true, ..Default::default() };
    if let Some(ending) = read_ending(&file, file_length)? {
        placement.sealed = true;
        placement.file_length = file_length;
        placement.entries_end = Some(ending.at);
        placement.appended = ending.appended;
        return Ok(Arc::new(Segment::new(key.clone(), ending.at, placement)));
    }
    let end = walk(&file, file_length)?.end;
    if end < file_length && !config.read_only {
        let written = written_end(|part, at| file.read_exact_at(part, at), end, file_length)?;
        if written > end {
            keep_tail(disk, &config.folder, &path, &file, end..written)?;
        }
        let mut segment = disk.open(&path)?;
        segment.truncate(end)?;
        segment.sync()?;
    }
    Ok(Arc::new(Segment::new(key.clone(), end, placement)))
}

/// How a segment file ends, if it is sealed.
pub(crate) fn read_ending(file: &File, file_length: u64) -> io::Result<Option<Ending>> {
    let Some(at) = file_length.checked_sub(ENDING as u64) else { return Ok(None) };
    let mut last = [0; ENDING];
    file.read_exact_at(&mut last, at)?;
    Ok(Ending::parse(&last).filter(|ending| ending.file_length() == file_length))
}

/// Copies what follows the last good entry to `torn`, for a person to look at.
fn keep_tail(disk: &dyn Disk, folder: &Path, path: &Path, file: &File, tail: Range<u64>) -> io::Result<()> {
    let (end, length) = (tail.start, tail.end - tail.start);
    let name = path.strip_prefix(folder.join("segments")).unwrap_or(path);
    let name = format!("{}-{end}", name.display()).replace('/', "-");
    warn!(segment.file = %name, bytes = length, "cut an unfinished tail off a segment");
    let torn = folder.join("torn");
    create_folder(disk, &torn)?;
    let kept = torn.join(name);
    let _ = disk.remove(&kept); // from an earlier start that didn't come to its end
    let mut copy = disk.create(&kept)?;
    copy.copy_at(0, file, end, length)?;
    copy.sync()
}

/// What a walk over the heads of a segment found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Where the last entry to keep ends.
    pub end: u64,
}

/// Walks over the entries of a segment that isn't sealed.
pub(crate) fn walk(file: &File, file_length: u64) -> io::Result<Walk> {
    let (mut at, mut end, mut synced) = (0, 0, 0);
    let mut unproven: Vec<(u64, EntryHead)> = Vec::new();
    while at < file_length {
        match head_at(file, at, file_length)? {
            Some(entry) => {
                synced = synced.max(entry.synced);
                let next = at + entry.whole_length();
                unproven.push((at, entry));
                at = next;
                end = next;
            }
            // Behind damage, an entry that calls this place durable shows that this isn't the tail.
            None => match resume(file, at, file_length)? {
                Some(next) => {
                    warn!(from = at, to = next, "damage inside a segment");
                    at = next;
                }
                None => break,
            },
        }
        unproven.retain(|(at, _)| *at >= synced);
    }
    for (at, entry) in unproven {
        if !content_holds(file, at, &entry)? {
            end = at;
            break;
        }
    }
    info!(end, file_length, "read an open segment");
    Ok(Walk { end })
}

/// The entry at `at`, if a whole one is there.
fn head_at(file: &File, at: u64, file_length: u64) -> io::Result<Option<EntryHead>> {
    let mut want = 8 * BLOCK;
    loop {
        let length = (want as u64).min(file_length - at) as usize;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, at)?;
        match EntryHead::parse(&bytes) {
            Ok(entry) if at + entry.whole_length() <= file_length => return Ok(Some(entry)),
            Err(HeadError::NeedMore(more)) if more > length && at + more as u64 <= file_length => want = more,
            _ => return Ok(None),
        }
    }
}

/// The next place behind `at` where an entry begins that was written when `at` was durable.
fn resume(file: &File, at: u64, file_length: u64) -> io::Result<Option<u64>> {
    let mut next = at + BLOCK as u64;
    while next + BLOCK as u64 <= file_length {
        if head_at(file, next, file_length)?.is_some_and(|entry| entry.synced > at) {
            return Ok(Some(next));
        }
        next += BLOCK as u64;
    }
    Ok(None)
}

fn content_holds(file: &File, at: u64, entry: &EntryHead) -> io::Result<bool> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let (mut from, end) = (at + entry.head_length, at + entry.head_length + entry.length);
    while from < end {
        let step = (end - from).min(buffer.len() as u64) as usize;
        file.read_exact_at(&mut buffer[..step], from)?;
        digest.update(&buffer[..step]);
        from += step as u64;
    }
    Ok(Sha256Digest(digest.finalize().into()) == entry.stored_digest())
}
