//! The fact tables: their names, columns and order. Event tables name the patient, the day and the age alike, so
//! that one question can be asked of all of them.

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::{Arc, LazyLock};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A number that names something; BIGINT.
    Id,
    /// A whole number; INT.
    Int,
    /// A number; DOUBLE.
    Number,
    /// Text.
    Text,
    /// Texts between bars: `|CT|SR|`.
    List,
    /// Words of a text, in order and with blanks around each.
    Words,
    /// A day of the calendar; DATE.
    Date,
    /// Microseconds since 1970, its own clock taken for UTC; TIMESTAMP.
    Moment,
    /// Names and values, both text; MAP.
    Map,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub of: Type,
    /// What it means, for people, with unit and source.
    pub about: &'static str,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// What the rows of a file are ordered by, so that a question reads few of them.
    pub order: &'static [&'static str],
    /// The same as Arrow writes it.
    pub schema: SchemaRef,
}

impl Table {
    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether its rows happened on a day.
    #[must_use]
    pub fn is_of_events(&self) -> bool {
        self.column("day").is_some()
    }

    /// Whether its rows belong to exams.
    #[must_use]
    pub fn is_of_exams(&self) -> bool {
        self.column("exam").is_some()
    }
}

/// A table by its name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// All tables.
pub static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    vec![
        named("patient", "A person in the clinical record.", &["patient"], &[PATIENT], PATIENTS),
        named("exam", "An exam (a DICOM study).", &["modalities", "body_part", "day"], EVENT, EXAMS),
        named("series", "A series of an exam.", &["modality", "body_part", "manufacturer"], EVENT, SERIES),
        named("order", "An imaging order (ServiceRequest).", &["state", "code", "day"], EVENT, ORDERS),
        named("report", "A report, as it holds now.", &["title", "day"], EVENT, REPORTS),
        named(
            "finding",
            "What a report says of one thing.",
            &["finding", "assertion", "patient"],
            EVENT,
            FINDINGS,
        ),
        named("category", "A category a report gives.", &["scheme", "value", "patient"], EVENT, CATEGORIES),
        named(
            "image_measurement",
            "A number measured on images: drawn in the viewer, or told by a DICOM SR.",
            &["code", "patient"],
            EVENT,
            IMAGE_MEASUREMENTS,
        ),
        named("encounter", "An encounter (visit_occurrence).", &["class", "patient"], EVENT, ENCOUNTERS),
        named("condition", "A condition (condition_occurrence).", CODED, EVENT, CODES),
        named("procedure", "A procedure (procedure_occurrence).", CODED, EVENT, CODES),
        named("medication", "An order, dispense or dose of a medicine (drug_exposure).", CODED, EVENT, CODES),
        named(
            "observation",
            "An observation or laboratory value (measurement, observation).",
            CODED,
            EVENT,
            VALUES,
        ),
        named(
            "membership",
            "A patient in a project, or an exam where only some are enrolled.",
            &["project", "patient"],
            EVENT,
            MEMBERSHIPS,
        ),
        named("variant", "A genomic variant found in the patient.", &["gene", "patient"], EVENT, VARIANTS),
    ]
});

fn named(
    name: &'static str,
    about: &'static str,
    order: &'static [&'static str],
    first: &[Column],
    then: &[Column],
) -> Table {
    let columns: Vec<Column> = first.iter().chain(then).copied().collect();
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    Table { name, about, columns, order, schema }
}

pub(crate) fn field(column: &Column) -> Field {
    let nullable = !matches!(column.name, "patient" | "id");
    let of = match column.of {
        Type::Id => DataType::Int64,
        Type::Int => DataType::Int32,
        Type::Number => DataType::Float64,
        Type::Text | Type::List | Type::Words => DataType::Utf8,
        Type::Date => DataType::Date32,
        Type::Moment => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Type::Map => return Field::new_map(column.name, "key_value", key(), value(), false, nullable),
    };
    Field::new(column.name, of, nullable)
}

fn key() -> Field {
    Field::new("key", DataType::Utf8, false)
}

fn value() -> Field {
    Field::new("value", DataType::Utf8, true)
}

