//! Cases and controls: who is paired is who a walk through everybody pairs, and what is told tells of nobody.

use crate::filled::{Event, definition, event, filled};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use warehouse::ask::Cohort;
use warehouse::ask::pairing::{Compared, Pair, chance, pair};
use warehouse::definition::{Alike, Condition, Controls, On};
use warehouse::engine::Session;
use warehouse::keep::{FrozenRow, PairRole};

fn fits(case: &Compared, other: &Compared, alike: &Alike) -> bool {
    let near = |one: Option<i64>, two: Option<i64>| match (one, two) {
        (Some(one), Some(two)) => one.abs_diff(two) <= u64::from(alike.within.unwrap_or(0)),
        _ => false,
    };
    let same = |one: &Option<String>, two: &Option<String>| one.is_some() && one == two;
    match alike.on {
        On::Age => near(case.age, other.age),
        On::Year => near(case.year, other.year),
        On::Sex => same(&case.sex, &other.sex),
        On::Manufacturer => same(&case.manufacturer, &other.manufacturer),
        On::Model => same(&case.model, &other.model),
    }
}

/// The same pairs by looking at everybody each time.
fn walked(cases: &[Compared], pool: &[Compared], controls: &Controls) -> Vec<Pair> {
    let patients: BTreeSet<i64> = cases.iter().map(|case| case.patient).collect();
    let first = |patient: &i64| {
        let own = cases.iter().filter(|case| case.patient == *patient);
        own.min_by_key(|case| (case.day.unwrap_or(i64::MAX), case.exam)).expect("an exam")
    };
    let mut turns: Vec<&Compared> = patients.iter().map(first).collect();
    turns.sort_by_key(|case| chance(controls.seed, b"case", case.patient));
    let mut given: BTreeMap<i64, Vec<(i64, i64)>> = patients.iter().map(|case| (*case, Vec::new())).collect();
    let mut taken = BTreeSet::new();
    let apart = |on: On, one: Option<i64>, two: Option<i64>| match controls.within(on) {
        Some(_) => one.unwrap_or_default().abs_diff(two.unwrap_or_default()),
        None => 0,
    };
    for _ in 0..controls.ratio {
        for case in &turns {
            let left = pool.iter().filter(|other| !taken.contains(&other.patient));
            let fitting = left.filter(|other| controls.alike.iter().all(|alike| fits(case, other, alike)));
            let nearest = fitting.min_by_key(|other| {
                let by = chance(controls.seed, b"control", other.patient);
                let near = (apart(On::Age, case.age, other.age), apart(On::Year, case.year, other.year));
                (near, by, other.patient, other.day.unwrap_or(i64::MAX), other.exam)
            });
            if let Some(control) = nearest {
                taken.insert(control.patient);
                given.get_mut(&case.patient).expect("a case").push((control.patient, control.exam));
            }
        }
    }
    given.into_iter().map(|(case, controls)| Pair { case, controls }).collect()
}

