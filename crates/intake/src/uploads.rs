//! Uploads in progress: which files of a folder are safe already, so that a browser or a command
//! that lost its connection sends the rest alone.
//!
//! One file of lines per upload in the data folder. It is a convenience: what is held is known by
//! content, so losing it costs a second look at each file and nothing else.

use crate::import::{Line, Settled, Tally, Verdict};
use model::{StudyInstanceUid, Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// An upload is forgotten this long after its last file.
const KEPT_DAYS: u64 = 14;

/// What is known of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadHead {
    /// Names it.
    pub id: String,
    /// What its sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose it is; others do not see it.
    pub account: String,
    /// When it began.
    pub created_at: Timestamp,
}

/// One file of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadedFile {
    /// Its path in the folder that was dropped.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// What became of it.
    #[serde(flatten)]
    pub settled: Settled,
}

/// The sum of an upload.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadSummary {
    /// Files by what became of them.
    #[serde(flatten)]
    pub tally: Tally,
    /// The exams it brought something of.
    pub study_instance_uids: BTreeSet<StudyInstanceUid>,
}

/// Every upload in progress.
pub struct Uploads {
    folder: PathBuf,
    open: Mutex<HashMap<String, Arc<Upload>>>,
}

/// One upload in progress.
pub struct Upload {
    head: UploadHead,
    inside: Mutex<Inside>,
}

struct Inside {
    file: File,
    files: BTreeMap<String, UploadedFile>,
}

