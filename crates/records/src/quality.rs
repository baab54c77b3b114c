//! How well reports are read, by what people said of them: precision, recall and F1 for each engine with its lexicon,
//! each finding and each sending site, with counts and intervals.

use crate::Records;
use crate::checks::{CheckedFinding, ReportCheck, Verdict};
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A share with Wilson's interval at 95 %; nothing where nothing was counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Proportion {
    /// From 0 to 1.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What was counted, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// The finding or the site; empty for all together.
    pub name: String,
    /// Read as the person says, whether it is there included.
    pub right: u32,
    /// Read, and not so.
    pub wrong: u32,
    /// So, and not read.
    pub missed: u32,
    /// Of what was read.
    pub precision: Option<Proportion>,
    /// Of what is so.
    pub recall: Option<Proportion>,
    /// The harmonic mean of the two; its interval from samples drawn again of the reports.
    pub f1: Option<Proportion>,
    /// Of what was read right, that whose time is right too.
    pub time: Option<Proportion>,
    /// Of what was read right, that whose side is right too.
    pub side: Option<Proportion>,
}

/// How well one engine with one lexicon reads.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// The engine.
    pub engine: String,
    /// The lexicon.
    pub lexicon: String,
    /// Where these are a text model's words on what the rules have found: which.
    pub model: Option<ModelFigures>,
    /// How many versions of reports were checked that it has read.
    pub reports: u32,
    /// Everything together.
    pub all: Figures,
    /// By finding.
    pub findings: Vec<Figures>,
    /// By who sent the report.
    pub sites: Vec<Figures>,
}

/// A text model, and where it says something else than the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelFigures {
    /// What its makers call it.
    pub name: String,
    /// The SHA-256 of its files.
    pub digest: String,
    /// On how many findings of checked reports it and the rules differ.
    pub differ: u32,
    /// On how many of these the rules say what the person says.
    pub rules_right: u32,
    /// On how many the model does.
    pub model_right: u32,
}

/// What is counted of one report.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
    time: u32,
    side: u32,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.time += other.time;
        self.side += other.side;
    }

    fn f1(self) -> Option<f64> {
        let all = 2 * self.right + self.wrong + self.missed;
        (all > 0).then(|| f64::from(2 * self.right) / f64::from(all))
    }
}

/// Counts by name, report by report.
type Counts = BTreeMap<String, Vec<Count>>;

#[derive(Default)]
struct Gathered {
    reports: u32,
    all: Vec<Count>,
    findings: Counts,
    sites: Counts,
    differ: u32,
    rules_right: u32,
    model_right: u32,
}

impl Records {
    /// How well reports are read, for each engine and lexicon and each text model beside them; those that were made last
    /// first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn reading_quality(&self) -> Result<Vec<Quality>, sqlx::Error> {
        let mut told = self.gathered(BY_RULES).await?;
        told.extend(self.gathered(BY_MODELS).await?);
        Ok(told)
    }

    async fn gathered(&self, sql: &'static str) -> Result<Vec<Quality>, sqlx::Error> {
        let rows = sqlx::query(sql).fetch_all(self.ledger.pool()).await?;
        let mut gathered: Vec<(By, Gathered)> = Vec::new();
        for row in &rows {
            let by = [0, 1, 2, 3].map(|at| row.try_get::<String, _>(at).unwrap_or_default());
            let check = serde_json::from_str::<ReportCheck>(&row.try_get::<String, _>(4)?);
            let reading = serde_json::from_str::<Value>(&row.try_get::<String, _>(5)?);
            let words = serde_json::from_str::<Value>(&row.try_get::<String, _>(6)?);
            let site = row.try_get::<Option<String>, _>(7)?.unwrap_or_default();
            let (Ok(check), Ok(reading), Ok(words)) = (check, reading, words) else { continue };
            let at = gathered.iter().position(|(known, _)| *known == by).unwrap_or_else(|| {
                gathered.push((by, Gathered::default()));
                gathered.len() - 1
            });
            let gathered = &mut gathered[at].1;
            gathered.weigh(&check.findings, &reading, &words);
            gathered.add(&check.findings, &said_by(reading, &words), site);
        }
        Ok(gathered.into_iter().map(|(by, all)| all.told(by)).collect())
    }
}

/// Engine, lexicon, and the name and digest of a model, empty for the rules' own.
type By = [String; 4];

/// Checks that hold, with each reading they measure.
const BY_RULES: &str = "SELECT d.engine, d.lexicon, '', '', c.content, d.content, '[]', \
     (SELECT CASE WHEN s.sender = '' THEN s.system ELSE s.sender END FROM record_version v JOIN record_source s \
     ON s.id = v.source WHERE v.record = c.record AND v.version = c.version) \
     FROM report_check c JOIN record_reading d ON d.record = c.record AND d.version = c.version \
     WHERE NOT EXISTS (SELECT 1 FROM report_check l WHERE l.record = c.record AND l.version = c.version \
     AND l.said_at > c.said_at) ORDER BY d.made_at DESC";
