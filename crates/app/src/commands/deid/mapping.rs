//! Which identifier became which: two CSV files that identify, readable by their owner alone.

use anyhow::Context as _;
use deid::Wall;
use dicom::tags;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Writes `uids.csv` (exams, series, instances) and `patients.csv`.
pub fn write(folder: &Path, wall: &Wall, originals: &[PathBuf]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    let (mut uids, mut patients) = (BTreeMap::new(), BTreeMap::new());
    for path in originals {
        let bytes = std::fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
        let Ok(header) = dicom::read_header(&bytes.into()) else { continue };
        for tag in [tags::STUDY_INSTANCE_UID, tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID] {
            if let Some(uid) = header.data_set.uid(tag) {
                uids.insert(uid.clone(), wall.uid(&uid));
            }
        }
        let id = header.data_set.text(tags::PATIENT_ID).unwrap_or_default();
        if let Some(subject) = wall.survey(&header).subject {
            patients.insert(id, wall.code(subject.reveal()));
        }
    }
    super::write_private(&folder.join("uids.csv"), &csv(&uids))?;
    super::write_private(&folder.join("patients.csv"), &csv(&patients))
}

fn csv(pairs: &BTreeMap<String, String>) -> String {
    let lines = pairs.iter().map(|(old, new)| format!("{},{}\n", quoted(old), quoted(new)));
    format!("id_old,id_new\n{}", lines.collect::<String>())
}

/// As RFC 4180 §2 wants it.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
