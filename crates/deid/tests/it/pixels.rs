//! Text in pixels: found, masked, recorded, and withheld whenever the engine fails.

use crate::objects::{ct, read, through, wall};
use bytes::Bytes;
use deid::pixels::{
    Area, Crop, Detector, DetectorError, Engines, Found, Ocr, OcrError, Onnx, Searched, Tesseract, Word,
};
use deid::{Deidentified, Known};
use dicom::pixel::render::Picture;
use dicom::{DataSet, TransferSyntax, Vr, tags, uids};
use std::sync::Arc;
use std::time::Duration;

const SEARCHES: &str = "public-sharing+clean-pixel-data";
pub(crate) const COLUMNS: usize = 120;
pub(crate) const ROWS: usize = 80;

/// Takes everything bright for one line of text.
#[derive(Debug)]
struct SeesBright;

impl Detector for SeesBright {
    fn find(&self, picture: &Picture) -> Result<Vec<Found>, DetectorError> {
        let width = picture.width as usize;
        let bright = (0..picture.data.len()).filter(|at| picture.data[*at] > 200);
        let at = |at: usize| Area {
            left: at % width,
            top: at / width,
            right: at % width + 1,
            bottom: at / width + 1,
        };
        let area = bright.map(at).reduce(|a, b| Area {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        });
        Ok(area.map(|area| Found { area, score: 0.9 }).into_iter().collect())
    }
}

/// Always fails in one way.
#[derive(Debug)]
struct Fails(DetectorError);

impl Detector for Fails {
    fn find(&self, _: &Picture) -> Result<Vec<Found>, DetectorError> {
        Err(self.0)
    }
}

/// Finds text, reads as `ocr` does.
fn reading(ocr: impl Ocr + 'static) -> Engines {
    Engines { detector: Some(Arc::new(SeesBright)), ocr: Some(Arc::new(ocr)) }
}

/// Reads every crop as one word.
#[derive(Debug)]
struct Reads(&'static str);

impl Ocr for Reads {
    fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError> {
        Ok(crops.iter().map(|_| vec![Word { text: self.0.into(), confidence: 95.0 }]).collect())
    }
}

/// Answers for one crop too few.
#[derive(Debug)]
struct Miscounts;

impl Ocr for Miscounts {
    fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError> {
        Ok(vec![Vec::new(); crops.len() - 1])
    }
}

/// Four letters H of 8 by 10 pixels, from column 20 and row 30 on.
pub(crate) fn drawn() -> Vec<u8> {
    let mut pixels = vec![10u8; COLUMNS * ROWS];
    for letter in 0..4 {
        for y in 0..10 {
            let middle = y == 4 || y == 5;
            for x in (0..8).filter(|x| middle || *x < 2 || *x >= 6) {
                pixels[(30 + y) * COLUMNS + 20 + letter * 11 + x] = 250;
            }
        }
    }
    pixels
}

pub(crate) fn ultrasound(pixels: Vec<u8>) -> DataSet {
    let mut set = ct();
    set.put_text(tags::SOP_CLASS_UID, uids::ULTRASOUND_IMAGE_STORAGE);
    set.put_text(tags::MODALITY, "US");
    set.put_text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    for (tag, value) in [
        (tags::ROWS, ROWS as u16),
        (tags::COLUMNS, COLUMNS as u16),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PIXEL_REPRESENTATION, 0),
        (tags::SAMPLES_PER_PIXEL, 1),
    ] {
        set.put_u16(tag, value);
    }
    set.put_bytes(tags::PIXEL_DATA, Vr::OB, pixels);
    set
}

pub(crate) fn pixels(done: &Deidentified) -> Bytes {
    read_whole(done).get(tags::PIXEL_DATA).and_then(|element| element.value.bytes().cloned()).unwrap()
}

fn read_whole(done: &Deidentified) -> DataSet {
    let bytes = Bytes::from(done.to_bytes());
    dicom::pixel::Image::open(&bytes, &dicom::pixel::Limits::default()).unwrap().0
}

#[test]
fn text_is_masked_and_the_rest_stays_byte_for_byte() {
    let wall = wall(SEARCHES).with_engines(reading(Reads("Jonsson")));
    let done = through(&wall, &ultrasound(drawn())).unwrap();
    let Searched::Masked { masks, .. } = done.pixels() else { panic!("{:?}", done.pixels()) };
    assert_eq!((masks.masks.len(), masks.masks[0].frame), (1, 1));
    assert!(masks.share < 0.15, "{}", masks.share);
    assert!(pixels(&done).iter().all(|value| *value == 10), "even ground stays even");
    let header = read(&done).data_set;
    assert_eq!(header.text(tags::BURNED_IN_ANNOTATION).as_deref(), Some("NO"));
    let methods = header.items(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE);
    assert!(methods.iter().any(|code| code.text(tags::CODE_VALUE).as_deref() == Some("113101")));
}

#[test]
fn harmless_text_and_images_without_text_do_not_change() {
    for (engine, image) in [(Reads("Supine"), drawn()), (Reads("Jonsson"), vec![10; COLUMNS * ROWS])] {
        let done =
            through(&wall(SEARCHES).with_engines(reading(engine)), &ultrasound(image.clone())).unwrap();
        assert!(matches!(done.pixels(), Searched::Clean(_)));
        assert_eq!(pixels(&done), image);
    }
}

