//! What Isocenter notes in the objects it makes of people's work: which version of what they are.
//!
//! The note is JSON in a private element, beside content that any program reads. With it alone the exact
//! state of the work can be had back, and which object a newer one takes the place of.

use crate::{DataSet, Tag, Vr, tags};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

const GROUP: u16 = 0x0099;
const CREATOR: &str = "ISOCENTER WORK 1";
const NOTE: u8 = 0x01;

/// Whose version of what an object is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note<T = IgnoredAny> {
    /// `measurements` or `segmentation`.
    pub kind: String,
    /// 1 for the first version, one more for each later one.
    pub number: u32,
    /// The SOP Instance UID of the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The tracking UIDs of what this version changed.
    #[serde(default)]
    pub changed: Vec<String>,
    /// The work itself.
    pub work: T,
}

impl<T: Serialize> Note<T> {
    /// Writes it into an object.
    pub fn put(&self, object: &mut DataSet) {
        object.put_text_as(Tag(GROUP, 0x0010), Vr::LO, CREATOR);
        // Plain data: this can't fail.
        let mut json = serde_json::to_vec(self).unwrap_or_default();
        if json.len() % 2 == 1 {
            json.push(b' ');
        }
        object.put_bytes(Tag(GROUP, 0x1000 | u16::from(NOTE)), Vr::OB, json);
    }
}

impl<T: DeserializeOwned> Note<T> {
    /// Reads it from an object that has one.
    #[must_use]
    pub fn of(object: &DataSet) -> Option<Self> {
        let tag = object.private_tag(GROUP, CREATOR, NOTE)?;
        serde_json::from_slice(object.get(tag)?.value.bytes()?.trim_ascii_end()).ok()
    }
}

/// The attributes of patient and exam that an object made beside an instance has in common with it.
#[must_use]
pub fn beside(instance: &DataSet) -> DataSet {
    const KEPT: [Tag; 16] = [
        tags::SPECIFIC_CHARACTER_SET,
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::ISSUER_OF_PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::PATIENT_AGE,
        tags::PATIENT_SIZE,
        tags::PATIENT_WEIGHT,
        tags::STUDY_INSTANCE_UID,
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::STUDY_ID,
        tags::STUDY_DESCRIPTION,
        tags::ACCESSION_NUMBER,
        tags::REFERRING_PHYSICIAN_NAME,
    ];
    /// Type 2: they stand empty where nothing is known (PS3.3 §C.7.1.1, §C.7.2.1).
    const EXPECTED: [Tag; 9] = [
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::STUDY_ID,
        tags::ACCESSION_NUMBER,
        tags::REFERRING_PHYSICIAN_NAME,
    ];
    let mut set: DataSet = instance.iter().filter(|element| KEPT.contains(&element.tag)).cloned().collect();
    for tag in EXPECTED.into_iter().filter(|tag| instance.get(*tag).is_none()) {
        set.put_text(tag, "");
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_with_and_without_the_work() {
        let note = Note {
            kind: "measurements".into(),
            number: 2,
            replaces: Some("1.2".into()),
            changed: vec!["1.3".into()],
            work: vec![1.5, 2.0],
        };
        let mut set = DataSet::new();
        note.put(&mut set);
        assert_eq!(Note::<Vec<f64>>::of(&set), Some(note));
        assert_eq!(Note::<IgnoredAny>::of(&set).map(|note| note.number), Some(2));
        assert_eq!(Note::<IgnoredAny>::of(&DataSet::new()), None);
    }
}
