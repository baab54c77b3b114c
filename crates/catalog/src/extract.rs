//! From an instance's header to the columns of its rows.

use crate::fold::{self, fold};
use crate::index::ToIndex;
use crate::moment;
use dicom::{Charset, DataSet, Tag, TransferSyntax, tags, write_data_set};
use serde_json::{Value, json};

/// The names that place an instance, and its rank among those that could describe an exam:
/// the earliest, and of equals the one with the smallest UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub study: String,
    pub series: String,
    pub sop: String,
    pub sop_class: String,
}

impl Names {
    /// From the header, else from what the archive noted of it.
    pub(crate) fn of(item: &ToIndex) -> Option<Self> {
        let set = item.header.as_ref().map(|header| &header.data_set);
        let noted = |key: &str| item.head.details.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = |tag, key| set.and_then(|set| set.uid(tag)).or_else(|| noted(key));
        Some(Self {
            study: name(tags::STUDY_INSTANCE_UID, "studyInstanceUid")?,
            series: name(tags::SERIES_INSTANCE_UID, "seriesInstanceUid")?,
            sop: name(tags::SOP_INSTANCE_UID, "sopInstanceUid")?,
            sop_class: name(tags::SOP_CLASS_UID, "sopClassUid").unwrap_or_default(),
        })
    }
}

/// A text column: trimmed, no NUL (PostgreSQL takes none).
fn column(set: &DataSet, tag: Tag) -> String {
    set.text(tag).map(|text| text.trim().replace('\0', " ")).unwrap_or_default()
}

fn first(set: &DataSet, tag: Tag) -> String {
    set.texts(tag).into_iter().next().map(|text| text.replace('\0', " ")).unwrap_or_default()
}

fn date(set: &DataSet, tag: Tag) -> i64 {
    set.text(tag).and_then(|text| moment::date(&text)).unwrap_or(0)
}

fn time(set: &DataSet, tag: Tag) -> Option<i64> {
    set.text(tag).and_then(|text| moment::time_span(&text)).map(|span| span.0)
}

/// A person name as it is kept for comparison.
pub(crate) struct NameColumns {
    pub key: String,
    pub other: String,
}

impl NameColumns {
    fn of(set: &DataSet, tag: Tag) -> Self {
        let (key, other) = fold::person_name(&column(set, tag));
        Self { key, other }
    }
}

/// The row of the patient. In the order of `index/*.sql`.
pub(crate) fn patient(set: &DataSet, study: &str, head_at: i64) -> Value {
    let name = NameColumns::of(set, tags::PATIENT_NAME);
    let (id, issuer, stray) = patient_key(set, study);
    json!([
        id,
        issuer,
        stray,
        name.key,
        name.other,
        date(set, tags::PATIENT_BIRTH_DATE),
        column(set, tags::PATIENT_SEX),
        hex(&head(set, is_of_patient)),
        head_at
    ])
}

/// (Patient ID, issuer, the exam itself when there is no Patient ID).
pub(crate) fn patient_key(set: &DataSet, study: &str) -> (String, String, String) {
    let id = column(set, tags::PATIENT_ID);
    let issuer = column(set, tags::ISSUER_OF_PATIENT_ID);
    let stray = if id.is_empty() { study.to_owned() } else { String::new() };
    (id, issuer, stray)
}

/// The row of the exam.
pub(crate) fn study(set: &DataSet, uid: &str, head_at: i64) -> Value {
    let name = NameColumns::of(set, tags::PATIENT_NAME);
    let (id, issuer, stray) = patient_key(set, uid);
    let accession = column(set, tags::ACCESSION_NUMBER);
    let description = column(set, tags::STUDY_DESCRIPTION);
    let search = search_text(&[&name.key, &name.other, &id, &accession, &description]);
    json!([
        uid,
        id,
        issuer,
        stray,
        name.key,
        name.other,
        date(set, tags::PATIENT_BIRTH_DATE),
        column(set, tags::PATIENT_SEX),
        date(set, tags::STUDY_DATE),
        time(set, tags::STUDY_TIME),
        accession,
        column(set, tags::STUDY_ID),
        description,
        NameColumns::of(set, tags::REFERRING_PHYSICIAN_NAME).key,
        search,
        hex(&head(set, |tag| is_of_patient(tag) || is_of_study(tag))),
        head_at,
        tokens(&name.key, &name.other).join(" ")
    ])
}

/// What is searched for a piece of text: folded, parts divided so that none runs into the next.
pub(crate) fn search_text(parts: &[&str]) -> String {
    let folded: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(|part| fold(part)).collect();
    folded.join("|")
}

