//! An invented population: the same from nothing, of another size, and beside people of the records.

use crate::feeding::{Hospital, condition, has, open, person};
use crate::filled::definition;
use serde_json::json;
use std::collections::BTreeSet;
use store::Ledger;
use warehouse::ask::Cohort;
use warehouse::definition::Definition;
use warehouse::schema::TABLES;
use warehouse::synthetic::{BEHIND, Population, Story};

const SMALL: Population = Population { patients: 60, pictured: 4, seed: 7 };

async fn made(hospital: &Hospital, population: Population) {
    hospital.warehouse.populate(population, 1).await.expect("noted");
    while hospital.warehouse.refresh(1).await.expect("refreshed") {}
    assert_eq!(hospital.warehouse.population_waits().await.expect("a number"), 0);
}

/// The numbers of the people who are in the facts.
async fn people(hospital: &Hospital) -> BTreeSet<i64> {
    let session = hospital.warehouse.newest().await.expect("tables");
    let cohort = Cohort::of(session, &Definition::everybody()).await.expect("everybody");
    cohort.members().await.expect("members").into_iter().map(|member| member.patient).collect()
}

/// Every row of every table as text, in order.
async fn rows(hospital: &Hospital) -> Vec<String> {
    let people: Vec<i64> = people(hospital).await.into_iter().collect();
    let session = hospital.warehouse.newest().await.expect("tables");
    let mut all = Vec::new();
    for table in TABLES.iter() {
        let rows = session.rows_of(table, &people).await.expect("rows");
        all.extend(rows.iter().map(|row| format!("{} {row:?}", table.name)));
    }
    all.sort();
    all
}

async fn facts_made_from_nothing_are_of_the_same_population(ledger: Ledger) {
    let hospital = open(ledger).await;
    made(&hospital, SMALL).await;
    let before = rows(&hospital).await;
    assert!(before.len() > 60 * 20, "{}", before.len());
    let again = hospital.opened_on_nothing().await;
    assert!(rows(&again).await.is_empty(), "the facts are gone");
    again.warehouse.note_all(2).await.expect("noted");
    while again.warehouse.refresh(2).await.expect("refreshed") {}
    assert_eq!(rows(&again).await, before);
}

async fn another_number_keeps_who_was_there_and_none_takes_all_away(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital.say(vec![person("A", "1960-05-01"), condition("1", "A", "C34.1", "2024-03-01")]).await;
    made(&hospital, SMALL).await;
    let first = rows(&hospital).await;
    made(&hospital, Population { patients: 90, ..SMALL }).await;
    let more = rows(&hospital).await;
    assert!(first.iter().all(|row| more.contains(row)), "the sixty are as they were");
    assert_eq!(people(&hospital).await.len(), 1 + 90 - 4, "those with images are made by the doors");
    made(&hospital, Population { patients: 60, ..SMALL }).await;
    assert_eq!(rows(&hospital).await, first);
    // Images stay, so whoever has them is made by the doors whatever is asked.
    made(&hospital, Population { pictured: 0, ..SMALL }).await;
    assert_eq!(rows(&hospital).await, first);
    made(&hospital, Population { seed: 8, ..SMALL }).await;
    assert_ne!(rows(&hospital).await, first, "other people");
    made(&hospital, Population { patients: 0, ..SMALL }).await;
    let left = people(&hospital).await;
    assert!(left.len() == 1 && left.iter().all(|patient| *patient < BEHIND), "{left:?}");
    assert_eq!(hospital.warehouse.population().await.expect("an answer"), None);
}

async fn real_people_are_made_before_invented_ones(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let many = Population { patients: 9 * 4096, pictured: 9 * 4096, seed: 0 };
    hospital.warehouse.populate(many, 1).await.expect("noted");
    let waits = hospital.warehouse.population_waits().await.expect("a number");
    hospital.note(vec![person("A", "1960-05-01"), condition("1", "A", "C34.1", "2024-03-01")]).await;
    assert!(hospital.warehouse.refresh(5).await.expect("refreshed"), "more is to be done");
    let cancer = has(&json!({"of": "condition", "tests": [{"field": "code", "anyOf": ["C34.1"]}]}));
    assert_eq!(hospital.count(&cancer).await, 1, "who came last is there first");
    assert!(hospital.warehouse.population_waits().await.expect("a number") < waits);
}

