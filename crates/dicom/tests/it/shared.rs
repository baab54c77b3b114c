//! The shared sample data, which is not part of the repository.

use std::path::{Path, PathBuf};

/// A folder of the sample data; `None`, with a line saying so, where it is absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ISOCENTER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data").join(name);
    if !folder.is_dir() {
        eprintln!("skipped: no sample data at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Every file under a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
