//! Whatever is wrong: nothing leaves.

use crate::objects::{PUBLIC, ct, file, put_private, through, wall};
use bytes::Bytes;
use deid::{Document, Known, Reason};
use dicom::{DataSet, TransferSyntax, Vr, tags, uids};

fn reason(set: &DataSet) -> &'static str {
    through(&wall(PUBLIC), set).map(|_| "passed").unwrap_or_else(|withheld| withheld.reason.code())
}

#[test]
fn every_cut_of_a_file_is_withheld() {
    let mut set = ct();
    let nested = ct();
    set.put_items(tags::REFERENCED_STUDY_SEQUENCE, vec![nested]);
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![1; 64]);
    let whole = file(&set);
    let wall = wall(PUBLIC);
    let mut passed = Vec::new();
    for length in 0..whole.len() {
        if let Ok(done) = wall.deidentify(&whole.slice(..length), &Known::default()) {
            passed.push((length, done));
        }
    }
    // A file cut exactly between two elements can't be told from a shorter one; it is cleaned all the same.
    for (length, done) in passed {
        assert!(!crate::profile::contains(&done.to_bytes(), "MRN4410927"), "cut at {length}");
    }
}

#[test]
fn a_sequence_that_cannot_be_read_withholds_the_object() {
    let mut set = ct();
    set.put_bytes(tags::REQUEST_ATTRIBUTES_SEQUENCE, Vr::UN, "Jane Doe, not a sequence");
    assert_eq!(reason(&set), "sequence-unreadable");
}

#[test]
fn documents_and_directories_are_withheld() {
    let mut set = ct();
    set.remove(tags::PIXEL_DATA);
    set.put_bytes(tags::ENCAPSULATED_DOCUMENT, Vr::OB, "%PDF Jane Doe");
    assert_eq!(reason(&set), "document");
    let mut directory = ct();
    directory.put_items(tags::DIRECTORY_RECORD_SEQUENCE, vec![]);
    assert_eq!(reason(&directory), "directory");
}

#[test]
fn images_that_may_have_text_are_withheld() {
    let mut set = ct();
    set.put_text(tags::SOP_CLASS_UID, uids::ULTRASOUND_IMAGE_STORAGE);
    set.put_text(tags::MODALITY, "US");
    set.put_text(tags::BURNED_IN_ANNOTATION, "NO");
    assert_eq!(reason(&set), "burned-in-text");
    let searched = through(&wall(&format!("{PUBLIC}+clean-pixel-data")), &set);
    let why = searched.map(|_| "passed").unwrap_or_else(|withheld| withheld.reason.code());
    assert_eq!(why, "detector-unavailable", "nothing can search it");
}

#[test]
fn objects_without_identity_of_their_own_are_withheld() {
    let mut set = ct();
    set.remove(tags::SOP_INSTANCE_UID);
    assert_eq!(reason(&set), "not-an-instance");
    let mut set = ct();
    set.remove(tags::PATIENT_ID);
    set.remove(tags::STUDY_INSTANCE_UID);
    assert_eq!(reason(&set), "no-subject");
    assert_eq!(reason(&DataSet::new()), "not-an-instance");
}

#[test]
fn an_unknown_creator_withholds_the_object_where_the_policy_wants_that() {
    let text = deid::policy::ready::text(PUBLIC)
        .unwrap()
        .replace("[dates]", "[private]\nunknown-creator = \"quarantine\"\n\n[dates]");
    let policy = Document::parse(&text).unwrap().compile().unwrap();
    let wall = deid::Wall::new(policy, deid::ProjectKey::from_bytes(&[1; 32]));
    let mut set = ct();
    put_private(&mut set, 0x10, "SIEMENS MR HEADER", 0x0C, Vr::IS, b"1000");
    assert!(through(&wall, &set).is_ok());
    put_private(&mut set, 0x11, "ACME", 0x0C, Vr::IS, b"1000");
    assert!(
        matches!(through(&wall, &set), Err(withheld) if matches!(withheld.reason, Reason::UnknownCreator(_)))
    );
}

