//! Files that are no DICOM: named anew, cleaned by the rules of their kind, or refused with the reason.

use super::{Batch, FileOutcome, keep_withheld, write};
use deid::Known;
use deid::files::{self, Kind, Refused};
use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What became of the file; nothing if there is no rule for its kind.
pub(super) fn one(
    batch: &Batch<'_>,
    path: &Path,
    bytes: &[u8],
    known: &HashMap<String, Known>,
) -> io::Result<Option<FileOutcome>> {
    let (stem, end) = parts(path);
    let Some(kind) = Kind::of(bytes, &end) else { return Ok(None) };
    match cleaned(batch, path, bytes, kind, known) {
        Ok(clean) => {
            let output = place(batch, path, &stem, kind, bytes);
            write(&batch.output.join(&output), |file| file.write_all(&clean))?;
            Ok(Some(FileOutcome::File { output, kind }))
        }
        Err(refused) => {
            keep_withheld(batch, path, bytes, &refused.to_string())?;
            Ok(Some(FileOutcome::Refused(refused)))
        }
    }
}

fn cleaned(
    batch: &Batch<'_>,
    path: &Path,
    bytes: &[u8],
    kind: Kind,
    known: &HashMap<String, Known>,
) -> Result<Vec<u8>, Refused> {
    match (kind, batch.columns) {
        (Kind::Table, Some(roles)) => {
            let of = |subject: &str| known.get(subject).cloned().unwrap_or_default();
            files::table::clean(bytes, roles, batch.wall, &of)
        }
        (Kind::Sidecar, _) if !has_volume(path) => Err(Refused("it is JSON, and no volume lies beside it")),
        _ => files::clean(kind, bytes, batch.wall.policy()),
    }
}

/// The name up to its first dot, and the rest.
fn parts(path: &Path) -> (PathBuf, String) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let at = ["nii.gz", "nii", "json", "csv", "tsv"].iter().find_map(|end| {
        let lower = name.to_ascii_lowercase();
        lower.strip_suffix(end)?.strip_suffix('.').map(str::len)
    });
    let at = at.or_else(|| name.rfind('.')).unwrap_or(name.len());
    (path.with_file_name(name.get(..at).unwrap_or(&name)), name.get(at..).unwrap_or_default().to_owned())
}

/// Volumes keep what belongs to them beside them.
fn has_volume(path: &Path) -> bool {
    let (stem, _) = parts(path);
    ["nii", "nii.gz"].iter().any(|end| {
        let mut name = stem.clone().into_os_string();
        name.push(format!(".{end}"));
        Path::new(&name).is_file()
    })
}

/// Made from the key and where the file lay, so that a volume and what lies beside it have one name; it tells neither.
fn place(batch: &Batch<'_>, path: &Path, stem: &Path, kind: Kind, bytes: &[u8]) -> PathBuf {
    let named = if matches!(kind, Kind::Nifti | Kind::Sidecar) { stem } else { path };
    let within = named.strip_prefix(batch.input).ok().filter(|rest| !rest.as_os_str().is_empty());
    let within = within.or_else(|| named.file_name().map(Path::new)).unwrap_or(named);
    let name = batch.wall.uid(&format!("file {}", within.display()));
    let lower = path.to_string_lossy().to_ascii_lowercase();
    let end = match kind {
        Kind::Nifti if bytes.starts_with(&[0x1F, 0x8B]) => "nii.gz",
        Kind::Nifti => "nii",
        Kind::Sidecar => "json",
        Kind::Png => "png",
        Kind::Jpeg => "jpg",
        Kind::Tiff if lower.ends_with("svs") => "svs",
        Kind::Tiff => "tif",
        Kind::Table if lower.ends_with("tsv") => "tsv",
        Kind::Table => "csv",
    };
    Path::new("files").join(format!("{name}.{end}"))
}
