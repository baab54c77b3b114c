//! The DICOM JSON Model (PS3.18 Annex F), both ways.

mod read;
mod write;

pub use crate::bulk::{BulkOptions, BulkPath, BulkReference, Metadata};
pub(crate) use read::values_to_bytes;
pub use read::{JsonError, from_json};

use crate::DataSet;

/// A data set as one JSON object.
#[must_use]
pub fn to_json(data_set: &DataSet, bulk: &BulkOptions<'_>) -> String {
    let mut out = Vec::with_capacity(64 * data_set.len() + 2);
    write_json(data_set, bulk, &mut out);
    // Everything written is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// Appends a data set as one JSON object, in UTF-8.
pub fn write_json(data_set: &DataSet, bulk: &BulkOptions<'_>, out: &mut Vec<u8>) {
    write::Writer { bulk, path: Vec::new(), out }.object(data_set);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fragments, Tag, Vr, tags};
    use bytes::Bytes;

    fn json(data_set: &DataSet) -> String {
        to_json(data_set, &BulkOptions::INLINE)
    }

    fn one(tag: Tag, vr: Vr, value: &'static [u8]) -> String {
        let mut set = DataSet::new();
        set.put_bytes(tag, vr, value);
        json(&set)
    }

    #[test]
    fn text_is_split_trimmed_and_escaped() {
        assert_eq!(
            one(tags::IMAGE_TYPE, Vr::CS, b"DERIVED\\\\AXIAL "),
            r#"{"00080008":{"vr":"CS","Value":["DERIVED",null,"AXIAL"]}}"#
        );
        assert_eq!(
            one(tags::IMAGE_COMMENTS, Vr::LT, b"a\\b\r\n\"c\" "),
            r#"{"00204000":{"vr":"LT","Value":["a\\b\r\n\"c\""]}}"#
        );
        assert_eq!(one(tags::PATIENT_ID, Vr::LO, b""), r#"{"00100020":{"vr":"LO"}}"#);
    }

    #[test]
    fn names_have_component_groups() {
        let mut set = DataSet::new();
        set.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, "\\ISO 2022 IR 149");
        set.put_bytes(
            tags::PATIENT_NAME,
            Vr::PN,
            &b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7= "[..],
        );
        let expected = r#"{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Hong^Gildong","Ideographic":"洪^吉洞"}]}}"#;
        assert_eq!(json(&set), expected);
    }

    #[test]
    fn decimal_strings_are_numbers_where_they_can_be() {
        assert_eq!(
            one(tags::PIXEL_SPACING, Vr::DS, b"+0.50\\.5\\1e-3\\007\\x\\ "),
            r#"{"00280030":{"vr":"DS","Value":[0.5,0.5,1e-3,7.0,"x",null]}}"#
        );
        assert_eq!(
            one(tags::INSTANCE_NUMBER, Vr::IS, b"+1\\002\\-3"),
            r#"{"00200013":{"vr":"IS","Value":[1,2,-3]}}"#
        );
    }

    #[test]
    fn binary_numbers_and_tags() {
        assert_eq!(one(tags::ROWS, Vr::US, &[0, 2]), r#"{"00280010":{"vr":"US","Value":[512]}}"#);
        assert_eq!(
            one(tags::FRAME_INCREMENT_POINTER, Vr::AT, &[0x18, 0, 0x63, 0x10]),
            r#"{"00280009":{"vr":"AT","Value":["00181063"]}}"#
        );
        let mut set = DataSet::new();
        let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1];
        set.put_bytes(Tag(0x0018, 0x9073), Vr::FD, numbers.map(f64::to_le_bytes).concat());
        assert_eq!(json(&set), r#"{"00189073":{"vr":"FD","Value":["NaN","inf","-inf",0.1]}}"#);
        let huge = u64::MAX.to_le_bytes();
        set = DataSet::new();
        set.put_bytes(Tag(0x0008, 0x040C), Vr::UV, huge.to_vec());
        assert_eq!(json(&set), r#"{"0008040C":{"vr":"UV","Value":["18446744073709551615"]}}"#);
    }

    #[test]
    fn binary_is_base64_or_a_reference() {
        assert_eq!(
            one(Tag(0x0009, 0x1001), Vr::UN, b"abcd"),
            r#"{"00091001":{"vr":"UN","InlineBinary":"YWJjZA=="}}"#
        );
        let mut item = DataSet::new();
        item.put_bytes(Tag(0x5400, 0x1010), Vr::OW, vec![0; 100]);
        let mut set = DataSet::new();
        set.put_items(Tag(0x5400, 0x0100), vec![item]);
        set.put_fragments(
            tags::PIXEL_DATA,
            Fragments { fragments: vec![Bytes::from_static(b"ab")], ..Default::default() },
        );
        let uri = |path: &BulkPath| Some(format!("bulk/{path}"));
        let bulk = BulkOptions { threshold: 64, uri: &uri, pixel_data: None };
        let expected = r#"{"54000100":{"vr":"SQ","Value":[{"54001010":{"vr":"OW","BulkDataURI":"bulk/54000100/0/54001010"}}]},"7FE00010":{"vr":"OB","BulkDataURI":"bulk/7FE00010"}}"#;
        assert_eq!(to_json(&set, &bulk), expected);
    }

    #[test]
    fn pixel_data_left_in_the_file_is_referred_to() {
        let uri = |path: &BulkPath| Some(format!("/{path}"));
        let bulk = BulkOptions { threshold: 64, uri: &uri, pixel_data: Some((tags::PIXEL_DATA, Vr::OW)) };
        assert_eq!(to_json(&DataSet::new(), &bulk), r#"{"7FE00010":{"vr":"OW","BulkDataURI":"/7FE00010"}}"#);
    }

    #[test]
    fn group_lengths_are_left_out() {
        assert_eq!(one(Tag(0x0008, 0), Vr::UL, &[1, 0, 0, 0]), "{}");
    }

    #[test]
    fn json_goes_back_to_the_same_data_set() {
        let mut code = DataSet::new();
        code.put_text(tags::CODE_MEANING, "Größe");
        let mut set = DataSet::new();
        set.put_text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        set.put_text(tags::PATIENT_NAME, "Wang^XiaoDong=王^小東");
        set.put_text(tags::PIXEL_SPACING, "0.5\\0.25");
        set.put_text(tags::IMAGE_TYPE, "ORIGINAL\\\\AXIAL");
        set.put_u16(tags::ROWS, 7);
        set.put_bytes(tags::FRAME_INCREMENT_POINTER, Vr::AT, vec![0x18, 0, 0x63, 0x10]);
        set.put_bytes(Tag(0x0009, 0x1001), Vr::UN, vec![1, 2, 3, 4]);
        set.put_bytes(Tag(0x0018, 0x9073), Vr::FD, f64::INFINITY.to_le_bytes().to_vec());
        set.put_text(tags::ACCESSION_NUMBER, "");
        set.put_items(tags::PROCEDURE_CODE_SEQUENCE, vec![code, DataSet::new()]);
        let read = from_json(json(&set).as_bytes()).expect("our own JSON");
        assert_eq!(read, vec![Metadata { data_set: set, bulk: Vec::new() }]);
    }

    #[test]
    fn references_are_told() {
        let text = br#"[{"00420011":{"vr":"OB","BulkDataURI":"cid:1"},"00081115":{"vr":"SQ","Value":[{"00091001":{"vr":"UN","BulkDataURI":"x"}}]}}]"#;
        let read = from_json(text).expect("it is DICOM JSON");
        let paths: Vec<_> = read[0].bulk.iter().map(|r| (r.path.to_string(), r.uri.clone())).collect();
        let expected =
            [("00420011", "cid:1"), ("00081115/0/00091001", "x")].map(|(p, u)| (p.to_owned(), u.to_owned()));
        assert_eq!(paths, expected);
    }

    #[test]
    fn what_is_no_dicom_json_is_refused_by_attribute() {
        let error = |text: &str| from_json(text.as_bytes()).expect_err("it is wrong").to_string();
        assert!(error("[1]").contains("object"));
        assert!(error(r#"{"patient":{"vr":"LO"}}"#).contains("patient"));
        assert!(error(r#"{"00100020":{"vr":"XX"}}"#).contains("(0010,0020)"));
        assert!(error(r#"{"00280010":{"vr":"US","Value":["x"]}}"#).contains("(0028,0010)"));
        assert!(error(r#"{"00091001":{"vr":"OB","InlineBinary":"*"}}"#).contains("(0009,1001)"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{}{}", r#"{"00081115":{"vr":"SQ","Value":["#.repeat(100), "]}}".repeat(100));
        assert!(from_json(deep.as_bytes()).is_err());
    }
}