#[test]
fn only_the_touched_frame_of_a_compressed_image_is_coded_anew() {
    let mut set = ultrasound([vec![10; COLUMNS * ROWS], drawn()].concat());
    set.put_text(tags::SOP_CLASS_UID, uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE);
    set.put_text(tags::CONVERSION_TYPE, "WSD");
    set.put_text(tags::NUMBER_OF_FRAMES, "2");
    let native = crate::objects::file(&set);
    let limits = dicom::pixel::Limits::default();
    let file = dicom::pixel::transcode(&native, uids::RLE_LOSSLESS, &limits).unwrap();
    let done =
        wall(SEARCHES).with_engines(reading(Reads("Jonsson"))).deidentify(&file, &Known::default()).unwrap();
    let (_, before) = dicom::pixel::Image::open(&file, &limits).unwrap();
    let (_, after) = dicom::pixel::Image::open(&Bytes::from(done.to_bytes()), &limits).unwrap();
    assert_eq!(after.transfer_syntax, uids::RLE_LOSSLESS);
    assert_eq!(before.frames.get(0).unwrap(), after.frames.get(0).unwrap());
    assert!(after.decode(1).unwrap().data.iter().all(|value| *value == 10));
}

#[test]
fn an_engine_that_reads_and_fails_withholds_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let hangs = folder.path().join("hangs");
    std::fs::write(&hangs, "#!/bin/sh\nexec sleep 600\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&hangs, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let engines: [(Arc<dyn Ocr>, &str); 4] = [
        (Arc::new(Tesseract::new("false")), "failed"),
        (Arc::new(Tesseract::new("true")), "answer can't be read"),
        (Arc::new(Tesseract::new(&hangs).patience(Duration::from_millis(200))), "too long"),
        (Arc::new(Miscounts), "answer can't be read"),
    ];
    for (engine, says) in engines {
        let engines = Engines { detector: Some(Arc::new(SeesBright)), ocr: Some(engine) };
        let withheld = through(&wall(SEARCHES).with_engines(engines), &ultrasound(drawn())).unwrap_err();
        assert_eq!(withheld.reason.code(), "ocr-unavailable");
        assert!(withheld.to_string().contains(says), "{withheld}");
    }
}

#[test]
fn without_an_engine_that_reads_all_text_goes_and_nothing_is_judged() {
    let absent = || reading(Tesseract::new("/nowhere/tesseract"));
    let done = through(&wall(SEARCHES).with_engines(absent()), &ultrasound(drawn())).unwrap();
    assert!(matches!(done.pixels(), Searched::Masked { .. }));
    let mut only_names = deid::policy::ready::policy(SEARCHES).unwrap();
    only_names.pixels.mask = deid::policy::document::Mask::Identifiers;
    let wall = deid::Wall::new(only_names.compile().unwrap(), deid::ProjectKey::from_bytes(&[7; 32]));
    let withheld = through(&wall.with_engines(absent()), &ultrasound(drawn())).unwrap_err();
    assert_eq!(withheld.reason.code(), "ocr-unavailable");
}

#[test]
fn a_detector_that_fails_in_any_way_withholds_the_image() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("libonnxruntime.so"), "no library").unwrap();
    std::fs::write(folder.path().join("text-detector.onnx"), "no model").unwrap();
    let detectors: [(Option<Arc<dyn Detector>>, &str); 6] = [
        (None, "scripts/tools detector"),
        (Some(Arc::new(Onnx::new(folder.path().join("absent")))), "scripts/tools detector"),
        (Some(Arc::new(Onnx::new(folder.path()))), "can't be loaded"),
        (Some(Arc::new(Fails(DetectorError::Model))), "not one that finds text"),
        (Some(Arc::new(Fails(DetectorError::Failed))), "failed"),
        (Some(Arc::new(Fails(DetectorError::Unreadable))), "answer can't be read"),
    ];
    for (detector, says) in detectors {
        let engines = Engines { detector, ocr: Some(Arc::new(Reads("cm"))) };
        let withheld = through(&wall(SEARCHES).with_engines(engines), &ultrasound(drawn())).unwrap_err();
        assert_eq!(withheld.reason.code(), "detector-unavailable");
        assert!(withheld.to_string().contains(says), "{withheld}");
    }
}

#[test]
fn pixels_that_cannot_be_decoded_and_labels_of_slides_are_withheld() {
    let engine = || reading(Reads("cm"));
    let mut set = ultrasound(drawn());
    set.put_fragments(
        tags::PIXEL_DATA,
        dicom::Fragments { offset_table: Bytes::new(), fragments: vec![Bytes::from_static(b"no JPEG")] },
    );
    let ts = TransferSyntax::by_uid(uids::JPEG_BASELINE8_BIT).unwrap();
    let file = Bytes::from(dicom::write_file(&set, &ts, None));
    let withheld = wall(SEARCHES).with_engines(engine()).deidentify(&file, &Known::default()).unwrap_err();
    assert_eq!(withheld.reason.code(), "pixels-unreadable");
    let mut label = ultrasound(drawn());
    label.put_text(tags::SOP_CLASS_UID, uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE);
    label.put_text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LABEL\\NONE");
    let withheld = through(&wall(SEARCHES).with_engines(engine()), &label).unwrap_err();
    assert_eq!(withheld.reason.code(), "burned-in-text");
}
