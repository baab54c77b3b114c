//! What BIDS keeps beside a volume: numbers and terms of techniques stay, everything else goes.

use super::Refused;
use serde_json::{Map, Value};

/// Keys whose text is a term or the name of a product (BIDS 1.10, imaging data types).
const TERMS: &[&str] = &[
    "Modality",
    "Manufacturer",
    "ManufacturersModelName",
    "MRAcquisitionType",
    "ScanningSequence",
    "SequenceVariant",
    "ScanOptions",
    "PulseSequenceType",
    "PhaseEncodingDirection",
    "SliceEncodingDirection",
    "InPlanePhaseEncodingDirectionDICOM",
    "ImageType",
    "BodyPartExamined",
    "PatientPosition",
    "PatientSex",
    "TracerName",
    "TracerRadionuclide",
    "InjectedRadioactivityUnits",
    "InjectedMassUnits",
    "SpecificRadioactivityUnits",
    "MolarActivityUnits",
    "ModeOfAdministration",
    "AcquisitionMode",
    "ReconMethodName",
    "ReconFilterType",
    "AttenuationCorrection",
    "Units",
    "ConversionSoftware",
    "ConversionSoftwareVersion",
    "ParallelAcquisitionTechnique",
    "CoilCombinationMethod",
    "MTState",
    "TaskName",
    "SoftwareVersions",
    "NonlinearGradientCorrection",
    "PartialFourierDirection",
];

/// Numbers under keys with such a word in them may be numbers of someone.
const TELLING: &[&str] = &[
    "id",
    "name",
    "date",
    "time",
    "birth",
    "uid",
    "accession",
    "serial",
    "address",
    "phone",
    "number",
    "study",
    "patient",
    "comment",
    "history",
    "physician",
    "operator",
    "station",
    "institution",
];

/// Of these words only the exact unit or duration counts.
const MEASURED: &[&str] = &[
    "EchoTime",
    "RepetitionTime",
    "InversionTime",
    "EchoTime1",
    "EchoTime2",
    "SliceTiming",
    "TotalReadoutTime",
    "DwellTime",
    "PatientWeight",
    "PatientSize",
    "FrameTimesStart",
    "InjectionStart",
    "ScanStart",
    "SeriesNumber",
    "EchoNumber",
    "AcquisitionNumber",
    "EstimatedTotalReadoutTime",
    "DelayTime",
    "AcquisitionDuration",
    "NumberOfVolumesDiscardedByScanner",
    "NumberShots",
    "FrameDuration",
    "WaterFatShift",
];

pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Refused("it can't be read as JSON"))?;
    let Value::Object(all) = value else { return Err(Refused("it is no sidecar: no JSON object")) };
    let kept: Map<String, Value> = all.into_iter().filter(|(key, value)| passes(key, value)).collect();
    let mut out = serde_json::to_vec_pretty(&kept).map_err(|_| Refused("it can't be written"))?;
    out.push(b'\n');
    Ok(out)
}

fn passes(key: &str, value: &Value) -> bool {
    let plain = key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain {
        return false;
    }
    if TERMS.contains(&key) {
        return is_term(value);
    }
    let folded = key.to_ascii_lowercase();
    let telling = TELLING.iter().any(|word| folded.contains(word)) && !MEASURED.contains(&key);
    !telling && is_measured(value)
}

/// Short words, as defined terms and names of products are.
fn is_term(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            text.len() <= 64
                && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-+./[]()*".contains(c))
                && crate::text::Patterns::get().find(text, true, 89).is_empty()
        }
        Value::Array(values) => values.iter().all(is_term),
        other => is_measured(other),
    }
}

fn is_measured(value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Bool(_) => true,
        Value::Array(values) => values.iter().all(is_measured),
        Value::Null | Value::String(_) | Value::Object(_) => false,
    }
}
