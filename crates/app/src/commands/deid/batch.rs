//! Many files: first what they say of their patients, then each through the wall.

mod others;

use anyhow::Context as _;
use bytes::Bytes;
use deid::files::{Kind, Refused, Roles};
use deid::pixels::Searched;
use deid::{Deidentified, Glance, Heard, Known, Original, Reason, Tally, Wall, Withheld};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What to do.
pub struct Batch<'a> {
    pub wall: &'a Wall,
    pub input: &'a Path,
    pub output: &'a Path,
    pub quarantine: Option<&'a Path>,
    pub threads: usize,
    /// What the columns of tables are.
    pub columns: Option<&'a Roles>,
}

/// What became of a file.
pub struct FileResult {
    pub path: PathBuf,
    pub outcome: FileOutcome,
}

/// What became of a file.
pub enum FileOutcome {
    /// Written.
    Done { output: PathBuf, code: String, tally: Tally, pixels: Searched },
    /// Written; it is no DICOM.
    File { output: PathBuf, kind: Kind },
    /// No DICOM, and not written.
    Refused(Refused),
    /// Not written.
    Withheld(Reason),
    /// The same instance as the file of this number, byte for byte.
    Duplicate(usize),
    /// The same SOP Instance UID as the file of this number, with other content.
    Conflict(usize),
    /// It can't be read or written.
    Failed(String),
}

/// Files up to this are read whole; prefixes of larger ones grow until the header is in them.
const FIRST_READ: u64 = 32 << 10;

/// Runs.
pub fn run(batch: &Batch<'_>) -> anyhow::Result<Vec<FileResult>> {
    let paths = list(batch.input)?;
    let look = FirstLook {
        wall: batch.wall,
        heard: Heard::default(),
        known: AllKnown::default(),
        kept: AtomicUsize::new(0),
    };
    let surveys = parallel(batch.threads, "reading headers", &paths, |_, path: &Path| look.at(path));
    let known = look.known.into_inner().unwrap_or_else(PoisonError::into_inner);
    let firsts = firsts(&surveys);
    std::fs::create_dir_all(batch.output)
        .with_context(|| format!("can't make {}", batch.output.display()))?;
    let outcomes = parallel(batch.threads, "de-identifying", &paths, |index, path| {
        let result = one(
            batch,
            path,
            surveys[index].as_ref(),
            &known,
            firsts[index].map(|first| (first, paths[first].as_path())),
        );
        result.unwrap_or_else(|error| FileOutcome::Failed(error.to_string()))
    });
    let results = paths.into_iter().zip(outcomes).map(|(path, outcome)| FileResult { path, outcome });
    Ok(results.collect())
}

/// All files, by name: the same folder always in the same order.
pub fn list(input: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let walk = walkdir::WalkDir::new(input).sort_by_file_name();
    let mut paths = Vec::new();
    for entry in walk {
        let entry = entry.context("can't read the folder")?;
        if entry.file_type().is_file() {
            paths.push(entry.into_path());
        }
    }
    Ok(paths)
}

/// What the first look at a file gave.
struct Surveyed {
    subject: Option<String>,
    sop_instance: Option<String>,
    /// The whole file, while there is room: small ones are then read once.
    whole: Option<Bytes>,
}

/// How many bytes of files are kept from the first look to the second.
const KEPT: usize = 256 << 20;

/// What is known of each patient from all objects together.
type AllKnown = Mutex<HashMap<String, Known>>;

/// The first look at all files.
struct FirstLook<'a> {
    wall: &'a Wall,
    heard: Heard,
    known: AllKnown,
    /// How many bytes of files are kept.
    kept: AtomicUsize,
}

