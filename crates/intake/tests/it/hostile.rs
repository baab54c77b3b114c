//! Archives and folders made to do harm, or made in unusual ways: each member is told about, and
//! nothing beyond the archive is touched.

use crate::import::{gzip, import, tar, zip};
use crate::memory_shelf::MemoryShelf;
use crate::objects::{data_set, file, file_from};
use intake::{Kind, Limits};
use std::fs;
use std::path::Path;

/// What an import of one archive says of its members, by their names in it.
async fn told(name: &str, archive: &[u8]) -> Vec<(String, &'static str)> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), archive).unwrap();
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[folder.path()], None).await;
    assert!(imported.outcome.is_ok());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is unpacked beside it");
    imported.verdicts(folder.path())
}

fn expected(lines: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    lines.iter().map(|(path, said)| ((*path).to_owned(), *said)).collect()
}

/// Sets bit 0, "encrypted", in the flags of every header (APPNOTE 4.4.4).
fn encrypted(mut zip: Vec<u8>) -> Vec<u8> {
    for at in 0..zip.len() - 10 {
        match &zip[at..at + 4] {
            b"PK\x03\x04" => zip[at + 6] |= 1,
            b"PK\x01\x02" => zip[at + 8] |= 1,
            _ => {}
        }
    }
    zip
}

#[tokio::test]
async fn a_member_under_a_password_is_told() {
    let archive = encrypted(zip(&[("a.dcm", &file("1.1"))]));
    assert_eq!(told("a.zip", &archive).await, expected(&[("a.zip!/#0", "encrypted")]));
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_labels() {
    let archive = zip(&[("../../up.dcm", &file("1.1")), ("/etc/down.dcm", &file("1.2"))]);
    let lines = [("a.zip!/../../up.dcm", "stored"), ("a.zip!//etc/down.dcm", "stored")];
    assert_eq!(told("a.zip", &archive).await, expected(&lines));
}

/// Repeats the directory's only record under further names, so that one member's bytes count `times`.
fn overlapping(zip: &[u8], times: u16) -> Vec<u8> {
    let find = |mark: &[u8]| zip.windows(4).rposition(|bytes| bytes == mark).unwrap();
    let (directory, end) = (find(b"PK\x01\x02"), find(b"PK\x05\x06"));
    let mut bomb = zip[..directory].to_vec();
    for number in 0..times {
        let mut record = zip[directory..end].to_vec();
        record[46..49].copy_from_slice(format!("{number:03}").as_bytes());
        bomb.extend(record);
    }
    let size = u32::try_from(bomb.len() - directory).unwrap();
    let mut last = zip[end..].to_vec();
    last[8..10].copy_from_slice(&times.to_le_bytes());
    last[10..12].copy_from_slice(&times.to_le_bytes());
    last[12..16].copy_from_slice(&size.to_le_bytes());
    [bomb, last].concat()
}

#[tokio::test]
async fn an_archive_that_expands_further_than_compression_can_is_stopped() {
    let mut set = data_set("1.1");
    set.put_bytes(dicom::tags::PIXEL_DATA, dicom::Vr::OW, vec![0; 4_000_000]);
    let one = zip(&[("000.dcm", &file_from("SCANNER", "1.1", &set))]);
    let bomb = overlapping(&one, 400);
    assert!(bomb.len() < 40_000, "{} bytes claim 1.6 GB", bomb.len());
    let lines = told("bomb.zip", &bomb).await;
    let count = |word| lines.iter().filter(|(_, said)| *said == word).count();
    assert_eq!(count("stored"), 1);
    assert!(count("alreadyHeld") < 30, "{}", count("alreadyHeld"));
    assert_eq!(count("stored") + count("alreadyHeld") + count("expands-too-far"), 400);
}

/// A tar with one entry of this kind.
fn tar_of(kind: tar::EntryType, name: &str, link: Option<&str>) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(kind);
    header.set_path(name).unwrap();
    if let Some(link) = link {
        header.set_link_name(link).unwrap();
    }
    header.set_size(0);
    header.set_cksum();
    tar.append(&header, std::io::empty()).unwrap();
    tar.into_inner().unwrap()
}

#[tokio::test]
async fn links_and_devices_in_an_archive_are_told_and_not_followed() {
    for (kind, said) in [(tar::EntryType::Symlink, "link"), (tar::EntryType::Fifo, "not-a-file")] {
        let archive = tar_of(kind, "a.dcm", Some("/etc/passwd"));
        assert_eq!(told("a.tar", &archive).await, expected(&[("a.tar!/a.dcm", said)]));
    }
    let folder = tar_of(tar::EntryType::Directory, "sub", None);
    assert_eq!(told("a.tar", &folder).await, []);
}

/// Files with holes, as `tar --sparse` writes them, are files.
#[tokio::test]
async fn a_sparse_member_is_read_with_its_holes() {
    let folder = tempfile::tempdir().unwrap();
    let mut set = data_set("1.1");
    set.put_bytes(dicom::tags::PIXEL_DATA, dicom::Vr::OW, vec![0; 3 << 20]);
    let whole = file_from("SCANNER", "1.1", &set);
    let path = folder.path().join("holes.dcm");
    let sparse = fs::File::create(&path).unwrap();
    sparse.set_len(whole.len() as u64).unwrap();
    let head = whole.len() - (3 << 20);
    std::os::unix::fs::FileExt::write_all_at(&sparse, &whole[..head], 0).unwrap();
    let made = std::process::Command::new("tar")
        .args(["--sparse", "--format=gnu", "-cf", "holes.tar", "holes.dcm"])
        .current_dir(folder.path())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no GNU tar");
        return;
    }
    let archive = folder.path().join("holes.tar");
    assert!(fs::metadata(&archive).unwrap().len() < 1 << 20, "the archive has no holes in it");
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[&archive], None).await;
    assert_eq!(imported.verdicts(folder.path()), expected(&[("holes.tar!/holes.dcm", "stored")]));
    assert_eq!(MemoryShelf::of(Kind::Instance, &shelf)[0].1, whole);
}

#[tokio::test]
async fn links_in_a_folder_are_followed_once_and_never_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    fs::write(folder.path().join("a.dcm"), file("1.1")).unwrap();
    link(folder.path(), "loop");
    link(Path::new("nowhere"), "broken.dcm");
    let (_, shelf) = MemoryShelf::intake(Limits::default());
    let imported = import(&shelf, &[folder.path()], None).await;
    let lines = [("a.dcm", "stored"), ("broken.dcm", "file-unreadable"), ("loop", "file-unreadable")];
    assert_eq!(imported.verdicts(folder.path()), expected(&lines));
}

/// Compression around compression, one level too deep, and cut short.
#[tokio::test]
async fn archives_in_archives_are_opened_one_level_deep() {
    let inner = gzip(&tar(&[("a.dcm", &file("1.1"))]));
    let lines = [("a.zip!/b.tgz!/a.dcm", "stored")];
    assert_eq!(told("a.zip", &zip(&[("b.tgz", &inner)])).await, expected(&lines));
    let deeper = zip(&[("b.tar", &tar(&[("c.tgz", &inner)]))]);
    assert_eq!(told("a.zip", &deeper).await, expected(&[("a.zip!/b.tar!/c.tgz", "nested-too-deep")]));
    let cut = gzip(&tar(&[("a.dcm", &file("1.1")), ("b.dcm", &file("1.2"))]));
    let lines = told("a.tgz", &cut[..cut.len() - 60]).await;
    assert!(lines.iter().any(|(_, said)| *said == "damaged-archive"), "{lines:?}");
}
