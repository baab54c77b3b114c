//! Segmentations: the next version is made of the one kept last and the masks a change brings.

use super::chain::{exam_of, named, store, uid};
use super::{App, Changed, Failed};
use catalog::{Scope, WorkVersion};
use dicom::{ReadOptions, TransferSyntax};
use measure::segmentation::{Change, SEGMENTATION, Segment, Segmentation, object, place};
use measure::{Expected, Invalid, Version};
use model::{SeriesInstanceUid, SopInstanceUid, Source, StudyInstanceUid, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Locks remembered; those nobody holds go first.
const REMEMBERED: usize = 1024;

/// Whose segmentation is being changed: two changes to one come one after the other.
#[derive(Default)]
pub(super) struct Locks(Mutex<HashMap<SeriesInstanceUid, Arc<tokio::sync::Mutex<()>>>>);

impl Locks {
    fn of(&self, series: &SeriesInstanceUid) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.len() >= REMEMBERED {
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        }
        locks.entry(series.clone()).or_default().clone()
    }
}

/// A segmentation in its newest version.
pub(crate) struct Marked {
    pub(crate) version: WorkVersion,
    pub(crate) label: String,
    pub(crate) segments: Vec<Segment>,
}

/// Why a segmentation was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotMarked {
    /// This is the newest version; the caller has seen another.
    #[error("there is a newer version")]
    Newer(u32),
    /// The series is somebody else's, or a device's.
    #[error("the series is another's")]
    NotYours,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Failed(#[from] Failed),
}

impl App {
    /// Everybody's segmentations of an exam.
    pub(crate) async fn segmentations_on(&self, study: &StudyInstanceUid) -> Result<Vec<Marked>, Failed> {
        self.catch_up().await?;
        let mut all = Vec::new();
        for version in self.catalog.newest_work(study).await? {
            if version.kind != SEGMENTATION || version.deleted {
                continue;
            }
            let header = self.archive.header(&version.located.locator).await?;
            if let Some((label, segments)) = object::label_of(&header.data_set) {
                all.push(Marked { version, label, segments });
            }
        }
        Ok(all)
    }

    /// A segmentation of an exam with its masks; nothing if there is none under this series.
    pub(crate) async fn segmentation(
        &self,
        study: &StudyInstanceUid,
        series: &SeriesInstanceUid,
    ) -> Result<Option<(WorkVersion, Segmentation)>, Failed> {
        self.catch_up().await?;
        let found = self.catalog.newest_work(study).await?.into_iter().find(|version| {
            version.kind == SEGMENTATION && !version.deleted && version.located.series == series.as_str()
        });
        let Some(version) = found else { return Ok(None) };
        let work = self.read_segmentation(&version).await?;
        Ok(Some((version, work)))
    }

    /// Makes a change to someone's segmentation. It is durable when this returns.
    pub(crate) async fn change_segmentation(
        &self,
        study: &StudyInstanceUid,
        series: &SeriesInstanceUid,
        change: Change,
        expected: Expected,
        mut source: Source,
    ) -> Result<Changed, NotMarked> {
        change.check()?;
        let lock = self.desk.marking.of(series);
        let held = lock.lock().await;
        self.catch_up().await.map_err(Failed::from)?;
        let newest = self.newest_of(study, series, &source.account).await?;
        let number = newest.as_ref().map_or(0, |version| version.number);
        let seen = match expected {
            Expected::Nothing => 0,
            Expected::Version(seen) => seen,
        };
        if seen != number {
            return Err(NotMarked::Newer(number));
        }
        // What was taken away in another window is still shown in this one: painting goes on from it.
        let before = match &newest {
            Some(version) => self.read_segmentation(version).await?,
            None => Segmentation { author: source.account.clone(), ..Segmentation::default() },
        };
        let mut work = before.changed(change)?;
        self.place(study, &mut work).await?;
        source.received_at = Timestamp::now();
        let version = Version {
            series: series.as_str().into(),
            sop: uid(named(&format!("{}/{}", series.as_str(), number + 1))),
            number: number + 1,
            replaces: newest.filter(|version| !version.deleted).map(|version| version.located.sop),
            changed: vec![series.as_str().into()],
            at: source.received_at,
        };
        let (changed_at, number, sop) = (source.received_at, version.number, version.sop.clone());
        let exam = exam_of(self, study).await?;
        let file = aside(move || {
            let document = object::document(&work, &exam, &version);
            // Masks are mostly empty: deflated they are a fiftieth.
            dicom::write_file(&document, &TransferSyntax::DEFLATED_LE, None)
        });
        store(self, file.await, source).await?;
        drop(held);
        self.findable().await;
        Ok(Changed { version: number, changed_at, instance: Some(sop) })
    }

    /// The newest version of this series, if it is one of this person's or new.
    async fn newest_of(
        &self,
        study: &StudyInstanceUid,
        series: &SeriesInstanceUid,
        account: &str,
    ) -> Result<Option<WorkVersion>, NotMarked> {
        let all = self.catalog.newest_work(study).await.map_err(Failed::from)?;
        if let Some(found) = all.into_iter().find(|version| version.located.series == series.as_str()) {
            let own = found.account == account && found.kind == SEGMENTATION;
            return if own { Ok(Some(found)) } else { Err(NotMarked::NotYours) };
        }
        let scope = Scope::Series(study.clone(), series.clone());
        let taken = self.catalog.locate(&scope).await.map_err(Failed::from)?;
        if taken.is_empty() { Ok(None) } else { Err(NotMarked::NotYours) }
    }

    async fn read_segmentation(&self, version: &WorkVersion) -> Result<Segmentation, Failed> {
        let file =
            self.archive.read_all(&version.located.locator).await.map_err(archive::HeaderError::from)?;
        let read = move || {
            let part10 = dicom::open_file(&file).ok()?;
            let data_set = file.slice(usize::try_from(part10.data_set_at).ok()?..);
            let set = dicom::read_data_set(&data_set, &part10.transfer_syntax, &ReadOptions::default());
            object::read(&set.ok()?)
        };
        aside(read).await.ok_or(Failed::Unreadable)
    }

    /// Finds where the images lie that are new in it.
    async fn place(&self, study: &StudyInstanceUid, work: &mut Segmentation) -> Result<(), NotMarked> {
        for (sop, frame) in work.unplaced() {
            let uid = SopInstanceUid::parse(&sop).map_err(|_| Failed::OtherImage)?;
            let found = self.catalog.locate_sop(&uid).await.map_err(Failed::from)?;
            let found = found.filter(|found| found.study == study.as_str()).ok_or(Failed::OtherImage)?;
            let header = self.archive.header(&found.locator).await.map_err(Failed::from)?;
            let place = place::of(&header.data_set, frame);
            if place.size != (work.rows, work.columns) {
                return Err(Invalid("masks have the rows and columns of their image").into());
            }
            work.places.insert((sop, frame), place);
        }
        Ok(())
    }
}

/// Hundreds of masks take a while: away from the threads that serve others.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
