//! The doors instances and files come in by over HTTP.

mod attachments;
mod one_law;
mod quarantine;
mod stow;
mod uploads;

use bytes::Bytes;
use dicom::{DataSet, TransferSyntax, Vr, tags, write_file};
use reqwest::RequestBuilder;
use serde_json::Value;
use std::time::Duration;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const STUDY: &str = "1.2.3.4.1";
const SERIES: &str = "1.2.3.4.2";

pub(crate) fn data_set(instance: &str) -> DataSet {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, CT);
    set.put_text(tags::SOP_INSTANCE_UID, instance);
    set.put_text(tags::PATIENT_ID, "P1");
    set.put_text(tags::STUDY_INSTANCE_UID, STUDY);
    set.put_text(tags::SERIES_INSTANCE_UID, SERIES);
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, Bytes::from_static(&[7; 500]));
    set
}

pub(crate) fn file(set: &DataSet) -> Vec<u8> {
    write_file(set, &TransferSyntax::EXPLICIT_LE, None)
}

/// Asks until the answer is what it should be: rows follow the bytes a moment later.
pub(crate) async fn soon(request: impl Fn() -> RequestBuilder, is_right: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let answer = request().send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        if is_right(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the answer never became right: {:?}", request().send().await.unwrap().text().await);
}
