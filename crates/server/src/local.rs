//! How programs on this machine find a running server and prove they may use it:
//! a lock on the data folder, and a file only its owner can read.

use govern::secret::Secret;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What a running server leaves for the command line in `run/local.json` of the data folder.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct LocalDoor {
    /// A plain HTTP address on loopback.
    pub address: SocketAddr,
    /// The bearer token that stands for the operator; new at every start.
    pub token: String,
    /// The server's process id.
    pub pid: u32,
    /// Whether it is a server that stays; else it is a command, which ends when it is done.
    pub stays: bool,
}

/// Why the data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// Another process has it.
    #[error("another Isocenter uses the data folder {0}; stop it first, or use a folder of its own (--data)")]
    InUse(PathBuf),
    /// The folder can't be written.
    #[error("the data folder {0} can't be used")]
    Io(PathBuf, #[source] std::io::Error),
    /// The server's file is damaged.
    #[error("{0} can't be read; is the server just starting?")]
    Door(PathBuf),
}

/// The data folder, ours alone until this is dropped.
#[derive(Debug)]
pub struct FolderLock {
    run: PathBuf,
    _lock: File,
}

impl FolderLock {
    /// Takes the data folder, making it when missing.
    ///
    /// # Errors
    /// [`LocalError::InUse`] when another process has it.
    pub fn take(data: &Path) -> Result<Self, LocalError> {
        let failed = |error| LocalError::Io(data.to_owned(), error);
        let run = data.join("run");
        std::fs::create_dir_all(&run).map_err(failed)?;
        let lock = private(&run.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { run, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(LocalError::InUse(data.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Tells programs on this machine where the server listens; gives the operator's token.
    ///
    /// # Errors
    /// [`LocalError::Io`] when the file can't be written.
    pub fn announce(&self, address: SocketAddr, token: &Secret, stays: bool) -> Result<(), LocalError> {
        let path = door_path(&self.run);
        let door = LocalDoor { address, token: token.reveal().to_owned(), pid: std::process::id(), stays };
        let write = || {
            let fresh = path.with_extension("new");
            let mut file = private(&fresh)?;
            file.set_len(0)?;
            serde_json::to_writer(&mut file, &door)?;
            file.flush()?;
            std::fs::rename(&fresh, &path)
        };
        write().map_err(|error| LocalError::Io(path.clone(), error))
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Best effort: a left-over file is harmless, its token dies with the process.
        let _ = std::fs::remove_file(door_path(&self.run));
    }
}

/// Reads what a running server left.
///
/// # Errors
/// [`LocalError::Door`] when there is no such file or it can't be read by this user.
pub fn find(data: &Path) -> Result<LocalDoor, LocalError> {
    let path = door_path(&data.join("run"));
    let text = std::fs::read(&path).map_err(|_| LocalError::Door(path.clone()))?;
    serde_json::from_slice(&text).map_err(|_| LocalError::Door(path))
}

fn door_path(run: &Path) -> PathBuf {
    run.join("local.json")
}

/// Opens a file that only its owner can read.
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_has_the_folder_and_says_where_it_listens() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = FolderLock::take(folder.path()).expect("free");
        assert!(matches!(FolderLock::take(folder.path()), Err(LocalError::InUse(_))));
        lock.announce(SocketAddr::from(([127, 0, 0, 1], 1)), &Secret::random(""), true).expect("written");
        assert_eq!(find(folder.path()).expect("found").pid, std::process::id());
        drop(lock);
        assert!(find(folder.path()).is_err());
        FolderLock::take(folder.path()).expect("free again");
    }
}
