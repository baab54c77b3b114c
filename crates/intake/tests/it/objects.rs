//! Small DICOM objects to send.

use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, Vr, file_meta, tags, write_data_set};
use model::{AeTitle, Door, Source, Timestamp};

pub const SERIES: &str = "1.2.3.4.2";
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT: &str = "1.2.840.10008.1.2.1";

pub fn source() -> Source {
    Source {
        door: Door::Import,
        account: "tester".into(),
        peer: None,
        path: None,
        received_at: Timestamp::from_micros(1_000_000),
    }
}

/// A data set with all its names.
pub fn data_set(instance: &str) -> DataSet {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, CT);
    set.put_text(tags::SOP_INSTANCE_UID, instance);
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::STUDY_INSTANCE_UID, "1.2.3.4.1");
    set.put_text(tags::SERIES_INSTANCE_UID, SERIES);
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, Bytes::from_static(&[7; 5000]));
    set
}

pub fn body_of(set: &DataSet) -> Vec<u8> {
    let mut body = Vec::new();
    write_data_set(set, &TransferSyntax::EXPLICIT_LE, &mut body);
    body
}

/// The same with a preamble and group 2, which names the sender.
pub fn file_from(sender: &str, instance: &str, set: &DataSet) -> Bytes {
    let sender = AeTitle::parse(sender).unwrap();
    let mut file = file_meta(CT, instance, EXPLICIT, Some(&sender));
    file.extend(body_of(set));
    file.into()
}

pub fn file(instance: &str) -> Bytes {
    file_from("SCANNER", instance, &data_set(instance))
}
