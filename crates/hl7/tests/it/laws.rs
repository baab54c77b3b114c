//! What holds for any bytes.

use crate::read::checked;
use hl7::ack::{Verdict, answer};
use hl7::mllp::{Frames, framed};
use hl7::{Message, batch, translate};
use proptest::prelude::*;

const SEGMENTS: [&str; 20] = [
    "EVN|A01|2024",
    "PID|1||M1^^^N^MR~\"\"||A^B||19700101|F",
    "PID|2|||x",
    "PV1|1|I|||||||||||||||||V1",
    "MRG|O1^^^N^MR||A1||V2",
    "ORC|NW|P1|F1||SC",
    "OBR|1|P1|F1|A^B^L||||||||||||||AC||||||CT|F",
    "OBR|2",
    "OBX|1|TX|a&IMP^b^LN|1|text~more||||||F",
    "OBX|2|NM|a|1|5|kg|||||F",
    "OBX|3|ED|a||^^pdf^Base64^AAAA",
    "OBX",
    "NTE|1||note",
    "TXA|1|DI||||||||||D1|D0|P1|F1||AU",
    "SCH|1|2||||||||||^^^2024",
    "SPM|1|S1||BLD",
    "AL1|1||x^y",
    "DG1|1||x^y",
    "IPC|AC|RP|1.2.3.4|SP|MR",
    "ZZZ|own",
];

fn any_message() -> impl Strategy<Value = String> {
    let kinds = prop::sample::select(vec![
        "ADT^A01", "ADT^A40", "ADT^A37", "ADT^A41", "ADT^A45", "ORM^O01", "ORU^R01", "MDM^T02", "SIU^S12",
        "DFT^P03", "QRY",
    ]);
    let segments = prop::collection::vec(prop::sample::select(SEGMENTS.to_vec()), 0..12);
    (kinds, segments).prop_map(|(kind, segments)| {
        format!("MSH|^~\\&|A|B|C|D|2024||{kind}|1|P|2.5\r{}", segments.join("\r"))
    })
}

proptest! {
    #[test]
    fn any_order_of_segments_is_accounted_for(text in any_message()) {
        let message = Message::parse(text.as_bytes()).expect("a message");
        let told = checked(&message);
        prop_assert_eq!(translate(&message), told);
    }

    #[test]
    fn any_bytes_are_read_or_refused(text in any_message(), at in 0usize..400, bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut damaged = text.into_bytes();
        let at = at.min(damaged.len());
        damaged.splice(at..at, bytes);
        if let Ok(message) = Message::parse(&damaged) {
            checked(&message);
            let now = model::Timestamp::from_micros(0);
            if let Some(answer) = answer(&message, Verdict::Kept, "1", now) {
                prop_assert!(Message::parse(&answer).is_ok());
            }
        }
    }

    #[test]
    fn messages_are_split_as_they_were_joined(texts in prop::collection::vec(any_message(), 0..5)) {
        let file = texts.join("\r\n");
        let batch = batch::split(file.as_bytes());
        let texts: Vec<_> = texts.iter().map(|text| text.trim_end().as_bytes()).collect();
        prop_assert_eq!(batch.messages, texts);
    }

    #[test]
    fn frames_are_what_was_sent(texts in prop::collection::vec(any_message(), 1..4), piece in 1usize..200) {
        let wire: Vec<u8> = texts.iter().flat_map(|text| framed(text.as_bytes())).collect();
        let (mut frames, mut found) = (Frames::new(1 << 20), Vec::new());
        for piece in wire.chunks(piece) {
            frames.push(piece);
            while let Ok(Some(frame)) = frames.next_frame() {
                found.push(String::from_utf8(frame).expect("text"));
            }
        }
        prop_assert_eq!(found, texts);
    }
}
