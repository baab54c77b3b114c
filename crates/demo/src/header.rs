//! Headers: the modules that all our images share (PS3.3 Annex C).

use crate::exam::Exam;
use crate::uid::uid;
use crate::{INSTITUTION, noise};
use dicom::{DataSet, Tag, tags};

/// What distinguishes a series.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub number: u16,
    pub modality: &'static str,
    pub description: &'static str,
    pub sop_class: &'static str,
    pub body_part: &'static str,
    pub model: &'static str,
    /// Minutes after the visit's beginning.
    pub after: u16,
}

const REFERRERS: [&str; 5] =
    ["Bakker^Anna^^Dr.", "Silva^Rui^^Dr.", "Novák^Petr^^Dr.", "Chen^Wei^^Dr.", "Adeyemi^Tola^^Dr."];
const OPERATORS: [&str; 3] = ["Weber^Lena", "Dubois^Marc", "Hassan^Amira"];

/// Puts texts under their attributes.
pub(crate) fn put(set: &mut DataSet, texts: &[(Tag, &str)]) {
    for (tag, text) in texts {
        set.put_text(*tag, text);
    }
}

/// An item of a sequence of codes (PS3.3 §8.8).
pub(crate) fn code(value: &str, scheme: &str, meaning: &str) -> DataSet {
    let mut item = DataSet::new();
    put(
        &mut item,
        &[(tags::CODE_VALUE, value), (tags::CODING_SCHEME_DESIGNATOR, scheme), (tags::CODE_MEANING, meaning)],
    );
    item
}

/// Several numbers as one text: `1.5\-2`.
pub(crate) fn numbers(values: &[f64]) -> String {
    let short = |value: &f64| ((value * 1e4).round() / 1e4).to_string();
    values.iter().map(short).collect::<Vec<_>>().join("\\")
}

/// Minutes after midnight as TM, with seconds.
pub(crate) fn time(minute: u16, second: u32) -> String {
    let minute = u32::from(minute) + second / 60;
    format!("{:02}{:02}{:02}", minute / 60 % 24, minute % 60, second % 60)
}

/// The modules of patient, exam, series and device, for the instance with this number.
pub(crate) fn common(exam: &Exam, about: &About, number: u32) -> DataSet {
    let mut set = DataSet::new();
    patient(&mut set, exam);
    study(&mut set, exam);
    series(&mut set, exam, about);
    let instance = format!("instance/{}/{}/{number}", exam.key(), about.number);
    put(
        &mut set,
        &[
            (tags::SOP_CLASS_UID, about.sop_class),
            (tags::SOP_INSTANCE_UID, &uid(&instance)),
            (tags::INSTANCE_NUMBER, &number.to_string()),
            (tags::IMAGE_COMMENTS, "SYNTHETIC: computed by Isocenter, not taken of a person"),
        ],
    );
    let taken = time(exam.visit.minute + about.after, 20 + number);
    dated(
        &mut set,
        exam,
        &taken,
        &[tags::CONTENT_DATE, tags::ACQUISITION_DATE],
        &[tags::CONTENT_TIME, tags::ACQUISITION_TIME],
    );
    set
}

fn dated(set: &mut DataSet, exam: &Exam, time: &str, dates: &[Tag], times: &[Tag]) {
    let day = exam.visit.date.strftime("%Y%m%d").to_string();
    dates.iter().for_each(|tag| set.put_text(*tag, &day));
    times.iter().for_each(|tag| set.put_text(*tag, time));
}

fn patient(set: &mut DataSet, exam: &Exam) {
    let patient = exam.patient;
    put(
        set,
        &[
            (tags::PATIENT_NAME, patient.name),
            (tags::PATIENT_ID, patient.id),
            (tags::ISSUER_OF_PATIENT_ID, "DEMO"),
            (tags::PATIENT_BIRTH_DATE, &patient.born.strftime("%Y%m%d").to_string()),
            (tags::PATIENT_SEX, patient.sex),
            (tags::PATIENT_AGE, &format!("{:03}Y", exam.age())),
            (tags::PATIENT_WEIGHT, &numbers(&[patient.weight])),
            (tags::PATIENT_SIZE, &numbers(&[patient.height])),
        ],
    );
}

