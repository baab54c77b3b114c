//! Remembers which files were settled, so that an import which is run again does not read them again.
//! Losing it costs time alone: what is held is found by content.

use super::{
    found::Stamp,
    line::{Line, Settled, Verdict},
};
use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    sync::Arc,
};

/// Lines kept; an older journal starts again from nothing.
const LIMIT: usize = 5_000_000;

/// Files settled in earlier runs, by path.
pub type Known = Arc<HashMap<String, (Stamp, Settled)>>;

/// A file of settled files, one JSON object a line.
#[derive(Debug)]
pub struct Journal {
    known: Known,
    file: BufWriter<File>,
    unwritten: usize,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Entry {
    path: String,
    stamp: Stamp,
    settled: Settled,
}

impl Journal {
    /// Opens or makes the journal. Lines that can't be read, such as the last one of a run that
    /// was killed, are passed over. It names paths, so only its owner may read it.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.create(true).read(true).append(true).open(path)?;
        let known = read(&file)?;
        if known.len() > LIMIT {
            file.set_len(0)?;
        }
        let mut file = BufWriter::new(file);
        // Ends a line that a killed run left unfinished.
        file.write_all(b"\n")?;
        Ok(Self { known: Arc::new(known), file, unwritten: 0 })
    }

    /// The same journal for a run that reads everything again.
    #[must_use]
    pub fn forgetting(self) -> Self {
        Self { known: Known::default(), ..self }
    }

    pub(crate) fn known(&self) -> Known {
        Arc::clone(&self.known)
    }

    /// Adds what is worth remembering. An error is no reason to stop an import.
    pub(crate) fn add(&mut self, line: &Line) {
        let (Some(stamp), false) = (&line.stamp, line.again) else { return };
        if !matches!(line.settled.outcome, Verdict::Stored | Verdict::AlreadyHeld | Verdict::Conflict) {
            return;
        }
        let (path, stamp, settled) = (line.path.clone(), stamp.clone(), line.settled.clone());
        let written = serde_json::to_writer(&mut self.file, &Entry { path, stamp, settled });
        if written.is_err() || self.file.write_all(b"\n").is_err() {
            tracing::debug!("the import journal can't be written");
        }
        self.unwritten += 1;
        if self.unwritten >= 256 {
            self.unwritten = 0;
            let _ = self.file.flush();
        }
    }
}

fn read(file: &File) -> io::Result<HashMap<String, (Stamp, Settled)>> {
    let mut known = HashMap::new();
    for line in BufReader::new(file).split(b'\n') {
        if let Ok(Entry { path, stamp, settled }) = serde_json::from_slice(&line?) {
            known.insert(path, (stamp, settled));
        }
    }
    Ok(known)
}
