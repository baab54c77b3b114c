//! Reading through the wall: an original's place in a project is its UID there; its bytes are the original's, passed
//! through the wall when they are asked for. Whatever is in doubt is an error, never the original.

use super::expected::Expected;
use super::kept::{Kept, LARGEST, Made, Owner};
use super::tasks;
use crate::App;
use archive::Archive;
use async_trait::async_trait;
use bytes::Bytes;
use catalog::{Catalog, Headers, Located};
use deid::{Deidentified, Known, Wall};
use dicom::DataSet;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use intake::Locator;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use store::Ledger;
use vault::{Vault, VaultError};
use view::{ByteStream, Files, ViewError};

/// Bytes a stream gives at a time.
const PIECE: usize = 1 << 20;
/// Originals up to this size are read whole; of larger ones the beginning is tried.
pub(super) const BEGINNING: u64 = 64 << 10;
/// Subjects whose people are remembered.
const SUBJECTS: usize = 4096;

/// A project's files.
pub(super) struct Through(Arc<Shared>);

struct Shared {
    archive: Arc<Archive>,
    originals: Arc<Catalog>,
    vault: Vault,
    ledger: Ledger,
    project: String,
    wall: Arc<Wall>,
    /// Files of all projects, and who we are among them.
    kept: Arc<Kept>,
    owner: Owner,
    expected: Expected,
    /// What is known of a subject's people, and of which generation that is.
    known: Mutex<HashMap<String, (u64, Arc<Known>)>>,
}

impl Through {
    pub(super) fn new(app: &App, vault: Vault, project: &str, wall: Arc<Wall>) -> Self {
        Self(Arc::new(Shared {
            archive: app.archive.clone(),
            originals: app.catalog.clone(),
            vault,
            ledger: app.ledger.clone(),
            project: project.to_owned(),
            wall,
            kept: app.projects.kept.clone(),
            owner: app.projects.kept.owner(),
            expected: Expected::default(),
            known: Mutex::default(),
        }))
    }
}

/// The file's place: named by its UID in the project and by the generation of its subject.
pub(super) fn place(sop: &str, generation: i64, length: u64) -> Locator {
    Locator { segment: intake::SegmentId(sop.to_owned()), offset: generation.cast_unsigned(), length }
}

#[expect(clippy::needless_pass_by_value, reason = "so that `map_err` takes it")]
fn withheld(why: impl ToString) -> ViewError {
    ViewError::Withheld(why.to_string())
}

/// It was there when its row was read.
fn gone() -> ViewError {
    withheld("its original is gone, or it is being made anew")
}

/// An original on its way through the wall.
#[derive(Clone)]
pub(super) struct Wanted {
    pub at: Locator,
    code: String,
    original: Locator,
}

impl Shared {
    async fn made(&self, at: &Locator) -> Result<Made, ViewError> {
        let mut files = self.all_made(std::slice::from_ref(at)).await?;
        files.pop().ok_or_else(gone)
    }

    /// Files, in the order asked; those not kept are looked up together, and small ones read together.
    async fn all_made(&self, places: &[Locator]) -> Result<Vec<Made>, ViewError> {
        let files: Vec<Option<Made>> = places.iter().map(|at| self.kept.get(self.owner, at)).collect();
        let missing: Vec<Locator> =
            places.iter().zip(&files).filter(|(_, file)| file.is_none()).map(|(at, _)| at.clone()).collect();
        let (small, large): (Vec<_>, Vec<_>) =
            self.resolve(&missing).await?.into_iter().partition(|one| one.original.length <= BEGINNING);
        let mut made = HashMap::with_capacity(missing.len());
        for (one, pieces) in small.iter().zip(self.whole(&small).await?) {
            let file = Made { head: pieces.concat().into(), rest: None };
            self.kept.put(self.owner, &one.at, &file);
            made.insert(one.at.clone(), file);
        }
        let large: Vec<(Locator, Made)> = stream::iter(large)
            .map(|wanted| async move { Ok::<_, ViewError>((wanted.at.clone(), self.make(wanted).await?)) })
            .buffered(std::thread::available_parallelism().map_or(2, usize::from))
            .try_collect()
            .await?;
        made.extend(large);
        let all = places.iter().zip(files).map(|(at, file)| file.or_else(|| made.get(at).cloned()));
        all.map(|file| file.ok_or_else(gone)).collect()
    }

