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

/// Writes another compression method into every header (APPNOTE 4.4.5).
fn with_method(mut zip: Vec<u8>, method: u16) -> Vec<u8> {
    for at in 0..zip.len() - 12 {
        let field = match &zip[at..at + 4] {
            b"PK\x03\x04" => at + 8,
            b"PK\x01\x02" => at + 10,
            _ => continue,
        };
        zip[field..field + 2].copy_from_slice(&method.to_le_bytes());
    }
    zip
}

/// AES (method 99, APPNOTE 7.2) and methods nobody reads here are told apart from damage.
#[tokio::test]
async fn a_member_that_can_not_be_unpacked_says_why() {
    let archive = zip(&[("a.dcm", &file("1.1"))]);
    let told_of = async |archive: Vec<u8>| told("a.zip", &archive).await;
    let aes = encrypted(with_method(archive.clone(), 99));
    assert_eq!(told_of(aes).await, expected(&[("a.zip!/#0", "encrypted")]));
    for method in [12, 14, 93, 95, 98] {
        let other = with_method(archive.clone(), method);
        assert_eq!(told_of(other).await, expected(&[("a.zip!/a.dcm", "unknown-packing")]), "{method}");
    }
}

/// A zip with one member whose data and directory have 64-bit sizes (APPNOTE 4.3.14).
#[tokio::test]
async fn zip64_is_read() {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let large = zip::write::SimpleFileOptions::default().large_file(true);
    writer.start_file("a.dcm", large).unwrap();
    writer.write_all(&file("1.1")).unwrap();
    let archive = writer.finish().unwrap().into_inner();
    assert_eq!(archive[4], 45, "a version that has 64-bit sizes is needed");
    assert_eq!(told("a.zip", &archive).await, expected(&[("a.zip!/a.dcm", "stored")]));
}

/// Bits in the order of deflate (RFC 1951 §3.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    /// A number, its lowest bit first.
    fn number(&mut self, value: u32, bits: usize) {
        for bit in 0..bits {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().unwrap();
            *last |= ((value >> bit & 1) as u8) << (self.used % 8);
            self.used += 1;
        }
    }

    /// A Huffman code, its highest bit first.
    fn code(&mut self, code: u32, bits: usize) {
        (0..bits).rev().for_each(|bit| self.number(code >> bit & 1, 1));
    }
}

/// Deflate64 of bytes that end in a long run: a stored block, then one match of a length that only
/// Deflate64 has (code 285 with 16 more bits).
fn deflate64(bytes: &[u8]) -> Vec<u8> {
    let run = bytes.iter().rev().take_while(|byte| *byte == bytes.last().unwrap()).count() - 1;
    assert!(run > 258, "longer than deflate can say");
    let (head, _) = bytes.split_at(bytes.len() - run);
    let mut bits = Bits::default();
    bits.number(0, 8);
    let length = u16::try_from(head.len()).unwrap();
    bits.bytes.extend(length.to_le_bytes());
    bits.bytes.extend((!length).to_le_bytes());
    bits.bytes.extend(head);
    bits.used = bits.bytes.len() * 8;
    bits.number(0b011, 3);
    bits.code(0xC5, 8);
    bits.number(u32::try_from(run).unwrap() - 3, 16);
    bits.code(0, 5);
    bits.code(0, 7);
    bits.bytes
}

#[tokio::test]
async fn deflate64_is_read() {
    use std::io::Write;
    let whole = file("1.1");
    let packed = deflate64(&whole);
    // Stored as if it were the content, then the method, size and checksum of what it is put in.
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("a.dcm", stored).unwrap();
    writer.write_all(&packed).unwrap();
    let mut archive = with_method(writer.finish().unwrap().into_inner(), 9);
    let mut crc = flate2::Crc::new();
    crc.update(&whole);
    for at in 0..archive.len() - 30 {
        let field = match &archive[at..at + 4] {
            b"PK\x03\x04" => at + 14,
            b"PK\x01\x02" => at + 16,
            _ => continue,
        };
        archive[field..field + 4].copy_from_slice(&crc.sum().to_le_bytes());
        let size = u32::try_from(whole.len()).unwrap();
        archive[field + 8..field + 12].copy_from_slice(&size.to_le_bytes());
    }
    assert_eq!(told("a.zip", &archive).await, expected(&[("a.zip!/a.dcm", "stored")]));
}

/// Zstandard of raw blocks (RFC 8878 §3.1.1.2), in frames of their own.
fn zstd(pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        // A frame of one segment, its size in four bytes, no checksum.
        out.extend([0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000]);
        out.extend(u32::try_from(piece.len()).unwrap().to_le_bytes());
        let blocks: Vec<_> = piece.chunks(1000).collect();
        for (number, block) in blocks.iter().enumerate() {
            let last = u32::from(number + 1 == blocks.len());
            let header = u32::try_from(block.len()).unwrap() << 3 | last;
            out.extend(&header.to_le_bytes()[..3]);
            out.extend(*block);
        }
    }
    out
}

#[tokio::test]
async fn what_zstandard_packs_is_read_as_what_gzip_packs_is() {
    let archive = tar(&[("a.dcm", &file("1.1")), ("x", b"text")]);
    let lines = [("a.tar.zst!/a.dcm", "stored"), ("a.tar.zst!/x", "not-dicom")];
    assert_eq!(told("a.tar.zst", &zstd(&[&archive])).await, expected(&lines));
    let (one, two) = archive.split_at(3000);
    assert_eq!(told("a.tar.zst", &zstd(&[one, two])).await, expected(&lines), "in two frames");
    let cut = &zstd(&[&archive])[..4000];
    assert_eq!(told("a.tar.zst", cut).await.last().unwrap().1, "damaged-archive");
    assert_eq!(told("a.dcm.zst", &zstd(&[&file("1.1")])).await, expected(&[("a.dcm.zst", "stored")]));
    assert_eq!(told("a.nii.zst", &zstd(&[b"nifti"])).await, expected(&[("a.nii.zst", "not-dicom")]));
    // Far more than a decoder keeps, so that it is read piece by piece.
    let mut large = data_set("1.3");
    large.put_bytes(dicom::tags::PIXEL_DATA, dicom::Vr::OW, vec![5; 9_000_000]);
    let large = file_from("SCANNER", "1.3", &large);
    assert_eq!(told("l.zst", &zstd(&[&large])).await, expected(&[("l.zst", "stored")]));
    let nested = zip(&[("b.tar.zst", &zstd(&[&archive])), ("c.dcm.zst", &zstd(&[&file("1.2")]))]);
    let lines = [
        ("a.zip!/b.tar.zst!/a.dcm", "stored"),
        ("a.zip!/b.tar.zst!/x", "not-dicom"),
        ("a.zip!/c.dcm.zst", "stored"),
    ];
    assert_eq!(told("a.zip", &nested).await, expected(&lines));
}

#[tokio::test]
async fn packings_that_are_not_opened_are_named() {
    for (name, first) in [
        ("a.tar.bz2", &b"BZh91AY&SY"[..]),
        ("a.tar.xz", b"\xFD7zXZ\0\0\x04"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04"),
        ("a.rar", b"Rar!\x1A\x07\x01\0"),
        ("a.lz4", b"\x04\x22\x4D\x18\x64"),
    ] {
        assert_eq!(told(name, first).await, expected(&[(name, "unknown-packing")]));
    }
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
