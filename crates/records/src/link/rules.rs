//! Which records belong to which exams and to each other, and why. Pure: the same items give the same links,
//! in whatever order they arrived.

mod doubts;

use crate::marks::Mark;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// From here on a link holds by itself; below it waits for a person.
pub const HOLDS: f64 = 0.85;
/// How far an order's time and an exam's may lie apart to be taken for one by time alone: a day, in microseconds.
const DAY: i64 = 24 * 3_600_000_000;
/// Words of a procedure that tell nothing apart.
const EMPTY_WORDS: [&str; 16] = [
    "with", "without", "and", "of", "the", "contrast", "follow", "up", "views", "view", "w", "wo", "o",
    "exam", "scan", "study",
];

/// What a record is, to linking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A `ServiceRequest`.
    Order,
    /// A `DiagnosticReport`.
    Report,
    /// An `ImagingStudy`: what others know of an exam.
    Study,
    /// An `Encounter`.
    Encounter,
}

impl Role {
    /// The role of a FHIR resource type.
    #[must_use]
    pub fn of(kind: &str) -> Option<Self> {
        match kind {
            "ServiceRequest" => Some(Self::Order),
            "DiagnosticReport" => Some(Self::Report),
            "ImagingStudy" => Some(Self::Study),
            "Encounter" => Some(Self::Encounter),
            _ => None,
        }
    }

    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Report => "report",
            Self::Study => "imaging-study",
            Self::Encounter => "encounter",
        }
    }
}

/// A record that may belong to something.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub role: Role,
    /// Whose it is, where that is known.
    pub person: Option<i64>,
    /// What it names.
    pub marks: Vec<Mark>,
    /// The names it goes by: (system, value).
    pub keys: Vec<(String, String)>,
    /// Modalities it names.
    pub modalities: Vec<String>,
    /// Words of what was asked for or done, folded.
    pub words: String,
    /// When, in microseconds.
    pub begins: Option<i64>,
    /// Until when.
    pub ends: Option<i64>,
    /// Whether `begins` tells a time of day.
    pub timed: bool,
    /// An order that was taken back before anything was done.
    pub cancelled: bool,
}

/// An exam of the catalog.
#[derive(Debug, Clone)]
pub struct Exam {
    /// (0020,000D)
    pub study: String,
    /// Whose it is, where that is known.
    pub person: Option<i64>,
    /// (0008,0050)
    pub accession: String,
    /// The series' modalities.
    pub modalities: Vec<String>,
    /// Description and body parts, folded.
    pub words: String,
    /// When, in microseconds.
    pub begins: Option<i64>,
}

/// What a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// An exam, by Study Instance UID.
    Exam(String),
    /// Another record.
    Record(i64),
}

/// A link that is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The record.
    pub record: i64,
    /// `order-exam`, `report-order` …
    pub kind: String,
    /// What it belongs to.
    pub to: To,
    /// The rule that says so.
    pub rule: &'static str,
    /// What agrees and what doesn't.
    pub evidence: Map<String, Value>,
    /// 0 to 1.
    pub confidence: f64,
}

/// All links among these.
#[must_use]
pub fn links(items: &[Item], exams: &[Exam]) -> Vec<Link> {
    let mut found = Found::default();
    for item in items {
        for exam in exams {
            found.add(identified(item, exam));
        }
    }
    doubts::doubt(items, exams, &mut found);
    by_time(items, exams, &mut found);
    for item in items {
        for other in items.iter().filter(|other| other.id != item.id) {
            found.add(related(item, other));
        }
    }
    through(items, &mut found);
    encounters(items, exams, &mut found);
    found.0.into_values().collect()
}

/// The best link of each pair.
#[derive(Default)]
struct Found(BTreeMap<(i64, To), Link>);

impl Found {
    fn add(&mut self, link: Option<Link>) {
        let Some(link) = link else { return };
        let key = (link.record, link.to.clone());
        let better = self.0.get(&key).is_none_or(|known| known.confidence < link.confidence);
        if better {
            self.0.insert(key, link);
        }
    }

    /// Whether something speaks against a link by number, whatever leads there otherwise.
    fn is_doubted(&self, record: i64, to: &To) -> bool {
        self.0.get(&(record, to.clone())).is_some_and(|link| link.evidence.contains_key("doubt"))
    }

    fn holding(&self) -> impl Iterator<Item = &Link> {
        self.0.values().filter(|link| link.confidence >= HOLDS)
    }
}

/// Whether two are of one person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Yes,
    Unknown,
    No,
}