/// The words of a name and how they sound.
pub(crate) fn tokens(key: &str, other: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for word in fold::words(key).chain(fold::words(other)) {
        tokens.push(word.to_owned());
        tokens.extend(fold::sound(word).map(|sound| format!("~{sound}")));
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// The row of the series.
pub(crate) fn series(set: &DataSet, uid: &str, study: i64, head_at: i64) -> Value {
    json!([
        uid,
        study,
        first(set, tags::MODALITY),
        set.int(tags::SERIES_NUMBER),
        column(set, tags::SERIES_DESCRIPTION),
        column(set, tags::BODY_PART_EXAMINED),
        date(set, tags::PERFORMED_PROCEDURE_STEP_START_DATE),
        time(set, tags::PERFORMED_PROCEDURE_STEP_START_TIME),
        hex(&head(set, is_of_series)),
        head_at
    ])
}

/// The row of the instance.
pub(crate) fn instance(item: &ToIndex, names: &Names, series: i64) -> Value {
    let header = item.header.as_ref();
    let number = |tag| header.and_then(|header| header.data_set.int(tag));
    let syntax = header.map_or_else(|| noted_syntax(item), |header| header.transfer_syntax.uid().to_owned());
    json!([
        names.sop,
        series,
        names.sop_class,
        syntax,
        number(tags::INSTANCE_NUMBER),
        number(tags::NUMBER_OF_FRAMES),
        number(tags::ROWS),
        number(tags::COLUMNS),
        number(tags::BITS_ALLOCATED),
        item.head.digest.to_hex(),
        item.locator.segment.as_str(),
        item.locator.offset,
        item.locator.length,
        header.map_or(0, |header| header.data_set_at),
        header.and_then(|header| header.pixel_data_at),
        item.head.source.received_at.as_micros()
    ])
}

fn noted_syntax(item: &ToIndex) -> String {
    let noted = item.head.details.get("transferSyntaxUid").and_then(Value::as_str);
    noted.unwrap_or_default().to_owned()
}

/// The attributes of one level as a data set of their own, in UTF-8.
fn head(set: &DataSet, belongs: impl Fn(Tag) -> bool) -> Vec<u8> {
    let keep = |element: &&dicom::Element| {
        element.tag == tags::SPECIFIC_CHARACTER_SET || (belongs(element.tag) && !element.value.is_empty())
    };
    let mut own = DataSet::from_elements(set.iter().filter(keep).cloned().collect(), *set.charset());
    own.remove(tags::SPECIFIC_CHARACTER_SET);
    let ascii = own.iter().all(|e| e.value.bytes().is_some_and(|bytes| is_plain(bytes)));
    if !ascii {
        own.recode(Charset::UTF_8);
    }
    let mut bytes = Vec::with_capacity(1024);
    write_data_set(&own, &TransferSyntax::EXPLICIT_LE, &mut bytes);
    bytes
}

/// The same bytes in every character set: ASCII without the escapes of ISO 2022.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.is_ascii() && !bytes.contains(&0x1b)
}

/// The Patient, Patient Study and Clinical Trial Subject modules (PS3.3 §C.7.1, §C.7.2.2).
pub(crate) fn is_of_patient(tag: Tag) -> bool {
    match tag.0 {
        0x0010 => !matches!(tag.1, 0x1010 | 0x1020..=0x1022 | 0x1030 | 0x2180 | 0x21a0..=0x21d0),
        0x0012 => (0x0010..0x0050).contains(&tag.1),
        _ => false,
    }
}

/// The General Study, Patient Study and Clinical Trial Study modules (PS3.3 §C.7.2).
pub(crate) fn is_of_study(tag: Tag) -> bool {
    match tag.0 {
        0x0008 => matches!(
            tag.1,
            0x0020
                | 0x0030
                | 0x0050
                | 0x0051
                | 0x0090
                | 0x0096
                | 0x009c
                | 0x009d
                | 0x0201
                | 0x1030
                | 0x1032
                | 0x1048
                | 0x1049
                | 0x1060
                | 0x1062
                | 0x1080
                | 0x1084
                | 0x1110
        ),
        0x0010 => !is_of_patient(tag),
        0x0012 => (0x0050..0x0060).contains(&tag.1),
        0x0020 => matches!(tag.1, 0x000d | 0x0010),
        0x0032 => true,
        0x0038 => true,
        0x0040 => matches!(tag.1, 0x1002 | 0x1012 | 0x1400 | 0x2001 | 0x2016 | 0x2017),
        _ => false,
    }
}

/// The General Series, General Equipment and Frame of Reference modules (PS3.3 §C.7.3, §C.7.4, §C.7.5).
pub(crate) fn is_of_series(tag: Tag) -> bool {
    match tag.0 {
        0x0008 => matches!(
            tag.1,
            0x0021 | 0x0031 | 0x0060 | 0x0064 | 0x0068 | 0x0070 | 0x0080
                ..=0x0082
                    | 0x1010
                    | 0x103e
                    | 0x103f
                    | 0x1040
                    | 0x1041
                    | 0x1050
                    | 0x1052
                    | 0x1070
                    | 0x1072
                    | 0x1090
                    | 0x1111
        ),
        0x0012 => matches!(tag.1, 0x0060..=0x0072),
        0x0018 => matches!(tag.1, 0x0015 | 0x1000 | 0x1020 | 0x1030 | 0x1200 | 0x1201 | 0x5100),
        0x0020 => matches!(tag.1, 0x000e | 0x0011 | 0x0052 | 0x0060 | 0x0200 | 0x1040 | 0x1209),
        0x0040 => {
            matches!(tag.1, 0x0244 | 0x0245 | 0x0250 | 0x0251 | 0x0253..=0x0255 | 0x0260 | 0x0275 | 0x0280)
        }
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
