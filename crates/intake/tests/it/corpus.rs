//! Every real file of the sample data is kept bit for bit, or set aside for a stated reason.

use crate::{memory_shelf::MemoryShelf, objects::source};
use bytes::Bytes;
use intake::{Limits, Outcome};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub fn shared() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    std::env::var_os("ISOCENTER_SHARED").map_or_else(|| beside.into(), PathBuf::from)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name();
    let files = walk.into_iter().filter_map(Result::ok).filter(|f| f.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

#[tokio::test]
async fn every_sample_is_kept_or_set_aside_with_a_reason() {
    let data = shared().join("data");
    let samples = [files(&data.join("dicom")), files(&data.join("series"))].concat();
    if samples.is_empty() {
        println!("skipped: no sample data at {}", data.display());
        return;
    }
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    let mut table = BTreeMap::<String, usize>::new();
    for path in samples {
        let bytes = Bytes::from(std::fs::read(&path).unwrap());
        let outcome = intake.take(bytes.clone(), source()).await.unwrap();
        let word = match &outcome {
            Outcome::Stored(placed) | Outcome::Conflict(placed) => {
                assert_eq!(shelf.content(&placed.locator), bytes, "{}", path.display());
                "kept".into()
            }
            Outcome::AlreadyHeld(_) => "already held".into(),
            Outcome::OtherStudy(_) => unreachable!("no exam was asked for"),
            Outcome::NotKept(reason) => format!("not kept: {}", reason.as_str()),
            Outcome::Quarantined(aside) => {
                assert_eq!(shelf.content(&aside.locator), bytes, "{}", path.display());
                let name = path.strip_prefix(&data).unwrap_or(&path);
                println!("{}\t{}\t{}", name.display(), aside.reason.as_str(), aside.detail);
                format!("quarantine: {}", aside.reason.as_str())
            }
        };
        *table.entry(word).or_default() += 1;
    }
    for (word, count) in table {
        println!("{count:6} {word}");
    }
}