const fn column(name: &'static str, of: Type, about: &'static str) -> Column {
    Column { name, of, about }
}

const PATIENT: Column =
    column("patient", Type::Id, "The patient's number. It says nothing about the person.");

const EVENT: &[Column] = &[
    PATIENT,
    column("id", Type::Id, "The row's own number within its table."),
    column("day", Type::Int, "The day it began, in days since 1970-01-01."),
    column("date", Type::Date, "The same day."),
    column("age", Type::Int, "The patient's age on that day, in whole years."),
];

const CODED: &[&str] = &["code", "patient"];

const PATIENTS: &[Column] = &[
    column("sex", Type::Text, "male, female, other, unknown (FHIR administrative-gender)."),
    column("birth_day", Type::Int, "Day of birth, in days since 1970-01-01."),
    column("birth_year", Type::Int, "Year of birth."),
    column("death_day", Type::Int, "Day of death, in days since 1970-01-01."),
    column("first_exam", Type::Int, "Day of the first exam, in days since 1970-01-01."),
    column("last_exam", Type::Int, "Day of the last exam, in days since 1970-01-01."),
    column("exams", Type::Int, "How many exams."),
];

const EXAMS: &[Column] = &[
    column("exam", Type::Id, "The exam's number."),
    column("study_uid", Type::Text, "Study Instance UID (0020,000D)."),
    column("at", Type::Moment, "When it began: Study Date and Time (0008,0020), (0008,0030)."),
    column("year", Type::Int, "The year it was made in."),
    column("modalities", Type::List, "Modalities in Study (0008,0061)."),
    column("body_part", Type::Text, "Body Part Examined (0018,0015) of its images, by frequency the first."),
    column("description", Type::Text, "Study Description (0008,1030)."),
    column("manufacturer", Type::Text, "Manufacturer (0008,0070) of its images."),
    column("model", Type::Text, "Manufacturer's Model Name (0008,1090)."),
    column("series_count", Type::Int, "How many series; of an exam still in a PACS as that tells."),
    column("instance_count", Type::Int, "How many instances; of an exam still in a PACS as that tells."),
    column("reports", Type::Int, "How many reports are linked to it."),
    column("orders", Type::Int, "How many orders are linked to it."),
    column(
        "held",
        Type::Int,
        "1: its images are here; 0: a PACS told that it has them, and they are still there.",
    ),
];

const SERIES: &[Column] = &[
    column("exam", Type::Id, "The exam's number."),
    column("series_uid", Type::Text, "Series Instance UID (0020,000E)."),
    column("modality", Type::Text, "Modality (0008,0060)."),
    column("body_part", Type::Text, "Body Part Examined (0018,0015)."),
    column("laterality", Type::Text, "Laterality or Image Laterality (0020,0060), (0020,0062)."),
    column("description", Type::Text, "Series Description (0008,103E)."),
    column("protocol", Type::Text, "Protocol Name (0018,1030)."),
    column("manufacturer", Type::Text, "Manufacturer (0008,0070)."),
    column("model", Type::Text, "Manufacturer's Model Name (0008,1090)."),
    column("instances", Type::Int, "How many instances."),
    column("rows", Type::Int, "Rows (0028,0010)."),
    column("columns", Type::Int, "Columns (0028,0011)."),
    column("slice_thickness", Type::Number, "Slice Thickness in mm (0018,0050)."),
    column("spacing_between_slices", Type::Number, "Spacing Between Slices in mm (0018,0088)."),
    column("pixel_spacing", Type::Number, "Row spacing in mm (0028,0030)."),
    column("kvp", Type::Number, "KVP in kV (0018,0060)."),
    column("tube_current", Type::Number, "X-Ray Tube Current in mA (0018,1151)."),
    column("exposure", Type::Number, "Exposure in mAs (0018,1152)."),
    column("kernel", Type::Text, "Convolution Kernel (0018,1210)."),
    column("contrast_agent", Type::Text, "Contrast/Bolus Agent (0018,0010)."),
    column("field_strength", Type::Number, "Magnetic Field Strength in T (0018,0087)."),
    column("repetition_time", Type::Number, "Repetition Time in ms (0018,0080)."),
    column("echo_time", Type::Number, "Echo Time in ms (0018,0081)."),
    column("inversion_time", Type::Number, "Inversion Time in ms (0018,0082)."),
    column("flip_angle", Type::Number, "Flip Angle in degrees (0018,1314)."),
    column("scanning_sequence", Type::Text, "Scanning Sequence (0018,0020)."),
    column("sequence_name", Type::Text, "Sequence Name (0018,0024)."),
    column("diffusion_b_value", Type::Number, "Diffusion b-value in s/mm² (0018,9087)."),
    column("view_position", Type::Text, "View Position (0018,5101)."),
    column("radiopharmaceutical", Type::Text, "Radiopharmaceutical (0018,0031)."),
    column("transducer_frequency", Type::Number, "Transducer Frequency in kHz (0018,6030)."),
    column("image_type", Type::Text, "Image Type (0008,0008)."),
    column("attributes", Type::Map, "All other attributes: keyword, or group and element, to its values."),
];