/// And with what each model said of it.
const BY_MODELS: &str = "SELECT d.engine, d.lexicon, o.model, o.digest, c.content, d.content, o.content, \
     (SELECT CASE WHEN s.sender = '' THEN s.system ELSE s.sender END FROM record_version v JOIN record_source s \
     ON s.id = v.source WHERE v.record = c.record AND v.version = c.version) \
     FROM report_check c JOIN record_reading d ON d.record = c.record AND d.version = c.version \
     JOIN report_opinion o ON o.record = d.record AND o.version = d.version AND o.engine = d.engine AND o.lexicon = d.lexicon \
     WHERE NOT EXISTS (SELECT 1 FROM report_check l WHERE l.record = c.record AND l.version = c.version \
     AND l.said_at > c.said_at) ORDER BY o.made_at DESC";

/// A reading with a model's words in the place of the rules', where it has any.
fn said_by(mut reading: Value, words: &Value) -> Value {
    for word in words.as_array().into_iter().flatten() {
        let number = word["finding"].as_u64().and_then(|number| usize::try_from(number).ok());
        let Some(finding) = number.and_then(|number| reading["findings"].get_mut(number)) else { continue };
        finding["assertion"] = word["assertion"].clone();
        if word["temporality"].is_string() {
            finding["temporality"] = word["temporality"].clone();
        }
    }
    reading
}

/// What a person says of a finding that was read.
fn checked<'a>(truth: &'a [CheckedFinding], read: &Value) -> Option<&'a CheckedFinding> {
    let place = |name: &str| read["span"][name].as_u64().unwrap_or_default();
    let (start, end) = (place("start"), place("end"));
    let same = |one: &&CheckedFinding| {
        read["finding"] == one.finding.as_str()
            && one.start < end
            && start < one.end
            && one.verdict != Verdict::Struck
    };
    truth.iter().find(same)
}

impl Gathered {
    /// Who is right where a model says something else than the rules.
    fn weigh(&mut self, truth: &[CheckedFinding], reading: &Value, words: &Value) {
        for word in words.as_array().into_iter().flatten().filter(|word| word["differs"] == true) {
            let number = word["finding"].as_u64().and_then(|number| usize::try_from(number).ok());
            let Some(read) = number.and_then(|number| reading["findings"].get(number)) else { continue };
            let is_right = |said: &Value, so: &CheckedFinding| said["assertion"] == so.assertion.as_str();
            let so = checked(truth, read);
            self.differ += 1;
            self.rules_right += u32::from(so.is_some_and(|so| is_right(read, so)));
            self.model_right += u32::from(so.is_some_and(|so| is_right(word, so)));
        }
    }

    fn add(&mut self, truth: &[CheckedFinding], reading: &Value, site: String) {
        let by_finding = compare(truth, reading);
        let mut all = Count::default();
        for (finding, count) in by_finding {
            all.add(count);
            self.findings.entry(finding).or_default().push(count);
        }
        self.reports += 1;
        self.all.push(all);
        self.sites.entry(site).or_default().push(all);
    }

    fn told(self, [engine, lexicon, name, digest]: By) -> Quality {
        let named =
            |counts: Counts| counts.into_iter().map(|(name, counts)| figures(name, &counts)).collect();
        let Self { differ, rules_right, model_right, .. } = self;
        let model =
            (!digest.is_empty()).then_some(ModelFigures { name, digest, differ, rules_right, model_right });
        Quality {
            engine,
            lexicon,
            model,
            reports: self.reports,
            all: figures(String::new(), &self.all),
            findings: named(self.findings),
            sites: named(self.sites),
        }
    }
}

/// What was read against what a person says, by finding.
fn compare(truth: &[CheckedFinding], reading: &Value) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut left: Vec<&CheckedFinding> = truth.iter().filter(|one| one.verdict != Verdict::Struck).collect();
    for read in reading["findings"].as_array().into_iter().flatten() {
        let key = read["finding"].as_str().unwrap_or_default();
        let place = |name: &str| read["span"][name].as_u64().unwrap_or_default();
        let (start, end) = (place("start"), place("end"));
        let same = |one: &&CheckedFinding| one.finding == key && one.start < end && start < one.end;
        let count = counts.entry(key.to_owned()).or_default();
        let Some(at) = left.iter().position(same) else {
            count.wrong += 1;
            continue;
        };
        let so = left.remove(at);
        if read["assertion"] != so.assertion.as_str() {
            count.wrong += 1;
            count.missed += 1;
            continue;
        }
        count.right += 1;
        count.time += u32::from(read["temporality"] == so.temporality.as_str());
        count.side += u32::from(read["laterality"].as_str() == so.laterality.as_deref());
    }
    left.iter().for_each(|missed| counts.entry(missed.finding.clone()).or_default().missed += 1);
    counts
}

