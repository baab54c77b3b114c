//! The header a CT scanner writes: some hundred elements, sequences, a private block.

use dicom::{DataSet, Tag, Vr, tags};

const SLICE: &[(Tag, &str)] = &[
    (tags::SPECIFIC_CHARACTER_SET, "ISO_IR 100"),
    (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI"),
    (tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2"),
    (tags::STUDY_DATE, "20260101"),
    (tags::SERIES_DATE, "20260101"),
    (tags::ACQUISITION_DATE, "20260101"),
    (tags::CONTENT_DATE, "20260101"),
    (tags::ACQUISITION_DATE_TIME, "20260101101500.250000"),
    (tags::STUDY_TIME, "101200.000000"),
    (tags::SERIES_TIME, "101432.121000"),
    (tags::ACQUISITION_TIME, "101500.250000"),
    (tags::CONTENT_TIME, "101500.903000"),
    (tags::MODALITY, "CT"),
    (tags::MANUFACTURER, "Bench Imaging"),
    (tags::INSTITUTION_NAME, "Bench Hospital"),
    (tags::INSTITUTION_ADDRESS, "1 Main Street, Springfield"),
    (tags::REFERRING_PHYSICIAN_NAME, "Referring^Physician"),
    (tags::STATION_NAME, "CT01"),
    (tags::STUDY_DESCRIPTION, "CT chest with contrast"),
    (tags::SERIES_DESCRIPTION, "Thorax 1.0 B70f"),
    (tags::INSTITUTIONAL_DEPARTMENT_NAME, "Radiology"),
    (tags::PERFORMING_PHYSICIAN_NAME, "Performing^Physician"),
    (tags::OPERATORS_NAME, "Technologist^Anna"),
    (tags::MANUFACTURER_MODEL_NAME, "Model 64"),
    (tags::PATIENT_BIRTH_DATE, "19620711"),
    (tags::PATIENT_SEX, "F"),
    (tags::PATIENT_AGE, "063Y"),
    (tags::PATIENT_SIZE, "1.68"),
    (tags::PATIENT_WEIGHT, "71"),
    (tags::CONTRAST_BOLUS_AGENT, "APPLIED"),
    (tags::BODY_PART_EXAMINED, "CHEST"),
    (tags::SCAN_OPTIONS, "HELIX"),
    (tags::SLICE_THICKNESS, "1"),
    (tags::KVP, "120"),
    (tags::DATA_COLLECTION_DIAMETER, "500"),
    (tags::DEVICE_SERIAL_NUMBER, "54321"),
    (tags::SOFTWARE_VERSIONS, "VA48A"),
    (tags::PROTOCOL_NAME, "ThoraxRoutine"),
    (tags::CONTRAST_BOLUS_VOLUME, "80"),
    (tags::RECONSTRUCTION_DIAMETER, "380"),
    (tags::DISTANCE_SOURCE_TO_DETECTOR, "1085.6"),
    (tags::DISTANCE_SOURCE_TO_PATIENT, "595"),
    (tags::GANTRY_DETECTOR_TILT, "0"),
    (tags::TABLE_HEIGHT, "162"),
    (tags::ROTATION_DIRECTION, "CW"),
    (tags::EXPOSURE_TIME, "500"),
    (tags::X_RAY_TUBE_CURRENT, "211"),
    (tags::EXPOSURE, "106"),
    (tags::FILTER_TYPE, "FLAT"),
    (tags::GENERATOR_POWER, "25"),
    (tags::FOCAL_SPOTS, "1.2"),
    (tags::DATE_OF_LAST_CALIBRATION, "20251230"),
    (tags::TIME_OF_LAST_CALIBRATION, "064512.000000"),
    (tags::CONVOLUTION_KERNEL, "B70f"),
    (tags::PATIENT_POSITION, "HFS"),
    (tags::SINGLE_COLLIMATION_WIDTH, "0.6"),
    (tags::TOTAL_COLLIMATION_WIDTH, "38.4"),
    (tags::TABLE_SPEED, "76.8"),
    (tags::SPIRAL_PITCH_FACTOR, "1"),
    (tags::CTD_IVOL, "7.81"),
    (tags::ACQUISITION_NUMBER, "2"),
    (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0"),
    (tags::POSITION_REFERENCE_INDICATOR, "SN"),
    (tags::IMAGE_COMMENTS, "none"),
    (tags::SAMPLES_PER_PIXEL, "1"),
    (tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2"),
    (tags::PIXEL_SPACING, "0.742188\\0.742188"),
    (tags::BITS_ALLOCATED, "16"),
    (tags::BITS_STORED, "12"),
    (tags::HIGH_BIT, "11"),
    (tags::PIXEL_REPRESENTATION, "0"),
    (tags::SMALLEST_IMAGE_PIXEL_VALUE, "0"),
    (tags::LARGEST_IMAGE_PIXEL_VALUE, "3062"),
    (tags::WINDOW_CENTER, "-600\\40"),
    (tags::WINDOW_WIDTH, "1200\\400"),
    (tags::RESCALE_INTERCEPT, "-1024"),
    (tags::RESCALE_SLOPE, "1"),
    (tags::RESCALE_TYPE, "HU"),
    (tags::WINDOW_CENTER_WIDTH_EXPLANATION, "LUNG\\SOFT"),
    (tags::LOSSY_IMAGE_COMPRESSION, "00"),
    (tags::REQUESTING_PHYSICIAN, "Referring^Physician"),
    (tags::REQUESTED_PROCEDURE_DESCRIPTION, "CT chest with contrast"),
    (tags::PERFORMED_PROCEDURE_STEP_START_DATE, "20260101"),
    (tags::PERFORMED_PROCEDURE_STEP_START_TIME, "101200.000000"),
    (tags::PERFORMED_PROCEDURE_STEP_ID, "PPS7741"),
    (tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION, "Thorax routine"),
];

/// One slice without pixels. Four exams have one patient.
pub fn slice(round: u32, exam: u32, series: u32, number: u32, size: u16) -> DataSet {
    let mut set = DataSet::new();
    SLICE.iter().for_each(|(tag, text)| set.put_text(*tag, text));
    let study = format!("1.2.826.0.1.3680043.8.498.{round}.{exam}");
    let of_series = format!("{study}.{series}");
    set.put_text(tags::STUDY_INSTANCE_UID, &study);
    set.put_text(tags::SERIES_INSTANCE_UID, &of_series);
    set.put_text(tags::SOP_INSTANCE_UID, &format!("{of_series}.{number}"));
    set.put_text(tags::FRAME_OF_REFERENCE_UID, &format!("{study}.99"));
    set.put_text(tags::PATIENT_ID, &format!("BENCH{:06}", exam / 4));
    set.put_text(tags::PATIENT_NAME, &format!("Bench^Mark{:06}", exam / 4));
    set.put_text(tags::ACCESSION_NUMBER, &format!("A{round:04}{exam:07}"));
    set.put_text(tags::STUDY_ID, &exam.to_string());
    set.put_text(tags::SERIES_NUMBER, &(series + 1).to_string());
    set.put_text(tags::INSTANCE_NUMBER, &(number + 1).to_string());
    set.put_text(tags::IMAGE_POSITION_PATIENT, &format!("-190\\-190\\{}", -f64::from(number)));
    set.put_text(tags::SLICE_LOCATION, &format!("{}", -f64::from(number)));
    set.put_u16(tags::ROWS, size);
    set.put_u16(tags::COLUMNS, size);
    sequences(&mut set);
    private(&mut set);
    set
}

fn sequences(set: &mut DataSet) {
    let chest = code("51185008", "SCT", "Chest");
    set.put_items(tags::PROCEDURE_CODE_SEQUENCE, vec![code("24627-2", "LN", "CT chest")]);
    set.put_items(tags::ANATOMIC_REGION_SEQUENCE, vec![chest]);
    let mut request = DataSet::new();
    request.put_text(tags::REQUESTED_PROCEDURE_ID, "RP4711");
    request.put_text(tags::SCHEDULED_PROCEDURE_STEP_ID, "SPS4711");
    request.put_text(tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION, "CT chest with contrast");
    request.put_items(tags::SCHEDULED_PROTOCOL_CODE_SEQUENCE, vec![code("CTCH", "99BENCH", "CT chest")]);
    set.put_items(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![request]);
    let references = (1..=2).map(|number| {
        let mut reference = DataSet::new();
        reference.put_text(tags::REFERENCED_SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
        reference
            .put_text(tags::REFERENCED_SOP_INSTANCE_UID, &format!("1.2.826.0.1.3680043.8.498.7.{number}"));
        reference
    });
    set.put_items(tags::REFERENCED_IMAGE_SEQUENCE, references.collect());
}

fn code(value: &str, scheme: &str, meaning: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put_text(tags::CODE_VALUE, value);
    item.put_text(tags::CODING_SCHEME_DESIGNATOR, scheme);
    item.put_text(tags::CODE_MEANING, meaning);
    item
}

fn private(set: &mut DataSet) {
    set.put_text_as(Tag(0x0029, 0x0010), Vr::LO, "BENCH CSA HEADER");
    set.put_bytes(Tag(0x0029, 0x1010), Vr::OB, vec![7; 1024]);
    set.put_text_as(Tag(0x0029, 0x1011), Vr::LO, "IMAGE NUM 4");
    set.put_text_as(Tag(0x0029, 0x1012), Vr::DS, "1.5");
}
