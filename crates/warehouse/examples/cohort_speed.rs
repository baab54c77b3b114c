//! How quickly cohorts of an invented population are found: `cohort_speed FOLDER PATIENTS QUESTIONS ROUNDS [ENGINE]`,
//! where QUESTIONS is a JSON file, name to definition, and ENGINE is as in `facts.engine`. The population is made first
//! where the folder has none. Prints JSON; `scan` is the time in which the columns that a question reads are read alone.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt as _;
use isocenter_warehouse::ask::Cohort;
use isocenter_warehouse::compile::{Dialect, compile};
use isocenter_warehouse::definition::Definition;
use isocenter_warehouse::engine::{Engine, Place, Session};
use isocenter_warehouse::shelf::{Shelf, Versions};
use isocenter_warehouse::synthetic::Population;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [folder, patients, questions, rounds, place @ ..] = given.as_slice() else {
        return Err("usage: cohort_speed FOLDER PATIENTS QUESTIONS ROUNDS [ENGINE]".into());
    };
    let place = place.first().map_or(Ok(Place::Local), |place| place.parse())?;
    let questions: serde_json::Map<String, Value> = serde_json::from_slice(&std::fs::read(questions)?)?;
    let shelf = Arc::new(Shelf::open(store::Blobs::open(folder)?.objects()).await?);
    let made = fill(&shelf, patients.parse()?).await?;
    let engine = Engine::at(&place, &shelf, Duration::from_secs(600)).await?;
    let session = Arc::new(engine.over(1, &shelf.all_files(&Versions::new()).await?)?);
    let mut answers = Vec::new();
    for (name, definition) in questions {
        let definition: Definition = serde_json::from_value(definition)?;
        definition.check()?;
        answers.push(ask(&session, &name, &definition, &place, rounds.parse()?).await?);
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

async fn ask(
    session: &Arc<Session>,
    name: &str,
    definition: &Definition,
    place: &Place,
    rounds: usize,
) -> Outcome<Value> {
    let compiled = compile(definition, Dialect::Ansi);
    let (mut took, mut scans) = (Vec::new(), Vec::new());
    let (mut count, mut exams) = (0, 0);
    let mut touched = Touched::new();
    if *place == Place::Local {
        for sql in [&compiled.patients, &compiled.exams()] {
            touch(&mut touched, &session.plan(sql).await?.into_optimized_plan()?)?;
        }
    }
    for _ in 0..rounds.max(1) {
        let begun = Instant::now();
        let cohort = Cohort::of(Arc::clone(session), definition).await?;
        count = cohort.patients_counted().await?.count;
        exams = cohort.exams_counted().await?.count;
        took.push(begun.elapsed().as_secs_f64());
        scans.push(scan(session, &touched).await?.as_secs_f64());
    }
    took.sort_by(f64::total_cmp);
    scans.sort_by(f64::total_cmp);
    Ok(json!({
        "name": name, "patients": count, "examsFound": exams, "times": took, "scan": scans[scans.len() / 2], "touched": touched,
        "sql": compiled.patients, "exams": compiled.exams(),
    }))
}

/// Columns by table.
type Touched = BTreeMap<String, BTreeSet<String>>;

/// Adds the columns that a plan reads from files.
fn touch(touched: &mut Touched, plan: &LogicalPlan) -> Outcome<()> {
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let columns = scan.projected_schema.fields().iter().map(|field| field.name().clone());
            touched.entry(scan.table_name.table().to_owned()).or_default().extend(columns);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

/// Reads columns and does nothing with them.
async fn scan(session: &Session, touched: &Touched) -> Outcome<Duration> {
    let begun = Instant::now();
    for (table, columns) in touched {
        let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let plan = session.plan(&format!("SELECT {} FROM \"{table}\"", columns.join(", "))).await?;
        let mut readers = tokio::task::JoinSet::new();
        for mut rows in plan.execute_stream_partitioned().await? {
            readers.spawn(async move {
                while rows.next().await.transpose()?.is_some() {}
                Ok::<_, datafusion::error::DataFusionError>(())
            });
        }
        while let Some(read) = readers.join_next().await {
            read??;
        }
    }
    Ok(begun.elapsed())
}