fn same(a: Option<i64>, b: Option<i64>) -> Same {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Same::Yes,
        (Some(_), Some(_)) => Same::No,
        _ => Same::Unknown,
    }
}

impl Same {
    const fn word(self) -> &'static str {
        match self {
            Self::Yes => "same",
            Self::Unknown => "unknown",
            Self::No => "differs",
        }
    }
}

fn named<'a>(item: &'a Item, role: &'a str) -> impl Iterator<Item = &'a Mark> {
    item.marks.iter().filter(move |mark| mark.role == role)
}

fn to_exam(item: &Item, exam: &Exam, rule: &'static str, confidence: f64, evidence: Value) -> Link {
    let Value::Object(mut evidence) = evidence else { unreachable!("evidence is an object") };
    evidence.insert("patient".into(), same(item.person, exam.person).word().into());
    let kind = format!("{}-exam", item.role.as_str());
    Link { record: item.id, kind, to: To::Exam(exam.study.clone()), rule, evidence, confidence }
}

/// By the study's UID or the accession number.
fn identified(item: &Item, exam: &Exam) -> Option<Link> {
    if item.role == Role::Encounter {
        return None;
    }
    let whose = same(item.person, exam.person);
    if named(item, "study").any(|mark| mark.value == exam.study) {
        let confidence = match whose {
            Same::Yes => 1.0,
            Same::Unknown => 0.97,
            Same::No => 0.4,
        };
        return Some(to_exam(item, exam, "study-uid", confidence, json!({"studyInstanceUid": exam.study})));
    }
    let accession = named(item, "accession").find(|mark| mark.value == exam.accession)?;
    let confidence = match whose {
        Same::Yes => 0.99,
        Same::Unknown => 0.7,
        Same::No => 0.3,
    };
    Some(to_exam(item, exam, "accession", confidence, json!({"accession": accession.value})))
}

/// By patient, time, modality and words, where nothing better speaks for or against.
fn by_time(items: &[Item], exams: &[Exam], found: &mut Found) {
    let taken_items: BTreeSet<i64> = found.holding().map(|link| link.record).collect();
    let taken_exams: BTreeMap<String, BTreeSet<&str>> = taken(found);
    let open =
        |item: &&Item| matches!(item.role, Role::Order | Role::Report) && !taken_items.contains(&item.id);
    let mut pairs = Vec::new();
    for item in items.iter().filter(open) {
        for exam in exams {
            let kind = format!("{}-exam", item.role.as_str());
            let has = taken_exams.get(&exam.study).is_some_and(|kinds| kinds.contains(kind.as_str()));
            if !has && let Some(likeness) = likeness(item, exam) {
                pairs.push((item, exam, likeness));
            }
        }
    }
    let alone = |item: &Item, exam: &Exam| {
        pairs
            .iter()
            .filter(|(i, e, _)| i.role == item.role && (i.id == item.id) != (e.study == exam.study))
            .count()
            == 0
    };
    let mut more = Vec::new();
    for (item, exam, likeness) in &pairs {
        let only = alone(item, exam);
        let mut evidence = likeness.evidence.clone();
        evidence["onlyCandidate"] = only.into();
        let confidence = likeness.score + if only { 0.13 } else { 0.0 };
        more.push(to_exam(item, exam, "patient-time", confidence, evidence));
    }
    for link in more {
        found.add(Some(link));
    }
}

fn taken(found: &Found) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut taken: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for link in found.holding() {
        if let To::Exam(study) = &link.to {
            let kind = match link.kind.as_str() {
                "order-exam" => "order-exam",
                "report-exam" => "report-exam",
                _ => continue,
            };
            taken.entry(study.clone()).or_default().insert(kind);
        }
    }
    taken
}

struct Likeness {
    score: f64,
    evidence: Value,
}

/// How alike they are; none when something speaks against it.
fn likeness(item: &Item, exam: &Exam) -> Option<Likeness> {
    let other_accession = !exam.accession.is_empty() && named(item, "accession").next().is_some();
    let other_study = named(item, "study").next().is_some();
    if same(item.person, exam.person) != Same::Yes || other_accession || other_study || item.cancelled {
        return None;
    }
    let apart = apart(item, exam)?;
    let modality = item.modalities.iter().any(|one| exam.modalities.contains(one));
    if !modality && !item.modalities.is_empty() && !exam.modalities.is_empty() {
        return None;
    }
    let shared = shared_words(&item.words, &exam.words);
    let mut score = 0.4;
    score += if modality { 0.2 } else { 0.0 };
    score += if shared.is_empty() { 0.0 } else { 0.15 };
    let evidence =
        json!({"hoursApart": apart as f64 / 3_600_000_000.0, "modality": modality, "words": shared});
    Some(Likeness { score, evidence })
}

