//! Words of reports that can be asked for.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use super::asker;
use crate::App;
use axum::Json;
use axum::extract::State;
use records::vocabulary::Phrase;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(words))
}

/// Words told at once.
const MOST: usize = 20;
/// Longest phrase, in characters.
const LONGEST: usize = 200;

/// A word, a phrase, or the beginning of one.
#[derive(Deserialize, ToSchema)]
struct WordsWanted {
    text: String,
}

/// What the lexicon knows of it.
#[derive(Serialize, ToSchema)]
struct WordsKnown {
    /// Whether it can be asked for: all of its words are in the lexicon.
    known: bool,
    /// Keys of findings it names, which reports may put in other words.
    findings: Vec<String>,
    /// The phrase with its last word ended, as the lexicon has it.
    phrases: Vec<String>,
}

/// Which words of reports can be asked for. It tells of the lexicon, and nothing of any report.
#[utoipa::path(post, path = "/cohort-words", tag = "cohorts", request_body = WordsWanted,
    responses((status = 200, body = WordsKnown), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn words(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<WordsWanted>,
) -> Result<Json<WordsKnown>, Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    if wanted.text.chars().count() > LONGEST {
        return Err(Problem::bad_request(format!("A phrase has at most {LONGEST} characters.")));
    }
    app.govern.audit.record_soon(caller.record(&grant).with("asked", "words")).await?;
    let phrase = Phrase::of(&wanted.text);
    let known = !phrase.words.is_empty() && app.warehouse.vocabulary().unknown(&phrase).is_none();
    Ok(Json(WordsKnown { known, findings: findings(&app, &wanted.text), phrases: phrases(&app, &phrase) }))
}

fn findings(app: &App, text: &str) -> Vec<String> {
    let read = app.reader.read(text);
    let keys: BTreeSet<String> = read.findings.iter().map(|found| found.finding.to_string()).collect();
    keys.into_iter().collect()
}

fn phrases(app: &App, phrase: &Phrase) -> Vec<String> {
    let Some((last, before)) = phrase.words.split_last() else { return Vec::new() };
    let ends = app.warehouse.vocabulary().beginning(last).take(MOST);
    ends.map(|end| before.iter().map(String::as_str).chain([end]).collect::<Vec<_>>().join(" ")).collect()
}
