//! Pixels against other people's decoders and uncompressed originals.

use std::path::Path;

use bytes::Bytes;
use isocenter_dicom::pixel::render::{Labels, Presentation, RenderOptions, Viewport, render};
use isocenter_dicom::pixel::{ENCAPSULATED, Image, Limits, PixelError, recompress, restore, transcode};
use isocenter_dicom::{tags, uids};
use sha2::{Digest, Sha256};

use crate::shared;

fn read(path: &Path) -> Bytes {
    std::fs::read(path).unwrap().into()
}

fn open(path: &Path) -> Image {
    Image::open(&read(path), &Limits::default()).unwrap().1
}

fn pixels(image: &Image) -> Result<Vec<u8>, PixelError> {
    let mut all = Vec::new();
    for frame in 0..image.frames.count() {
        all.extend_from_slice(&image.decode(frame)?.data);
    }
    Ok(all)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn samples_are_those_of_pydicom_and_dcmtk() {
    let Some(root) = shared::folder("dicom") else { return };
    let rows = include_str!("pixel_truth.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for (path, digest) in rows.filter_map(|row| row.split_once('\t')) {
        let path = root.parent().unwrap().join(path);
        let decoded = pixels(&open(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(hex(&decoded), digest, "{}", path.display());
        count += 1;
    }
    eprintln!("{count} files decode to the same samples");
    assert!(count > 200);
}

/// Largest and mean difference of 16- or 8-bit samples.
fn difference(ours: &Image, truth: &Image) -> (i64, f64) {
    let values = |image: &Image| -> Vec<i64> {
        let bytes = pixels(image).unwrap();
        match (image.description.bits_allocated, image.description.signed) {
            (8, _) => bytes.iter().map(|b| i64::from(*b)).collect(),
            (_, true) => bytes.chunks_exact(2).map(|c| i64::from(i16::from_le_bytes([c[0], c[1]]))).collect(),
            _ => bytes.chunks_exact(2).map(|c| i64::from(u16::from_le_bytes([c[0], c[1]]))).collect(),
        }
    };
    let (a, b) = (values(ours), values(truth));
    assert_eq!(a.len(), b.len());
    let differences: Vec<i64> = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).collect();
    let sum: i64 = differences.iter().sum();
    (differences.iter().copied().max().unwrap_or(0), sum as f64 / differences.len() as f64)
}

#[test]
fn wg04_images_are_their_uncompressed_originals() {
    let Some(root) = shared::folder("dicom/wg04") else { return };
    let (mut exact, mut near) = (0, 0);
    for path in shared::files(&root) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (subject, coding) = name.trim_end_matches(".dcm").split_once('_').unwrap();
        let truth = root.join(format!("{subject}_UNC.dcm"));
        if coding == "UNC" || !truth.exists() {
            assert!(pixels(&open(&path)).is_ok(), "{name}");
            continue;
        }
        let (most, mean) = difference(&open(&path), &open(&truth));
        match coding {
            "JPLL" | "JLSL" | "RLE" | "J2KR" => {
                assert_eq!(most, 0, "{name}");
                exact += 1;
            }
            _ => {
                assert!(mean < 20.0, "{name}: mean difference {mean}, largest {most}");
                near += 1;
            }
        }
    }
    eprintln!("{exact} without loss are equal, {near} with loss are near");
    assert!(exact >= 13 && near >= 8);
}

#[test]
fn one_ct_in_every_transfer_syntax() {
    let Some(root) = shared::folder("dicom/cornerstone") else { return };
    let all: Vec<_> =
        shared::files(&root).into_iter().filter(|p| p.to_str().unwrap().contains("CTImage.dcm_")).collect();
    let truth = open(
        all.iter()
            .find(|p| {
                p.to_str().unwrap().ends_with("LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm")
            })
            .unwrap(),
    );
    for path in &all {
        let image = open(path);
        if image.description.bits_allocated != truth.description.bits_allocated {
            assert!(pixels(&image).is_ok());
            continue;
        }
        let (most, mean) = difference(&image, &truth);
        // The DCT forms were made from shifted samples; DCMTK's decoder agrees with ours on them.
        let equal = ["1.2.2.", "1.2.1.99", "4.57", "4.70", "4.80", "4.90", "2.5."];
        let near = ["4.81", "4.91"];
        let is = |uids: &[&str]| uids.iter().any(|uid| path.to_str().unwrap().contains(uid));
        let text = format!("{}: largest {most}, mean {mean}", path.display());
        assert!(!is(&equal) || most == 0, "{text}");
        assert!(!is(&near) || mean < 25.0, "{text}");
    }
    assert_eq!(all.len(), 14);
}

#[test]
fn transcoding_keeps_every_sample() {
    let Some(root) = shared::folder("dicom") else { return };
    let mut count = 0;
    for path in shared::files(&root.join("wg04")).into_iter().chain(shared::files(&root.join("pydicom"))) {
        let file = read(&path);
        let Ok((_, image)) = Image::open(&file, &Limits::default()) else { continue };
        // Debug builds are slow; small images have every layout.
        if image.description.frame_bits() * u64::from(image.description.frames) > 1_600_000 {
            continue;
        }
        let Ok(truth) = pixels(&image) else { continue };
        let native = [
            uids::EXPLICIT_VR_LITTLE_ENDIAN,
            uids::IMPLICIT_VR_LITTLE_ENDIAN,
            "1.2.840.10008.1.2.2",
            uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        ];
        for to in native.into_iter().chain(ENCAPSULATED) {
            let other = match transcode(&file, to, &Limits::default()) {
                Ok(other) => Image::open(&other, &Limits::default()).unwrap().1,
                Err(PixelError::Unsupported(_)) => continue,
                Err(error) => panic!("{} to {to}: {error}", path.display()),
            };
            if other.description.by_plane == image.description.by_plane {
                let back =
                    pixels(&other).unwrap_or_else(|error| panic!("{} to {to}: {error}", path.display()));
                assert!(back == truth, "{} to {to}", path.display());
                count += 1;
            }
        }
    }
    eprintln!("{count} transcodings kept every sample");
    assert!(count > 300);
}

#[test]
fn a_recompressed_file_is_restored_bit_by_bit() {
    let Some(root) = shared::folder("dicom") else { return };
    let (mut restored, mut refused, mut before, mut after) = (0, 0, 0, 0);
    for path in shared::files(&root) {
        let file = read(&path);
        match recompress(&file, &Limits::default()) {
            Ok(smaller) => {
                assert!(restore(&smaller.file, &smaller.restore).unwrap() == file, "{}", path.display());
                let image = Image::open(&smaller.file, &Limits::default()).unwrap().1;
                assert_eq!(image.transfer_syntax, uids::JPEGLS_LOSSLESS);
                restored += 1;
                before += file.len();
                after += smaller.file.len() + smaller.restore.to_json().len();
            }
            Err(PixelError::NotExact(_)) => panic!("{} is not restored", path.display()),
            Err(_) => refused += 1,
        }
    }
    eprintln!("{restored} restored ({before} to {after} bytes), {refused} not for recompression");
    assert!(restored > 50);
}

#[test]
fn a_damaged_recipe_is_refused() {
    let Some(root) = shared::folder("dicom/wg04") else { return };
    let smaller = recompress(&read(&root.join("CT2_UNC.dcm")), &Limits::default()).unwrap();
    let text = smaller.restore.to_json();
    let size = text.find("\"size\":").unwrap() + 7;
    let wrong = format!("{}1{}", &text[..size], &text[size..]);
    let recipe = isocenter_dicom::pixel::RestoreRecipe::from_json(&wrong).unwrap();
    assert!(restore(&smaller.file, &recipe).is_err());
    assert!(isocenter_dicom::pixel::RestoreRecipe::from_json("{}").is_err());
}

#[test]
fn every_image_can_be_shown() {
    let Some(root) = shared::folder("dicom") else { return };
    let mut shown = 0;
    for path in shared::files(&root) {
        let Ok((data_set, image)) = Image::open(&read(&path), &Limits::default()) else { continue };
        let Ok(frame) = image.decode(0) else { continue };
        let options = RenderOptions { viewport: Some(Viewport::within(64, 64)), ..RenderOptions::default() };
        let picture = render(&frame, &Presentation::of(&data_set, 0), &options, &Labels::default());
        let picture = picture.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(picture.starts_with(&[0xFF, 0xD8]));
        shown += 1;
    }
    eprintln!("{shown} images shown");
    assert!(shown > 200);
}

/// Whatever is done to the bytes of a compressed image, the answer is samples or an error.
#[test]
fn damaged_streams_neither_panic_nor_take_memory() {
    let Some(root) = shared::folder("dicom") else { return };
    let names = [
        "wg04/CT2_JPLL.dcm",
        "wg04/CT2_RLE.dcm",
        "wg04/NM1_JPLY.dcm",
        "wg04/NM1_JLSL.dcm",
        "wg04/NM1_J2KR.dcm",
        "cornerstone/TestPattern_JPEG-Baseline_YBR422.dcm",
        "authored/htj2k_lossless.dcm",
        "authored/jpegxl_lossless.dcm",
        "cornerstone/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm",
    ];
    let mut random = 0x2545_F491_4F6C_DD1Du64;
    for name in names {
        let image = open(&root.join(name));
        let coded = image.frames.get(0).unwrap();
        for round in 0..12 {
            let mut bytes = coded.to_vec();
            for _ in 0..=round {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place =
                    (random >> 33) as usize % bytes.len().min(if round % 2 == 0 { 200 } else { usize::MAX });
                bytes[place] ^= (random >> 20) as u8 | 1;
            }
            if round % 3 == 0 {
                bytes.truncate(bytes.len() / 2);
            }
            let _ = isocenter_dicom::pixel::decode_frame(
                &image.description,
                &image.transfer_syntax,
                &bytes.into(),
            );
        }
    }
}

#[test]
fn a_header_that_lies_about_its_size_is_refused() {
    let Some(root) = shared::folder("dicom/wg04") else { return };
    for name in ["CT2_JPLL.dcm", "CT2_J2KR.dcm", "CT2_JLSL.dcm"] {
        let (mut data_set, image) = Image::open(&read(&root.join(name)), &Limits::default()).unwrap();
        data_set.put_u16(tags::ROWS, 8000);
        let ts = isocenter_dicom::TransferSyntax::by_uid(&image.transfer_syntax).unwrap();
        let lying = Image::of(&data_set, &ts, &Limits::default()).unwrap();
        assert!(matches!(lying.decode(0), Err(PixelError::Damaged { .. })), "{name}");
    }
}
