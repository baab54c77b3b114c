//! A disk that remembers what was flushed, so that the power can be taken away at any moment,
//! and that fails when told to.

use crate::archive::disk::{Disk, DiskFile, LocalDisk};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, IoSlice};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

#[derive(Default)]
pub struct TestDisk {
    /// Held for reading by every operation, for writing while the power is cut.
    moment: Arc<RwLock<()>>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    next: u64,
    /// Names as programs see them, and as they would be after a power cut.
    names: HashMap<PathBuf, u64>,
    durable_names: HashMap<PathBuf, u64>,
    /// How long each file is for certain.
    flushed: HashMap<u64, u64>,
    /// What stood where something was written since the last flush.
    before: HashMap<u64, Vec<(u64, Vec<u8>)>>,
    /// Bytes that may still be written before the disk is full.
    room: Option<u64>,
    flushes_fail: bool,
}

impl TestDisk {
    pub fn limit_room(&self, room: Option<u64>) {
        self.state.lock().unwrap().room = room;
    }

    pub fn fail_flushes(&self, fail: bool) {
        self.state.lock().unwrap().flushes_fail = fail;
    }

    /// Takes the power away: copies what would be found afterwards to another folder. `torn`
    /// decides how much of what wasn't flushed had reached the disk by chance.
    /// `during` runs at that very moment.
    pub fn cut<T>(&self, from: &Path, to: &Path, mut torn: u64, during: impl FnOnce() -> T) -> T {
        let _now = self.moment.write().unwrap();
        let seen = during();
        let state = self.state.lock().unwrap();
        for (path, id) in &state.durable_names {
            // The file may have another name by now; its content is the same.
            let Some((present, _)) = state.names.iter().find(|(_, other)| *other == id) else { continue };
            let mut whole = std::fs::read(present).unwrap();
            for (at, old) in state.before.get(id).into_iter().flatten().rev() {
                torn = undo_some_pages(&mut whole, *at as usize, old, torn);
            }
            let flushed = (*state.flushed.get(id).unwrap_or(&0) as usize).min(whole.len());
            torn = torn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let by_chance = (torn >> 33) as usize % (whole.len() - flushed + 1);
            let mut kept = whole[..flushed + by_chance].to_vec();
            for page in kept[flushed..].chunks_mut(4096).skip(1).step_by(3) {
                page.fill(0); // pages reach the disk in any order
            }
            let target = to.join(path.strip_prefix(from).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, kept).unwrap();
        }
        seen
    }
}

/// Pages reach the disk in any order: of a write that wasn't flushed, some still hold what they held before.
fn undo_some_pages(file: &mut [u8], at: usize, old: &[u8], mut torn: u64) -> u64 {
    let mut from = 0;
    while from < old.len() {
        let to = old.len().min((at + from + 1).next_multiple_of(4096) - at);
        torn = torn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if !(torn >> 33).is_multiple_of(3)
            && let Some(page) = file.get_mut(at + from..at + to)
        {
            page.copy_from_slice(&old[from..to]);
        }
        from = to;
    }
    torn
}

struct TestFile {
    id: u64,
    path: PathBuf,
    inner: Box<dyn DiskFile>,
    moment: Arc<RwLock<()>>,
    state: Arc<Mutex<State>>,
}

impl TestDisk {
    fn wrap(&self, path: &Path, id: u64, inner: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let (moment, state) = (self.moment.clone(), self.state.clone());
        Box::new(TestFile { id, path: path.into(), inner, moment, state })
    }
}

impl Disk for TestDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let _now = self.moment.read().unwrap();
        let inner = LocalDisk.create(path)?;
        let mut state = self.state.lock().unwrap();
        state.next += 1;
        let id = state.next;
        state.names.insert(path.into(), id);
        Ok(self.wrap(path, id, inner))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let _now = self.moment.read().unwrap();
        let id = self.state.lock().unwrap().names[path];
        Ok(self.wrap(path, id, LocalDisk.open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        LocalDisk.rename(from, to)?;
        let mut state = self.state.lock().unwrap();
        let id = state.names.remove(from).unwrap();
        state.names.insert(to.into(), id);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        LocalDisk.remove(path)?;
        self.state.lock().unwrap().names.remove(path);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        let mut state = self.state.lock().unwrap();
        let inside = |path: &Path| path.parent() == Some(folder);
        let present: Vec<_> =
            state.names.iter().filter(|(path, _)| inside(path)).map(|(p, id)| (p.clone(), *id)).collect();
        state.durable_names.retain(|path, _| !inside(path));
        state.durable_names.extend(present);
        Ok(())
    }

    fn free(&self, _: &Path) -> io::Result<u64> {
        Ok(u64::MAX) // the reserve does not help: the disk fills up while we write
    }
}

impl TestFile {
    /// Takes room for a write; how much of it fits. What the file has already costs nothing.
    fn take_room(&self, at: u64, wanted: u64) -> u64 {
        let held = std::fs::metadata(&self.path).map_or(0, |file| file.len()).saturating_sub(at).min(wanted);
        let mut state = self.state.lock().unwrap();
        let fits = state.room.map_or(wanted, |room| (held + room).min(wanted));
        state.room = state.room.map(|room| room - fits.saturating_sub(held));
        fits
    }

    fn note_before(&self, at: u64, length: usize) {
        let file = std::fs::read(&self.path).unwrap_or_default();
        let end = file.len().min(at as usize + length);
        if let Some(old) = file.get(at as usize..end).filter(|old| !old.is_empty()) {
            self.state.lock().unwrap().before.entry(self.id).or_default().push((at, old.into()));
        }
    }
}

impl DiskFile for TestFile {
    fn write_at(&mut self, at: u64, slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        let bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let fits = self.take_room(at, bytes.len() as u64) as usize;
        self.note_before(at, fits);
        self.inner.write_at(at, &mut [IoSlice::new(&bytes[..fits])])?;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn copy_at(&mut self, at: u64, source: &File, from: u64, length: u64) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        let fits = self.take_room(at, length);
        self.note_before(at, fits as usize);
        self.inner.copy_at(at, source, from, fits)?;
        if fits < length { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        let length = {
            let _now = self.moment.read().unwrap();
            if self.state.lock().unwrap().flushes_fail {
                return Err(io::Error::from_raw_os_error(5));
            }
            std::fs::metadata(&self.path)?.len()
        };
        // A flush takes a while; the power may go while it runs.
        std::thread::sleep(std::time::Duration::from_micros(200));
        let _now = self.moment.read().unwrap();
        let mut state = self.state.lock().unwrap();
        state.flushed.insert(self.id, length);
        state.before.remove(&self.id);
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let _now = self.moment.read().unwrap();
        let cut = std::fs::metadata(&self.path)?.len().saturating_sub(length);
        self.inner.truncate(length)?;
        let mut state = self.state.lock().unwrap();
        state.room = state.room.map(|room| room + cut);
        if let Some(flushed) = state.flushed.get_mut(&self.id) {
            *flushed = length.min(*flushed);
        }
        Ok(())
    }
}