/// Microseconds between them; none when too many, or unknown.
fn apart(item: &Item, exam: &Exam) -> Option<i64> {
    let (asked, made) = (item.begins?, exam.begins?);
    let apart = if item.timed { (asked - made).abs() } else { ((asked / DAY) - (made / DAY)).abs() * DAY };
    (apart <= DAY).then_some(apart)
}

fn shared_words(a: &str, b: &str) -> Vec<String> {
    let telling = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| word.len() > 1 && !EMPTY_WORDS.contains(word)).map(Into::into).collect()
    };
    telling(a).intersection(&telling(b)).cloned().collect()
}

/// Records that name each other, or the same numbers.
fn related(item: &Item, other: &Item) -> Option<Link> {
    let whose = same(item.person, other.person);
    let made = |rule, confidence: f64, mut evidence: Map<String, Value>| {
        evidence.insert("patient".into(), whose.word().into());
        let kind = format!("{}-{}", item.role.as_str(), other.role.as_str());
        Some(Link { record: item.id, kind, to: To::Record(other.id), rule, evidence, confidence })
    };
    let refers = named(item, "refers")
        .find(|mark| other.keys.iter().any(|(system, value)| (system, value) == (&mark.system, &mark.value)));
    if let Some(mark) = refers {
        let confidence = if whose == Same::No { 0.4 } else { 1.0 };
        return made("reference", confidence, Map::from_iter([("names".into(), mark.value.as_str().into())]));
    }
    if !matches!((item.role, other.role), (Role::Report, Role::Order)) {
        return None;
    }
    let agreed: Map<String, Value> = ["filler", "placer", "accession"]
        .into_iter()
        .filter_map(|role| agrees(item, other, role).map(|value| (role.to_owned(), value.into())))
        .collect();
    if agreed.is_empty() {
        return None;
    }
    // One accession number for several orders: the placer's tells which is meant.
    let anothers =
        agreed.len() == 1 && agreed.contains_key("accession") && contradicts(item, other, "placer");
    let confidence = match (whose, agreed.len()) {
        (Same::Yes, _) if anothers => 0.75,
        (Same::Yes, 1) => 0.95,
        (Same::Yes, _) => 0.99,
        (Same::Unknown, 1) => 0.7,
        (Same::Unknown, _) => 0.9,
        (Same::No, _) => 0.3,
    };
    made("order-numbers", confidence, agreed)
}

/// The value both give for a role, unless one issuer contradicts the other.
fn agrees<'a>(a: &'a Item, b: &Item, role: &'static str) -> Option<&'a str> {
    named(a, role)
        .find(|mark| {
            named(b, role).any(|other| {
                let issuers =
                    mark.system.is_empty() || other.system.is_empty() || mark.system == other.system;
                mark.value == other.value && issuers
            })
        })
        .map(|mark| mark.value.as_str())
}

/// Whether both give a value for a role, and none in common.
fn contradicts(a: &Item, b: &Item, role: &'static str) -> bool {
    let has = |item| named(item, role).next().is_some();
    has(a) && has(b) && agrees(a, b, role).is_none()
}

/// What belongs to a record that belongs to an exam, belongs to the exam.
fn through(items: &[Item], found: &mut Found) {
    let role: BTreeMap<i64, &Item> = items.iter().map(|item| (item.id, item)).collect();
    // Twice: a report names a study, which names an order.
    for _ in 0..2 {
        let steps: Vec<Link> = found.holding().cloned().collect();
        for first in &steps {
            let To::Record(middle) = first.to else { continue };
            let Some(item) = role.get(&first.record).filter(|item| item.role != Role::Encounter) else {
                continue;
            };
            let passes = role.get(&middle).is_some_and(|item| matches!(item.role, Role::Order | Role::Study));
            for second in steps.iter().filter(|second| passes && second.record == middle) {
                let To::Exam(study) = &second.to else { continue };
                let confidence = first.confidence * second.confidence * 0.99;
                let evidence = json!({"through": middle, "first": first.rule, "second": second.rule});
                let Value::Object(evidence) = evidence else { continue };
                let kind = format!("{}-exam", item.role.as_str());
                let to = To::Exam(study.clone());
                if found.is_doubted(item.id, &to) {
                    continue;
                }
                found.add(Some(Link {
                    record: item.id,
                    kind,
                    to,
                    rule: "through-record",
                    evidence,
                    confidence,
                }));
            }
        }
    }
}