impl FirstLook<'_> {
    fn at(&self, path: &Path) -> Option<Surveyed> {
        let mut file = std::fs::File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut begin = Beginning::default();
        let bytes = begin.read(&mut file, length.min(FIRST_READ)).ok()?;
        if let Some(glance) = self.wall.glance(&self.heard, &bytes, length) {
            return Some(self.glanced(&glance, bytes, length));
        }
        let opened = match length <= FIRST_READ {
            true => self.wall.open(&bytes).ok(),
            false => self.wall.open_head(&bytes, length),
        };
        // What is in doubt is looked at as far as it can be read, and again when it is withheld.
        match opened {
            Some(original) => Some(self.opened(&original, bytes, length)),
            None => self.header(&begin.header(&mut file, length)?),
        }
    }

    fn glanced(&self, glance: &Glance, bytes: Bytes, length: u64) -> Surveyed {
        let subject = glance.subject().reveal().clone();
        self.learn(&subject, |known| self.wall.learn_from_glance(glance, known));
        let sop_instance = Some(glance.instance().to_owned());
        Surveyed { subject: Some(subject), sop_instance, whole: self.keep(bytes, length) }
    }

    fn opened(&self, original: &Original, bytes: Bytes, length: u64) -> Surveyed {
        let subject = original.subject().reveal().clone();
        self.learn(&subject, |known| self.wall.learn_from(original, known));
        self.heard.add(original);
        let sop_instance = Some(original.instance().to_owned());
        Surveyed { subject: Some(subject), sop_instance, whole: self.keep(bytes, length) }
    }

    fn header(&self, header: &dicom::Header) -> Option<Surveyed> {
        let subject = self.wall.subject(header).map(|subject| subject.reveal().clone());
        if let Some(subject) = &subject {
            self.learn(subject, |known| self.wall.learn(header, known));
        }
        let sop_instance = header.data_set.uid(dicom::tags::SOP_INSTANCE_UID);
        Some(Surveyed { subject, sop_instance, whole: None })
    }

    fn keep(&self, bytes: Bytes, length: u64) -> Option<Bytes> {
        let is_whole = bytes.len() as u64 == length;
        (is_whole && self.kept.fetch_add(bytes.len(), Ordering::Relaxed) < KEPT).then_some(bytes)
    }

    fn learn(&self, subject: &str, learn: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get_mut(subject) {
            Some(known) => learn(known),
            None => learn(known.entry(subject.to_owned()).or_default()),
        }
    }
}

/// The first bytes of a file, ever more of them.
#[derive(Default)]
struct Beginning(Bytes);

impl Beginning {
    /// At least so many, which must be there.
    fn read(&mut self, file: &mut std::fs::File, up_to: u64) -> io::Result<Bytes> {
        use io::Read as _;
        let have = self.0.len();
        let wanted = usize::try_from(up_to).map_err(io::Error::other)?;
        if wanted > have {
            let mut bytes = Vec::from(std::mem::take(&mut self.0));
            bytes.resize(wanted, 0);
            file.read_exact(&mut bytes[have..])?;
            self.0 = bytes.into();
        }
        Ok(self.0.clone())
    }

    /// Reads until the header is there.
    fn header(&mut self, file: &mut std::fs::File, length: u64) -> Option<dicom::Header> {
        let mut wanted = FIRST_READ;
        loop {
            let have = self.read(file, wanted.min(length)).ok()?;
            match dicom::read_header_prefix(&have, length) {
                Ok(header) => return Some(header),
                Err(dicom::ReadError::NeedMore { at_least }) if (have.len() as u64) < length => {
                    wanted = at_least.max(wanted * 4);
                }
                Err(_) => return None,
            }
        }
    }
}

/// For each file the first one with the same SOP Instance UID, if it is another.
fn firsts(surveys: &[Option<Surveyed>]) -> Vec<Option<usize>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let uid = |survey: &Option<Surveyed>| survey.as_ref().and_then(|survey| survey.sop_instance.clone());
    let uids: Vec<_> = surveys.iter().map(uid).collect();
    let mut found = vec![None; uids.len()];
    for (index, uid) in uids.iter().enumerate() {
        if let Some(uid) = uid {
            let first = *seen.entry(uid.as_str()).or_insert(index);
            found[index] = (first != index).then_some(first);
        }
    }
    found
}

fn one(
    batch: &Batch<'_>,
    path: &Path,
    survey: Option<&Surveyed>,
    known_of_all: &HashMap<String, Known>,
    first: Option<(usize, &Path)>,
) -> io::Result<FileOutcome> {
    let nothing = Known::default();
    let subject = survey.and_then(|survey| survey.subject.as_ref());
    let known = subject.and_then(|subject| known_of_all.get(subject)).unwrap_or(&nothing);
    let read = survey.and_then(|survey| survey.whole.as_ref());
    if first.is_none()
        && read.is_none()
        && survey.is_some()
        && let Some(done) = spliced(batch, path, known)?
    {
        return Ok(done);
    }
    let bytes = match read {
        Some(bytes) => bytes.clone(),
        None => Bytes::from(std::fs::read(path)?),
    };
    if let Some((index, first)) = first {
        let same = std::fs::read(first)? == bytes;
        if !same {
            keep_withheld(batch, path, &bytes, "conflict")?;
        }
        return Ok(if same { FileOutcome::Duplicate(index) } else { FileOutcome::Conflict(index) });
    }
    match batch.wall.deidentify(&bytes, known) {
        Ok(object) => {
            let output = place(&object);
            write(&batch.output.join(&output), |file| object.write_to(file))?;
            Ok(done(output, &object))
        }
        Err(Withheld { reason }) if reason.code() == "not-dicom" => {
            others::one(batch, path, &bytes, known_of_all)
                .map(|done| done.unwrap_or(FileOutcome::Withheld(reason)))
        }
        Err(Withheld { reason }) => {
            keep_withheld(batch, path, &bytes, &reason.to_string())?;
            Ok(FileOutcome::Withheld(reason))
        }
    }
}

