//! What a sender is told (v2.9 §2.9): MSH, MSA, and ERR when something is wrong.

use crate::{Message, Refusal};
use model::Timestamp;

/// What became of a message.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'r> {
    /// It is kept, durably.
    Kept,
    /// It is refused.
    Refused(&'r Refusal),
}

/// The acknowledgement of a message; none when its header asks for none.
///
/// In the original mode it is AA, AE or AR. When MSH-15 or MSH-16 are there (enhanced mode) it is the commit
/// acknowledgement CA, CE or CR if MSH-15 wants one, else the application's if MSH-16 does: one answer for a message.
/// `id` becomes MSH-10.
#[must_use]
pub fn answer(message: &Message, verdict: Verdict<'_>, id: &str, now: Timestamp) -> Option<Vec<u8>> {
    let header = message.header();
    let said = |number| header.first(number).unwrap_or_default().to_ascii_uppercase();
    let (accept, application) = (said(15), said(16));
    let refused = matches!(verdict, Verdict::Refused(_));
    let first = match (accept.as_str(), application.as_str()) {
        ("", "") => 'A',
        (accept, _) if wanted(accept, refused) => 'C',
        (_, application) if wanted(application, refused) => 'A',
        _ => return None,
    };
    let code = [first, second(verdict)].iter().collect::<String>();
    Some(message.charset().encode(&written(message, verdict, &code, id, now)))
}

/// The answer to bytes that are no message: nothing of them can be mirrored.
#[must_use]
pub fn answer_to_nothing(refusal: &Refusal, id: &str, now: Timestamp) -> Vec<u8> {
    let code = ["A", if refusal.problem.rejects() { "R" } else { "E" }].concat();
    let header = format!("MSH|^~\\&|||||{}||ACK|{id}|P|2.5.1\r", moment(now));
    let (number, text) = refusal.problem.code();
    format!("{header}MSA|{code}||{refusal}\rERR||MSH^1|{number}^{text}^HL70357|E\r").into_bytes()
}

/// Table 0155.
fn wanted(condition: &str, refused: bool) -> bool {
    match condition {
        "AL" => true,
        "ER" => refused,
        "SU" => !refused,
        _ => false,
    }
}

const fn second(verdict: Verdict<'_>) -> char {
    match verdict {
        Verdict::Kept => 'A',
        Verdict::Refused(refusal) if refusal.problem.rejects() => 'R',
        Verdict::Refused(_) => 'E',
    }
}

fn written(message: &Message, verdict: Verdict<'_>, code: &str, id: &str, now: Timestamp) -> String {
    let header = message.header();
    let raw = |number: usize| header.field(number).raw().replace(['\r', '\n'], " ");
    let marks = message.delimiters();
    let (cut, sub) = (marks.field.to_string(), marks.component.to_string());
    let (_, trigger) = message.kind_and_trigger();
    let kind: Vec<_> =
        ["ACK", &trigger, "ACK"].into_iter().take(if trigger.is_empty() { 1 } else { 3 }).collect();
    let mut fields = vec!["MSH".to_owned(), marks.encoding_characters()];
    fields.extend([5, 6, 3, 4].map(raw));
    fields.extend([moment(now), String::new(), kind.join(&sub), id.to_owned()]);
    fields.extend([raw(11), raw(12)]);
    fields.extend((13..=17).map(|_| String::new()));
    fields.push(raw(18));
    let mut acknowledged = vec!["MSA".to_owned(), code.to_owned(), raw(10)];
    let mut lines = vec![fields.join(&cut).trim_end_matches(marks.field).to_owned()];
    if let Verdict::Refused(refusal) = verdict {
        acknowledged.push(refusal.to_string());
        lines.push(acknowledged.join(&cut));
        lines.push(error(refusal, &raw(12), &cut, &sub, marks.subcomponent));
    } else {
        lines.push(acknowledged.join(&cut));
    }
    lines.join("\r") + "\r"
}

