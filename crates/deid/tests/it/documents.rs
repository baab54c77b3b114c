//! Documents inside objects: cleaned, or withheld, whatever is in them.

use crate::objects::{PUBLIC, ct, read, through, wall};
use crate::profile::contains;
use dicom::{DataSet, Vr, tags, uids};
use proptest::prelude::*;

const PDF: &str = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
    2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
    3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n\
    4 0 obj\n<< /Length 90 >>\nstream\n\
    BT /F1 12 Tf 20 150 Td (Seen: J\\363n Halld) Tj [(\\363rs) -20 (son)] TJ ( MRN4410927, clear) Tj ET    \nendstream\nendobj\n\
    5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n\
    trailer << /Size 6 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n";

const CDA: &str = "<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>Report</title>\
    <recordTarget><patientRole><id root=\"1.2.3\" extension=\"MRN4410927\"/><patient><name>Jon Halldorsson</name>\
    <birthTime value=\"19300412\"/></patient></patientRole></recordTarget><component><structuredBody><component>\
    <section><text>Jón <content>Hall</content>dórsson: clear</text></section></component></structuredBody></component>\
    </ClinicalDocument>";

fn holding(class: &str, document: &[u8]) -> DataSet {
    let mut set = ct();
    set.remove(tags::PIXEL_DATA);
    set.put_text(tags::SOP_CLASS_UID, class);
    set.put_text(tags::MODALITY, "DOC");
    set.put_bytes(tags::ENCAPSULATED_DOCUMENT, Vr::OB, document.to_vec());
    set
}

/// What came out, if anything did.
fn cleaned(class: &str, document: &[u8]) -> Option<Vec<u8>> {
    let done = through(&wall(PUBLIC), &holding(class, document)).ok()?;
    let set = read(&done).data_set;
    let bytes = set.get(tags::ENCAPSULATED_DOCUMENT)?.value.bytes()?.to_vec();
    let length = usize::try_from(set.int(tags::ENCAPSULATED_DOCUMENT_LENGTH)?).ok()?;
    assert_eq!(length.next_multiple_of(2), bytes.len());
    Some(bytes[..length].to_vec())
}

fn names_someone(document: &[u8]) -> bool {
    let folded: String = String::from_utf8_lossy(document).to_lowercase();
    ["halld", "rsson", "4410927", "19300412"].iter().any(|name| folded.contains(name))
}

#[test]
fn documents_are_swept_and_the_rest_of_their_text_stays() {
    let pdf = cleaned(uids::ENCAPSULATED_PDF_STORAGE, PDF.as_bytes()).unwrap();
    assert!(!names_someone(&pdf) && contains(&pdf, "clear") && contains(&pdf, "([name])"));
    let cda = cleaned(uids::ENCAPSULATED_CDA_STORAGE, CDA.as_bytes()).unwrap();
    assert!(!names_someone(&cda) && contains(&cda, "clear"), "{}", String::from_utf8_lossy(&cda));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let one = || cleaned(uids::ENCAPSULATED_PDF_STORAGE, PDF.as_bytes());
    assert!(one().is_some() && one() == one());
}

#[test]
fn a_policy_may_put_nothing_in_the_place_of_documents() {
    let text = deid::policy::ready::text("basic").unwrap().to_owned()
        + "\n[[rules]]\nattribute = \"EncapsulatedDocument\"\naction = \"dummy\"\n";
    let policy = deid::Document::parse(&text).unwrap().compile().unwrap();
    let wall = deid::Wall::new(policy, deid::ProjectKey::from_bytes(&[1; 32]));
    let done = through(&wall, &holding(uids::ENCAPSULATED_PDF_STORAGE, PDF.as_bytes())).unwrap();
    assert!(!contains(&done.to_bytes(), "%PDF"));
    let basic =
        through(&crate::objects::wall("basic"), &holding(uids::ENCAPSULATED_PDF_STORAGE, PDF.as_bytes()));
    assert_eq!(basic.unwrap_err().reason.code(), "document");
}

#[test]
fn every_cut_of_a_document_is_clean_or_withheld() {
    for (class, document) in [(uids::ENCAPSULATED_PDF_STORAGE, PDF), (uids::ENCAPSULATED_CDA_STORAGE, CDA)] {
        for length in 0..document.len() {
            let left = cleaned(class, &document.as_bytes()[..length]);
            assert!(left.is_none_or(|left| !names_someone(&left)), "cut at {length}");
        }
    }
}

#[test]
fn forms_that_hold_themselves_end() {
    let content = "<< /Type /XObject /Subtype /Form /Length 30 /Resources << /XObject << /X 4 0 R >> >> >>\nstream\n\
        /X Do /X Do /X Do /X Do /X Do \nendstream";
    let at = PDF.find("<< /Length 90 >>").unwrap();
    let end = PDF.find("endobj\n    5 0").or_else(|| PDF.find("endobj\n5 0 obj")).unwrap();
    let document = format!("{}{content}\n{}", &PDF[..at], &PDF[end..])
        .replace("/Font << /F1 5 0 R >>", "/XObject << /X 4 0 R >>");
    assert_eq!(cleaned(uids::ENCAPSULATED_PDF_STORAGE, document.as_bytes()), None);
}

#[test]
fn entities_and_documents_in_clinical_documents_are_refused() {
    let typed = CDA.replace("<ClinicalDocument ", "<!DOCTYPE x [<!ENTITY y \"Jon\">]><ClinicalDocument ");
    let entity = CDA.replace("clear", "&y;");
    let inner = CDA.replace("<structuredBody>", "<nonXMLBody><text>UERG</text></nonXMLBody><structuredBody>");
    for document in [typed, entity, inner] {
        assert_eq!(cleaned(uids::ENCAPSULATED_CDA_STORAGE, document.as_bytes()), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]

    /// Damage may cost letters, so whole words are looked for: nothing is passed that was read as a name.
    #[test]
    fn damaged_documents_never_stop_the_wall(at in prop::collection::vec((0..PDF.len(), any::<u8>()), 1..12)) {
        let mut document = PDF.as_bytes().to_vec();
        at.into_iter().for_each(|(at, byte)| document[at] = byte);
        let left = cleaned(uids::ENCAPSULATED_PDF_STORAGE, &document);
        prop_assert!(left.is_none_or(|left| !contains(&left, "MRN4410927")));
    }
}
