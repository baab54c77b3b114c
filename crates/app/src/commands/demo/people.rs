//! `isocenter demo --patients`: an invented population; a few of its people with pictures.

use super::fill;
use crate::connection::Connection;
use demo::invented::Person;
use demo::patients::Kind;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use serde_json::{Value, json};
use server::Config;
use server::synthetic::{Coded, Population, Story, Visit};
use std::process::ExitCode;
use std::time::Duration;

const PATH: &str = "/api/v1/invented-population";
/// Between two looks at how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Makes the population, and waits until it can be asked.
pub(super) async fn run(
    config: Config,
    population: Population,
    among_others: bool,
) -> anyhow::Result<ExitCode> {
    let done = config.data.join(fill::DONE);
    let connection = Connection::open(config).await?;
    let made = make(&connection, population, among_others, &done).await;
    connection.close().await?;
    made?;
    println!("{}", words(population));
    Ok(ExitCode::SUCCESS)
}

fn words(population: Population) -> String {
    match population.patients {
        0 => "there is no invented population any more; images and messages of it stay".to_owned(),
        many => {
            format!("a population of {many} patients is ready, {} of them with images", population.pictured)
        }
    }
}

async fn make(
    connection: &Connection,
    population: Population,
    among_others: bool,
    done: &std::path::Path,
) -> anyhow::Result<()> {
    let wanted = json!({"population": population, "amongOthers": among_others});
    let _: Value = connection.send(Method::PUT, PATH, &wanted).await?;
    let exams =
        population.pictured().map(|story| person(&story, population.seed)).flat_map(|one| one.exams());
    fill::through(connection, exams.collect(), done).await?;
    follow(connection, population).await
}

/// Waits until every piece is made.
async fn follow(connection: &Connection, population: Population) -> anyhow::Result<()> {
    let bar = ProgressBar::new(population.patients.unsigned_abs()).with_message("population");
    if let Ok(style) =
        ProgressStyle::with_template("{msg}  {bar:30} {human_pos} of {human_len} patients  {eta} left")
    {
        bar.set_style(style);
    }
    loop {
        let told: Value = connection.get(PATH).await?;
        let (waiting, pieces) = (told["waiting"].as_u64().unwrap_or(0), told["pieces"].as_u64().unwrap_or(0));
        let part = pieces.saturating_sub(waiting) * population.patients.unsigned_abs() / pieces.max(1);
        bar.set_position(part);
        if waiting == 0 && told["behind"] == false {
            bar.finish_and_clear();
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Somebody of the population as the demo hospital has them.
fn person(story: &Story, seed: u64) -> Person {
    let said = |all: &[Coded]| all.iter().map(|one| (one.day, one.code, one.words)).collect();
    Person {
        number: story.number,
        seed,
        sex: story.sex,
        birth: story.birth,
        visits: story.visits.iter().map(|visit| (visit.day, pictured(visit))).collect(),
        conditions: said(&story.conditions),
        medicines: said(&story.medicines),
    }
}

/// What the hospital's scanners make of an exam.
fn pictured(visit: &Visit) -> Kind {
    let nodule = visit.findings.iter().find(|said| said.finding == "nodule");
    let size = nodule.and_then(|said| said.size).unwrap_or(12.0) as f32;
    match visit.kind.modality {
        "CR" => Kind::ChestCr { nodule: size, heart: 1.0 },
        "PT" => Kind::PetCt { nodule: size, uptake: 6.4 },
        _ => Kind::ChestSurvey { nodule: size },
    }
}
