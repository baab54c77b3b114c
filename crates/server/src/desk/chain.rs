//! One person's chain of versions on one exam.

use super::{App, Key};
use bytes::Bytes;
use catalog::Scope;
use dicom::TransferSyntax;
use intake::Outcome;
use measure::exam::Image;
use measure::{Exam, MEASUREMENTS, Measurement, Stale, Version, Work};
use model::{Door, Sha256Digest, SopInstanceUid, Source, StudyInstanceUid, Timestamp};
use sha2::{Digest, Sha256};

/// The newest version, and what the next one needs.
pub(super) struct Chain {
    pub(super) work: Work,
    series: String,
    /// Of the newest version; 0 before the first.
    number: u32,
    /// Its SOP Instance UID, while it is there.
    newest: Option<String>,
    exam: Exam,
}

/// What a change came to.
#[derive(Debug)]
pub(crate) struct Changed {
    /// The measurement's version.
    pub(crate) version: u32,
    /// When that version was made.
    pub(crate) changed_at: Timestamp,
    /// The instance that keeps it, when one was made for it.
    pub(crate) instance: Option<String>,
}

/// Why a change was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// The caller has not seen the newest version.
    #[error("there is a newer version")]
    Stale(Stale),
    /// No image of the exam.
    #[error("the image is not one of this exam")]
    OtherImage,
    /// The exam has nothing that can be measured.
    #[error("there is no such exam")]
    NoExam,
    /// Somebody else made this version at the same moment, in another process.
    #[error("another process changed it at the same moment")]
    Taken,
    /// What Isocenter made itself can't be read back.
    #[error("the version before can't be read")]
    Unreadable,
    #[error(transparent)]
    Intake(#[from] intake::IntakeError),
    #[error(transparent)]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Indexing(#[from] crate::workers::indexer::IndexerError),
    #[error(transparent)]
    Header(#[from] archive::HeaderError),
}

/// A change somebody wants.
pub(crate) enum Change {
    Put(Box<Measurement>),
    Remove(String),
}

impl Change {
    fn tracking_uid(&self) -> &str {
        match self {
            Self::Put(measurement) => &measurement.tracking_uid,
            Self::Remove(uid) => uid,
        }
    }
}

impl App {
    /// Makes a change to someone's work. It is durable when this returns.
    pub(crate) async fn change_work(
        &self,
        study: &StudyInstanceUid,
        change: Change,
        expected: measure::Expected,
        mut source: Source,
    ) -> Result<Changed, Failed> {
        let account = source.account.clone();
        let slot = self.desk.slot(Key { study: study.clone(), account: account.clone() });
        let mut held = slot.lock().await;
        let mut chain = match held.take() {
            Some(chain) => chain,
            None => Chain::load(self, study, &account).await?,
        };
        let tracking_uid = change.tracking_uid().to_owned();
        source.received_at = Timestamp::now();
        let mut work = chain.work.clone();
        let applied = apply(&mut work, change, expected, source.received_at);
        let (version, new) = match applied {
            Ok(applied) => applied,
            Err(stale) => {
                *held = Some(chain);
                return Err(Failed::Stale(stale));
            }
        };
        let changed_at = work.entry(&tracking_uid).map_or(source.received_at, |entry| entry.changed_at);
        let instance = if new {
            // Whatever fails from here on, the next change reads the newest version anew.
            Some(chain.keep(self, work, tracking_uid, source).await?)
        } else {
            chain.newest.clone()
        };
        *held = Some(chain);
        drop(held);
        self.findable().await;
        Ok(Changed { version, changed_at, instance })
    }
}

fn apply(
    work: &mut Work,
    change: Change,
    expected: measure::Expected,
    now: Timestamp,
) -> Result<(u32, bool), Stale> {
    match change {
        Change::Put(measurement) => work.put(*measurement, expected, now),
        Change::Remove(uid) => work.remove(&uid, expected, now),
    }
}

impl Chain {
    /// Reads the newest version, once everything that is durable is in the catalog.
    async fn load(app: &App, study: &StudyInstanceUid, account: &str) -> Result<Self, Failed> {
        app.catch_up().await?;
        let exam = exam_of(app, study).await?;
        let newest = app.catalog.newest_work(study).await?;
        let newest = newest.into_iter().find(|v| v.account == account && v.kind == MEASUREMENTS);
        let Some(newest) = newest else {
            let series = uid(rand::random());
            return Ok(Self { work: Work::of(account), series, number: 0, newest: None, exam });
        };
        let (series, number) = (newest.located.series.clone(), newest.number);
        if newest.deleted {
            return Ok(Self { work: Work::of(account), series, number, newest: None, exam });
        }
        let header = app.archive.header(&newest.located.locator).await?;
        let work = measure::report::work_of(&header.data_set).unwrap_or_else(|| Work::of(account));
        Ok(Self { work, series, number, newest: Some(newest.located.sop), exam })
    }

    /// Makes the next version, and the object that keeps it durable.
    async fn keep(
        &mut self,
        app: &App,
        work: Work,
        changed: String,
        source: Source,
    ) -> Result<String, Failed> {
        self.look_up_images(app, &work).await?;
        let number = self.number + 1;
        let version = Version {
            series: self.series.clone(),
            // Two who make the same version make it under one name, so that one of them is refused.
            sop: uid(named(&format!("{}/{number}", self.series))),
            number,
            replaces: self.newest.clone(),
            changed: vec![changed],
            at: source.received_at,
        };
        let document = measure::report::document(&work, &self.exam, &version);
        store(app, dicom::write_file(&document, &TransferSyntax::EXPLICIT_LE, None), source).await?;
        (self.work, self.number, self.newest) = (work, number, Some(version.sop.clone()));
        Ok(version.sop)
    }

    /// The images may have come after the chain was read.
    async fn look_up_images(&mut self, app: &App, work: &Work) -> Result<(), Failed> {
        let study = self.exam.head.uid(dicom::tags::STUDY_INSTANCE_UID);
        for place in work.present().filter_map(|entry| entry.measurement.image.as_ref()) {
            if self.exam.images.contains_key(&place.sop) {
                continue;
            }
            let sop = SopInstanceUid::parse(&place.sop).map_err(|_| Failed::OtherImage)?;
            let found =
                app.catalog.locate_sop(&sop).await?.filter(|found| Some(&found.study) == study.as_ref());
            let found = found.ok_or(Failed::OtherImage)?;
            self.exam.images.insert(found.sop, Image { series: found.series, sop_class: found.sop_class });
        }
        Ok(())
    }
}

/// What objects made for an exam say of it, and which images there are.
pub(super) async fn exam_of(app: &App, study: &StudyInstanceUid) -> Result<Exam, Failed> {
    let located = app.catalog.locate(&Scope::Study(study.clone())).await?;
    let first = located.iter().find(|one| one.rows.is_some()).or(located.first()).ok_or(Failed::NoExam)?;
    let head = dicom::made::beside(&app.archive.header(&first.locator).await?.data_set);
    let images = located.into_iter().filter(|one| one.rows.is_some());
    let images =
        images.map(|one| (one.sop, Image { series: one.series, sop_class: one.sop_class })).collect();
    Ok(Exam { head, images })
}

pub(super) async fn store(app: &App, file: Vec<u8>, source: Source) -> Result<(), Failed> {
    match app.intake.take(Bytes::from(file), source).await? {
        Outcome::Stored(_) | Outcome::AlreadyHeld(_) => Ok(()),
        _ => Err(Failed::Taken),
    }
}

pub(super) fn named(name: &str) -> u128 {
    let Sha256Digest(digest) = Sha256Digest(Sha256::digest(name).into());
    digest.into_iter().take(16).fold(0, |number, byte| number << 8 | u128::from(byte))
}

/// A UID made of a UUID (PS3.5 §B.2).
pub(super) fn uid(number: u128) -> String {
    format!("2.25.{number}")
}

/// Who changes what, at the door of what Isocenter makes itself.
pub(crate) fn maker(account: String, peer: String) -> Source {
    Source { door: Door::Made, account, peer: Some(peer), path: None, received_at: Timestamp::now() }
}
