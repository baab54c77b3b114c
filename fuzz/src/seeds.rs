//! What is damaged: input made here, and small sample files where they are at hand.

use bytes::Bytes;
use dicom::json::to_json;
use dicom::net::pdu::{
    Abort, AnsweredContext, AssociateAc, AssociateRq, CommonExtended, ContextResult, Extended, IdentityKind,
    Pdu, ProposedContext, Rejection, Role, UserIdentity, UserInformation, WireTitle, encode,
};
use dicom::xml::to_xml;
use dicom::{BulkOptions, DataSet, Fragments, Tag, TransferSyntax, Vr, tags, write_file};
use std::path::{Path, PathBuf};

/// Larger files make slow rounds and teach nothing more.
const LARGEST: u64 = 40_000;

/// One data set with a bit of everything.
fn data_set() -> DataSet {
    let mut inner = DataSet::new();
    inner.put_text(tags::CODE_MEANING, "Schädel");
    let mut item = DataSet::new();
    item.put_text(tags::CODE_VALUE, "T-D1100");
    item.put_items(tags::CONCEPT_CODE_SEQUENCE, vec![inner, DataSet::new()]);
    let mut set = DataSet::new();
    set.put_text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7");
    set.put_text(tags::SOP_INSTANCE_UID, "1.2.3.4.5");
    set.put_text(tags::PATIENT_NAME, "Wang^XiaoDong=王^小東");
    set.put_text(tags::PIXEL_SPACING, "0.5\\0.5");
    set.put_u16(tags::ROWS, 4);
    set.put_f64(Tag(0x0018, 0x9073), 12.5);
    set.put_bytes(tags::FRAME_INCREMENT_POINTER, Vr::AT, vec![0x18, 0, 0x63, 0x10]);
    set.put_text(Tag(0x0009, 0x0010), "ACME");
    set.put_bytes(Tag(0x0009, 0x1001), Vr::UN, vec![1, 2, 3, 4]);
    set.put_items(tags::ANATOMIC_REGION_SEQUENCE, vec![item.clone(), item]);
    set
}

fn japanese() -> DataSet {
    let mut set = DataSet::new();
    set.put_bytes(tags::SPECIFIC_CHARACTER_SET, Vr::CS, "ISO 2022 IR 13\\ISO 2022 IR 87 ");
    let name = &b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J "[..];
    set.put_bytes(tags::PATIENT_NAME, Vr::PN, name);
    set
}

/// Files in every kind of transfer syntax.
pub(crate) fn files() -> Vec<Vec<u8>> {
    let native = [
        TransferSyntax::IMPLICIT_LE,
        TransferSyntax::EXPLICIT_LE,
        TransferSyntax::EXPLICIT_BE,
        TransferSyntax::DEFLATED_LE,
    ];
    let mut set = data_set();
    set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![7; 32]);
    let mut seeds: Vec<_> = native.iter().map(|ts| write_file(&set, ts, None)).collect();
    let fragments = vec![Bytes::from_static(b"\xFF\xD8\xFF\xD9"), Bytes::from_static(b"\xFF\xD8\xFF\xD9")];
    set.put_fragments(tags::PIXEL_DATA, Fragments { offset_table: Bytes::from_static(&[0; 8]), fragments });
    seeds.push(write_file(&set, &TransferSyntax::or_unknown("1.2.840.10008.1.2.4.50"), None));
    seeds.push(write_file(&japanese(), &TransferSyntax::EXPLICIT_LE, None));
    seeds.extend(samples("dicom"));
    seeds
}

pub(crate) fn json() -> Vec<Vec<u8>> {
    [data_set(), japanese()].iter().map(|set| to_json(set, &BulkOptions::INLINE).into_bytes()).collect()
}

pub(crate) fn xml() -> Vec<Vec<u8>> {
    [data_set(), japanese()].iter().map(|set| to_xml(set, &BulkOptions::INLINE).into_bytes()).collect()
}

/// PDUs without their length: the kind, then the body.
pub(crate) fn pdus() -> Vec<Vec<u8>> {
    let pdus = [
        Pdu::AssociateRq(request()),
        Pdu::AssociateAc(answer()),
        Pdu::AssociateRj(Rejection { result: 1, source: 1, reason: 3 }),
        Pdu::Data(Bytes::from_static(b"\0\0\0\x06\x01\x03abcd")),
        Pdu::Abort(Abort { source: 2, reason: 0 }),
    ];
    let mut wires = pdus.map(|pdu| {
        let mut wire = Vec::new();
        encode(&pdu, &mut wire);
        wire
    });
    wires.iter_mut().for_each(|wire| drop(wire.drain(1..6)));
    wires.to_vec()
}

fn request() -> AssociateRq {
    AssociateRq {
        protocol_version: 1,
        called: WireTitle(*b"ISOCENTER       "),
        calling: WireTitle(*b"MODALITY        "),
        application_context: "1.2.840.10008.3.1.1.1".into(),
        contexts: vec![ProposedContext {
            id: 1,
            abstract_syntax: "1.2.840.10008.1.1".into(),
            transfer_syntaxes: vec!["1.2.840.10008.1.2".into(), "1.2.840.10008.1.2.1".into()],
        }],
        user: UserInformation {
            max_length: Some(16384),
            implementation_class_uid: "1.2.3".into(),
            implementation_version_name: "FUZZ".into(),
            async_operations: Some((1, 1)),
            roles: vec![Role { sop_class: "1.2.840.10008.1.1".into(), scu: true, scp: true }],
            extended: vec![Extended {
                sop_class: "1.2.3".into(),
                information: Bytes::from_static(b"\x01\x01"),
            }],
            common_extended: vec![CommonExtended {
                sop_class: "1.2.3".into(),
                service_class: "1.2.840.10008.4.2".into(),
                related: vec!["1.2.4".into()],
            }],
            identity: Some(UserIdentity {
                kind: IdentityKind::UsernamePasscode,
                positive_response: true,
                primary: Bytes::from_static(b"name"),
                secondary: Bytes::from_static(b"code"),
            }),
            identity_response: None,
        },
    }
}

fn answer() -> AssociateAc {
    let request = request();
    AssociateAc {
        protocol_version: 1,
        called: request.called,
        calling: request.calling,
        application_context: request.application_context,
        contexts: vec![AnsweredContext {
            id: 1,
            result: ContextResult::Accepted,
            transfer_syntax: "1.2.840.10008.1.2".into(),
        }],
        user: UserInformation { identity: None, identity_response: Some(Bytes::new()), ..request.user },
    }
}

pub(crate) fn multipart() -> Vec<Vec<u8>> {
    let part =
        "--isocenter\r\nContent-Type: application/dicom; a=\"b;c\"\r\nContent-Location: x\r\n\r\ncontent\r\n";
    let lf = part.replace("\r\n", "\n");
    vec![
        format!("preamble\r\n{part}{part}--isocenter--\r\nepilogue").into_bytes(),
        format!("{lf}{lf}--isocenter--\n").into_bytes(),
        b"--isocenter\r\n\r\n\r\n--isocenter--".to_vec(),
    ]
}

/// Small sample files, which are not part of the repository.
fn samples(folder: &str) -> Vec<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = std::env::var_os("ISOCENTER_SHARED").map_or(beside, PathBuf::from);
    let mut found = Vec::new();
    let mut open = vec![root.join("data").join(folder)];
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            match path.metadata() {
                Ok(about) if about.is_dir() => open.push(path),
                Ok(about) if about.len() <= LARGEST => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}