#[test]
fn every_syntax_is_cleaned_in_its_own() {
    for ts in [
        TransferSyntax::IMPLICIT_LE,
        TransferSyntax::EXPLICIT_LE,
        TransferSyntax::EXPLICIT_BE,
        TransferSyntax::DEFLATED_LE,
    ] {
        let bytes = Bytes::from(dicom::write_file(&ct(), &ts, None));
        let done = wall(PUBLIC).deidentify(&bytes, &Known::default()).unwrap();
        let header = dicom::read_header(&Bytes::from(done.to_bytes())).unwrap();
        assert_eq!(header.transfer_syntax, ts);
        assert_eq!(header.meta.sop_instance(), header.data_set.uid(tags::SOP_INSTANCE_UID));
        assert_eq!(
            header.data_set.text(tags::SERIES_DESCRIPTION).as_deref(),
            Some("LUNG 1.25 MM [name]"),
            "{ts:?}"
        );
    }
}

#[test]
fn errors_and_debug_texts_carry_no_value() {
    let mut set = ct();
    set.put_bytes(tags::REQUEST_ATTRIBUTES_SEQUENCE, Vr::UN, "Jane Doe, not a sequence");
    let withheld = through(&wall(PUBLIC), &set).unwrap_err();
    assert!(!format!("{withheld} {withheld:?}").contains("Jane"));
    let done = through(&wall(PUBLIC), &ct()).unwrap();
    assert!(!format!("{done:?}").contains("MRN"));
}

#[test]
fn sequences_that_nest_without_end_are_withheld() {
    let mut set = ct();
    set.remove(tags::PIXEL_DATA);
    let mut bytes = file(&set).to_vec();
    for _ in 0..20_000 {
        // Content Sequence and an item in it, both of undefined length, never closed.
        bytes.extend([0x40, 0, 0x30, 0xA7, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        bytes.extend([0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    let outcome = wall(PUBLIC).deidentify(&bytes.into(), &Known::default());
    assert_eq!(outcome.map(|_| ()).map_err(|withheld| withheld.reason.code()), Err("unreadable"));
}

#[test]
fn bytes_of_a_maker_with_text_that_identifies_do_not_pass() {
    for hidden in
        [&b"Halldorsson "[..], b"\0\x01\x02Halldorsson\0\x01", b"2024-01-18", b"call (415) 555-0142 "]
    {
        let mut set = ct();
        set.put_text(tags::REFERRING_PHYSICIAN_NAME, "Halldorsson^Jon");
        set.put_text_as(dicom::Tag(0x0043, 0x0010), Vr::LO, "GEMS_PARM_01");
        set.put_bytes(dicom::Tag(0x0043, 0x1039), Vr::UN, hidden.to_vec());
        let clean = crate::objects::clean(PUBLIC, &set);
        assert!(!clean.contains(dicom::Tag(0x0043, 0x1039)), "{hidden:?}");
    }
}

#[test]
fn an_attribute_of_the_standard_without_its_vr_is_read_by_the_dictionary() {
    let mut set = ct();
    set.put_bytes(tags::SLICE_THICKNESS, Vr::UN, "1.25".as_bytes().to_vec());
    set.put_bytes(tags::PATIENT_COMMENTS, Vr::UN, "seen by Dr Halloran ".as_bytes().to_vec());
    let clean = crate::objects::clean(PUBLIC, &set);
    assert_eq!(clean.text(tags::SLICE_THICKNESS).as_deref(), Some("1.25"));
    assert_eq!(clean.text(tags::PATIENT_COMMENTS).as_deref(), Some("seen by Dr [name]"));
}

#[test]
fn a_recording_of_a_voice_is_withheld() {
    let mut set = ct();
    set.remove(tags::PIXEL_DATA);
    set.put_text(tags::SOP_CLASS_UID, uids::BASIC_VOICE_AUDIO_WAVEFORM_STORAGE);
    assert_eq!(reason(&set), "sound");
}