    async fn resolve(&self, places: &[Locator]) -> Result<Vec<Wanted>, ViewError> {
        if let Some(all) = self.expected.take(places) {
            return Ok(all);
        }
        let uids: Vec<&str> = places.iter().map(|at| at.segment.as_str()).collect();
        let found = self.vault.originals(&self.project, &uids).await.map_err(withheld)?;
        let found: Vec<(String, String)> = found
            .into_iter()
            .map(|one| one.map(|(code, uid)| (code, uid.reveal().clone())).ok_or_else(gone))
            .collect::<Result<_, _>>()?;
        let sops: Vec<String> = found.iter().map(|(_, sop)| sop.clone()).collect();
        let located =
            self.originals.locate_sops(&sops).await.map_err(|_| withheld("the catalog did not answer"))?;
        let by_sop: HashMap<String, Locator> =
            located.into_iter().map(|one| (one.sop, one.locator)).collect();
        let wanted = places.iter().zip(found).map(|(at, (code, sop))| {
            let original = by_sop.get(&sop).cloned().ok_or_else(gone)?;
            Ok(Wanted { at: at.clone(), code, original })
        });
        wanted.collect()
    }

    async fn make(&self, wanted: Wanted) -> Result<Made, ViewError> {
        let known = self.known(&wanted.code, wanted.at.offset).await?;
        let made = match self.make_head(&wanted, &known).await? {
            Some(made) => made,
            None => self.make_whole(&wanted, known).await?,
        };
        if made.length() != wanted.at.length {
            self.begin_anew(&wanted.code).await;
            return Err(gone());
        }
        self.kept.put(self.owner, &wanted.at, &made);
        Ok(made)
    }

    /// Of a large original whose pixels stay as they are: what stands before them.
    async fn make_head(&self, wanted: &Wanted, known: &Arc<Known>) -> Result<Option<Made>, ViewError> {
        let (original, length) = (&wanted.original, wanted.original.length);
        if length <= BEGINNING {
            return Ok(None);
        }
        let bytes = self.archive.read(original, 0..BEGINNING).await?;
        let (wall, known) = (Arc::clone(&self.wall), Arc::clone(known));
        let passing = tokio::task::spawn_blocking(move || wall.deidentify_head(&bytes, length, &known));
        let head = passing.await.map_err(|_| ViewError::Stopped)?;
        Ok(head.map(|head| Made {
            head: head.object().to_bytes().into(),
            rest: Some((original.clone(), head.rest())),
        }))
    }

    async fn make_whole(&self, wanted: &Wanted, known: Arc<Known>) -> Result<Made, ViewError> {
        if wanted.original.length > LARGEST {
            return Err(withheld("it is too large to be read whole"));
        }
        let _passage = self.kept.room(wanted.original.length).await.ok_or(ViewError::Stopped)?;
        // Somebody else may have made it in the meantime, as with frames of a large file that are asked for at once.
        if let Some(made) = self.kept.get(self.owner, &wanted.at) {
            return Ok(made);
        }
        let bytes = self.archive.read_all(&wanted.original).await?;
        let done = self.pass(vec![(bytes, known)]).await?;
        Ok(Made { head: done.concat().concat().into(), rest: None })
    }

    /// Whole files in pieces, of originals that are read together.
    async fn whole(&self, wanted: &[Wanted]) -> Result<Vec<Vec<Bytes>>, ViewError> {
        let bytes: u64 = wanted.iter().map(|one| one.original.length).sum();
        let _passage = self.kept.room(bytes).await.ok_or(ViewError::Stopped)?;
        let originals: Vec<_> =
            wanted.iter().map(|one| (one.original.clone(), 0..one.original.length)).collect();
        let mut passing = Vec::with_capacity(wanted.len());
        for (bytes, one) in self.archive.read_many(&originals).await?.into_iter().zip(wanted) {
            passing.push((bytes, self.known(&one.code, one.at.offset).await?));
        }
        let done = self.pass(passing).await?;
        let length = |file: &[Bytes]| file.iter().map(|piece| piece.len() as u64).sum::<u64>();
        if let Some((one, _)) = wanted.iter().zip(&done).find(|(one, done)| length(done) != one.at.length) {
            self.begin_anew(&one.code).await;
            return Err(gone());
        }
        Ok(done)
    }

