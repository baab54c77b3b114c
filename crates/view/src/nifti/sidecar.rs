//! What a volume was acquired with, as the JSON file BIDS puts beside it
//! (<https://bids-specification.readthedocs.io/>). Nothing that says whose it is, when or where.

use dicom::{DataSet, Tag, tags};
use serde_json::{Map, Value, json};

/// Attributes that are taken as they are.
const PLAIN: &[(&str, Tag)] = &[
    ("Modality", tags::MODALITY),
    ("Manufacturer", tags::MANUFACTURER),
    ("ManufacturersModelName", tags::MANUFACTURER_MODEL_NAME),
    ("SoftwareVersions", tags::SOFTWARE_VERSIONS),
    ("BodyPartExamined", tags::BODY_PART_EXAMINED),
    ("PatientPosition", tags::PATIENT_POSITION),
    ("ProtocolName", tags::PROTOCOL_NAME),
    ("SeriesDescription", tags::SERIES_DESCRIPTION),
    ("SequenceName", tags::SEQUENCE_NAME),
    ("PulseSequenceName", tags::PULSE_SEQUENCE_NAME),
    ("MRAcquisitionType", tags::MR_ACQUISITION_TYPE),
    ("ReceiveCoilName", tags::RECEIVE_COIL_NAME),
    ("ConvolutionKernel", tags::CONVOLUTION_KERNEL),
    ("DecayCorrection", tags::DECAY_CORRECTION),
    ("AttenuationCorrectionMethod", tags::ATTENUATION_CORRECTION_METHOD),
    ("ScatterCorrectionMethod", tags::SCATTER_CORRECTION_METHOD),
    ("ReconstructionMethod", tags::RECONSTRUCTION_METHOD),
    ("InPlanePhaseEncodingDirectionDICOM", tags::IN_PLANE_PHASE_ENCODING_DIRECTION),
];

/// Attributes with several values.
const LISTS: &[(&str, Tag)] = &[
    ("ImageType", tags::IMAGE_TYPE),
    ("ScanningSequence", tags::SCANNING_SEQUENCE),
    ("SequenceVariant", tags::SEQUENCE_VARIANT),
    ("ScanOptions", tags::SCAN_OPTIONS),
];

/// Numbers: name, attribute, factor to the unit BIDS has (seconds, where DICOM has milliseconds).
const NUMBERS: &[(&str, Tag, f64)] = &[
    ("MagneticFieldStrength", tags::MAGNETIC_FIELD_STRENGTH, 1.0),
    ("ImagingFrequency", tags::IMAGING_FREQUENCY, 1.0),
    ("SeriesNumber", tags::SERIES_NUMBER, 1.0),
    ("AcquisitionNumber", tags::ACQUISITION_NUMBER, 1.0),
    ("SliceThickness", tags::SLICE_THICKNESS, 1.0),
    ("SpacingBetweenSlices", tags::SPACING_BETWEEN_SLICES, 1.0),
    ("EchoTime", tags::ECHO_TIME, 1e-3),
    ("EchoNumber", tags::ECHO_NUMBERS, 1.0),
    ("RepetitionTime", tags::REPETITION_TIME, 1e-3),
    ("InversionTime", tags::INVERSION_TIME, 1e-3),
    ("FlipAngle", tags::FLIP_ANGLE, 1.0),
    ("EchoTrainLength", tags::ECHO_TRAIN_LENGTH, 1.0),
    ("PixelBandwidth", tags::PIXEL_BANDWIDTH, 1.0),
    ("NumberOfAverages", tags::NUMBER_OF_AVERAGES, 1.0),
    ("SAR", tags::SAR, 1.0),
    ("KVP", tags::KVP, 1.0),
    ("XRayTubeCurrent", tags::X_RAY_TUBE_CURRENT, 1.0),
    ("XRayExposure", tags::EXPOSURE, 1.0),
    ("ExposureTime", tags::EXPOSURE_TIME, 1e-3),
    ("GantryDetectorTilt", tags::GANTRY_DETECTOR_TILT, 1.0),
    ("ReconstructionDiameter", tags::RECONSTRUCTION_DIAMETER, 1.0),
    ("ActualFrameDuration", tags::ACTUAL_FRAME_DURATION, 1e-3),
];

/// Makes the sidecar of a volume from the header of its first slice.
pub(super) fn of(header: &DataSet, echo: Option<i64>, notes: &[String]) -> Value {
    let mut out = Map::new();
    for (name, tag) in PLAIN {
        if let Some(text) = header.text(*tag).filter(|text| !text.is_empty()) {
            out.insert((*name).into(), text.into());
        }
    }
    for (name, tag) in LISTS {
        let values = header.texts(*tag);
        if !values.is_empty() {
            out.insert((*name).into(), values.into());
        }
    }
    for (name, tag, factor) in NUMBERS {
        if let Some(number) = header.float(*tag).filter(|n| n.is_finite()) {
            out.insert((*name).into(), rounded(number * factor));
        }
    }
    // Objects with functional groups have it nowhere else.
    if let Some(hundredths) = echo {
        out.entry("EchoTime").or_insert_with(|| rounded(hundredths as f64 / 100_000.0));
    }
    pet(header, &mut out);
    out.insert("ConversionSoftware".into(), "Isocenter".into());
    out.insert("ConversionSoftwareVersion".into(), env!("CARGO_PKG_VERSION").into());
    if !notes.is_empty() {
        out.insert("ConversionNotes".into(), json!(notes));
    }
    Value::Object(out)
}

fn pet(header: &DataSet, out: &mut Map<String, Value>) {
    if let Some(units) = header.text(tags::UNITS).filter(|units| !units.is_empty()) {
        // UCUM writes becquerel per millilitre with a slash.
        out.insert("Units".into(), if units == "BQML" { "Bq/mL".into() } else { units.into() });
    }
    let Some(drug) = header.items(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE).first() else { return };
    if let Some(name) = drug.text(tags::RADIOPHARMACEUTICAL).filter(|name| !name.is_empty()) {
        out.insert("Radiopharmaceutical".into(), name.into());
    }
    for (name, tag, factor) in [
        ("InjectedRadioactivity", tags::RADIONUCLIDE_TOTAL_DOSE, 1e-6),
        ("RadionuclideHalfLife", tags::RADIONUCLIDE_HALF_LIFE, 1.0),
        ("RadionuclidePositronFraction", tags::RADIONUCLIDE_POSITRON_FRACTION, 1.0),
    ] {
        if let Some(number) = drug.float(tag).filter(|n| n.is_finite()) {
            out.insert(name.into(), rounded(number * factor));
        }
    }
    if out.contains_key("InjectedRadioactivity") {
        out.insert("InjectedRadioactivityUnits".into(), "MBq".into());
    }
}

/// Nine digits: what a factor of a thousandth adds behind them is no measurement.
fn rounded(number: f64) -> Value {
    let text = format!("{number:.9}");
    let value: f64 = text.parse().unwrap_or(number);
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