/// The encounter an exam was made in: the shortest that holds its time.
fn encounters(items: &[Item], exams: &[Exam], found: &mut Found) {
    for exam in exams {
        let Some(made) = exam.begins else { continue };
        let holds = |item: &&Item| {
            let (Some(begins), ends) = (item.begins, item.ends) else { return false };
            let day = begins / DAY == made / DAY;
            let within = begins <= made && ends.is_some_and(|ends| made < ends);
            item.role == Role::Encounter && same(item.person, exam.person) == Same::Yes && (within || day)
        };
        let length = |item: &&Item| item.ends.zip(item.begins).map_or(i64::MAX, |(end, begin)| end - begin);
        if let Some(item) = items.iter().filter(holds).min_by_key(|item| (length(item), item.id)) {
            found.add(Some(to_exam(item, exam, "within-encounter", 0.9, json!({"withinItsTime": true}))));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(super) fn mark(role: &'static str, value: &str) -> Mark {
        Mark { role, system: String::new(), value: value.into() }
    }

    pub(super) fn item(id: i64, role: Role, marks: Vec<Mark>) -> Item {
        Item {
            id,
            role,
            person: Some(1),
            marks,
            keys: Vec::new(),
            modalities: vec!["CT".into()],
            words: "ct chest with contrast".into(),
            begins: Some(10 * DAY),
            ends: None,
            timed: true,
            cancelled: false,
        }
    }

    pub(super) fn exam(study: &str, accession: &str) -> Exam {
        Exam {
            study: study.into(),
            person: Some(1),
            accession: accession.into(),
            modalities: vec!["CT".into()],
            words: "chest".into(),
            begins: Some(10 * DAY + 1),
        }
    }

    pub(super) fn held(items: &[Item], exams: &[Exam]) -> Vec<(i64, To, &'static str)> {
        links(items, exams)
            .into_iter()
            .filter(|link| link.confidence >= HOLDS)
            .map(|link| (link.record, link.to, link.rule))
            .collect()
    }

    #[test]
    fn an_accession_of_another_patient_waits() {
        let mut order = item(1, Role::Order, vec![mark("accession", "A")]);
        order.person = Some(2);
        assert!(held(std::slice::from_ref(&order), &[exam("1.2", "A")]).is_empty());
        let waiting = links(&[order], &[exam("1.2", "A")]);
        assert_eq!((waiting[0].rule, &waiting[0].evidence["patient"]), ("accession", &json!("differs")));
    }

    #[test]
    fn a_report_reaches_the_exam_through_its_order() {
        let order = item(1, Role::Order, vec![mark("accession", "A"), mark("placer", "P")]);
        let mut report = item(2, Role::Report, vec![mark("placer", "P")]);
        report.begins = None;
        let held = held(&[order, report], &[exam("1.2", "A")]);
        assert!(held.contains(&(2, To::Record(1), "order-numbers")));
        assert!(held.contains(&(2, To::Exam("1.2".into()), "through-record")));
    }

    #[test]
    fn by_time_alone_only_what_is_alone_holds() {
        let order = item(1, Role::Order, Vec::new());
        assert_eq!(held(std::slice::from_ref(&order), &[exam("1.2", "")]).len(), 1);
        let two = [exam("1.2", ""), exam("1.3", "")];
        assert!(held(std::slice::from_ref(&order), &two).is_empty());
        assert_eq!(links(std::slice::from_ref(&order), &two).len(), 2);
        let mut mr = order;
        mr.modalities = vec!["MR".into()];
        assert!(links(&[mr], &[exam("1.2", "")]).is_empty());
    }

    #[test]
    fn what_names_another_accession_is_never_linked_by_time() {
        let order = item(1, Role::Order, vec![mark("accession", "B")]);
        assert!(links(&[order], &[exam("1.2", "A")]).is_empty());
    }

    #[test]
    fn an_exam_is_in_the_shortest_encounter_around_it() {
        let mut long = item(1, Role::Encounter, Vec::new());
        (long.begins, long.ends) = (Some(8 * DAY), Some(20 * DAY));
        let mut short = long.clone();
        (short.id, short.begins, short.ends) = (2, Some(10 * DAY), Some(11 * DAY));
        assert_eq!(
            held(&[long, short], &[exam("1.2", "A")]),
            [(2, To::Exam("1.2".into()), "within-encounter")]
        );
    }
}
