//! The Native DICOM Model in XML (PS3.19 Annex A.1), both ways.

mod read;
mod write;

pub use crate::bulk::{BulkOptions, BulkPath, BulkReference, Metadata};
pub use read::{XmlError, from_xml};

use crate::DataSet;

/// A data set as one XML document.
#[must_use]
pub fn to_xml(data_set: &DataSet, bulk: &BulkOptions<'_>) -> String {
    let mut out = Vec::with_capacity(160 * data_set.len() + 256);
    write_xml(data_set, bulk, &mut out);
    // Everything written is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// Appends a data set as one XML document, in UTF-8.
pub fn write_xml(data_set: &DataSet, bulk: &BulkOptions<'_>, out: &mut Vec<u8>) {
    write::Writer { bulk, path: Vec::new(), out }.document(data_set);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tag, Vr, tags};

    fn sample() -> DataSet {
        let mut code = DataSet::new();
        code.put_text(tags::CODE_MEANING, "Größe");
        let mut set = DataSet::new();
        set.put_text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        set.put_text(tags::PATIENT_NAME, "Wang^XiaoDong^^Dr=王^小東");
        set.put_text(tags::IMAGE_TYPE, "ORIGINAL\\\\AXIAL");
        set.put_text(tags::IMAGE_COMMENTS, "a <b> & \"c\"\r\nd");
        set.put_text(tags::PIXEL_SPACING, "0.50\\0.25");
        set.put_u16(tags::ROWS, 7);
        set.put_bytes(tags::FRAME_INCREMENT_POINTER, Vr::AT, vec![0x18, 0, 0x63, 0x10]);
        set.put_text(Tag(0x0009, 0x0011), "ACME");
        set.put_bytes(Tag(0x0009, 0x1101), Vr::UN, vec![1, 2, 3, 4]);
        set.put_text(tags::ACCESSION_NUMBER, "");
        set.put_items(tags::PROCEDURE_CODE_SEQUENCE, vec![code, DataSet::new()]);
        set
    }

    #[test]
    fn xml_goes_back_to_the_same_data_set() {
        let xml = to_xml(&sample(), &BulkOptions::INLINE);
        let read = from_xml(xml.as_bytes()).expect("our own XML");
        assert_eq!(read, Metadata { data_set: sample(), bulk: Vec::new() });
    }

    #[test]
    fn names_have_parts_and_private_elements_their_creator() {
        let xml = to_xml(&sample(), &BulkOptions::INLINE);
        for part in [
            r#"<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1"><Alphabetic><FamilyName>Wang</FamilyName><GivenName>XiaoDong</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic><Ideographic><FamilyName>王</FamilyName>"#,
            r#"<DicomAttribute tag="00090001" vr="UN" privateCreator="ACME"><InlineBinary>AQIDBA==</InlineBinary>"#,
            r#"<Value number="1">ORIGINAL</Value><Value number="3">AXIAL</Value>"#,
            r#"<Item number="2"></Item>"#,
            "a &lt;b&gt; &amp; \"c\"&#13;\nd",
        ] {
            assert!(xml.contains(part), "{part}\nin {xml}");
        }
    }

    #[test]
    fn references_go_there_and_back() {
        let mut set = DataSet::new();
        set.put_bytes(tags::ENCAPSULATED_DOCUMENT, Vr::OB, vec![0; 100]);
        let uri = |path: &BulkPath| Some(format!("bulk/{path}?a=1&b=2"));
        let xml = to_xml(&set, &BulkOptions { threshold: 10, uri: &uri, pixel_data: None });
        let read = from_xml(xml.as_bytes()).expect("our own XML");
        assert_eq!(read.bulk[0].uri, "bulk/00420011?a=1&b=2");
        assert_eq!(read.bulk[0].path.to_string(), "00420011");
    }

    #[test]
    fn pretty_printed_xml_is_read() {
        let xml = "<?xml version=\"1.0\"?>\n<NativeDicomModel>\n  <DicomAttribute tag=\"00280010\" vr=\"US\">\n \
                   <Value number=\"1\">512</Value>\n  </DicomAttribute>\n  <DicomAttribute tag=\"00081115\" vr=\"SQ\"/>\n\
                   </NativeDicomModel>";
        let read = from_xml(xml.as_bytes()).expect("it is the model");
        assert_eq!((read.data_set.int(tags::ROWS), read.data_set.len()), (Some(512), 2));
    }

    #[test]
    fn what_is_not_the_model_is_refused_by_attribute() {
        let error = |text: &str| from_xml(text.as_bytes()).expect_err("it is wrong").to_string();
        assert!(error("<html/>").contains("NativeDicomModel"));
        assert!(
            error("<NativeDicomModel><DicomAttribute tag='x' vr='LO'/></NativeDicomModel>").contains("tag")
        );
        assert!(
            error("<NativeDicomModel><DicomAttribute tag='00280010' vr='US'><Value number='1'>x</Value></DicomAttribute></NativeDicomModel>")
                .contains("(0028,0010)")
        );
        assert!(error("<NativeDicomModel>").contains("XML"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let open = r#"<DicomAttribute tag="00081115" vr="SQ"><Item number="1">"#;
        let deep = format!(
            "<NativeDicomModel>{}{}</NativeDicomModel>",
            open.repeat(1000),
            "</Item></DicomAttribute>".repeat(1000)
        );
        assert!(from_xml(deep.as_bytes()).is_err());
    }
}