const ORDERS: &[Column] = &[
    column("exam", Type::Id, "The exam it is linked to."),
    column("system", Type::Text, "The system of the code, as received."),
    column("code", Type::Text, "What was asked for, as received."),
    column("display", Type::Text, "The code in words."),
    column(
        "state",
        Type::Text,
        "requested, scheduled, arrived, performed, cancelled, discontinued, reported.",
    ),
];

const REPORTS: &[Column] = &[
    column("exam", Type::Id, "The exam it is linked to."),
    column("title", Type::Text, "What was reported, in words."),
    column("status", Type::Text, "preliminary, final, amended … (FHIR diagnostic-report-status)."),
    column(
        "words",
        Type::Words,
        "Words of its text that the lexicon has, in order; `_` for what lies between: no names, no numbers.",
    ),
    column(
        "findings",
        Type::List,
        "Keys of what it speaks of, asserted, denied or doubted, and of their kinds.",
    ),
];

const FINDINGS: &[Column] = &[
    column("exam", Type::Id, "The exam the report is linked to."),
    column("report", Type::Id, "The report."),
    column("finding", Type::Text, "The key in the lexicon: nodule, pleural_effusion."),
    column("kinds", Type::List, "Its key, and keys of what it is a kind of; of an absent one its own alone."),
    column("assertion", Type::Text, "present, absent, possible."),
    column(
        "temporality",
        Type::Text,
        "current, new, changed, unchanged, resolved, historical, hypothetical.",
    ),
    column("experiencer", Type::Text, "patient, family, other."),
    column("laterality", Type::Text, "left, right, bilateral, midline."),
    column("location", Type::List, "Keys of places."),
    column("severity", Type::Text, "minimal, mild, moderate, severe."),
    column("size", Type::Number, "The largest diameter told for it now, in mm."),
];

const CATEGORIES: &[Column] = &[
    column("exam", Type::Id, "The exam the report is linked to."),
    column("report", Type::Id, "The report."),
    column("scheme", Type::Text, "BI-RADS, Lung-RADS, LI-RADS, PI-RADS, TI-RADS, O-RADS."),
    column("value", Type::Text, "The category without modifiers: 4A."),
    column("modifiers", Type::List, "Modifiers."),
];

