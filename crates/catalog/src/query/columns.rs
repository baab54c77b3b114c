//! Which attributes have a column, and which are only returned.

use super::Level;
use dicom::{Tag, tags};

/// How a column holds its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text as received; case matters.
    Text,
    /// A UID: no wildcards.
    Uid,
    /// A folded person name; the column's other groups are in `name_other`.
    Name,
    /// A folded person name, first group only.
    PlainName,
    /// A number like 20260131; 0 is none.
    Date,
    /// Microseconds since midnight.
    Time,
    /// An integer.
    Int,
    /// The exam's modalities, separated by backslashes.
    Modalities,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub level: Level,
    pub name: &'static str,
    pub kind: Kind,
}

const fn at(level: Level, name: &'static str, kind: Kind) -> Option<Column> {
    Some(Column { level, name, kind })
}

/// The column of an attribute, if it has one.
pub(super) const fn column(tag: Tag) -> Option<Column> {
    use Level::{Instance, Patient, Series, Study};
    match tag {
        tags::PATIENT_NAME => at(Patient, "name_key", Kind::Name),
        tags::PATIENT_ID => at(Patient, "patient_id", Kind::Text),
        tags::ISSUER_OF_PATIENT_ID => at(Patient, "issuer", Kind::Text),
        tags::PATIENT_BIRTH_DATE => at(Patient, "birth_date", Kind::Date),
        tags::PATIENT_SEX => at(Patient, "sex", Kind::Text),
        tags::STUDY_INSTANCE_UID => at(Study, "uid", Kind::Uid),
        tags::STUDY_DATE => at(Study, "study_date", Kind::Date),
        tags::STUDY_TIME => at(Study, "study_time", Kind::Time),
        tags::ACCESSION_NUMBER => at(Study, "accession", Kind::Text),
        tags::STUDY_ID => at(Study, "study_id", Kind::Text),
        tags::STUDY_DESCRIPTION => at(Study, "description", Kind::Text),
        tags::REFERRING_PHYSICIAN_NAME => at(Study, "referring_key", Kind::PlainName),
        tags::MODALITIES_IN_STUDY => at(Study, "modalities", Kind::Modalities),
        tags::SERIES_INSTANCE_UID => at(Series, "uid", Kind::Uid),
        tags::MODALITY => at(Series, "modality", Kind::Text),
        tags::SERIES_NUMBER => at(Series, "number", Kind::Int),
        tags::SERIES_DESCRIPTION => at(Series, "description", Kind::Text),
        tags::BODY_PART_EXAMINED => at(Series, "body_part", Kind::Text),
        tags::PERFORMED_PROCEDURE_STEP_START_DATE => at(Series, "pps_date", Kind::Date),
        tags::PERFORMED_PROCEDURE_STEP_START_TIME => at(Series, "pps_time", Kind::Time),
        tags::SOP_INSTANCE_UID => at(Instance, "sop_uid", Kind::Uid),
        tags::SOP_CLASS_UID | tags::SOP_CLASSES_IN_STUDY => at(Instance, "sop_class", Kind::Uid),
        tags::AVAILABLE_TRANSFER_SYNTAX_UID => at(Instance, "transfer_syntax", Kind::Uid),
        tags::INSTANCE_NUMBER => at(Instance, "number", Kind::Int),
        tags::NUMBER_OF_FRAMES => at(Instance, "frames", Kind::Int),
        tags::ROWS => at(Instance, "height", Kind::Int),
        tags::COLUMNS => at(Instance, "width", Kind::Int),
        tags::BITS_ALLOCATED => at(Instance, "bits", Kind::Int),
        _ => None,
    }
}

/// Attributes of the answer alone: computed, or put in by the door.
pub(super) const fn is_only_returned(tag: Tag) -> bool {
    matches!(
        tag,
        tags::NUMBER_OF_PATIENT_RELATED_STUDIES
            | tags::NUMBER_OF_PATIENT_RELATED_SERIES
            | tags::NUMBER_OF_PATIENT_RELATED_INSTANCES
            | tags::NUMBER_OF_STUDY_RELATED_SERIES
            | tags::NUMBER_OF_STUDY_RELATED_INSTANCES
            | tags::NUMBER_OF_SERIES_RELATED_INSTANCES
            | tags::RETRIEVE_AE_TITLE
            | tags::RETRIEVE_URL
            | tags::INSTANCE_AVAILABILITY
            | tags::STORAGE_MEDIA_FILE_SET_ID
            | tags::STORAGE_MEDIA_FILE_SET_UID
            | tags::SPECIFIC_CHARACTER_SET
    )
}

/// The name a level's table goes by.
pub(super) const fn alias(level: Level) -> &'static str {
    match level {
        Level::Patient => "p",
        Level::Study => "s",
        Level::Series => "r",
        Level::Instance => "i",
    }
}

/// Attributes PS3.18 §10.6.3 demands in every answer (tables 10.6.3-3 to 10.6.3-5), and patient's ones.
pub(super) const fn is_default(level: Level, tag: Tag) -> bool {
    match level {
        Level::Patient => matches!(
            tag,
            tags::PATIENT_NAME
                | tags::PATIENT_ID
                | tags::ISSUER_OF_PATIENT_ID
                | tags::PATIENT_BIRTH_DATE
                | tags::PATIENT_SEX
        ),
        Level::Study => matches!(
            tag,
            tags::STUDY_DATE
                | tags::STUDY_TIME
                | tags::ACCESSION_NUMBER
                | tags::INSTANCE_AVAILABILITY
                | tags::MODALITIES_IN_STUDY
                | tags::REFERRING_PHYSICIAN_NAME
                | tags::TIMEZONE_OFFSET_FROM_UTC
                | tags::STUDY_DESCRIPTION
                | tags::PATIENT_NAME
                | tags::PATIENT_ID
                | tags::ISSUER_OF_PATIENT_ID
                | tags::PATIENT_BIRTH_DATE
                | tags::PATIENT_SEX
                | tags::STUDY_INSTANCE_UID
                | tags::STUDY_ID
                | tags::NUMBER_OF_STUDY_RELATED_SERIES
                | tags::NUMBER_OF_STUDY_RELATED_INSTANCES
        ),
        Level::Series => matches!(
            tag,
            tags::MODALITY
                | tags::TIMEZONE_OFFSET_FROM_UTC
                | tags::SERIES_DESCRIPTION
                | tags::SERIES_INSTANCE_UID
                | tags::SERIES_NUMBER
                | tags::STUDY_INSTANCE_UID
                | tags::NUMBER_OF_SERIES_RELATED_INSTANCES
                | tags::PERFORMED_PROCEDURE_STEP_START_DATE
                | tags::PERFORMED_PROCEDURE_STEP_START_TIME
                | tags::REQUEST_ATTRIBUTES_SEQUENCE
                | tags::BODY_PART_EXAMINED
        ),
        Level::Instance => matches!(
            tag,
            tags::SOP_CLASS_UID
                | tags::SOP_INSTANCE_UID
                | tags::STUDY_INSTANCE_UID
                | tags::SERIES_INSTANCE_UID
                | tags::INSTANCE_AVAILABILITY
                | tags::TIMEZONE_OFFSET_FROM_UTC
                | tags::INSTANCE_NUMBER
                | tags::ROWS
                | tags::COLUMNS
                | tags::BITS_ALLOCATED
                | tags::NUMBER_OF_FRAMES
                | tags::AVAILABLE_TRANSFER_SYNTAX_UID
        ),
    }
}
