//! What de-identifying one file costs in memory, without reading and writing it.
//!
//! `cargo run --release -p isocenter-deid --example deid_speed -- FOLDER [POLICY] [ROUNDS]`
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use bytes::Bytes;
use deid::policy::ready;
use deid::{Known, ProjectKey, Wall};
use isocenter_deid as deid;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("a folder is missing")?;
    let policy = arguments.next().unwrap_or_else(|| "public-sharing".into());
    let rounds: usize = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let wall = Wall::new(ready::policy(&policy)?.compile()?, ProjectKey::from_bytes(&[7; 32]));
    let files: Vec<Bytes> = files(Path::new(&folder))
        .iter()
        .map(|path| std::fs::read(path).map(Bytes::from))
        .collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let mut known = Known::default();
    for file in &files {
        known.add(&wall.survey(&dicom::read_header(file)?).known);
    }
    per_file("survey", begun, files.len());
    let mut parsed = 0;
    let begun = Instant::now();
    for file in files.iter().cycle().take(files.len() * rounds) {
        parsed += dicom::read_header(file)?.data_set.len();
    }
    per_file("read header", begun, files.len() * rounds);
    let begun = Instant::now();
    let mut written = 0;
    for file in files.iter().cycle().take(files.len() * rounds) {
        written += wall.deidentify(file, &known)?.pieces().len();
    }
    per_file("de-identify", begun, files.len() * rounds);
    println!("{parsed} elements, {written} pieces");
    Ok(())
}

fn per_file(what: &str, begun: Instant, files: usize) {
    println!("{what:<12} {:.1} us", begun.elapsed().as_secs_f64() * 1e6 / files as f64);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