#[test]
fn a_pictured_story_answers_as_it_is_told() {
    for story in (Population { patients: 50, pictured: 50, seed: 3 }).pictured() {
        let day = story.conditions[0].day;
        let scans: Vec<_> = story.visits.iter().filter(|visit| visit.kind.body_part == "CHEST").collect();
        let with_ct = |from: i64, to: i64| {
            let mut of = scans.iter().filter(|visit| matches!(visit.kind.modality, "CT" | "PT"));
            of.any(|visit| (from..=to).contains(&visit.day))
        };
        let staged = scans.iter().find(|visit| visit.kind.modality == "CT").expect("a chest CT");
        assert!((day..=day + 90).contains(&staged.day), "{story:?}");
        let size = staged.findings.iter().find_map(|said| said.size).expect("a nodule");
        assert_eq!(size < 8.0, story.number % 5 == 0, "every fifth is small");
        let again = with_ct(staged.day + 1, staged.day + 365);
        assert_eq!(again, story.number % 5 != 4, "every fifth comes back too late: {story:?}");
    }
}

#[test]
fn a_life_follows_its_own_order() {
    for number in 1..3_000 {
        let story = Story::of(0, number);
        assert_eq!(format!("{story:?}"), format!("{:?}", Story::of(0, number)));
        let ends = story.death.unwrap_or(i64::MAX);
        let days =
            story.conditions.iter().chain(&story.medicines).chain(&story.procedures).map(|one| one.day);
        let days = days.chain(story.visits.iter().map(|visit| visit.day));
        for day in days.chain(story.values.iter().map(|value| value.day)) {
            assert!((story.birth..=ends).contains(&day), "{number}: {day} is not in a life to {ends}");
        }
        let her = story.visits.iter().any(|visit| visit.kind.modality == "MG");
        let his = story.conditions.iter().any(|one| one.code == "C61");
        let others = if story.sex == "male" { her } else { his };
        assert!(!others, "{number}");
    }
}

/// A million patients have five million exams, twenty million series, thirty million conditions.
#[test]
fn a_hundredth_of_a_million_is_as_large_as_it_should() {
    let many = 8_000_i32;
    let [mut exams, mut series, mut conditions] = [0.0; 3];
    for story in (1..=many).map(|number| Story::of(0, number.into())) {
        exams += story.visits.len() as f64;
        series += story.visits.iter().map(|visit| visit.series).sum::<i64>() as f64;
        conditions += story.conditions.len() as f64;
    }
    let all = [exams, series, conditions].map(|sum| sum / f64::from(many));
    let wanted = [5.0, 20.0, 30.0];
    for (each, wanted) in all.iter().zip(wanted) {
        assert!((each - wanted).abs() < wanted / 10.0, "{each} of each patient, not {wanted}: {all:?}");
    }
}

async fn invented_people_can_be_asked_for(ledger: Ledger) {
    let hospital = open(ledger).await;
    made(&hospital, Population { patients: 800, pictured: 0, seed: 0 }).await;
    let treated = definition(json!({"language": 1, "patients": {"has": {"of": "condition",
        "tests": [{"field": "code", "startsWith": ["C34"]}], "pick": "first",
        "around": [{"near": {"days": {"from": 0, "to": 90}}, "has": {"of": "exam",
            "tests": [{"field": "modalities", "anyOf": ["CT"]}, {"field": "body_part", "anyOf": ["CHEST"]}]}}]}}}));
    let walked = (1..=800).map(|number| Story::of(0, number)).filter(|story| {
        let cancers = story.conditions.iter().filter(|one| one.code.starts_with("C34"));
        let Some(day) = cancers.map(|one| one.day).min() else { return false };
        let scans = |modality: &str| matches!(modality, "CT" | "PT");
        story.visits.iter().any(|visit| {
            scans(visit.kind.modality)
                && visit.kind.body_part == "CHEST"
                && (day..=day + 90).contains(&visit.day)
        })
    });
    let walked = walked.count() as u64;
    assert!(walked > 5, "{walked}");
    assert_eq!(hospital.count(&treated).await, walked);
}

store::each_ledger!(
    facts_made_from_nothing_are_of_the_same_population,
    another_number_keeps_who_was_there_and_none_takes_all_away,
    real_people_are_made_before_invented_ones,
    invented_people_can_be_asked_for,
);