fn figures(name: String, counts: &[Count]) -> Figures {
    let mut sum = Count::default();
    counts.iter().for_each(|count| sum.add(*count));
    Figures {
        name,
        right: sum.right,
        wrong: sum.wrong,
        missed: sum.missed,
        precision: wilson(sum.right, sum.right + sum.wrong),
        recall: wilson(sum.right, sum.right + sum.missed),
        f1: sum.f1().map(|value| drawn_again(value, counts)),
        time: wilson(sum.time, sum.right),
        side: wilson(sum.side, sum.right),
    }
}

/// Wilson's interval at 95 % (Wilson 1927) for `part` of `whole`.
fn wilson(part: u32, whole: u32) -> Option<Proportion> {
    if whole == 0 {
        return None;
    }
    let (z, n) = (1.959_964_f64, f64::from(whole));
    let value = f64::from(part) / n;
    let middle = value + z * z / (2.0 * n);
    let half = z * (value * (1.0 - value) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    Some(Proportion {
        value,
        low: ((middle - half) / scale).max(0.0),
        high: ((middle + half) / scale).min(1.0),
    })
}

/// How many samples are drawn.
const SAMPLES: usize = 400;

/// The interval of F1 from samples of the reports with as many as there are (Efron 1979). The draws are the same each
/// time, so that figures don't move while nothing was checked.
fn drawn_again(value: f64, counts: &[Count]) -> Proportion {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % counts.len().max(1) as u64).unwrap_or_default()
    };
    let mut scores: Vec<f64> = (0..SAMPLES)
        .filter_map(|_| {
            let mut sum = Count::default();
            (0..counts.len()).for_each(|_| sum.add(counts[draw()]));
            sum.f1()
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    let at = |part: usize| scores.get(scores.len() * part / 1000).copied().unwrap_or(value);
    Proportion { value, low: at(25), high: at(975) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn so(verdict: Verdict, finding: &str, assertion: &str, start: u64) -> CheckedFinding {
        CheckedFinding {
            verdict,
            finding: finding.into(),
            start,
            end: start + 5,
            assertion: assertion.into(),
            temporality: "current".into(),
            laterality: None,
        }
    }

    fn read(finding: &str, assertion: &str, start: u64) -> Value {
        json!({"finding": finding, "assertion": assertion, "temporality": "new", "laterality": null,
            "span": {"start": start, "end": start + 4}})
    }

    #[test]
    fn each_finding_is_right_wrong_or_missed() {
        let truth = [
            so(Verdict::Confirmed, "nodule", "present", 0),
            so(Verdict::Corrected, "effusion", "absent", 10),
            so(Verdict::Struck, "mass", "present", 20),
            so(Verdict::Added, "fracture", "present", 30),
        ];
        let reading = json!({"findings": [read("nodule", "present", 1), read("effusion", "present", 10),
            read("mass", "present", 20)]});
        let counts = compare(&truth, &reading);
        let of = |name: &str| (counts[name].right, counts[name].wrong, counts[name].missed);
        assert_eq!(of("nodule"), (1, 0, 0));
        assert_eq!(of("effusion"), (0, 1, 1), "what is denied is not found");
        assert_eq!(of("mass"), (0, 1, 0));
        assert_eq!(of("fracture"), (0, 0, 1));
        assert_eq!((counts["nodule"].time, counts["nodule"].side), (0, 1));
    }

    #[test]
    fn where_model_and_rules_differ_the_person_says_who_is_right() {
        let truth =
            [so(Verdict::Corrected, "nodule", "absent", 0), so(Verdict::Confirmed, "mass", "present", 10)];
        let reading = json!({"findings": [read("nodule", "present", 1), read("mass", "present", 10)]});
        let word = |finding: u32, assertion: &str, differs: bool| json!({"finding": finding, "assertion": assertion, "temporality": null, "differs": differs});
        let words = json!([word(0, "absent", true), word(1, "possible", true)]);
        let mut gathered = Gathered::default();
        gathered.weigh(&truth, &reading, &words);
        assert_eq!((gathered.differ, gathered.rules_right, gathered.model_right), (2, 1, 1));
        let counts = compare(&truth, &said_by(reading, &words));
        assert_eq!(
            (counts["nodule"].right, counts["mass"].wrong),
            (1, 1),
            "the model's words are measured alike"
        );
    }

    #[test]
    fn intervals_are_as_in_the_literature() {
        // Newcombe 1998, table I: 81 of 263.
        let share = wilson(81, 263).expect("something was counted");
        assert!((share.low - 0.2553).abs() < 5e-4 && (share.high - 0.3662).abs() < 5e-4);
        assert_eq!(wilson(0, 0), None);
        let counts = [Count { right: 3, wrong: 1, missed: 1, ..Count::default() }; 9];
        let f1 = figures(String::new(), &counts).f1.expect("something was counted");
        assert!(f1.low <= f1.value && f1.value <= f1.high && (f1.value - 0.75).abs() < 1e-9);
    }
}
