//! Synthesises reports (a million by default) of patients with exams, has them taken and read as any are, and measures
//! searching them.
//!
//! `cargo run --release -p isocenter-records --example million_reports -- sqlite://reports.db 1000000`
//!
//! Stopped half-way, it goes on where it stopped; with all reports there it only searches. It tells how far it is and how long
//! the rest will take. Every name and sentence is invented.
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use clinical::{Identifier, Record, Said, Statement, Told, When};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use isocenter_records as records;
use model::{Door, Sha256Digest, Source, Timestamp};
use reading::{ENGINE, Lexicon, Reader};
use records::search::Question;
use records::{Records, Sent, Taken};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::time::{Duration, Instant};
use store::Ledger;

/// Reports of a patient.
const EACH: u64 = 4;
/// Messages taken together.
const BATCH: u64 = 200;
/// Questions of each kind.
const TIMES: usize = 60;

const NORMAL: [&str; 8] = [
    "The lungs are clear.",
    "No pleural effusion or pneumothorax.",
    "The heart is of normal size.",
    "No evidence of pulmonary embolism.",
    "The liver is unremarkable.",
    "No fracture is seen.",
    "The ventricles are of normal size.",
    "No pulmonary nodule.",
];
const FINDINGS: [&str; 10] = [
    "There is a 7 mm nodule in the right upper lobe.",
    "Cholelithiasis without signs of cholecystitis.",
    "Possible consolidation in the left lower lobe.",
    "Moderate cardiomegaly.",
    "A hypodense lesion in segment VII of the liver measures 2.3 x 1.8 cm.",
    "Small bilateral pleural effusions.",
    "Compression fracture of T12.",
    "Hydronephrosis of the left kidney.",
    "Diffuse hepatic steatosis.",
    "An old infarct in the left frontal lobe.",
];
const KINDS: [(&str, &str); 4] =
    [("CT CHEST", "CT"), ("MR HEAD", "MR"), ("CT ABDOMEN", "CT"), ("XR CHEST", "CR")];

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let uri = arguments.next().unwrap_or_else(|| "sqlite://reports.db".into());
    let count: u64 = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let records = Records::open(Ledger::open(&uri).await?).await?;
    let there: i64 =
        records.counts().await?.iter().filter(|(kind, ..)| kind == "DiagnosticReport").map(|one| one.2).sum();
    take(&records, u64::try_from(there)?, count).await?;
    read(&records, count).await?;
    search(&records).await
}

/// Says on the terminal how far something is, and how long the rest will take, every few seconds.
struct Progress {
    what: &'static str,
    begun: Instant,
    told: Instant,
    from: u64,
    of: u64,
}

impl Progress {
    fn new(what: &'static str, from: u64, of: u64) -> Self {
        Self { what, begun: Instant::now(), told: Instant::now(), from, of }
    }

    #[expect(clippy::print_stderr, reason = "figures go to the output, how far it is does not")]
    fn tell(&mut self, at: u64) {
        if self.told.elapsed() < Duration::from_secs(5) {
            return;
        }
        self.told = Instant::now();
        let rate = self.rate(at);
        let left = self.of.saturating_sub(at) as f64 / rate.max(1e-9) / 60.0;
        eprintln!("{}: {at} of {} ({rate:.0}/s, {left:.0} min left)", self.what, self.of);
    }

    /// Of those since the beginning, a second.
    fn rate(&self, at: u64) -> f64 {
        (at - self.from) as f64 / self.begun.elapsed().as_secs_f64().max(1e-9)
    }
}

/// Has those that are not there yet taken, as messages are.
async fn take(records: &Records, there: u64, count: u64) -> Result<(), Box<dyn Error>> {
    if there >= count {
        return Ok(());
    }
    let mut longest = Duration::ZERO;
    let mut progress = Progress::new("taken", there, count);
    for first in (there..count).step_by(BATCH as usize) {
        progress.tell(first);
        let batch: Vec<Taken> =
            (first..count.min(first + BATCH)).map(message).collect::<Option<_>>().ok_or("a message")?;
        let taking = Instant::now();
        records.take(&batch).await?;
        longest = longest.max(taking.elapsed());
    }
    let rate = progress.rate(count);
    println!(
        "messages taken and linked: {rate:.0}/s; longest transaction {:.0} ms",
        longest.as_secs_f64() * 1e3
    );
    Ok(())
}

async fn read(records: &Records, count: u64) -> Result<(), Box<dyn Error>> {
    let reader = Reader::new(Lexicon::builtin()?);
    let lexicon = reader.lexicon().version().to_owned();
    let told = records.reading_progress(ENGINE, &lexicon).await?;
    let from = u64::try_from(told.read)?;
    let (mut progress, mut at) = (Progress::new("read", from, count), from);
    loop {
        progress.tell(at);
        let unread = records.unread(ENGINE, &lexicon, 500).await?;
        if unread.is_empty() {
            break;
        }
        let read: Vec<_> = unread
            .into_iter()
            .map(|report| {
                let reading = reader.read(&report.text);
                (report, reading)
            })
            .collect();
        records.keep_readings(ENGINE, &lexicon, &read, None, 1).await?;
        at += read.len() as u64;
    }
    if at > from {
        println!("reports read and kept: {:.0}/s", progress.rate(at));
    }
    Ok(())
}