impl Uploads {
    /// Uploads kept in this folder, which is made if it is missing. Old ones are removed.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        remove_old(&folder)?;
        Ok(Self { folder, open: Mutex::default() })
    }

    /// Begins an upload. `id` is made by the caller from random bits, of letters and digits alone.
    ///
    /// # Errors
    /// When its file can't be made.
    pub fn begin(&self, head: UploadHead) -> io::Result<Arc<Upload>> {
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.create_new(true).append(true).open(self.path(&head.id))?;
        writeln!(file, "{}", serde_json::to_string(&head)?)?;
        let inside = Mutex::new(Inside { file, files: BTreeMap::new() });
        let upload = Arc::new(Upload { head, inside });
        lock(&self.open).insert(upload.head.id.clone(), Arc::clone(&upload));
        Ok(upload)
    }

    /// An upload of this account; `None` when there is none of this id.
    ///
    /// # Errors
    /// When its file can't be read.
    pub fn find(&self, id: &str, account: &str) -> io::Result<Option<Arc<Upload>>> {
        let mut open = lock(&self.open);
        let found = match open.get(id) {
            Some(upload) => Some(Arc::clone(upload)),
            None if is_id(id) => self.read(id)?,
            None => None,
        };
        let Some(upload) = found.filter(|upload| upload.head.account == account) else { return Ok(None) };
        open.insert(id.into(), Arc::clone(&upload));
        Ok(Some(upload))
    }

    /// Forgets an upload that is complete.
    pub fn end(&self, id: &str) {
        lock(&self.open).remove(id);
        if is_id(id) {
            let _ = fs::remove_file(self.path(id));
        }
    }

    /// The uploads of this account that were not ended, the latest first.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn of(&self, account: &str) -> io::Result<Vec<UploadHead>> {
        let mut heads = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            // What is spooled beside them is none.
            if path.extension() != Some("jsonl".as_ref()) {
                continue;
            }
            let mut first = String::new();
            // One that ends this moment is not there any more.
            let Ok(file) = File::open(path) else { continue };
            BufReader::new(file).read_line(&mut first)?;
            heads.extend(
                serde_json::from_str::<UploadHead>(&first).ok().filter(|head| head.account == account),
            );
        }
        heads.sort_by_key(|head| std::cmp::Reverse(head.created_at));
        Ok(heads)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.jsonl"))
    }

    fn read(&self, id: &str) -> io::Result<Option<Arc<Upload>>> {
        let file = match OpenOptions::new().read(true).append(true).open(self.path(id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut lines = BufReader::new(&file).lines();
        let Some(head) = lines.next().transpose()? else { return Ok(None) };
        let head: UploadHead = serde_json::from_str(&head)?;
        let mut files = BTreeMap::new();
        // The last line may be half a line, of a server that was killed.
        for line in lines.map_while(Result::ok) {
            if let Ok(file) = serde_json::from_str::<UploadedFile>(&line) {
                files.insert(file.path.clone(), file);
            }
        }
        let mut file = file;
        writeln!(file)?;
        Ok(Some(Arc::new(Upload { head, inside: Mutex::new(Inside { file, files }) })))
    }
}

impl Upload {
    /// What is known of it.
    #[must_use]
    pub const fn head(&self) -> &UploadHead {
        &self.head
    }

    /// Adds a file that is settled.
    pub fn add(&self, file: UploadedFile) {
        let mut inside = lock(&self.inside);
        let line = serde_json::to_string(&file).unwrap_or_default();
        if writeln!(inside.file, "{line}").is_err() {
            tracing::debug!("an upload's progress can't be written");
        }
        inside.files.insert(file.path.clone(), file);
    }

    /// The files that are settled, by path.
    #[must_use]
    pub fn files(&self) -> Vec<UploadedFile> {
        lock(&self.inside).files.values().cloned().collect()
    }

    /// The sum so far.
    #[must_use]
    pub fn summary(&self) -> UploadSummary {
        let mut tally = Tally::default();
        let mut study_instance_uids = BTreeSet::new();
        for file in lock(&self.inside).files.values() {
            tally.add(&Line::new(file.path.clone(), Some(file.size), file.settled.clone()));
            let held =
                matches!(file.settled.outcome, Verdict::Stored | Verdict::AlreadyHeld | Verdict::Conflict);
            study_instance_uids.extend(file.settled.study_instance_uid.clone().filter(|_| held));
        }
        UploadSummary { tally, study_instance_uids }
    }
}

/// An id becomes a file name, so nothing else is one.
fn is_id(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn remove_old(folder: &Path) -> io::Result<()> {
    let limit = std::time::Duration::from_secs(KEPT_DAYS * 24 * 3600);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let age = entry.metadata().ok().and_then(|m| m.modified().ok()).and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > limit) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// A lock whose holder panicked still guards sound data here: every change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(id: &str) -> UploadHead {
        let created_at = Timestamp::from_micros(0);
        UploadHead { id: id.into(), name: None, account: "ann".into(), created_at }
    }

    #[test]
    fn an_upload_is_found_again_after_a_restart() {
        let folder = tempfile::tempdir().expect("it is sound");
        let uploads = Uploads::open(folder.path()).expect("it is sound");
        let upload = uploads.begin(head("abcdefgh1")).expect("it is sound");
        let settled = Settled::not_dicom(b"text");
        upload.add(UploadedFile { path: "a/b.txt".into(), size: 3, settled });
        fs::OpenOptions::new()
            .append(true)
            .open(folder.path().join("abcdefgh1.jsonl"))
            .and_then(|mut file| file.write_all(b"{\"path\":\"torn"))
            .expect("it is sound");
        let again = Uploads::open(folder.path()).expect("it is sound");
        let upload = again.find("abcdefgh1", "ann").expect("it is sound").expect("it is sound");
        assert_eq!(upload.files().len(), 1);
        assert_eq!(upload.summary().tally.count(Verdict::Refused), 1);
        again.end("abcdefgh1");
        assert!(again.find("abcdefgh1", "ann").expect("it is sound").is_none());
    }

    #[test]
    fn another_account_s_upload_is_not_found() {
        let folder = tempfile::tempdir().expect("it is sound");
        let uploads = Uploads::open(folder.path()).expect("it is sound");
        uploads.begin(head("abcdefgh1")).expect("it is sound");
        fs::create_dir(folder.path().join("spooled")).expect("it is sound");
        assert!(uploads.find("abcdefgh1", "bob").expect("it is sound").is_none());
        assert_eq!(uploads.of("ann").expect("it is sound").len(), 1);
        assert!(uploads.of("bob").expect("it is sound").is_empty());
        assert!(uploads.find("../abcdefgh1", "ann").expect("it is sound").is_none());
    }
}