/// ERR: since v2.5 place and code stand in fields of their own, before in ERR-1.
fn error(refusal: &Refusal, version: &str, cut: &str, sub: &str, deeper: Option<char>) -> String {
    let (number, text) = refusal.problem.code();
    let (segment, nth, field) = located(&refusal.place);
    let place = [segment, nth, field].join(sub);
    let place = place.trim_end_matches(sub);
    let old = ["2.1", "2.2", "2.3", "2.3.1", "2.4"].contains(&version.trim());
    match deeper {
        Some(deeper) if old => {
            let code = [number, text, "HL70357"].join(&deeper.to_string());
            ["ERR", &[segment, nth, field, &code].join(sub)].join(cut)
        }
        _ => ["ERR", "", place, &[number, text, "HL70357"].join(sub), "E"].join(cut),
    }
}

/// `OBR[2]-4` as its segment, which of them, and the field.
fn located(place: &str) -> (&str, &str, &str) {
    let (segment, field) = place.split_once('-').unwrap_or((place, ""));
    let (segment, nth) = segment.split_once('[').unwrap_or((segment, "1]"));
    (segment, nth.trim_end_matches(']'), field)
}

/// A time stamp in UTC, to the second.
fn moment(now: Timestamp) -> String {
    let digits: String = now.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    digits + "+0000"
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Problem;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn answered(text: &str, verdict: Verdict<'_>) -> Option<String> {
        let message = Message::parse(text.as_bytes()).unwrap();
        answer(&message, verdict, "R1", NOW).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_kept_message_is_acknowledged_in_its_own_words() {
        let text = "MSH|^~\\&|RIS|NGH|ISO|RES|20240101||ADT^A01^ADT_A01|7|P|2.5.1||||||UNICODE UTF-8\r";
        let want = "MSH|^~\\&|ISO|RES|RIS|NGH|20231114221320+0000||ACK^A01^ACK|R1|P|2.5.1||||||UNICODE UTF-8\r\
                    MSA|AA|7\r";
        assert_eq!(answered(text, Verdict::Kept).as_deref(), Some(want));
    }

    #[test]
    fn a_refusal_tells_place_and_code() {
        let refusal = Refusal::at("MSH-9", Problem::Type);
        let new = answered("MSH|^~\\&|A||||||QRY|8|P|2.5\r", Verdict::Refused(&refusal)).unwrap();
        assert!(new.ends_with(
            "MSA|AR|8|MSH-9: unsupported message type\rERR||MSH^1^9|200^Unsupported message type^HL70357|E\r"
        ));
        let missing = Refusal::at("MSH-10", Problem::Missing);
        let old = answered("MSH$%~\\&$A$$$$$$ADT%A01$$P$2.3\r", Verdict::Refused(&missing)).unwrap();
        assert!(old.contains("MSA$AE$$MSH-10: required"), "{old}");
        assert!(old.ends_with("ERR$MSH%1%10%101&Required field missing&HL70357\r"), "{old}");
    }

    #[test]
    fn enhanced_mode_answers_what_is_asked_for() {
        let refusal = Refusal::at("MSH-9", Problem::Type);
        let codes = |accept: &str, application: &str| {
            let text = format!("MSH|^~\\&|A||||||ADT^A01|8|P|2.5|||{accept}|{application}\r");
            let code = |verdict| {
                let answer = answered(&text, verdict)?;
                answer.split("MSA|").nth(1).map(|msa| msa[..2].to_owned())
            };
            (code(Verdict::Kept), code(Verdict::Refused(&refusal)))
        };
        let some = |code: &str| Some(code.to_owned());
        assert_eq!(codes("AL", "NE"), (some("CA"), some("CR")));
        assert_eq!(codes("NE", "AL"), (some("AA"), some("AR")));
        assert_eq!(codes("ER", "SU"), (some("AA"), some("CR")));
        assert_eq!(codes("NE", "NE"), (None, None));
        assert_eq!(codes("", ""), (some("AA"), some("AR")));
    }

    #[test]
    fn bytes_that_are_no_message_get_an_answer() {
        let refusal = Message::parse(b"hello").unwrap_err();
        let text = String::from_utf8(answer_to_nothing(&refusal, "R2", NOW)).unwrap();
        assert!(text.contains("MSA|AR||MSH: no MSH segment at the start\r"), "{text}");
        assert!(Message::parse(text.as_bytes()).is_ok());
    }
}
