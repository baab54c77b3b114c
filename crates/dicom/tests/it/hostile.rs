//! Input made to break readers, and what writers in the field get wrong.

use bytes::Bytes;
use isocenter_dicom::{
    DataSet, Fragments, ReadError, ReadOptions, Tag, TransferSyntax, Value, Vr, read, read_data_set, tags,
    write_data_set,
};

const ITEM: &[u8] = b"\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF";
const ITEM_END: &[u8] = b"\xFE\xFF\x0D\xE0\0\0\0\0";
const SEQUENCE_END: &[u8] = b"\xFE\xFF\xDD\xE0\0\0\0\0";

fn explicit(parts: &[&[u8]]) -> Result<DataSet, ReadError> {
    read_data_set(&Bytes::from(parts.concat()), &TransferSyntax::EXPLICIT_LE, &ReadOptions::default())
}

fn implicit(parts: &[&[u8]]) -> Result<DataSet, ReadError> {
    read_data_set(&Bytes::from(parts.concat()), &TransferSyntax::IMPLICIT_LE, &ReadOptions::default())
}

#[test]
fn ten_thousand_nested_sequences_are_refused() {
    let open = [&b"\x08\0\x15\x11SQ\0\0\xFF\xFF\xFF\xFF"[..], ITEM].concat();
    assert!(matches!(explicit(&[&open.repeat(10_000)]), Err(ReadError::TooDeep { max: 64, .. })));
}

#[test]
fn sixty_four_nested_sequences_are_read() {
    let open = [&b"\x08\0\x15\x11SQ\0\0\xFF\xFF\xFF\xFF"[..], ITEM].concat();
    let close = [ITEM_END, SEQUENCE_END].concat();
    assert!(explicit(&[&open.repeat(64), &close.repeat(64)]).is_ok());
}

#[test]
fn a_declared_length_allocates_nothing() {
    let huge = explicit(&[b"\x11\0\x10\0OB\0\0\xF0\xFF\xFF\xFF", b"only this"]);
    assert_eq!(huge, Err(ReadError::Truncated { tag: Tag(0x0011, 0x0010), at: 0 }));
}

#[test]
fn too_many_elements_are_refused() {
    let options = ReadOptions { max_elements: 100, ..ReadOptions::default() };
    let bytes = Bytes::from(b"\x09\0\x10\0LO\0\0".repeat(101));
    let outcome = read_data_set(&bytes, &TransferSyntax::EXPLICIT_LE, &options);
    assert_eq!(outcome, Err(ReadError::TooManyElements { max: 100 }));
}

#[test]
fn unknown_with_undefined_length_is_an_implicit_sequence() {
    let read = explicit(&[
        b"\x2D\0\x10\x10UN\0\0\xFF\xFF\xFF\xFF",
        ITEM,
        b"\x10\0\x20\0\x04\0\0\0abcd",
        ITEM_END,
        SEQUENCE_END,
        b"\x30\0\x10\0LO\x02\0ab",
    ]);
    let read = read.unwrap();
    assert_eq!(read.items(Tag(0x002D, 0x1010))[0].text(tags::PATIENT_ID).as_deref(), Some("abcd"));
    assert_eq!(read.len(), 2);
}

#[test]
fn a_known_sequence_written_as_unknown_is_read_as_one() {
    let item = b"\xFE\xFF\0\xE0\x0C\0\0\0\x08\0\0\x01\x04\0\0\0abcd";
    let read = explicit(&[b"\x08\0\x15\x11UN\0\0\x14\0\0\0", item]).unwrap();
    assert_eq!(
        read.items(tags::REFERENCED_SERIES_SEQUENCE)[0].text(tags::CODE_VALUE).as_deref(),
        Some("abcd")
    );
}

#[test]
fn unknown_that_only_starts_like_a_sequence_stays_bytes() {
    let item = b"\xFE\xFF\0\xE0\xFF\0\0\0\x08\0\0\x01\x04\0\0\0abcd";
    let read = explicit(&[b"\x08\0\x15\x11UN\0\0\x14\0\0\0", item, b"\x10\0\x20\0LO\x02\0ab"]).unwrap();
    let element = read.get(tags::REFERENCED_SERIES_SEQUENCE).unwrap();
    assert_eq!((element.vr, element.value.bytes().map(|bytes| &bytes[..])), (Vr::UN, Some(&item[..])));
    assert_eq!(read.text(tags::PATIENT_ID).as_deref(), Some("ab"));
}

#[test]
fn the_character_set_of_an_item_stays_inside_it() {
    let read = explicit(&[
        b"\x08\0\x05\0CS\x0A\0ISO_IR 100",
        b"\x08\0\x10\x11SQ\0\0\xFF\xFF\xFF\xFF",
        ITEM,
        b"\x08\0\x05\0CS\x0A\0ISO_IR 144\x10\0\x10\0PN\x02\0\xBB\xBB",
        ITEM_END,
        ITEM,
        b"\x10\0\x10\0PN\x02\0\xE9\xE9",
        ITEM_END,
        SEQUENCE_END,
        b"\x10\0\x10\0PN\x06\0M\xFCller",
    ]);
    let read = read.unwrap();
    let items = read.items(tags::REFERENCED_STUDY_SEQUENCE);
    assert_eq!(items[0].text(tags::PATIENT_NAME).as_deref(), Some("ЛЛ"));
    assert_eq!(items[1].text(tags::PATIENT_NAME).as_deref(), Some("éé"));
    assert_eq!(read.text(tags::PATIENT_NAME).as_deref(), Some("Müller"));
}

