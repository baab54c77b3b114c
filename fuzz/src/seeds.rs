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

/// Bundles, and lines.
pub(crate) fn fhir() -> Vec<Vec<u8>> {
    let line = r##"{"resourceType":"Encounter","id":"0f49d2d0-59be-4f72-a22b-0a582367b44b","class":[{"coding":[{"code":"IMP"}]}],"reason":[{"value":[{"concept":{"text":"a"}}]}],"subject":{"reference":"Patient?identifier=a%7Cb"}}"##;
    let bundle = r##"{"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"1","link":[{"type":"replaces","other":{"reference":"Patient/2"}}]}},{"request":{"method":"DELETE","url":"Condition/1"}}]}"##;
    let mut seeds = vec![format!("{line}\n{line}\n").into_bytes(), bundle.as_bytes().to_vec()];
    seeds.extend(samples("fhir/spec-examples"));
    seeds.extend(samples("linked-scenario"));
    seeds
}

/// A table that is each of those of a CDM and has a mapping, and a VCF.
pub(crate) fn tables() -> Vec<Vec<u8>> {
    let table = "person_id,measurement_id,drug_exposure_id,measurement_date,drug_exposure_start_date,value,\
        value_as_number,unit_source_value,measurement_source_value,concept_id,drug_concept_id\n\
        1,1,1,2020-01-01,2020-01-01,\"<0,5\",1.5,mg,x,7,7\n2,2,2,2020-01-01,2020-01-01 10:00:00,a,,,y,8,8\n";
    let vcf = "##fileformat=VCFv4.2\n##INFO=<ID=CSQ,Description=\"Format: Allele|SYMBOL|HGVSc\">\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n1\t1\t.\tA\tG,T\t9\tPASS\tCSQ=G|B|c\tGT\t1/2\n";
    vec![table.as_bytes().to_vec(), table.replace(',', "\t").into_bytes(), vcf.as_bytes().to_vec()]
}

/// Parquet files with every kind of column, and each way of packing them.
pub(crate) fn parquet() -> Vec<Vec<u8>> {
    let files: [&[u8]; 5] = [
        include_bytes!("../../crates/tables/tests/data/kinds.parquet"),
        include_bytes!("../../crates/tables/tests/data/labs-snappy.parquet"),
        include_bytes!("../../crates/tables/tests/data/labs-zstd.parquet"),
        include_bytes!("../../crates/tables/tests/data/labs-gzip.parquet"),
        include_bytes!("../../crates/tables/tests/data/labs-none.parquet"),
    ];
    files.map(<[u8]>::to_vec).into()
}

/// Reports with everything that is looked for.
pub(crate) fn reports() -> Vec<Vec<u8>> {
    let lines = include_str!("../../crates/reading/tests/data/reports.jsonl").lines();
    let text =
        |line: &str| line.split_once("\"text\": \"").map(|(_, rest)| rest.replace("\\n", "\n").into_bytes());
    lines.step_by(7).filter_map(text).collect()
}

/// Messages of every kind, alone, in frames and in a batch.
pub(crate) fn hl7() -> Vec<Vec<u8>> {
    let head = |kind: &str| format!("MSH|^~\\&|RIS|NGH|ISO|RES|20240105||{kind}|C1|P|2.5.1||||||8859/1\r");
    let pid =
        "PID|1||M1^^^NGH&1.2.3&ISO^MR~S2^^^^SS||Doe^Jane~Roe^J||19700101|F|||1 High St^^Town|(555) 1|||ger\r";
    let order =
        "ORC|NW|P1^HIS|F1^RIS||SC\rOBR|1|P1^HIS|F1^RIS|CT^CHEST^L|||20240105||||||||||||AC1|||||CT|F\r";
    let report = "OBX|1|HD|113014^S^DCM||1.2.3.4||||||F\rOBX|2|FT|1&IMP^R^LN|1|a\\.br\\b~c\\XE9\\||||||F\rNTE|1||note\r";
    let results =
        "OBX|1|NM|8867-4^HR^LN||>72|/min^^UCUM|60-100|N|||F\rOBX|2|SN|1||^1^:^8||||||F\rSPM|1|S1||BLD\r";
    let bodies = [
        ("ADT^A40", "MRG|OLD^^^NGH^MR||A0||V0\r".to_owned()),
        ("ADT^A45", "MRG|OLD^^^NGH^MR||A0||V0\rPV1|1|I|W^1^2\r".to_owned()),
        ("ADT^A01", "PV1|1|I|W^1^2||||||||||||||||V1\rAL1|1|DA|x^y\rDG1|1||a^b^I10\rZZ1|own\r".to_owned()),
        ("OMI^O23", format!("{order}TQ1|1||||||20240106||S\rIPC|AC1|RP|1.2.3.4|SP|CT\r")),
        ("ORU^R01", format!("{order}{report}broken line\r")),
        ("ORU^R01", format!("OBR|1|P2|F2|A^B^L\r{results}")),
        ("MDM^T06", format!("{order}TXA|1|DI||2024||||||||D2|D1|P1|F1||AU\r{report}")),
        ("SIU^S12", "SCH|A1|A2|||||x|y|30|min|^^^20240106\rAIS|1|A|CT^x\rAIL|1|A|R^1\r".to_owned()),
    ];
    let mut seeds: Vec<_> =
        bodies.iter().map(|(kind, body)| [head(kind).as_str(), pid, body].concat().into_bytes()).collect();
    let batch = [&b"FHS|^~\\&\rBHS|^~\\&\r"[..], &seeds[0], &seeds[2], b"BTS|2\rFTS|1\r"].concat();
    let framed = [hl7::mllp::framed(&seeds[3]), hl7::mllp::framed(&seeds[4])].concat();
    seeds.extend([batch, framed]);
    seeds.extend(samples("hl7v2"));
    seeds
}

/// TIFF files with one picture of one tile in both byte orders, classic and big.
pub(crate) fn slides() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = [(true, false), (false, false), (true, true)].map(tiff).to_vec();
    seeds.extend(samples("wsi"));
    seeds
}

fn tiff((little, big): (bool, bool)) -> Vec<u8> {
    let number = |value: u64, size: usize| -> Vec<u8> {
        if little { value.to_le_bytes()[..size].to_vec() } else { value.to_be_bytes()[8 - size..].to_vec() }
    };
    let word = if big { 8 } else { 4 };
    let mut file = if little { b"II".to_vec() } else { b"MM".to_vec() };
    file.extend(number(if big { 43 } else { 42 }, 2));
    if big {
        file.extend([number(8, 2), number(0, 2)].concat());
    }
    // The tile lies between the header and the directory.
    let tile_at = file.len() as u64 + word as u64;
    file.extend(number(tile_at + 16 * 16 * 3, word));
    file.extend((0..16 * 16 * 3).map(|byte| byte as u8));
    let fields = [
        (256, 16),
        (257, 16),
        (258, 8),
        (259, 1),
        (262, 2),
        (277, 3),
        (322, 16),
        (323, 16),
        (324, tile_at),
        (325, 768),
    ];
    file.extend(number(fields.len() as u64, if big { 8 } else { 2 }));
    for (tag, value) in fields {
        file.extend(
            [number(tag, 2), number(if big { 16 } else { 4 }, 2), number(1, word), number(value, word)]
                .concat(),
        );
    }
    file.extend(number(0, word));
    file
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
