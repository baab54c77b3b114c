//! Many records to one history. Pure.

use super::{Course, Medication, MedicationCode, MedicationEntry, Standing, Told};
use crate::context::moment;
use catalog::fold::fold;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Merges what was said of a person's medicines, as it stands at `at`. A medicine counts as current when something
/// says that it goes on, or when the last that is known of it is no older than `window`; both in microseconds.
/// Records that were entered in error are left out.
#[must_use]
pub fn merge(told: Vec<Told>, at: i64, window: i64) -> Vec<Medication> {
    let mut told: Vec<_> = told.into_iter().filter(|one| one.standing != Standing::Wrong).collect();
    // Recency, then the kind that says most, then what came last.
    told.sort_by_key(|one| (Reverse(one.last(at)), one.kind, Reverse(one.record)));
    let stopped: HashSet<i64> = told.iter().filter(|one| is_stopped(one, at)).map(|one| one.record).collect();
    let mut made: Vec<_> = groups(&told).iter().map(|group| one(group, at, window, &stopped)).collect();
    made.sort_by(|a, b| {
        let newest = |one: &Medication| Reverse(one.last.clone());
        (a.standing, newest(a), &a.name).cmp(&(b.standing, newest(b), &b.name))
    });
    made
}

fn is_stopped(one: &Told, at: i64) -> bool {
    matches!(one.standing, Standing::Stopped | Standing::NotTaken) && one.ends.is_none_or(|end| end <= at)
}