    async fn pass(&self, originals: Vec<(Bytes, Arc<Known>)>) -> Result<Vec<Vec<Bytes>>, ViewError> {
        let wall = Arc::clone(&self.wall);
        let passing = tokio::task::spawn_blocking(move || {
            let pieces = |done: Deidentified| done.pieces().to_vec();
            let all = originals.iter().map(|(bytes, known)| wall.deidentify(bytes, known).map(pieces));
            all.collect::<Result<Vec<_>, _>>()
        });
        passing.await.map_err(|_| ViewError::Stopped)?.map_err(withheld)
    }

    /// A part of a file that was made; pixels come from the original.
    async fn part(&self, made: &Made, range: &Range<u64>) -> Result<Bytes, ViewError> {
        let Made { head, rest } = made.part(range).ok_or(archive::ReadError::OutOfRange)?;
        let Some((original, pixels)) = rest else { return Ok(head) };
        let pixels = self.archive.read(&original, pixels).await?;
        Ok(if head.is_empty() { pixels } else { [head, pixels].concat().into() })
    }

    /// The engine makes something else of a subject than its rows say: they are made anew.
    async fn begin_anew(&self, code: &str) {
        let begun = async {
            if let Some(known) = self.vault.known(&self.project, code).await? {
                self.vault.set_known(&self.project, code, &known).await?;
            }
            let mut tx = self.ledger.write().await?;
            tasks::mark_in(&mut tx, &self.project, code).await?;
            tx.commit().await?;
            Ok::<(), VaultError>(())
        };
        if let Err(error) = begun.await {
            tracing::warn!(%error, "a subject whose rows are old is not made anew yet");
        }
    }

    /// What is known of a subject's people: of the generation that the row is of, or nothing is read.
    async fn known(&self, code: &str, generation: u64) -> Result<Arc<Known>, ViewError> {
        let remembered = || {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(code).filter(|(of, _)| *of == generation).map(|(_, known)| Arc::clone(known))
        };
        if let Some(known) = remembered() {
            return Ok(known);
        }
        let subject = self.vault.subject(&self.project, code).await.map_err(withheld)?.ok_or_else(gone)?;
        if subject.generation.cast_unsigned() != generation {
            return Err(gone());
        }
        let kept = self.vault.known(&self.project, code).await.map_err(withheld)?.ok_or_else(gone)?;
        let known = Arc::new(Known::from_bytes(&kept).ok_or_else(gone)?);
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= SUBJECTS {
            all.clear();
        }
        all.insert(code.to_owned(), (generation, Arc::clone(&known)));
        Ok(known)
    }
}

#[async_trait]
impl Files for Through {
    async fn read(&self, at: &Locator, range: Range<u64>) -> Result<Bytes, ViewError> {
        self.0.part(&self.0.made(at).await?, &range).await
    }

    async fn read_many(&self, wanted: &[(Locator, Range<u64>)]) -> Result<Vec<Bytes>, ViewError> {
        let places: Vec<Locator> = wanted.iter().map(|(at, _)| at.clone()).collect();
        let files = self.0.all_made(&places).await?;
        let parts = files.iter().zip(wanted).map(|(made, (_, range))| self.0.part(made, range));
        futures::future::try_join_all(parts).await
    }

    async fn pieces(&self, wanted: &[Locator]) -> Result<Vec<Vec<Bytes>>, ViewError> {
        self.0.whole(&self.0.resolve(wanted).await?).await
    }

    async fn expect(&self, files: &[Locator]) {
        // What can't be looked up now is told when it is asked for.
        if files.len() > 1
            && let Ok(wanted) = self.0.resolve(files).await
        {
            self.0.expected.put(wanted);
        }
    }

    fn stream(&self, at: &Locator, range: Range<u64>) -> ByteStream {
        let (shared, at) = (Arc::clone(&self.0), at.clone());
        let opened = async move {
            let part = shared.made(&at).await?.part(&range);
            let Made { head, rest } = part.ok_or(archive::ReadError::OutOfRange)?;
            let ends = (0..head.len()).step_by(PIECE);
            let head =
                stream::iter(ends.map(move |from| Ok(head.slice(from..(from + PIECE).min(head.len())))));
            let rest = rest.map(|(original, pixels)| Files::stream(&*shared.archive, &original, pixels));
            Ok::<_, ViewError>(head.chain(stream::iter(rest).flatten()))
        };
        stream::once(opened).try_flatten().boxed()
    }
}

#[async_trait]
impl Headers for Through {
    async fn header(&self, instance: &Located) -> Option<DataSet> {
        let made = self.0.made(&instance.locator).await.ok()?;
        dicom::read_header_prefix(&made.head, made.length()).ok().map(|header| header.data_set)
    }
}
