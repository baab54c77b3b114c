//! Importing folders, archives and DICOMDIRs: every file is told about once.

use crate::memory_shelf::MemoryShelf;
use crate::objects::file;
use flate2::{Compression, write::GzEncoder};
use intake::{
    Kind, Limits,
    import::{Import, IntakeSink, Journal, Line, SinkError, Verdict, run},
};
use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::SeqCst},
};
use tokio_util::sync::CancellationToken;

pub(crate) struct Imported {
    pub(crate) lines: Vec<Line>,
    pub(crate) outcome: Result<(), SinkError>,
}

impl Imported {
    pub(crate) fn verdicts(&self, root: &Path) -> Vec<(String, &'static str)> {
        let root = format!("{}/", root.display());
        let mut verdicts: Vec<_> =
            self.lines.iter().map(|line| (line.path.replace(&root, ""), said(line))).collect();
        verdicts.sort();
        verdicts
    }
}

/// The reason where there is one, or else the outcome.
fn said(line: &Line) -> &'static str {
    let reason = line.settled.reason.clone().unwrap_or_else(|| line.settled.outcome.as_str().into());
    Box::leak(reason.into_boxed_str())
}

pub(crate) async fn import(shelf: &Arc<MemoryShelf>, roots: &[&Path], journal: Option<Journal>) -> Imported {
    let intake = intake::Intake::new(shelf.clone(), shelf.clone(), Limits::default());
    let roots = roots.iter().map(|root| PathBuf::from(*root)).collect();
    let sink = Arc::new(IntakeSink::new(intake, "tester".into(), None));
    let mut lines = Vec::new();
    let import = Import { roots, readers: 3, journal };
    let outcome = run(import, sink, CancellationToken::new(), |line| lines.push(line.clone())).await;
    Imported { lines, outcome }
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        // Written as it is: a hostile archive does not ask a library whether it may.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[tokio::test]
async fn a_folder_of_everything_is_told_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("sub")).unwrap();
    fs::write(at("a.dcm"), file("1.1")).unwrap();
    fs::write(at("sub/again.dcm"), file("1.1")).unwrap();
    fs::write(at("notes.txt"), "nothing").unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("cut.dcm"), &file("1.2")[..3000]).unwrap();
    fs::write(at("b.dcm.gz"), gzip(&file("1.3"))).unwrap();
    fs::write(at("image.nii.gz"), gzip(b"nifti")).unwrap();
    fs::write(at("report.docx"), zip(&[("[Content_Types].xml", b"x")])).unwrap();
    fs::write(at("c.tar.gz"), gzip(&tar(&[("../../up.dcm", &file("1.4")), ("x", b"text")]))).unwrap();
    fs::write(at("d.tar"), tar(&[("e.zip", &zip(&[("deep.dcm", &file("1.5")), ("f.zip", &zip(&[]))]))]))
        .unwrap();
    fs::write(at("torn.zip"), &zip(&[("g.dcm", &file("1.6"))])[..250]).unwrap();
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[folder.path(), &at("none")], None).await;
    assert!(imported.outcome.is_ok());
    let mut verdicts = imported.verdicts(folder.path());
    // Which of two equal files comes first is not said.
    let pair: Vec<_> =
        verdicts.extract_if(.., |(path, _)| path.ends_with("a.dcm") || path.ends_with("again.dcm")).collect();
    let mut pair: Vec<_> = pair.into_iter().map(|(_, said)| said).collect();
    pair.sort_unstable();
    assert_eq!(pair, ["alreadyHeld", "stored"]);
    let expected = [
        ("b.dcm.gz", "stored"),
        ("c.tar.gz!/../../up.dcm", "stored"),
        ("c.tar.gz!/x", "not-dicom"),
        ("cut.dcm", "truncated"),
        ("d.tar!/e.zip!/deep.dcm", "stored"),
        ("d.tar!/e.zip!/f.zip", "nested-too-deep"),
        ("empty", "empty"),
        ("image.nii.gz", "not-dicom"),
        ("none", "file-unreadable"),
        ("notes.txt", "not-dicom"),
        ("report.docx", "not-dicom"),
        ("torn.zip", "damaged-archive"),
    ];
    assert_eq!(verdicts, expected.map(|(path, said)| (path.to_owned(), said)));
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf).len(), 4);
    assert_eq!(MemoryShelf::of(Kind::Quarantine, &shelf).len(), 1);
}

#[tokio::test]
async fn a_second_run_reads_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    for n in 0..20 {
        fs::write(files.join(format!("{n}.dcm")), file(&format!("1.{n}"))).unwrap();
    }
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let first = import(&shelf, &[&files], Some(Journal::open(&journal).unwrap())).await;
    assert!(first.lines.iter().all(|line| line.settled.outcome == Verdict::Stored));
    fs::write(files.join("3.dcm"), file("1.33")).unwrap();
    let second = import(&shelf, &[&files], Some(Journal::open(&journal).unwrap())).await;
    let again = second.lines.iter().filter(|line| line.again).count();
    let stored = second.lines.iter().filter(|line| line.settled.outcome == Verdict::Stored).count();
    assert_eq!((again, stored), (19, 1));
    // An archive that lost everything is filled again, whatever the journal says.
    let (_, other) = MemoryShelf::intake(Limits::default());
    let third = import(&other, &[&files], Some(Journal::open(&journal).unwrap())).await;
    assert!(third.lines.iter().all(|line| line.settled.outcome == Verdict::Stored));
}

#[tokio::test]
async fn a_full_disk_stops_the_import_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.dcm"), file("1.1")).unwrap();
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    shelf.full.store(true, SeqCst);
    let imported = import(&shelf, &[folder.path()], None).await;
    assert!(matches!(imported.outcome, Err(SinkError::Full(_))));
    assert!(imported.lines.is_empty());
}

#[tokio::test]
async fn files_larger_than_memory_stream_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut set = crate::objects::data_set("1.1");
    let pixels = vec![9; 9 << 20];
    set.put_bytes(dicom::tags::PIXEL_DATA, dicom::Vr::OW, pixels);
    let large = crate::objects::file_from("SCANNER", "1.1", &set);
    fs::write(folder.path().join("large.dcm"), &large).unwrap();
    fs::write(folder.path().join("large.zip"), zip(&[("large.dcm", &large)])).unwrap();
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[folder.path()], None).await;
    let mut said: Vec<_> = imported.lines.iter().map(said).collect();
    said.sort_unstable();
    assert_eq!(said, ["alreadyHeld", "stored"]);
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf)[0].1, large);
}

#[tokio::test]
async fn a_dicomdir_that_is_named_brings_its_files() {
    let data = crate::corpus::shared().join("data/dicom/pydicom/dicomdirtests/DICOMDIR");
    if !data.is_file() {
        println!("skipped: no sample data at {}", data.display());
        return;
    }
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[&data], None).await;
    let count = |verdict| imported.lines.iter().filter(|l| l.settled.outcome == verdict).count();
    println!("{:#?}", imported.verdicts(&data));
    assert_eq!(count(Verdict::Ignored), 1);
    assert!(count(Verdict::Stored) > 10);
}
