//! Identifiers of queries and retrievals: bytes of a message to data sets and back (PS3.4 §C.4).

use bytes::Bytes;
use dicom::net::sop_class::Root;
use dicom::{Charset, DataSet, ReadOptions, TransferSyntax, Value, read_data_set, write_data_set};

/// Longest identifier taken, in bytes.
pub(crate) const LIMIT: usize = 4 << 20;

/// Reads an identifier in a context's transfer syntax.
pub(crate) fn read(bytes: &Bytes, syntax: &str) -> Option<DataSet> {
    read_data_set(bytes, &TransferSyntax::by_uid(syntax)?, &ReadOptions::default()).ok()
}

/// Writes an identifier in a context's transfer syntax.
pub(crate) fn write(data_set: &DataSet, syntax: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    write_data_set(data_set, &TransferSyntax::or_unknown(syntax), &mut bytes);
    bytes
}

/// Whether an information model has this level.
pub(super) fn has_level(root: Root, level: &str) -> bool {
    match root {
        Root::Patient => matches!(level, "PATIENT" | "STUDY" | "SERIES" | "IMAGE"),
        Root::Study => matches!(level, "STUDY" | "SERIES" | "IMAGE"),
        Root::PatientStudyOnly => matches!(level, "PATIENT" | "STUDY"),
    }
}

/// The same answer in the character set of the question, if that has all its characters; otherwise
/// it stays in UTF-8.
pub(super) fn in_charset(answer: DataSet, asked: Charset) -> DataSet {
    if *answer.charset() == asked {
        return answer;
    }
    let mut recoded = answer.clone();
    recoded.recode(asked);
    if same_text(&answer, &recoded) { recoded } else { answer }
}

fn same_text(one: &DataSet, other: &DataSet) -> bool {
    one.iter().filter(|element| element.tag != dicom::tags::SPECIFIC_CHARACTER_SET).all(|element| {
        let Some(twin) = other.get(element.tag) else { return false };
        match (&element.value, &twin.value) {
            (Value::Items(these), Value::Items(those)) => {
                these.len() == those.len() && these.iter().zip(those).all(|(a, b)| same_text(a, b))
            }
            (Value::Bytes(_), Value::Bytes(_)) => one.text_of(element) == other.text_of(twin),
            _ => true,
        }
    })
}
