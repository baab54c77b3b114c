//! The search of everything that was written for what identifies the patients of the originals.

use anyhow::Context as _;
use bytes::Bytes;
use deid::Wall;
use deid::verify::evidence::{Residue, digest};
use deid::verify::pictures::Reader;
use deid::verify::residual::Identifiers;
use std::path::{Path, PathBuf};

/// Searches every output for every identifier of every original. Outputs are named from their folder.
pub fn search(
    wall: &Wall,
    inputs: &[PathBuf],
    outputs: &[PathBuf],
    folder: &Path,
    reader: Option<Reader<'_>>,
) -> anyhow::Result<Residue> {
    let (mut residue, mut identifiers) = (Residue::default(), Identifiers::default());
    for path in inputs {
        let bytes = read(path)?;
        let Ok(header) = dicom::read_header(&bytes) else { continue };
        identifiers.gather(&header.data_set, wall.policy());
        residue.inputs.push(digest(&bytes));
    }
    residue.look_for(&identifiers);
    for path in outputs {
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
        residue.search(&identifiers, name, &read(path)?, reader);
    }
    Ok(residue)
}

fn read(path: &PathBuf) -> anyhow::Result<Bytes> {
    Ok(Bytes::from(std::fs::read(path).with_context(|| format!("can't read {}", path.display()))?))
}

/// Prints what was found.
pub fn print(residue: &Residue) {
    println!(
        "\nsearched {} files, {} values, {} bytes for what identifies the patients of {} originals",
        residue.outputs.len(),
        residue.values,
        residue.bytes,
        residue.inputs.len()
    );
    println!("{:<18} {:>10} {:>7}", "", "looked for", "found");
    for (category, count) in &residue.looked_for {
        println!("{:<18} {count:>10} {:>7}", category.to_string(), residue.found(*category));
    }
    if let Some(pictures) = residue.pictures {
        println!(
            "read {} frames of {} images; {} could not be read, {} of kinds without text were passed over",
            pictures.frames, pictures.read, pictures.unreadable, pictures.passed_over
        );
    }
    for (file, trace) in &residue.traces {
        println!("found: {} in {} at {}", trace.category, residue.outputs[*file].0, trace.place);
    }
    residue.bounds().iter().for_each(|bound| println!("{bound}"));
}
