//! Tables: what HL7's codes are called in FHIR.

/// The URI of a coding system by its name of table 0396, or the usual misspellings of it.
pub(super) fn system(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_uppercase();
    let known = match plain.as_str() {
        "LN" | "LOINC" => "http://loinc.org",
        "SCT" | "SNOMEDCT" | "SNOMED" | "SCT2" => "http://snomed.info/sct",
        "I9" | "I9C" | "I9CM" | "I9M" | "I9CDX" | "ICD9" | "ICD9CM" => "http://hl7.org/fhir/sid/icd-9-cm",
        "I10" | "ICD10" => "http://hl7.org/fhir/sid/icd-10",
        "I10C" | "ICD10CM" => "http://hl7.org/fhir/sid/icd-10-cm",
        "I10P" | "ICD10PCS" => "http://www.cms.gov/Medicare/Coding/ICD10",
        "UCUM" => "http://unitsofmeasure.org",
        "C4" | "CPT" | "CPT4" => "http://www.ama-assn.org/go/cpt",
        "DCM" => DCM,
        "RXNORM" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "NDC" => "http://hl7.org/fhir/sid/ndc",
        "CVX" => "http://hl7.org/fhir/sid/cvx",
        "RADLEX" => "http://radlex.org",
        "CDCREC" => "urn:oid:2.16.840.1.113883.6.238",
        _ => return unknown_system(name, &plain),
    };
    known.into()
}

fn unknown_system(name: &str, plain: &str) -> String {
    match plain.strip_prefix("HL7") {
        Some(table) if (1..=4).contains(&table.len()) && table.bytes().all(|b| b.is_ascii_digit()) => {
            v2(table)
        }
        _ if name.contains("://") || name.starts_with("urn:") => name.into(),
        _ if super::identifiers::is_uid(name) => format!("urn:oid:{name}"),
        _ => format!("urn:hl7v2:{}", name.split_whitespace().collect::<Vec<_>>().join("-")),
    }
}

/// The URI of a table of HL7 v2.
pub(super) fn v2(table: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/v2-{table:0>4}")
}

/// DICOM's own codes, modalities among them.
pub(super) const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// Table 0001.
pub(super) fn gender(code: &str) -> &'static str {
    match code {
        "M" => "male",
        "F" => "female",
        "O" | "A" | "N" | "X" => "other",
        _ => "unknown",
    }
}

/// Table 0004 as ActEncounterCode of HL7 v3.
pub(super) fn class(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "I" | "B" => ("IMP", "inpatient encounter"),
        "O" | "R" | "C" => ("AMB", "ambulatory"),
        "E" => ("EMER", "emergency"),
        "P" => ("PRENC", "pre-admission"),
        _ => return None,
    })
}

/// Table 0123, the status of a result, as DiagnosticReport.status.
pub(super) fn report_status(code: &str) -> &'static str {
    match code {
        "F" => "final",
        "C" => "corrected",
        "P" | "R" => "preliminary",
        "A" => "partial",
        "I" | "O" | "S" => "registered",
        "X" => "cancelled",
        _ => "unknown",
    }
}

/// Table 0085, the status of an observation, as Observation.status.
pub(super) fn observation_status(code: &str) -> &'static str {
    match code {
        "F" | "U" | "V" => "final",
        "C" => "corrected",
        "A" | "B" => "amended",
        "P" | "R" | "S" => "preliminary",
        "I" | "O" | "N" => "registered",
        "X" => "cancelled",
        "D" | "W" => "entered-in-error",
        _ => "unknown",
    }
}

/// The modality (PS3.3 §C.7.3.1.1.1) that a diagnostic service (table 0074) or a modality code stands for.
pub(super) fn modality(code: &str) -> Option<&'static str> {
    const DICOM: [&str; 30] = [
        "CT", "MR", "US", "DX", "CR", "MG", "XA", "RF", "NM", "PT", "IO", "PX", "ES", "XC", "GM", "SM", "OP",
        "OPT", "IVUS", "IVOCT", "BMD", "ECG", "EPS", "HD", "LS", "RG", "TG", "BI", "OCT", "CFM",
    ];
    let named = DICOM.into_iter().find(|modality| *modality == code);
    named.or(match code {
        "NMR" | "MRI" => Some("MR"),
        "RUS" | "OUS" | "VUS" | "CUS" => Some("US"),
        "NMS" => Some("NM"),
        "PET" => Some("PT"),
        "MAM" => Some("MG"),
        "XR" | "RX" => Some("RG"),
        _ => None,
    })
}

/// True when the service makes images, false when it surely doesn't; none when its code says neither.
pub(super) fn makes_images(service: &str) -> Option<bool> {
    match service {
        "RAD" | "IMG" | "RT" | "XRC" => Some(true),
        "LAB" | "CH" | "HM" | "MB" | "BLB" | "SP" | "CP" | "MCB" | "IMM" | "SR" | "TX" | "VR" | "BG"
        | "MYC" | "CG" | "GE" | "URN" | "OSL" => Some(false),
        "ECG" | "EPS" | "HD" => None,
        other => modality(other).map(|_| true),
    }
}