fn done(output: PathBuf, object: &Deidentified) -> FileOutcome {
    FileOutcome::Done {
        output,
        code: object.code().to_owned(),
        tally: object.tally().clone(),
        pixels: object.pixels().clone(),
    }
}

/// A large file whose pixels nobody looks at: its header passes the wall, its pixels go from file to file.
fn spliced(batch: &Batch<'_>, path: &Path, known: &Known) -> io::Result<Option<FileOutcome>> {
    use io::{Read as _, Seek as _};
    let mut file = std::fs::File::open(path)?;
    let before = file.metadata()?;
    if before.len() <= FIRST_READ {
        return Ok(None);
    }
    let mut begin = Beginning::default();
    let bytes = begin.read(&mut file, FIRST_READ)?;
    let mut head = batch.wall.deidentify_head(&bytes, before.len(), known);
    if head.is_none() && begin.header(&mut file, before.len()).is_some() && begin.0.len() > bytes.len() {
        head = batch.wall.deidentify_head(&begin.0, before.len(), known);
    }
    let Some(head) = head else { return Ok(None) };
    let (object, rest) = (head.object(), head.rest());
    let output = place(object);
    write(&batch.output.join(&output), |out| {
        head.write_to(out)?;
        file.seek(io::SeekFrom::Start(rest.start))?;
        let copied = io::copy(&mut (&file).take(rest.end - rest.start), out)?;
        let after = file.metadata()?;
        let same = copied == rest.end - rest.start
            && after.len() == before.len()
            && after.modified().ok() == before.modified().ok();
        if same { Ok(()) } else { Err(io::Error::other("it changed while it was read")) }
    })?;
    Ok(Some(done(output, object)))
}

/// Made of nothing that identifies.
fn place(done: &Deidentified) -> PathBuf {
    let mut place = PathBuf::with_capacity(192);
    place.extend([done.code(), done.study(), done.series(), done.instance()]);
    place.as_mut_os_string().push(".dcm");
    place
}

/// Under a temporary name first: a file that is there is whole. Files of one stem are written at the same time.
fn write(path: &Path, fill: impl FnOnce(&mut std::fs::File) -> io::Result<()>) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let created = match std::fs::File::create(&part) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            std::fs::File::create(&part)
        }
        created => created,
    };
    let written = created.and_then(|mut file| fill(&mut file));
    let renamed = written.and_then(|()| std::fs::rename(&part, path));
    if renamed.is_err() {
        // Half a file helps nobody; if even this fails, the name says what it is.
        let _ = std::fs::remove_file(&part);
    }
    renamed
}

/// Names of files identify too, so they are kept apart from what is clean, in a folder of its own.
fn keep_withheld(batch: &Batch<'_>, path: &Path, bytes: &[u8], reason: &str) -> io::Result<()> {
    let Some(folder) = batch.quarantine else { return Ok(()) };
    let within = path.strip_prefix(batch.input).ok().filter(|rest| !rest.as_os_str().is_empty());
    let name = within.or_else(|| path.file_name().map(Path::new)).unwrap_or(Path::new("file"));
    let kept = folder.join(name);
    std::fs::create_dir_all(kept.parent().unwrap_or(folder))?;
    private_folder(folder)?;
    std::fs::write(&kept, bytes)?;
    let mut beside = kept.into_os_string();
    beside.push(".reason.txt");
    std::fs::write(beside, format!("{reason}\n"))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Runs for every path, `threads` at a time; the results are in the order of the paths.
fn parallel<T: Send>(
    threads: usize,
    doing: &'static str,
    paths: &[PathBuf],
    work: impl Fn(usize, &Path) -> T + Sync,
) -> Vec<T> {
    let bar = bar(doing, paths.len() as u64);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(paths.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(paths.len()) {
            scope.spawn(|| {
                while let Some((index, path)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, paths.get(i)?)))
                {
                    let result = work(index, path);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn bar(doing: &'static str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total).with_message(doing);
    if let Ok(style) =
        ProgressStyle::with_template("{msg}  {bar:30} {pos}/{len} files  {per_sec}  {eta} left")
    {
        bar.set_style(style);
    }
    bar
}
