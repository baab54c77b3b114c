//! How quickly cohorts of an invented population are found: `cohort_speed FOLDER PATIENTS QUESTIONS ROUNDS`, where
//! QUESTIONS is a JSON file, name to definition. The population is made first where the folder has none. Prints JSON.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use isocenter_warehouse::ask::Cohort;
use isocenter_warehouse::compile::{Dialect, compile};
use isocenter_warehouse::definition::Definition;
use isocenter_warehouse::engine::{Engine, Session};
use isocenter_warehouse::shelf::{Shelf, Versions};
use isocenter_warehouse::synthetic::Population;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [folder, patients, questions, rounds] = given.as_slice() else {
        return Err("usage: cohort_speed FOLDER PATIENTS QUESTIONS ROUNDS".into());
    };
    let questions: serde_json::Map<String, Value> = serde_json::from_slice(&std::fs::read(questions)?)?;
    let shelf = Arc::new(Shelf::open(store::Blobs::open(folder)?.objects()).await?);
    let made = fill(&shelf, patients.parse()?).await?;
    let engine = Engine::new(&shelf, Duration::from_secs(600))?;
    let session = Arc::new(engine.over(1, &shelf.all_files(&Versions::new()).await?)?);
    let mut answers = Vec::new();
    for (name, definition) in questions {
        let definition: Definition = serde_json::from_value(definition)?;
        definition.check()?;
        answers.push(ask(&session, &name, &definition, rounds.parse()?).await?);
    }
    println!("{:#}", json!({"madeSeconds": made.as_secs_f64(), "questions": answers}));
    Ok(())
}

async fn fill(shelf: &Shelf, patients: i64) -> Outcome<Duration> {
    let begun = Instant::now();
    let table = isocenter_warehouse::schema::table("patient").ok_or("no table of patients")?;
    if !shelf.files(table, None).await?.is_empty() {
        return Ok(Duration::ZERO);
    }
    let population = Population { patients, pictured: 0, seed: 0 };
    isocenter_warehouse::synthetic::fill(shelf, population, |made| {
        eprintln!("{made} of {patients} patients");
    })
    .await?;
    Ok(begun.elapsed())
}

async fn ask(session: &Arc<Session>, name: &str, definition: &Definition, rounds: usize) -> Outcome<Value> {
    let mut took = Vec::new();
    let (mut count, mut exams) = (0, 0);
    for _ in 0..rounds.max(1) {
        let begun = Instant::now();
        let cohort = Cohort::of(Arc::clone(session), definition).await?;
        count = cohort.patients_counted().await?.count;
        exams = cohort.exams_counted().await?.count;
        took.push(begun.elapsed().as_secs_f64());
    }
    let compiled = compile(definition, Dialect::Ansi);
    took.sort_by(f64::total_cmp);
    let last = took.last().copied().unwrap_or_default();
    Ok(
        json!({"name": name, "patients": count, "examsFound": exams, "median": took[took.len() / 2], "longest": last, "sql": compiled.patients,
        "exams": compiled.exams()}),
    )
}