/// A report as ORU^R01 says it, with its patient and its order.
fn message(number: u64) -> Option<Taken> {
    // Each has a beginning of its own, so that going on makes the same reports as never stopping.
    let dice = &mut Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 7);
    let id = format!("m{number}");
    let (title, modality) = KINDS[dice.below(KINDS.len())];
    let patient = Identifier::new("NGH", &format!("MRN{}", number / EACH), Some("MR"))?;
    let placer = Identifier::new("HIS", &format!("P{number}"), Some("PLAC"))?;
    let accession = Identifier::new("", &format!("A{number}"), Some("ACSN"))?;
    let year = 2005 + dice.below(20);
    let at =
        format!("{year}-{:02}-{:02}T{:02}:15:00", 1 + dice.below(12), 1 + dice.below(28), dice.below(24));
    let category = json!([{"coding": [{"system": records::marks::MODALITY, "code": modality}]}]);
    let person = json!({"resourceType": "Patient", "identifier": [patient.to_json()],
        "name": [{"family": format!("Family{}", number / EACH), "given": ["Given"]}],
        "birthDate": format!("{}-{:02}-{:02}", 1930 + number / EACH % 80, 1 + number / EACH % 12, 1 + number / EACH % 28)});
    let order = json!({"resourceType": "ServiceRequest", "status": "completed", "code": {"text": title},
        "identifier": [placer.to_json(), accession.to_json()], "category": category, "occurrenceDateTime": at});
    let report = json!({"resourceType": "DiagnosticReport", "status": "final", "code": {"text": title},
        "identifier": [accession.to_json()], "category": category, "issued": at,
        "basedOn": [placer.refer("ServiceRequest")], "conclusion": text(number, dice)});
    let own = Identifier::new("RIS", &format!("F{number}"), Some("FILL"))?;
    let statements = vec![
        said(&at, "Patient", vec![patient.clone()], vec![], person)?,
        said(&at, "ServiceRequest", vec![placer], vec![patient.clone()], order)?,
        said(&at, "DiagnosticReport", vec![own], vec![patient], report)?,
    ];
    let mut details = Map::new();
    details.insert("id".into(), id.as_str().into());
    details.insert("format".into(), "hl7v2".into());
    let received_at = Timestamp::from_micros(number as i64);
    let source = Source { door: Door::Mllp, account: "ris".into(), peer: None, path: None, received_at };
    let head = NewEntryHead { kind: Kind::Record, name: id, digest: Sha256Digest([0; 32]), source, details };
    let locator = Locator { segment: SegmentId("1".into()), offset: 0, length: 1 };
    let sent = Sent { title: "ORU^R01".into(), sender: "RIS|NGH".into(), ..Sent::default() };
    Some(Taken {
        head,
        locator,
        sent,
        first: (0, 0),
        statements,
        left: Vec::new(),
        ends: true,
        refusal: None,
        part: false,
    })
}

fn said(
    at: &str,
    kind: &str,
    keys: Vec<Identifier>,
    patient: Vec<Identifier>,
    content: Value,
) -> Option<Statement> {
    let record = Record { kind: kind.into(), keys, patient, content, told: Told::Change, state: None };
    Some(Statement { said: Said::Record(Box::new(record)), at: When::parse(at).ok(), place: "X".into() })
}

/// A report; one in a thousand has a word of its own.
fn text(number: u64, dice: &mut Dice) -> String {
    let mut lines = vec!["FINDINGS:".to_owned()];
    for _ in 0..4 {
        lines.push(dice.of(&NORMAL).into());
    }
    let finding = dice.of(&FINDINGS);
    lines.push(finding.into());
    if number.is_multiple_of(1000) {
        lines.push("Situs inversus totalis.".into());
    }
    lines.push(format!("IMPRESSION: {finding}"));
    lines.join("\n")
}

/// Kinds of questions, each with texts to ask.
const QUESTIONS: [(&str, &[&str]); 8] = [
    ("a rare word", &["situs", "totalis", "inversus"]),
    ("a common word", &["liver", "nodule", "effusion", "lungs"]),
    ("two words", &["nodule liver", "cardiomegaly steatosis", "fracture hydronephrosis"]),
    ("a phrase", &["\"right upper lobe\"", "\"segment VII\"", "\"situs inversus\"", "\"old infarct\""]),
    ("a synonym", &["gallstones", "\"enlarged heart\"", "\"fatty liver\""]),
    ("asserted", &["nodule:present", "fracture:present", "pleural_effusion:present"]),
    ("denied", &["nodule:absent", "pneumothorax:absent", "fracture:absent"]),
    (
        "asserted, with words, a modality and a year",
        &[
            "nodule:present lobe modality:CT from:2015-01-01 to:2015-12-31",
            "consolidation:possible -cardiomegaly modality:MR from:2010-01-01 to:2010-06-30",
        ],
    ),
];

async fn search(records: &Records) -> Result<(), Box<dyn Error>> {
    let reader = Reader::new(Lexicon::builtin()?);
    let finding = |words: &str| reader.read(words).findings.first().map(|found| found.finding.to_string());
    println!("{:44} {:>8} {:>8} {:>6}", "question (50 on a page)", "p50 ms", "p95 ms", "found");
    for (kind, texts) in QUESTIONS {
        let mut times = Vec::with_capacity(TIMES);
        let mut found = 0;
        for at in 0..TIMES {
            let question = Question::parse(texts[at % texts.len()], finding)?;
            let begun = Instant::now();
            found = found.max(records.search_reports(&question, None, 50).await?.len());
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        println!("{kind:44} {:8.2} {:8.2} {found:6}", times[TIMES / 2], times[TIMES * 95 / 100]);
    }
    Ok(())
}
