//! The images of a release: DICOM files as the wall writes them, and volumes named by BIDS.

use super::keep::Of;
use super::make::{MakeError, Making, Subject, pretty};
use bytes::{Bytes, BytesMut};
use catalog::{Located, Scope};
use deid::verify::residual::Identifiers;
use futures::TryStreamExt as _;
use model::StudyInstanceUid;
use release::bids::{self, Names, Scan};
use release::request::Form;
use std::collections::HashMap;
use std::sync::Arc;
use view::nifti::{Conversion, Volume};
use view::zip::Member;

/// Bytes of a volume, at most: it is searched in memory.
const LARGEST_VOLUME: u64 = 2 << 30;

/// Writes the images of a subject.
pub(super) async fn write(
    making: &mut Making<'_>,
    subject: &Subject,
    identifiers: &Arc<Identifiers>,
) -> Result<(), MakeError> {
    let wants = |form| making.release.request.wants(form);
    let (dicom, nifti, in_place) = (wants(Form::Dicom), wants(Form::Nifti), wants(Form::InPlace));
    if !(dicom || nifti || in_place) {
        return Ok(());
    }
    let withheld = making.leaving.withheld(&subject.code).await?;
    let mut names = Names::default();
    for (session, (study, named)) in (1..).zip(by_day(making, subject)) {
        let shown = instances(making, &study, &named, &withheld).await?;
        let of = Of { form: "dicom", subject: &subject.code, study: &study };
        if dicom {
            for one in &shown {
                file(making, subject, one, identifiers, of).await?;
            }
        }
        let mut series: Vec<&str> = shown.iter().map(|one| one.series.as_str()).collect();
        series.sort_unstable();
        series.dedup();
        making.counts.series += series.len() as u64;
        making.counts.instances += shown.len() as u64;
        if nifti {
            let of = Of { form: "nifti", ..of };
            for series in series {
                let own: Vec<Located> = shown.iter().filter(|one| one.series == series).cloned().collect();
                volumes(making, (&subject.code, session), own, &mut names, identifiers, of).await?;
            }
        }
    }
    Ok(())
}

/// The exams of a subject in the order they happened.
fn by_day(making: &Making<'_>, subject: &Subject) -> Vec<(String, String)> {
    let days: HashMap<&str, Option<i64>> =
        making.people.exams.values().map(|(study, day)| (study.as_str(), *day)).collect();
    let mut exams = subject.exams.clone();
    exams.sort_by_key(|(study, named)| (days.get(study.as_str()).copied().flatten(), named.clone()));
    exams
}

/// The instances of an exam that are shown, of those it had when the release was first made. What is not shown is told.
async fn instances(
    making: &mut Making<'_>,
    study: &str,
    named: &str,
    withheld: &HashMap<String, String>,
) -> Result<Vec<Located>, MakeError> {
    let Ok(uid) = StudyInstanceUid::parse(study) else { return Ok(Vec::new()) };
    let held = making.app.catalog.locate(&Scope::Study(uid)).await?;
    let now: Vec<String> = held.into_iter().map(|one| one.sop).collect();
    let planned = making.app.releases.instances(&making.release.id, study, &now).await?;
    let mut shown: HashMap<String, Located> =
        making.leaving.shown(named).await?.into_iter().map(|one| (one.sop.clone(), one)).collect();
    let mut found = Vec::with_capacity(planned.len());
    for sop in planned {
        let new = making.leaving.wall().new_uid(&sop);
        match (shown.remove(&new), withheld.get(&new)) {
            (Some(one), _) => found.push(one),
            (None, Some(why)) => making.lacks("instance", &format!("withheld: {why}"), 1),
            (None, None) if now.contains(&sop) => making.lacks("instance", "it could not be made", 1),
            (None, None) => making.lacks("instance", "it was deleted", 1),
        }
    }
    found.sort_by(|a, b| (&a.series, a.instance_number, &a.sop).cmp(&(&b.series, b.instance_number, &b.sop)));
    Ok(found)
}

async fn file(
    making: &mut Making<'_>,
    subject: &Subject,
    one: &Located,
    identifiers: &Arc<Identifiers>,
    of: Of<'_>,
) -> Result<(), MakeError> {
    making.tell(0, "DICOM files are written").await?;
    let path = format!("dicom/{}/{}/{}/{}.dcm", subject.code, one.study, one.series, one.sop);
    if making.has(&path) {
        return Ok(());
    }
    let bytes = making.leaving.read(one).await?;
    making.keep(&path, bytes, identifiers, of).await
}