/// Exams of a few people, by which they are compared.
fn exams(patients: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Compared>> {
    let text = |of: [&'static str; 2]| prop::option::weighted(0.9, prop::sample::select(of.to_vec()));
    let one = (
        patients,
        prop::option::weighted(0.9, 50..58_i64),
        prop::option::weighted(0.9, 2020..2024_i64),
        text(["female", "male"]),
        text(["A", "B"]),
        text(["X", "Y"]),
        prop::option::of(0..30_i64),
    );
    prop::collection::vec(one, 0..30).prop_map(|all| {
        let mut sexes: BTreeMap<i64, Option<&'static str>> = BTreeMap::new();
        let made =
            all.into_iter().zip(1..).map(|((patient, age, year, sex, manufacturer, model, day), n)| {
                let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
                let sex = *sexes.entry(patient).or_insert(sex);
                let (sex, manufacturer, model) = (owned(sex), owned(manufacturer), owned(model));
                Compared { patient, exam: patient * 100 + n, day, age, year, sex, manufacturer, model }
            });
        made.collect()
    })
}

fn controls() -> impl Strategy<Value = Controls> {
    let all = [On::Age, On::Sex, On::Manufacturer, On::Model, On::Year];
    let alike = prop::sample::subsequence(all.to_vec(), 1..=5);
    (alike, 0..4_u32, 0..3_u32, 1..4_u32, 0..50_u32).prop_map(|(alike, ages, years, ratio, seed)| {
        let within = |on| match on {
            On::Age => Some(ages),
            On::Year => Some(years),
            _ => None,
        };
        let alike = alike.into_iter().map(|on| Alike { on, within: within(on) }).collect();
        Controls { patients: Condition::All(Vec::new()), exams: None, ratio, alike, seed }
    })
}

proptest! {
    #[test]
    fn pairs_are_those_of_a_walk_through_everybody(
        cases in exams(1..8),
        pool in exams(10..25),
        controls in controls(),
    ) {
        let pairs = pair(&cases, &pool, &controls);
        prop_assert_eq!(&pairs, &walked(&cases, &pool, &controls));
        let backwards = |exams: &[Compared]| exams.iter().rev().cloned().collect::<Vec<_>>();
        prop_assert_eq!(&pair(&backwards(&cases), &backwards(&pool), &controls), &pairs, "in any order");
        let given: Vec<i64> = pairs.iter().flat_map(|pair| &pair.controls).map(|(control, _)| *control).collect();
        prop_assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len(), "nobody twice");
    }
}

/// Cases 1 to 4 have a condition; 3 has no exam, and nobody is as old as 4. The others may be controls.
async fn hospital() -> Arc<Session> {
    let exam = |patient: i64, id: i64, day: i64, age: i64| {
        event("exam", patient, id, day).with("age", age).with("year", 2024).with("manufacturer", "ACME")
    };
    let mut events: Vec<Event> =
        (1..5).map(|patient| event("condition", patient, patient, 1).with("code", "C34")).collect();
    events.extend([exam(1, 11, 50, 60), exam(1, 12, 90, 61), exam(2, 21, 50, 70), exam(4, 41, 50, 99)]);
    for patient in 10..20 {
        events.push(exam(patient, patient * 10 + 1, 60, 55 + 2 * (patient - 10)));
        events.push(exam(patient, patient * 10 + 2, 70, 20));
    }
    let sex = |patient: i64| if patient % 2 == 0 { "male" } else { "female" };
    let people: Vec<(i64, &str)> = (1..20).map(|patient| (patient, sex(patient))).collect();
    filled(&people, &events).await
}

fn asked(ratio: u32, seed: u32) -> Value {
    json!({"language": 1, "patients": {"has": {"of": "condition", "tests": [{"field": "code", "anyOf": ["C34"]}]}},
        "controls": {"patients": {"all": []}, "ratio": ratio, "seed": seed,
            "match": [{"on": "age", "within": 3}, {"on": "sex"}, {"on": "manufacturer"}]}})
}

async fn members(session: &Arc<Session>, asked: Value) -> Vec<FrozenRow> {
    let cohort = Cohort::of(Arc::clone(session), &definition(asked)).await.expect("an answer");
    let members = cohort.members().await.expect("members");
    let patients: BTreeSet<i64> = members.iter().map(|member| member.patient).collect();
    assert_eq!(cohort.patients().await.expect("patients"), patients.into_iter().collect::<Vec<_>>());
    assert_eq!(cohort.exams_counted().await.expect("a count").count as usize, members.len());
    members
}

#[tokio::test(flavor = "multi_thread")]
async fn members_say_which_they_are_and_of_which_pair() {
    let session = hospital().await;
    let told = |member: &FrozenRow| {
        let exam = member
            .study
            .as_deref()
            .and_then(|study| study.strip_prefix("2.25."))
            .expect("an exam")
            .to_owned();
        (member.patient, exam, member.role.expect("a role"), member.pair.expect("a pair"))
    };
    let rows: Vec<_> = members(&session, asked(1, 0)).await.iter().map(told).collect();
    // 1 is a woman of 60 at her first exam: 11 (57) and 13 (61) fit, 13 is nearer. 2 is a man of 70: 18 (71).
    let exam = |id: i64| id.to_string();
    assert_eq!(
        rows,
        [
            (1, exam(11), PairRole::Case, 1),
            (1, exam(12), PairRole::Case, 1),
            (13, exam(131), PairRole::Control, 1),
            (2, exam(21), PairRole::Case, 2),
            (18, exam(181), PairRole::Control, 2),
        ]
    );
    assert_eq!(members(&session, asked(1, 0)).await, members(&session, asked(1, 0)).await);
    let controls = |rows: &[FrozenRow]| rows.iter().filter(|row| row.role == Some(PairRole::Control)).count();
    assert_eq!(controls(&members(&session, asked(3, 0)).await), 4, "11 and 13, 16 and 18: no more fit");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_fits_and_nobody_is_left() {
    let session = hospital().await;
    let mut none = asked(2, 0);
    none["controls"]["patients"] = json!({"has": {"of": "variant"}});
    assert!(members(&session, none).await.is_empty());
}

#[test]
fn mistakes_of_controls_are_told_with_their_place() {
    let wrong = |change: fn(&mut Value)| {
        let mut asked = asked(1, 0);
        change(&mut asked["controls"]);
        let read: warehouse::definition::Definition = serde_json::from_value(asked).expect("readable");
        read.check().expect_err("a mistake").to_string()
    };
    assert!(wrong(|c| c["ratio"] = 0.into()).starts_with("controls.ratio: 1 to 20"));
    assert!(wrong(|c| c["match"] = json!([])).starts_with("controls.match: say what is alike"));
    assert!(
        wrong(|c| c["match"] = json!([{"on": "sex", "within": 1}]))
            .starts_with("controls.match[0]: only age")
    );
    assert!(wrong(|c| c["match"] = json!([{"on": "age", "within": 99}])).contains("at most 20 years"));
    assert!(wrong(|c| c["match"] = json!([{"on": "sex"}, {"on": "sex"}])).contains("twice"));
    assert!(
        wrong(|c| c["patients"] = json!({"has": {"of": "exams"}})).starts_with("controls.patients.has: ")
    );
    assert!(wrong(|c| c["exams"] = "x".into()).starts_with("controls.exams: no criterion"));
}

#[test]
fn a_seed_chooses_among_those_that_are_equally_near() {
    let one = |patient: i64| Compared {
        patient,
        exam: patient,
        day: Some(1),
        age: Some(60),
        year: None,
        sex: None,
        manufacturer: None,
        model: None,
    };
    let pool: Vec<Compared> = (100..200).map(one).collect();
    let first = |seed| {
        let alike = vec![Alike { on: On::Age, within: None }];
        let controls = Controls { patients: Condition::All(Vec::new()), exams: None, ratio: 1, alike, seed };
        pair(&[one(1)], &pool, &controls)[0].controls[0]
    };
    assert_eq!(first(1), first(1));
    let chosen: BTreeSet<(i64, i64)> = (0..20).map(first).collect();
    assert!(chosen.len() > 10, "{chosen:?}");
}
