//! Sources and exams for tests; every name is invented.

use catalog::ExamFacts;
use clinical::{Identifier, OrderState, Record, Said, Statement, Told, When};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use model::{Door, Sha256Digest, Source, Timestamp};
use records::exams::Held;
use records::{Records, Sent, Taken};
use serde_json::{Map, Value, json};
use store::Ledger;

pub async fn open(ledger: Ledger) -> Records {
    Records::open(ledger).await.unwrap()
}

/// A source with these statements, received at a second.
pub fn source(id: &str, second: i64, statements: Vec<Statement>) -> Taken {
    let mut details = Map::new();
    details.insert("id".into(), id.into());
    details.insert("format".into(), "hl7v2".into());
    let received_at = Timestamp::from_micros(second * 1_000_000);
    let source = Source { door: Door::Mllp, account: "ris".into(), peer: None, path: None, received_at };
    let head =
        NewEntryHead { kind: Kind::Record, name: id.into(), digest: Sha256Digest([0; 32]), source, details };
    let locator = Locator { segment: SegmentId("1".into()), offset: 0, length: 1 };
    let sent = Sent { title: "TEST".into(), sender: "RIS|NGH".into(), ..Sent::default() };
    Taken {
        head,
        locator,
        sent,
        first: (0, 0),
        statements,
        left: Vec::new(),
        ends: true,
        refusal: None,
        part: false,
    }
}

pub fn mrn(value: &str) -> Identifier {
    Identifier::new("NGH", value, Some("MR")).unwrap()
}

fn said(at: &str, said: Said) -> Statement {
    Statement { said, at: Some(When::parse(at).unwrap()), place: "X".into() }
}

pub fn patient(at: &str, id: &str, name: (&str, &str), birth: &str) -> Statement {
    let content = json!({"resourceType": "Patient", "birthDate": birth, "identifier": [mrn(id).to_json()],
        "name": [{"family": name.0, "given": [name.1]}]});
    record(at, "Patient", vec![mrn(id)], vec![], content, None)
}

pub fn record(
    at: &str,
    kind: &str,
    keys: Vec<Identifier>,
    patient: Vec<Identifier>,
    content: Value,
    state: Option<OrderState>,
) -> Statement {
    let record = Record { kind: kind.into(), keys, patient, content, told: Told::Change, state };
    said(at, Said::Record(Box::new(record)))
}

pub fn merge(at: &str, kept: &str, gone: &str) -> Statement {
    said(at, Said::Merge { kept: mrn(kept), gone: mrn(gone) })
}

pub fn unmerge(at: &str, kept: &str, gone: &str) -> Statement {
    said(at, Said::Unmerge { kept: mrn(kept), gone: mrn(gone) })
}

fn number(kind: &str, value: &str) -> Identifier {
    Identifier::new("RIS", value, Some(kind)).unwrap()
}

/// An order of a CT of the chest.
pub fn order(at: &str, id: &str, placer: &str, accession: &str, state: OrderState) -> Statement {
    let keys = vec![number("PLAC", placer)];
    let mut identifiers: Vec<_> = keys.iter().map(Identifier::to_json).collect();
    if !accession.is_empty() {
        identifiers.push(Identifier::new("", accession, Some("ACSN")).unwrap().to_json());
    }
    let content = json!({"resourceType": "ServiceRequest", "status": "active", "identifier": identifiers,
        "code": {"text": "CT CHEST"}, "occurrenceDateTime": "2024-01-18T08:00:00",
        "category": [{"coding": [{"system": records::marks::MODALITY, "code": "CT"}]}]});
    record(at, "ServiceRequest", keys, vec![mrn(id)], content, Some(state))
}

/// A report that answers an order.
pub fn report(at: &str, id: &str, filler: &str, placer: &str, status: &str, conclusion: &str) -> Statement {
    let content = json!({"resourceType": "DiagnosticReport", "status": status, "conclusion": conclusion,
        "category": [{"coding": [{"code": "RAD"}]}], "issued": at,
        "basedOn": [number("PLAC", placer).refer("ServiceRequest")]});
    record(at, "DiagnosticReport", vec![number("FILL", filler)], vec![mrn(id)], content, None)
}

/// A CT of the chest in the archive.
pub fn exam(study: &str, id: &str, name: &str, birth: i64, accession: &str) -> ExamFacts {
    ExamFacts {
        study: study.into(),
        patient_id: id.into(),
        issuer: "NGH".into(),
        patient_name: name.into(),
        birth_date: Some(birth),
        accession: accession.into(),
        modalities: vec!["CT".into()],
        description: "CT Chest".into(),
        begins: Some(When::parse("2024-01-18T09:00:00").unwrap().earliest().as_micros()),
        series: 1,
        instances: 3,
        ..ExamFacts::default()
    }
}

/// Something that arrives.
#[derive(Clone)]
pub enum Arrival {
    Source(Box<Taken>),
    Exam(Box<ExamFacts>),
}

pub async fn arrive(records: &Records, arrivals: &[Arrival]) {
    for arrival in arrivals {
        match arrival {
            Arrival::Source(taken) => drop(records.take(&[(**taken).clone()]).await.unwrap()),
            Arrival::Exam(exam) => {
                records.take_exams(Held::Here, std::slice::from_ref(&**exam), None, 1).await.unwrap();
            }
        }
    }
}

/// All links, in words that don't depend on numbers.
pub async fn links(records: &Records, study: &str) -> Vec<String> {
    let mut found: Vec<_> = records
        .links_of_exam(study)
        .await
        .unwrap()
        .into_iter()
        .map(|link| format!("{} {} {:.2} {}", link.kind, link.rule, link.confidence, link.state))
        .collect();
    found.sort();
    found
}

/// All orders of so many things.
pub fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for at in 0..count {
            let mut one = shorter.clone();
            one.insert(at, count - 1);
            all.push(one);
        }
    }
    all
}
