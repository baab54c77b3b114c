//! Which files there are: one by one, but for the tables of a CDM, which belong together.

use super::recognise::recognise;
use anyhow::Context as _;
use intake::Format;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A file, or files that are one.
pub(super) struct Gathered {
    /// The file, or the folder of a CDM.
    pub path: PathBuf,
    /// What it is, or why it can't be read.
    pub format: Result<Format, String>,
    /// The files of a CDM.
    pub tables: Vec<PathBuf>,
    size: u64,
}

impl Gathered {
    /// Bytes.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// A table that maps codes: one file, or the files of one vocabulary.
    pub(super) fn codes(files: Vec<PathBuf>) -> anyhow::Result<Self> {
        let sizes = files.iter().map(|file| size(file)).collect::<anyhow::Result<Vec<_>>>()?;
        let path = files.first().cloned().unwrap_or_default();
        Ok(Self { path, format: Ok(Format::Codes), tables: files, size: sizes.iter().sum() })
    }
}

/// Looks at every file under these paths.
pub(super) fn gather(paths: &[PathBuf], with_mapping: bool) -> anyhow::Result<Vec<Gathered>> {
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for root in paths {
        std::fs::metadata(root).with_context(|| format!("{} can't be read", root.display()))?;
        for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
            let entry = entry.with_context(|| format!("{} can't be read", root.display()))?;
            if entry.file_type().is_file() {
                let folder = entry.path().parent().unwrap_or(Path::new("")).to_owned();
                folders.entry(folder).or_default().push(entry.into_path());
            }
        }
    }
    let mut found = Vec::new();
    for (folder, mut files) in folders {
        if files.iter().any(|file| table_of(file) == Some("PERSON")) {
            let (tables, others) = files.into_iter().partition(|file| table_of(file).is_some());
            found.push(cdm(folder, tables)?);
            files = others;
        }
        for file in files {
            found.push(single(file, with_mapping)?);
        }
    }
    Ok(found)
}

fn table_of(file: &Path) -> Option<&'static str> {
    tables::omop::table_of(file.file_name()?.to_str()?)
}

fn size(path: &Path) -> anyhow::Result<u64> {
    Ok(path.metadata().with_context(|| format!("{} can't be read", path.display()))?.len())
}

fn cdm(path: PathBuf, tables: Vec<PathBuf>) -> anyhow::Result<Gathered> {
    let sizes = tables.iter().map(|table| size(table)).collect::<Result<Vec<_>, _>>()?;
    Ok(Gathered { path, format: Ok(Format::Omop), tables, size: sizes.iter().sum() })
}

fn single(path: PathBuf, with_mapping: bool) -> anyhow::Result<Gathered> {
    let format =
        recognise(&path, with_mapping).with_context(|| format!("{} can't be read", path.display()))?;
    let format = match format {
        Err(_) if table_of(&path).is_some() => {
            Err("a table of a CDM without PERSON.csv beside it".to_owned())
        }
        format => format.map_err(str::to_owned),
    };
    Ok(Gathered { size: size(&path)?, path, format, tables: Vec::new() })
}

/// The mapping, once it is known to be right.
pub(super) fn mapping(path: &Path) -> anyhow::Result<(PathBuf, String)> {
    let told = || format!("the mapping {} can't be used", path.display());
    let text = std::fs::read_to_string(path).with_context(told)?;
    tables::mapped::Mapping::parse(&text).with_context(told)?;
    Ok((path.to_owned(), text))
}
