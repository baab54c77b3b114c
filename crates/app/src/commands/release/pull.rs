//! Receiving a package: what is there and right stays, what broke off goes on, every sum is checked.

use crate::connection::{Connection, answer};
use anyhow::{Context as _, bail, ensure};
use futures::TryStreamExt as _;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;

/// Tries of a file before it is given up.
const TRIES: usize = 5;

/// A file that is to be received.
struct Wanted {
    path: String,
    size: u64,
    sha256: String,
}

pub(super) async fn pull(connection: &Connection, id: &str, folder: &Path) -> anyhow::Result<()> {
    let told: Value = connection.get(&format!("/api/v1/releases/{id}/files")).await?;
    let files: Vec<Wanted> = told["files"]
        .as_array()
        .into_iter()
        .flatten()
        .map(wanted)
        .collect::<Option<_>>()
        .context("no list of files")?;
    let (mut fetched, mut bytes) = (0_usize, 0_u64);
    for file in &files {
        let to = place(folder, &file.path)?;
        if is_right(&to, file)? {
            continue;
        }
        receive(connection, id, file, &to)
            .await
            .with_context(|| format!("{} was not received", file.path))?;
        (fetched, bytes) = (fetched + 1, bytes + file.size);
    }
    println!("{} files are there and right, {fetched} received now, {bytes} bytes", files.len());
    println!("sha256:{}", told["digest"].as_str().unwrap_or_default());
    Ok(())
}

fn wanted(value: &Value) -> Option<Wanted> {
    Some(Wanted {
        path: value["path"].as_str()?.to_owned(),
        size: value["size"].as_u64()?,
        sha256: value["sha256"].as_str()?.to_owned(),
    })
}

/// Where a file goes; never out of the folder.
fn place(folder: &Path, path: &str) -> anyhow::Result<PathBuf> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(inside && !path.is_empty(), "the server names a file outside of the package: {path:?}");
    Ok(folder.join(path))
}

/// Whether the whole file is there.
fn is_right(to: &Path, file: &Wanted) -> anyhow::Result<bool> {
    match std::fs::metadata(to) {
        Ok(there) if there.len() == file.size => Ok(sum(to)? == file.sha256),
        _ => Ok(false),
    }
}

fn sum(path: &Path) -> anyhow::Result<String> {
    let (mut read, mut hash, mut piece) = (std::fs::File::open(path)?, Sha256::new(), vec![0; 1 << 20]);
    loop {
        match read.read(&mut piece)? {
            0 => break,
            length => hash.update(&piece[..length]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Fetches what is missing of a file beside its place, and puts it there when its sum is right.
async fn receive(connection: &Connection, id: &str, file: &Wanted, to: &Path) -> anyhow::Result<()> {
    let part = to.with_file_name(format!("{}.part", to.file_name().unwrap_or_default().to_string_lossy()));
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut last = None;
    for _ in 0..TRIES {
        match fetch(connection, id, file, &part).await {
            Ok(()) if sum(&part)? == file.sha256 => return Ok(std::fs::rename(&part, to)?),
            Ok(()) => {
                // What broke off was of another file, or was changed on the way.
                std::fs::remove_file(&part)?;
                last = Some(anyhow::anyhow!("its sum is not the one of the list"));
            }
            Err(error) => last = Some(error),
        }
    }
    match last {
        Some(error) => Err(error),
        None => bail!("it was not received"),
    }
}

async fn fetch(connection: &Connection, id: &str, file: &Wanted, part: &Path) -> anyhow::Result<()> {
    let there = std::fs::metadata(part).map_or(0, |there| there.len());
    if there == file.size && there > 0 {
        return Ok(());
    }
    let from = if there < file.size { there } else { 0 };
    let request = connection
        .request(Method::GET, &format!("/api/v1/releases/{id}/files/{}", file.path))
        .header(header::RANGE, format!("bytes={from}-"))
        .header(header::IF_RANGE, format!("\"{}\"", file.sha256));
    // Of an empty file there is no range.
    let request = if file.size == 0 {
        connection.request(Method::GET, &format!("/api/v1/releases/{id}/files/{}", file.path))
    } else {
        request
    };
    let response = answer(request).await?;
    let goes_on = response.status() == StatusCode::PARTIAL_CONTENT;
    let mut out =
        OpenOptions::new().create(true).write(true).truncate(!goes_on).append(goes_on).open(part).await?;
    if goes_on && from == 0 {
        out.set_len(0).await?;
    }
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.try_next().await? {
        out.write_all(&piece).await?;
    }
    out.sync_all().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_goes_out_of_the_folder() {
        let folder = Path::new("data");
        assert_eq!(place(folder, "dicom/S-1/1.dcm").ok(), Some(folder.join("dicom/S-1/1.dcm")));
        for path in ["../x", "/etc/x", "a/../../x", ""] {
            assert!(place(folder, path).is_err(), "{path:?}");
        }
    }
}
