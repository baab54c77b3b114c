//! Walks the roots, one path at a time, for several readers at once.

use super::found::Trouble;
use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
};

/// What is still to be read.
pub(super) struct Walk {
    roots: VecDeque<PathBuf>,
    folder: Option<walkdir::IntoIter>,
}

/// The next thing on the way.
pub(super) enum Next {
    /// A regular file; whether it was named by the caller.
    File { path: PathBuf, named: bool },
    /// Something that can't be read.
    Trouble(PathBuf, Trouble),
}

impl Walk {
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots: roots.into(), folder: None }
    }

    /// Adds a file, such as one that a DICOMDIR lists.
    pub(super) fn add(&mut self, path: PathBuf) {
        self.roots.push_back(path);
    }

    pub(super) fn next(&mut self) -> Option<Next> {
        loop {
            match self.folder.as_mut().map(Iterator::next) {
                Some(Some(entry)) => {
                    if let Some(next) = classify(entry) {
                        return Some(next);
                    }
                }
                Some(None) => self.folder = None,
                None => {
                    let root = self.roots.pop_front()?;
                    if let Some(next) = self.open(root) {
                        return Some(next);
                    }
                }
            }
        }
    }

    fn open(&mut self, root: PathBuf) -> Option<Next> {
        match std::fs::metadata(&root) {
            Err(error) => Some(Next::Trouble(root, super::trouble_of(&error))),
            Ok(kind) if kind.is_file() => Some(Next::File { path: root, named: true }),
            Ok(kind) if kind.is_dir() => {
                let walk = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name();
                self.folder = Some(walk.into_iter());
                None
            }
            Ok(_) => Some(Next::Trouble(root, Trouble::NotAFile)),
        }
    }
}

fn classify(entry: walkdir::Result<walkdir::DirEntry>) -> Option<Next> {
    match entry {
        Ok(entry) if entry.file_type().is_dir() => None,
        Ok(entry) if entry.file_type().is_file() => {
            Some(Next::File { path: entry.into_path(), named: false })
        }
        Ok(entry) => Some(Next::Trouble(entry.into_path(), Trouble::NotAFile)),
        Err(error) => {
            let path = error.path().map(Path::to_owned).unwrap_or_default();
            let is_loop = error.loop_ancestor().is_some();
            let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
            let mut trouble = super::trouble_of(&error);
            if is_loop {
                trouble = Trouble::FileUnreadable { detail: "a link leads back to its own folder".into() };
            }
            Some(Next::Trouble(path, trouble))
        }
    }
}
