//! What a policy would make of an instance that is here, attribute by attribute. Nothing is kept of it.

use crate::App;
use archive::ReadError;
use bytes::Bytes;
use catalog::{Located, Scope};
use deid::{Deidentified, Explained, Known, Policy, ProjectKey, Wall, Withheld};
use dicom::tags;
use model::StudyInstanceUid;
use std::sync::LazyLock;

/// Codes, UIDs and shifts of a preview are examples: the key is another one each time the server starts.
static EXAMPLE_KEY: LazyLock<[u8; 32]> = LazyLock::new(rand::random);

/// The largest file that is previewed, in bytes: it is held in memory.
const LARGEST: u64 = 256 << 20;
/// Series of the exam that are asked who their people are.
const SURVEYED: usize = 32;

/// What came of it.
pub(crate) struct Previewed {
    /// Name and version of the policy.
    pub label: String,
    /// SHA-256 of its plain form.
    pub digest: String,
    /// The result with what became of each attribute, or why there is none.
    pub result: Result<(Deidentified, Vec<Explained>), Withheld>,
    /// The original's picture, if it is one.
    pub picture: Option<Picture>,
}

/// How large an image is.
#[derive(Clone, Copy)]
pub(crate) struct Picture {
    pub frames: u32,
    pub rows: u32,
    pub columns: u32,
}

impl Picture {
    pub(crate) fn of(original: &Bytes) -> Option<Self> {
        let set = dicom::read_header(original).ok().filter(|header| header.pixel_data.is_some())?.data_set;
        let number = |tag| set.int(tag).and_then(|number| u32::try_from(number).ok());
        let (rows, columns) = (number(tags::ROWS)?, number(tags::COLUMNS)?);
        let frames = number(tags::NUMBER_OF_FRAMES).unwrap_or(1).max(1);
        (rows > 0 && columns > 0).then_some(Self { frames, rows, columns })
    }
}

/// Why nothing can be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PreviewError {
    /// Too large to be held in memory.
    #[error("the file has more than 256 MiB; choose a smaller instance of the exam")]
    TooLarge,
    /// The catalog.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    /// The archive.
    #[error("the original can't be read")]
    Read(#[from] ReadError),
    /// The engine stopped half-way.
    #[error("the policy did not run to its end")]
    Stopped(#[from] tokio::task::JoinError),
}

/// Runs a policy over an instance, with what the other series of its exam know of the same people.
pub(crate) async fn preview(
    app: &App,
    policy: Policy,
    instance: &Located,
) -> Result<Previewed, PreviewError> {
    if instance.locator.length > LARGEST {
        return Err(PreviewError::TooLarge);
    }
    let wall =
        Wall::new(policy, ProjectKey::from_bytes(&EXAMPLE_KEY)).with_engines(app.projects.engines.clone());
    let known = known(app, &wall, instance).await?;
    let kib = u32::try_from(instance.locator.length / 1024 + 1).unwrap_or(u32::MAX);
    // The semaphore lives as long as the process: it is never closed.
    let _room = app.assembling.acquire_many(kib.min(LARGEST_KIB)).await.ok();
    let original = app.archive.read_all(&instance.locator).await?;
    let work = move || Previewed {
        label: wall.policy().label(),
        digest: wall.policy().digest().to_owned(),
        picture: Picture::of(&original),
        result: wall.explain(&original, &known),
    };
    Ok(tokio::task::spawn_blocking(work).await?)
}

const LARGEST_KIB: u32 = (LARGEST >> 10) as u32;

/// What the first instance of each series says of the patient. One that can't be read says nothing.
async fn known(app: &App, wall: &Wall, instance: &Located) -> Result<Known, PreviewError> {
    let mut known = Known::default();
    let Ok(study) = StudyInstanceUid::parse(&instance.study) else { return Ok(known) };
    let mut located = app.catalog.locate(&Scope::Study(study)).await?;
    located.dedup_by(|a, b| a.series == b.series);
    for one in located.iter().take(SURVEYED) {
        if let Ok(header) = app.archive.header(&one.locator).await {
            known.add(&wall.survey(&header).known);
        }
    }
    Ok(known)
}
