//! The attributes of an instance as a person reads them.

use dicom::{DataSet, Element, Header, Value, dictionary};
use model::Sha256Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// An attribute.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(no_recursion)]
pub(in crate::http) struct Attribute {
    /// Eight hexadecimal digits.
    tag: String,
    /// The standard's keyword; absent for private and unknown ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<&'static str>,
    /// The standard's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    vr: &'static str,
    /// The private creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    /// The values as text; absent for sequences and raw bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Vec<String>>,
    /// The items of a sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Vec<Attribute>>>,
    /// Bytes of a value that is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    /// SHA-256 of those bytes, to tell two apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// All attributes of a file: group 2, then the data set up to its pixels.
pub(in crate::http) fn of_file(header: &Header) -> Vec<Attribute> {
    let mut all = of(&header.meta.elements);
    all.extend(of(&header.data_set));
    all
}

/// All attributes, by tag. Nesting is as deep as the reader allowed.
fn of(set: &DataSet) -> Vec<Attribute> {
    set.iter().map(|element| attribute(set, element)).collect()
}

fn attribute(set: &DataSet, element: &Element) -> Attribute {
    let known = dictionary::attribute(element.tag);
    let (mut value, mut items, mut length, mut sha256) = (None, None, None, None);
    match &element.value {
        Value::Items(nested) => items = Some(nested.iter().map(of).collect()),
        Value::Bytes(bytes) => match set.text_of(element) {
            Some(_) => value = Some(set.texts_of(element)),
            None => {
                length = Some(bytes.len());
                sha256 = Some(Sha256Digest(Sha256::digest(bytes).into()).to_hex());
            }
        },
        Value::Fragments(pixels) => length = Some(pixels.fragments.iter().map(bytes::Bytes::len).sum()),
    }
    Attribute {
        tag: format!("{:04X}{:04X}", element.tag.0, element.tag.1),
        keyword: known.map(|known| known.keyword),
        name: known.map(|known| known.name),
        vr: element.vr.to_string(),
        creator: set.private_creator(element.tag),
        value,
        items,
        length,
        sha256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom::{Tag, Vr, tags};

    #[test]
    fn sequences_private_and_raw_values_are_shown_as_what_they_are() {
        let mut item = DataSet::new();
        item.put_text(tags::CODE_MEANING, "Chest");
        let mut set = DataSet::new();
        set.put_items(tags::PROCEDURE_CODE_SEQUENCE, vec![item]);
        set.put_text_as(Tag(0x0009, 0x0010), Vr::LO, "GEMS");
        set.put_bytes(Tag(0x0009, 0x1001), Vr::OB, vec![1, 2, 3, 4]);
        let shown = of(&set);
        let by_tag = |tag: &str| shown.iter().find(|a| a.tag == tag).expect("shown");
        assert_eq!(by_tag("00091001").creator.as_deref(), Some("GEMS"));
        assert_eq!(by_tag("00091001").length, Some(4));
        let digest = by_tag("00091001").sha256.as_deref();
        assert!(digest.is_some_and(|digest| digest.starts_with("9f64a747e1b97f13")), "{digest:?}");
        let sequence = by_tag("00081032");
        assert_eq!(sequence.keyword, Some("ProcedureCodeSequence"));
        assert_eq!(
            sequence.items.as_ref().map(|items| items[0][0].value.clone()),
            Some(Some(vec!["Chest".into()]))
        );
    }
}