/// What belongs together, in the order it stood.
fn groups(told: &[Told]) -> Vec<Vec<&Told>> {
    let mut joined = Joined((0..told.len()).collect());
    let by_record: HashMap<i64, usize> = told.iter().enumerate().map(|(at, one)| (one.record, at)).collect();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (at, one) in told.iter().enumerate() {
        for other in one.based_on.iter().filter_map(|record| by_record.get(record)) {
            joined.join(at, *other);
        }
        for name in names(one) {
            let other = *by_name.entry(name).or_insert(at);
            joined.join(at, other);
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
    for (at, one) in told.iter().enumerate() {
        groups.entry(joined.root(at)).or_default().push(one);
    }
    groups.into_values().collect()
}

/// Words that name no medicine.
const NO_NAME: [&str; 7] = ["unknown", "medication", "medicine", "drug", "other", "no title", "not named"];

/// What a medicine is the same by: its codes and its name.
fn names(one: &Told) -> Vec<String> {
    let codes = one.codes.iter().map(|code| format!("{}|{}", code.system, code.code));
    let words = Some(fold(&one.name)).filter(|words| !words.is_empty() && !NO_NAME.contains(&words.as_str()));
    codes.chain(words.map(|words| format!("={words}"))).collect()
}

/// Which are joined to which, the first of each standing for all.
struct Joined(Vec<usize>);

impl Joined {
    fn root(&mut self, at: usize) -> usize {
        let mut root = at;
        while self.0[root] != root {
            root = self.0[root];
        }
        self.0[at] = root;
        root
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.0[high] = low;
    }
}

fn one(group: &[&Told], at: i64, window: i64, stopped: &HashSet<i64>) -> Medication {
    let firsts = group.iter().filter_map(|one| one.begins.or(one.asserted));
    let name = group.iter().map(|one| &one.name).find(|name| !name.is_empty());
    Medication {
        name: name.cloned().unwrap_or_default(),
        codes: codes(group),
        standing: course(group, at, window, stopped),
        first: firsts.min().map(moment),
        last: group.iter().filter_map(|one| one.last(at)).max().map(moment),
        dose: group.iter().find_map(|one| one.dose.clone()),
        entries: group.iter().map(|one| entry(one)).collect(),
    }
}

fn codes(group: &[&Told]) -> Vec<MedicationCode> {
    let mut found: Vec<MedicationCode> = Vec::new();
    for code in group.iter().flat_map(|one| &one.codes) {
        match found.iter_mut().find(|known| known.system == code.system && known.code == code.code) {
            Some(known) if known.display.is_empty() => known.display.clone_from(&code.display),
            Some(_) => {}
            None => found.push(code.clone()),
        }
    }
    found
}

fn entry(one: &Told) -> MedicationEntry {
    MedicationEntry {
        record: one.record,
        kind: one.kind,
        status: one.status.clone(),
        name: one.name.clone(),
        begins: one.begins.map(moment),
        ends: one.ends.map(moment),
        dose: one.dose.clone(),
        source: one.source.clone(),
    }
}

/// Where a medicine stands. `group` has the latest first.
fn course(group: &[&Told], at: i64, window: i64, stopped: &HashSet<i64>) -> Course {
    let begun: Vec<_> = group.iter().filter(|one| one.begins.is_none_or(|begins| begins <= at)).collect();
    let counted = |one: &Told| {
        let of_stopped = one.based_on.iter().any(|base| stopped.contains(base));
        !of_stopped && !matches!(one.standing, Standing::NotTaken | Standing::Planned)
    };
    match begun.first() {
        None => return if group.iter().any(|one| is_open(one)) { Course::Planned } else { Course::Stopped },
        Some(latest) if stopped.contains(&latest.record) => return Course::Stopped,
        Some(_) => {}
    }
    if begun.iter().any(|one| counted(one) && goes_on(one, at)) {
        return Course::Active;
    }
    let recent = |one: &Told| one.last(at).is_some_and(|last| at - last <= window);
    if begun.iter().any(|one| counted(one) && !stopped.contains(&one.record) && recent(one)) {
        return Course::Recent;
    }
    let called_off = begun.iter().any(|one| one.based_on.iter().any(|base| stopped.contains(base)));
    if called_off { Course::Stopped } else { Course::Past }
}

fn is_open(one: &Told) -> bool {
    !matches!(one.standing, Standing::Stopped | Standing::NotTaken)
}

/// Its status says that it goes on and no end has come, or it has an end that hasn't.
fn goes_on(one: &Told, at: i64) -> bool {
    match one.ends {
        Some(end) => end > at,
        None => one.standing == Standing::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;
    use serde_json::{Value, json};

    const DAY: i64 = 86_400_000_000;
    const WINDOW: i64 = 100 * DAY;

    fn day(text: &str) -> i64 {
        clinical::When::parse(text).map_or(0, |when| when.earliest().as_micros())
    }

    fn told(record: i64, kind: &str, mut content: Value) -> Told {
        if content["medicationCodeableConcept"].is_null() {
            content["medicationCodeableConcept"] = json!({"text": "Metformin 500 mg"});
        }
        let kind = Kind::parse(kind).unwrap_or(Kind::Request);
        Told::of(record, kind, &content)
    }

    fn request(record: i64, status: &str, authored: &str) -> Told {
        told(record, "MedicationRequest", json!({"status": status, "authoredOn": authored}))
    }

    fn standing(told: Vec<Told>, at: &str) -> Course {
        let made = merge(told, day(at), WINDOW);
        assert_eq!(made.len(), 1, "{made:?}");
        made[0].standing
    }

    #[test]
    fn an_active_order_without_an_end_is_current_however_old() {
        assert_eq!(standing(vec![request(1, "active", "2010-01-01")], "2024-06-01"), Course::Active);
    }

    #[test]
    fn what_is_over_is_current_for_the_window_and_not_a_day_longer() {
        let over = || vec![request(1, "completed", "2024-01-01")];
        assert_eq!(standing(over(), "2024-04-10"), Course::Recent);
        assert_eq!(standing(over(), "2024-04-11T00:00:01"), Course::Past);
    }

    #[test]
    fn a_supply_counts_until_its_last_day() {
        let content =
            json!({"status": "completed", "whenHandedOver": "2024-01-01", "daysSupply": {"value": 90}});
        let dispense = || vec![told(1, "MedicationDispense", content.clone())];
        assert_eq!(standing(dispense(), "2024-03-30"), Course::Active);
        assert_eq!(standing(dispense(), "2024-07-01"), Course::Recent);
        assert_eq!(standing(dispense(), "2024-07-10"), Course::Past);
    }

    #[test]
    fn the_latest_word_ends_it() {
        let stopped =
            json!({"status": "stopped", "effectivePeriod": {"start": "2024-01-01", "end": "2024-02-01"}});
        let records = vec![request(1, "active", "2024-01-01"), told(2, "MedicationStatement", stopped)];
        assert_eq!(standing(records.clone(), "2024-02-10"), Course::Stopped);
        assert_eq!(standing(records, "2024-01-20"), Course::Active, "it was taken then");
    }

    #[test]
    fn what_was_handed_out_for_an_order_ends_with_the_order() {
        let mut handed =
            told(2, "MedicationDispense", json!({"status": "completed", "whenHandedOver": "2024-01-02"}));
        assert_eq!(
            standing(vec![request(1, "stopped", "2024-01-01"), handed.clone()], "2024-01-20"),
            Course::Recent
        );
        handed.based_on = vec![1];
        assert_eq!(
            standing(vec![request(1, "stopped", "2024-01-01"), handed], "2024-01-20"),
            Course::Stopped
        );
    }

    #[test]
    fn of_words_on_one_moment_what_was_given_comes_first() {
        let given = json!({"status": "completed", "effectiveDateTime": "2024-01-01"});
        let said = json!({"status": "active", "effectiveDateTime": "2024-01-01"});
        let handed = json!({"status": "completed", "whenHandedOver": "2024-01-01"});
        let records = vec![
            request(1, "active", "2024-01-01"),
            told(2, "MedicationStatement", said),
            told(3, "MedicationDispense", handed),
            told(4, "MedicationAdministration", given),
            request(5, "active", "2024-01-02"),
        ];
        let made = merge(records, day("2024-01-01"), WINDOW);
        let order: Vec<_> = made[0].entries.iter().map(|entry| entry.record).collect();
        assert_eq!(order, [4, 3, 2, 1, 5], "what is yet to come stands last");
    }

    #[test]
    fn one_medicine_is_known_by_code_name_and_what_it_is_based_on() {
        let coded =
            |code: &str, text: &str| json!({"coding": [{"system": "rx", "code": code}], "text": text});
        let of = |record, concept: Value| {
            let content = json!({"status": "completed", "authoredOn": "2024-01-01", "medicationCodeableConcept": concept});
            told(record, "MedicationRequest", content)
        };
        let mut based = of(4, json!({"coding": [{"system": "ndc", "code": "0093"}]}));
        based.based_on = vec![1];
        let records = vec![
            of(1, coded("860975", "metformin")),
            of(2, coded("860975", "Glucophage")),
            of(3, json!({"text": " METFORMIN "})),
            based,
            of(5, coded("1", "aspirin")),
            of(6, json!({"text": "unknown"})),
            of(7, json!({"text": "Unknown"})),
        ];
        let made = merge(records, day("2024-01-02"), WINDOW);
        let mut groups: Vec<Vec<i64>> =
            made.iter().map(|one| one.entries.iter().map(|entry| entry.record).collect()).collect();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        assert_eq!(groups, [vec![1, 2, 3, 4], vec![5], vec![6], vec![7]]);
    }

    #[test]
    fn what_never_was_taken_and_what_was_a_mistake_is_not_current() {
        let not = json!({"status": "not-done", "effectiveDateTime": "2024-01-01"});
        assert_eq!(standing(vec![told(1, "MedicationAdministration", not)], "2024-01-02"), Course::Stopped);
        assert!(
            merge(vec![request(1, "entered-in-error", "2024-01-01")], day("2024-01-02"), WINDOW).is_empty()
        );
        assert_eq!(standing(vec![request(1, "active", "2024-02-01")], "2024-01-02"), Course::Planned);
        assert_eq!(standing(vec![request(1, "unknown", "2024-01-01")], "2024-01-02"), Course::Recent);
    }

    #[test]
    fn current_ones_come_first_then_the_latest() {
        let of = |record, name: &str, status: &str, at: &str| {
            let content =
                json!({"status": status, "authoredOn": at, "medicationCodeableConcept": {"text": name}});
            told(record, "MedicationRequest", content)
        };
        let records = vec![
            of(1, "past", "completed", "2020-01-01"),
            of(2, "later past", "completed", "2021-01-01"),
            of(3, "recent", "completed", "2024-01-01"),
            of(4, "active", "active", "2023-01-01"),
        ];
        let made = merge(records, day("2024-01-10"), WINDOW);
        let names: Vec<_> = made.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["active", "recent", "later past", "past"]);
    }

    #[test]
    fn a_dosage_is_told_by_its_text_or_by_amount_and_route() {
        let dosage = json!([{"doseAndRate": [{"doseQuantity": {"value": 2.5, "unit": "mg"}}], "route": {"text": "oral"}}]);
        let content = json!({"status": "active", "authoredOn": "2024-01-01", "dosageInstruction": dosage});
        assert_eq!(told(1, "MedicationRequest", content).dose.as_deref(), Some("2.5 mg, oral"));
        let inline = json!({"status": "completed", "dosage": {"text": "1 tablet"}});
        assert_eq!(told(1, "MedicationAdministration", inline).dose.as_deref(), Some("1 tablet"));
        let contained = json!({"status": "active", "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Insulin"}}]});
        assert_eq!(Told::of(1, Kind::Request, &contained).name, "Insulin");
    }
}