async fn volumes(
    making: &mut Making<'_>,
    (subject, session): (&str, usize),
    series: Vec<Located>,
    names: &mut Names,
    identifiers: &Arc<Identifiers>,
    of: Of<'_>,
) -> Result<(), MakeError> {
    making.tell(0, "volumes are written").await?;
    let conversion = making.leaving.view().nifti(series).await?;
    for refused in &conversion.refused {
        making.lacks("image as volume", &refused.reason, refused.images as u64);
    }
    let members = making.leaving.view().nifti_members(&conversion, "");
    let mut bases: Vec<Option<String>> = Vec::new();
    for volume in &conversion.volumes {
        let fits = volume.bytes() <= LARGEST_VOLUME;
        if !fits {
            making.lacks("image as volume", "the volume is too large to be searched", volume.images() as u64);
        }
        bases.push(fits.then(|| names.next(subject, session, &scan(volume))));
    }
    for member in members {
        let Some((base, end)) = renamed(&member, &bases, &conversion) else { continue };
        let path = format!("bids/{base}{end}");
        if !making.has(&path) {
            let bytes = whole(member).await?;
            making.keep(&path, bytes, identifiers, of).await?;
        }
    }
    Ok(())
}

/// `volume-2.nii.gz` under the name that BIDS has for the second volume.
fn renamed<'a>(member: &Member, bases: &'a [Option<String>], of: &Conversion) -> Option<(&'a str, String)> {
    let (number, end) = member.name.strip_prefix("volume-")?.split_once('.')?;
    let number: usize = number.parse().ok()?;
    of.volumes.get(number.checked_sub(1)?)?;
    Some((bases.get(number - 1)?.as_deref()?, format!(".{end}")))
}

async fn whole(member: Member) -> Result<Bytes, MakeError> {
    let mut all = BytesMut::new();
    let mut content = member.content;
    while let Some(piece) = content.try_next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

fn scan(volume: &Volume) -> Scan {
    let text = |name: &str| volume.sidecar[name].as_str().unwrap_or_default().to_owned();
    Scan {
        modality: text("Modality"),
        words: format!("{} {} {}", text("SeriesDescription"), text("ProtocolName"), text("SequenceName")),
        diffusion: volume.diffusion.is_some(),
        times: volume.shape[3] > 1,
    }
}

/// What BIDS wants at the top.
pub(super) async fn about_bids(making: &mut Making<'_>, subjects: &[Subject]) -> Result<(), MakeError> {
    let as_of = super::look::today(&making.frozen);
    let cap = i64::from(making.leaving.wall().policy().document().dates.age_cap) + 1;
    let participant = |subject: &Subject| {
        let person = making.people.all.get(&subject.patient).cloned().unwrap_or_default();
        (subject.code.clone(), person.sex.clone(), person.age(as_of).map(|age| age.min(cap)))
    };
    let people: Vec<_> = subjects.iter().map(participant).collect();
    let request = &making.release.request;
    let description = bids::description(&request.title, &making.release.pinned.terms);
    let files = [
        ("bids/dataset_description.json", pretty(&description)),
        ("bids/participants.tsv", bids::participants(&people)),
        ("bids/participants.json", pretty(&bids::participants_about())),
        ("bids/README", format!("{}\n\n{}\n", request.title, request.purpose)),
        ("bids/.bidsignore", ignored(making)),
    ];
    for (path, text) in files {
        let of = Of { form: "nifti", subject: "", study: "" };
        let file = super::keep::put(making.app, &making.release.id, path, text.into(), of).await?;
        making.enter_file(file).await?;
    }
    Ok(())
}

/// Folders of the package that BIDS does not know.
fn ignored(making: &Making<'_>) -> String {
    let mut folders: Vec<&str> =
        making.paths().filter_map(|path| path.strip_prefix("bids/sub-")?.split('/').nth(2)).collect();
    folders.sort_unstable();
    folders.dedup();
    folders
        .into_iter()
        .filter(|folder| !bids::knows(folder))
        .map(|folder| format!("sub-*/ses-*/{folder}/\n"))
        .collect()
}
