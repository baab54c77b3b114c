//! What the archive asks of a disk when it writes. Behind a trait, so that tests can take the
//! power away or fill the disk at any moment.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Makes, renames and removes files durably.
pub trait Disk: Send + Sync + 'static {
    /// Makes a new file. Its name is durable only after [`Disk::sync_folder`].
    ///
    /// # Errors
    /// The system's; also when the file is there already.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for more writing.
    ///
    /// # Errors
    /// The system's.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name, replacing what had it.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// The system's.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// The system's.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Bytes a writer may still take on the disk that holds this path.
    ///
    /// # Errors
    /// The system's.
    fn free(&self, path: &Path) -> io::Result<u64>;
}

/// A file being written.
pub trait DiskFile: Send {
    /// Writes all slices one after the other from an offset; part may be written on an error.
    ///
    /// # Errors
    /// The system's.
    fn write_at(&mut self, at: u64, slices: &mut [IoSlice<'_>]) -> io::Result<()>;
    /// Writes `length` bytes of another file, from its offset `from`.
    ///
    /// # Errors
    /// The system's.
    fn copy_at(&mut self, at: u64, source: &File, from: u64, length: u64) -> io::Result<()>;
    /// Makes the content (and the size) durable: `fdatasync`.
    ///
    /// # Errors
    /// The system's. What was written since the last success may be lost then, whatever a
    /// later call says.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file.
    ///
    /// # Errors
    /// The system's.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

/// The real disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        Ok(Box::new(LocalFile(file)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(LocalFile(OpenOptions::new().read(true).write(true).open(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(path)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

struct LocalFile(File);

impl DiskFile for LocalFile {
    fn write_at(&mut self, mut at: u64, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        IoSlice::advance_slices(&mut slices, 0);
        while !slices.is_empty() {
            let most = slices.len().min(1024); // IOV_MAX
            match rustix::io::pwritev(&self.0, &slices[..most], at) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    at += written as u64;
                    IoSlice::advance_slices(&mut slices, written);
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn copy_at(&mut self, at: u64, source: &File, from: u64, length: u64) -> io::Result<()> {
        let (mut read_at, mut write_at, end) = (from, at, from + length);
        while read_at < end {
            let step = (end - read_at).min(1 << 30) as usize;
            let (read, written) = (Some(&mut read_at), Some(&mut write_at));
            match rustix::fs::copy_file_range(source, read, &self.0, written, step) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                // Not every file system copies by itself.
                Err(_) => return copy_through_memory(&self.0, write_at, source, read_at, end),
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}

fn copy_through_memory(target: &File, mut at: u64, source: &File, from: u64, end: u64) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    let mut read_at = from;
    while read_at < end {
        let step = (end - read_at).min(buffer.len() as u64) as usize;
        source.read_exact_at(&mut buffer[..step], read_at)?;
        target.write_all_at(&buffer[..step], at)?;
        read_at += step as u64;
        at += step as u64;
    }
    Ok(())
}

/// Whether a disk has no more room for us.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Makes a folder and every folder above it that is missing, names durable.
///
/// # Errors
/// The system's.
pub fn create_folder(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(disk, parent)?;
        match std::fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => disk.sync_folder(parent)?,
        }
    }
    Ok(())
}