#[test]
fn signed_pixels_make_signed_limits_in_implicit_vr() {
    let signed = implicit(&[b"\x28\0\x03\x01\x02\0\0\0\x01\0", b"\x28\0\x06\x01\x02\0\0\0\xFF\xFF"]).unwrap();
    assert_eq!(signed.int(tags::SMALLEST_IMAGE_PIXEL_VALUE), Some(-1));
    let unsigned = implicit(&[b"\x28\0\x03\x01\x02\0\0\0\0\0", b"\x28\0\x06\x01\x02\0\0\0\xFF\xFF"]).unwrap();
    assert_eq!(unsigned.int(tags::SMALLEST_IMAGE_PIXEL_VALUE), Some(65535));
}

#[test]
fn a_private_sequence_in_implicit_vr_is_read() {
    let item = b"\x10\0\x20\0\x02\0\0\0ab";
    let read = implicit(&[b"\x2D\0\x10\x10\xFF\xFF\xFF\xFF", ITEM, item, ITEM_END, SEQUENCE_END]).unwrap();
    assert_eq!(read.items(Tag(0x002D, 0x1010))[0].text(tags::PATIENT_ID).as_deref(), Some("ab"));
}

#[test]
fn delimiters_forgotten_or_too_many_do_no_harm() {
    let sequence = b"\x08\0\x15\x11SQ\0\0\xFF\xFF\xFF\xFF";
    let value = b"\x08\0\x50\x11UI\x02\x001\0";
    let after = b"\x10\0\x20\0LO\x02\0ab";
    let forgotten = explicit(&[sequence, ITEM, value, SEQUENCE_END, after]).unwrap();
    let next_item = explicit(&[sequence, ITEM, value, ITEM, value, ITEM_END, SEQUENCE_END, after]).unwrap();
    let defined_item = b"\xFE\xFF\0\xE0\x0A\0\0\0";
    let extra =
        explicit(&[sequence, defined_item, value, ITEM_END, SEQUENCE_END, SEQUENCE_END, after]).unwrap();
    let count = |set: &DataSet| set.items(tags::REFERENCED_SERIES_SEQUENCE).len();
    assert_eq!([count(&forgotten), count(&next_item), count(&extra)], [1, 2, 1]);
    assert!([forgotten, next_item, extra].iter().all(|set| set.contains(tags::PATIENT_ID)));
}

#[test]
fn an_element_longer_than_its_item_is_refused() {
    let item = b"\xFE\xFF\0\xE0\x0A\0\0\0\x08\0\x50\x11UI\x20\x001\0";
    let outcome = explicit(&[b"\x08\0\x15\x11SQ\0\0\x12\0\0\0", item, &[b' '; 64]]);
    assert!(matches!(outcome, Err(ReadError::BeyondItem { .. })));
}

#[test]
fn odd_lengths_and_missing_vrs_are_read() {
    let read = explicit(&[b"\x10\0\x10\0PN\x03\0abc", b"\x10\0\x20\0\x02\0\0\0de"]).unwrap();
    assert_eq!(read.text(tags::PATIENT_NAME).as_deref(), Some("abc"));
    assert_eq!(read.text(tags::PATIENT_ID).as_deref(), Some("de"));
}

#[test]
fn encapsulated_pixel_data_cut_short_keeps_what_there_is() {
    let mut set = DataSet::new();
    let fragments = vec![Bytes::from_static(b"abcd"), Bytes::from_static(b"efgh")];
    set.put_fragments(tags::PIXEL_DATA, Fragments { offset_table: Bytes::new(), fragments });
    let ts = TransferSyntax::or_unknown("1.2.840.10008.1.2.4.80");
    let mut out = Vec::new();
    write_data_set(&set, &ts, &mut out);
    for (cut, left) in [(8, 2), (10, 2), (12, 2), (17, 1)] {
        let parsed =
            read::parse(&Bytes::from(out[..out.len() - cut].to_vec()), &ts, &ReadOptions::default()).unwrap();
        let Some(Value::Fragments(pixels)) = parsed.data_set.get(tags::PIXEL_DATA).map(|e| &e.value) else {
            panic!("no fragments")
        };
        assert_eq!((parsed.complete, pixels.fragments.len()), (false, left), "{cut} bytes cut");
    }
}

#[test]
fn an_attribute_twice_is_refused_unless_it_says_the_same() {
    let (one, other) = (b"\x10\0\x20\0LO\x02\0ab", b"\x10\0\x20\0LO\x02\0cd");
    assert_eq!(explicit(&[one, other]), Err(ReadError::Contradiction { tag: tags::PATIENT_ID }));
    assert!(explicit(&[one, one]).is_ok_and(|set| set.len() == 1));
}

#[test]
fn elements_out_of_order_are_put_in_order() {
    let (late, early) = (b"\x10\0\x20\0LO\x02\0ab", b"\x08\0\x60\0CS\x02\0CT");
    let read = explicit(&[late, early]).unwrap();
    assert_eq!(
        read.iter().map(|element| element.tag).collect::<Vec<_>>(),
        [tags::MODALITY, tags::PATIENT_ID]
    );
}

#[test]
fn errors_carry_no_values() {
    let error = explicit(&[b"\x10\0\x10\0PN\xF0\0Doe^Jane"]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Doe"));
}
