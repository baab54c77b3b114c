//! The reader of reports with the words of the site.

use reading::{Lexicon, LexiconError, Reader, Source};
use std::io;
use std::path::{Path, PathBuf};

/// Why the words of the site can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// They are not there.
    #[error("can't read {0}")]
    Read(PathBuf, #[source] io::Error),
    /// Something is wrong with them.
    #[error(transparent)]
    Wrong(#[from] LexiconError),
}

/// With the program's words, and those of a folder or file.
///
/// # Errors
/// [`WordsError`] says which file and what.
pub fn reader(words: Option<&Path>) -> Result<Reader, WordsError> {
    let files = match words {
        Some(path) => texts(path)?,
        None => Vec::new(),
    };
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Ok(Reader::new(Lexicon::with(&sources)?))
}

/// The `*.toml` files of a folder in the order of their names, or one file; names and texts.
fn texts(path: &Path) -> Result<Vec<(String, String)>, WordsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| WordsError::Read(path, error)
    };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        files = entries.map_err(failed(path))?.into_iter().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
        files.sort();
    }
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(failed(&file))?;
        Ok((file.file_name().unwrap_or_default().to_string_lossy().into_owned(), text))
    };
    files.into_iter().map(read).collect()
}