fn study(set: &mut DataSet, exam: &Exam) {
    let seed = exam.seed() as usize;
    put(
        set,
        &[
            (tags::STUDY_INSTANCE_UID, &exam.study_instance_uid()),
            (tags::STUDY_ID, &format!("{}", noise::mix(exam.seed()) % 90_000 + 10_000)),
            (tags::ACCESSION_NUMBER, &exam.accession_number()),
            (tags::STUDY_DESCRIPTION, exam.description()),
            (tags::REFERRING_PHYSICIAN_NAME, REFERRERS[seed % REFERRERS.len()]),
        ],
    );
    dated(set, exam, &time(exam.visit.minute, 0), &[tags::STUDY_DATE], &[tags::STUDY_TIME]);
}

fn series(set: &mut DataSet, exam: &Exam, about: &About) {
    put(
        set,
        &[
            (tags::MODALITY, about.modality),
            (tags::SERIES_INSTANCE_UID, &uid(&format!("series/{}/{}", exam.key(), about.number))),
            (tags::SERIES_NUMBER, &about.number.to_string()),
            (tags::SERIES_DESCRIPTION, about.description),
            (tags::PROTOCOL_NAME, about.description),
            (tags::BODY_PART_EXAMINED, about.body_part),
            (tags::OPERATORS_NAME, OPERATORS[exam.seed() as usize % OPERATORS.len()]),
            (tags::MANUFACTURER, "Isocenter"),
            (tags::MANUFACTURER_MODEL_NAME, about.model),
            (tags::DEVICE_SERIAL_NUMBER, &format!("DEMO-{}", about.modality)),
            (tags::STATION_NAME, &format!("DEMO{}1", about.modality)),
            (tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION")),
            (tags::INSTITUTION_NAME, INSTITUTION),
        ],
    );
    let begun = time(exam.visit.minute + about.after, 10);
    dated(set, exam, &begun, &[tags::SERIES_DATE], &[tags::SERIES_TIME]);
}

/// Frame of reference and plane of an axial slice centred on the origin (PS3.3 §C.7.4.1, §C.7.6.2).
pub(crate) struct Plane {
    pub columns: usize,
    pub rows: usize,
    /// Between centres of pixels, mm.
    pub spacing: f32,
    /// Height of the slice, mm.
    pub z: f32,
    /// mm.
    pub thickness: f32,
}

impl Plane {
    pub(crate) fn put(&self, set: &mut DataSet, exam: &Exam) {
        let corner = |count: usize| -f64::from((count - 1) as f32 / 2.0 * self.spacing);
        let spacing = f64::from(self.spacing);
        put(
            set,
            &[
                (tags::FRAME_OF_REFERENCE_UID, &uid(&format!("frame/{}", exam.key()))),
                (tags::POSITION_REFERENCE_INDICATOR, ""),
                (tags::PATIENT_POSITION, "HFS"),
                (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0"),
                (
                    tags::IMAGE_POSITION_PATIENT,
                    &numbers(&[corner(self.columns), corner(self.rows), self.z.into()]),
                ),
                (tags::PIXEL_SPACING, &numbers(&[spacing, spacing])),
                (tags::SLICE_THICKNESS, &numbers(&[self.thickness.into()])),
                (tags::SPACING_BETWEEN_SLICES, &numbers(&[self.thickness.into()])),
                (tags::SLICE_LOCATION, &numbers(&[self.z.into()])),
            ],
        );
    }
}

/// Grey pixels of 16 bits (PS3.3 §C.7.6.3).
pub(crate) fn grey(set: &mut DataSet, columns: usize, bits: u16, signed: bool, pixels: &[i32]) {
    set.put_u16(tags::SAMPLES_PER_PIXEL, 1);
    set.put_text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    set.put_u16(tags::ROWS, (pixels.len() / columns) as u16);
    set.put_u16(tags::COLUMNS, columns as u16);
    set.put_u16(tags::BITS_ALLOCATED, 16);
    set.put_u16(tags::BITS_STORED, bits);
    set.put_u16(tags::HIGH_BIT, bits - 1);
    set.put_u16(tags::PIXEL_REPRESENTATION, u16::from(signed));
    let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| (*pixel as u16).to_le_bytes()).collect();
    set.put_bytes(tags::PIXEL_DATA, dicom::Vr::OW, bytes);
}