const IMAGE_MEASUREMENTS: &[Column] = &[
    column("exam", Type::Id, "The exam of the images."),
    column("series_uid", Type::Text, "Series Instance UID of the images (0020,000E), where it is known."),
    column("sop_uid", Type::Text, "SOP Instance UID of the image (0008,1155), where one is named."),
    column("frame", Type::Int, "Its frame, counted from 1, where one is named."),
    column("report_uid", Type::Text, "SOP Instance UID of the DICOM SR that keeps it (0008,0018)."),
    column("system", Type::Text, "The system of the code: a URL, or DICOM's name of a scheme that has none."),
    column("code", Type::Text, "What was measured: 410668003 (Length, SNOMED CT)."),
    column("display", Type::Text, "The code in words."),
    column("derivation", Type::Text, "How the number was made of many: Mean, Maximum."),
    column("finding_system", Type::Text, "The system of the finding's code."),
    column("finding_code", Type::Text, "What it was measured of, where the report says so."),
    column("finding_display", Type::Text, "The finding's code in words."),
    column("site_system", Type::Text, "The system of the site's code."),
    column("site_code", Type::Text, "Where that is (Finding Site)."),
    column("site_display", Type::Text, "The site's code in words."),
    column("laterality", Type::Text, "left, right, bilateral."),
    column("value", Type::Number, "The number, in `unit`."),
    column("unit", Type::Text, "UCUM, as the report has it."),
    column("usual_value", Type::Number, "The number in `usual_unit`."),
    column(
        "usual_unit",
        Type::Text,
        "One unit for each kind: mm, mm2, mL, deg, ms, cm/s; others as they came.",
    ),
    column("tracking_uid", Type::Text, "What keeps its name in all reports about it (TID 1501)."),
    column(
        "made_by",
        Type::Text,
        "drawing: in our viewer; person, device: with another program, as it says.",
    ),
    column("algorithm", Type::Text, "The algorithm's name and version, where the report names one."),
];

const ENCOUNTERS: &[Column] = &[
    column("end_day", Type::Int, "The day it ended, in days since 1970-01-01."),
    column("class", Type::Text, "IMP, AMB, EMER … (v3 ActCode)."),
    column("status", Type::Text, "FHIR encounter-status."),
    column("display", Type::Text, "In words."),
];

const CODES: &[Column] = &[
    column("end_day", Type::Int, "The day it ended, in days since 1970-01-01."),
    column("system", Type::Text, "The system of the code, as received."),
    column("code", Type::Text, "The code, as received."),
    column("display", Type::Text, "The code in words."),
    column("standard_system", Type::Text, "The system it was mapped to."),
    column("standard_code", Type::Text, "The code it was mapped to."),
    column("status", Type::Text, "Its FHIR status."),
];

const VALUES: &[Column] = &[
    column("system", Type::Text, "The system of the code, as received."),
    column("code", Type::Text, "The code, as received."),
    column("display", Type::Text, "The code in words."),
    column("standard_system", Type::Text, "The system it was mapped to."),
    column("standard_code", Type::Text, "The code it was mapped to."),
    column("status", Type::Text, "FHIR observation-status."),
    column("value", Type::Number, "The value, in `unit`."),
    column("unit", Type::Text, "UCUM, where the sender said it; else as received."),
    column("value_text", Type::Text, "A value that is no number: a code or words."),
    column("usual_value", Type::Number, "The value in `usual_unit`; unknown where it can't be converted."),
    column("usual_unit", Type::Text, "The unit values with this LOINC code are usually told in (UCUM)."),
    column(
        "usual_by",
        Type::Text,
        "as received, converted; or why there is none: no usual unit, no unit, unit not convertible.",
    ),
];

const MEMBERSHIPS: &[Column] = &[
    column("project", Type::Text, "The project's name in addresses. `day` is the day of enrolment (UTC)."),
    column("title", Type::Text, "Its title."),
    column("state", Type::Text, "in, left."),
    column("end_day", Type::Int, "The day the patient left, in days since 1970-01-01, where that is known."),
    column(
        "consent",
        Type::Text,
        "agreed, refused, unknown: to all that the project is for; nothing where it asks for nothing.",
    ),
    column("study_uid", Type::Text, "The exam, where only some are enrolled (0020,000D)."),
];

const VARIANTS: &[Column] = &[
    column("gene", Type::Text, "HGNC symbol."),
    column("variant", Type::Text, "HGVS or the VCF's position and alleles."),
    column("zygosity", Type::Text, "heterozygous, homozygous, hemizygous."),
    column("significance", Type::Text, "Clinical significance, where told."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_ordered_by_columns_they_have() {
        for table in TABLES.iter() {
            for name in table.order {
                assert!(table.column(name).is_some(), "{}.{name}", table.name);
            }
        }
    }

    #[test]
    fn column_names_are_plain_and_unique() {
        for table in TABLES.iter() {
            let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
            assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')));
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }
}
