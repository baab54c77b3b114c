//! One flush for all doors.

use crate::archive::Archive;
use crate::archive::disk::{Disk, DiskFile, LocalDisk};
use crate::common::config;
use async_trait::async_trait;
use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, Vr, tags, write_file};
use futures::future::try_join_all;
use intake::import::{Content, IntakeSink, Sink};
use intake::{HeldInstance, Intake, Known, KnownError, Limits, Locator, Subject};
use model::{Door, SeriesInstanceUid, Sha256Digest, Source, Timestamp};
use std::fs::File;
use std::io::{self, IoSlice};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

/// A disk whose flushes of segments are counted and can be held back.
#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    opened: Condvar,
}

#[derive(Default)]
struct State {
    held: bool,
    waiting: bool,
    flushes: u64,
    /// Bytes of the segment that are flushed.
    flushed: u64,
}

impl Gate {
    fn hold(&self) {
        self.state.lock().unwrap().held = true;
    }

    fn open(&self) {
        self.state.lock().unwrap().held = false;
        self.opened.notify_all();
    }

    fn seen<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap())
    }
}

struct GateDisk(Arc<Gate>);
struct GateFile(Arc<Gate>, Box<dyn DiskFile>, u64);

impl Disk for GateDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = LocalDisk.create(path)?;
        let is_segment = path.extension().is_some_and(|extension| extension == "tar");
        Ok(if is_segment { Box::new(GateFile(self.0.clone(), file, 0)) } else { file })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        LocalDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        LocalDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        LocalDisk.remove(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        LocalDisk.sync_folder(folder)
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        LocalDisk.free(path)
    }
}

impl DiskFile for GateFile {
    fn write_at(&mut self, at: u64, slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        self.2 = at + slices.iter().map(|slice| slice.len() as u64).sum::<u64>();
        self.1.write_at(at, slices)
    }

    fn copy_at(&mut self, at: u64, source: &File, from: u64, length: u64) -> io::Result<()> {
        self.1.copy_at(at, source, from, length)
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.0.state.lock().unwrap();
        while state.held {
            state.waiting = true;
            state = self.0.opened.wait(state).unwrap();
        }
        self.1.sync()?;
        state.waiting = false;
        state.flushes += 1;
        state.flushed = self.2;
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.1.truncate(length)
    }
}

/// A catalog that knows nothing.
struct Nothing;

#[async_trait]
impl Known for Nothing {
    async fn instances_of(&self, _: &SeriesInstanceUid) -> Result<Vec<HeldInstance>, KnownError> {
        Ok(Vec::new())
    }

    async fn quarantined(&self, _: &Sha256Digest) -> Result<Option<Locator>, KnownError> {
        Ok(None)
    }
}

fn file(number: usize) -> Bytes {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.{number}.3"));
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3");
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("1.2.{number}"));
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, Bytes::from(vec![7; 500 + number]));
    write_file(&set, &TransferSyntax::EXPLICIT_LE, None).into()
}

fn source(door: Door) -> Source {
    let received_at = Timestamp::from_micros(1_790_000_000_000_000);
    Source { door, account: "test".into(), peer: None, path: None, received_at }
}

/// Every door's files that come while a flush runs share the next one, and none is acknowledged before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_of_all_doors_share_a_flush_and_none_is_acknowledged_before_it() {
    const FILES: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let gate = Arc::new(Gate::default());
    let archive = Archive::open_on(config(folder.path()), Arc::new(GateDisk(gate.clone()))).await.unwrap();
    let archive = Arc::new(archive);
    let intake = Intake::new(archive.clone(), Arc::new(Nothing), Limits::default());
    let project: Subject = "project:p".parse().unwrap();
    let sink = Arc::new(IntakeSink::new(intake.clone(), "test".into(), None));
    gate.hold();
    let first = tokio::spawn({
        let intake = intake.clone();
        async move { intake.take(file(1000), source(Door::CStore)).await.map(drop) }
    });
    until(|| gate.seen(|state| state.waiting)).await;
    let acknowledged = Arc::new(Mutex::new(0));
    let doors = (0..FILES).map(|number| {
        let (intake, sink, gate) = (intake.clone(), sink.clone(), gate.clone());
        let (project, acknowledged) = (project.clone(), acknowledged.clone());
        tokio::spawn(async move {
            match number % 5 {
                0 => drop(intake.take(file(number), source(Door::CStore)).await.unwrap()),
                1 => drop(intake.take(file(number), source(Door::Stow)).await.unwrap()),
                2 => drop(intake.take(file(number), source(Door::Upload)).await.unwrap()),
                3 => drop(sink.put("a", Content::Whole(file(number))).await.unwrap()),
                _ => {
                    let mut attaching = intake.begin_attachment(project, "a.csv", "text/csv");
                    attaching.push(Bytes::from(format!("{number}"))).await.unwrap();
                    let attached = attaching.finish(source(Door::Upload)).await.unwrap();
                    let end = attached.locator.offset + attached.locator.length;
                    assert!(gate.seen(|state| state.flushed >= end), "acknowledged before it was flushed");
                }
            }
            assert!(gate.seen(|state| state.flushes >= 2), "acknowledged before its flush");
            *acknowledged.lock().unwrap() += 1;
        })
    });
    let doors: Vec<_> = doors.collect();
    until(|| archive.waiting() == FILES).await;
    assert_eq!((*acknowledged.lock().unwrap(), gate.seen(|state| state.flushes)), (0, 0));
    gate.open();
    try_join_all(doors).await.unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(
        gate.seen(|state| state.flushes),
        2,
        "one for the first, one for the {FILES} that came meanwhile"
    );
}

/// Looks until it is so; the test's own limit of time ends it otherwise.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}
