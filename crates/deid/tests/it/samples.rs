//! Every sample file goes through every ready-made policy: it comes out without its identity or not at all.

use crate::objects::{PUBLIC, wall};
use bytes::Bytes;
use deid::{Known, policy::ready};
use dicom::tags;
use std::path::PathBuf;

pub fn samples() -> Vec<PathBuf> {
    let root = std::env::var_os("ISOCENTER_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let data = root.unwrap_or(beside).join("data");
    let mut found: Vec<_> = ["dicom", "deid"].iter().flat_map(|folder| files(&data.join(folder))).collect();
    found.sort();
    found
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn sample_files_come_out_readable_and_without_their_identity() {
    let samples = samples();
    if samples.is_empty() {
        eprintln!("skipped: no sample files beside the repository");
        return;
    }
    let walls: Vec<_> = ready::names().map(wall).collect();
    let mut passed = 0;
    for path in samples {
        let Ok(bytes) = std::fs::read(&path).map(Bytes::from) else { continue };
        if bytes.len() > 2 << 20 {
            continue;
        }
        for wall in &walls {
            let Ok(done) = wall.deidentify(&bytes, &Known::default()) else { continue };
            passed += 1;
            let clean = Bytes::from(done.to_bytes());
            let before = dicom::read_header(&bytes).unwrap();
            let after = dicom::read_header(&clean).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(after.meta.sop_instance(), after.data_set.uid(tags::SOP_INSTANCE_UID));
            for tag in [tags::PATIENT_ID, tags::SOP_INSTANCE_UID, tags::STUDY_INSTANCE_UID] {
                let old = before.data_set.text(tag).filter(|text| !text.is_empty());
                assert!(old.is_none() || old != after.data_set.text(tag), "{} {tag}", path.display());
            }
        }
    }
    assert!(passed > 100, "{passed} passed");
    assert!(walls.iter().any(|wall| wall.policy().label().starts_with(PUBLIC)));
}
