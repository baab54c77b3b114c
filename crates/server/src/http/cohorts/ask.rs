//! Asking: the language, counts, facets, values to choose from, exams, and why a patient is in or out.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use super::{asker, checked};
use crate::{App, facts};
use axum::Json;
use axum::extract::State;
use govern::{Action, Resource};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::ask::{CohortCount, Facet, FacetValue, Why};
use warehouse::compile::{Dialect, compile};
use warehouse::definition::Definition;
use warehouse::keep::FrozenRow;
use warehouse::schema::{self, TABLES, Type};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(language))
        .routes(routes!(count))
        .routes(routes!(values))
        .routes(routes!(members))
        .routes(routes!(why))
        .routes(routes!(statement))
}

/// Members told at once.
const MOST: usize = 200;

/// What can be asked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortLanguage {
    /// The version of the language.
    language: u32,
    /// The version of the facts; 0 before there are any.
    facts: i64,
    /// Whether something that came is not in the facts yet.
    behind: bool,
    /// Whether the caller sees rows, and counts as they are.
    rows: bool,
    /// How many of the patients are invented: a population that was made to try questions on.
    invented: i64,
    tables: Vec<FactTable>,
}

/// A table of facts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactTable {
    name: &'static str,
    about: &'static str,
    /// Whether its rows happened on a day.
    events: bool,
    /// Whether its rows belong to exams.
    exams: bool,
    columns: Vec<FactColumn>,
}

/// A column of a table of facts.
#[derive(Serialize, ToSchema)]
struct FactColumn {
    name: &'static str,
    /// `number`, `text`, `list`, `words`, `date`, `map`.
    of: &'static str,
    about: &'static str,
}

/// The tables and columns that questions are made of.
#[utoipa::path(get, path = "/cohort-language", tag = "cohorts",
    responses((status = 200, body = CohortLanguage), (status = 403, body = Problem)))]
async fn language(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<CohortLanguage>, Problem> {
    let (grant, sight) = asker(&app, &caller).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("asked", "language")).await?;
    let tables = TABLES.iter().map(|table| FactTable {
        name: table.name,
        about: table.about,
        events: table.is_of_events(),
        exams: table.is_of_exams(),
        columns: table.columns.iter().map(column).collect(),
    });
    Ok(Json(CohortLanguage {
        language: warehouse::definition::LANGUAGE,
        facts: app.warehouse.newest().await?.version,
        behind: facts::is_behind(&app).await?,
        rows: sight == warehouse::ask::Sight::Rows,
        invented: app.warehouse.population().await?.map_or(0, |population| population.patients),
        tables: tables.collect(),
    }))
}

fn column(column: &schema::Column) -> FactColumn {
    let of = match column.of {
        Type::Id | Type::Int | Type::Number => "number",
        Type::Text => "text",
        Type::List => "list",
        Type::Words => "words",
        Type::Date | Type::Moment => "date",
        Type::Map => "map",
    };
    FactColumn { name: column.name, of, about: column.about }
}

/// A question.
#[derive(Deserialize, ToSchema)]
struct CohortQuestion {
    definition: Definition,
    /// Whether to tell what the cohort is made of.
    #[serde(default)]
    facets: bool,
}

/// How many, and of what.
#[derive(Serialize, ToSchema)]
struct CohortAnswer {
    #[serde(flatten)]
    answer: CohortCount,
    /// What the cohort is made of, where that was asked.
    facets: Vec<Facet>,
}

/// How many patients and exams a definition means. Who may not see rows gets counts that say nothing of anybody.
#[utoipa::path(post, path = "/cohort-counts", tag = "cohorts", request_body = CohortQuestion,
    responses((status = 200, body = CohortAnswer), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 504, body = Problem)))]
async fn count(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(question): JsonBody<CohortQuestion>,
) -> Result<Json<CohortAnswer>, Problem> {
    let (grant, sight) = asker(&app, &caller).await?;
    checked(&app, &question.definition)?;
    let (cohort, answer) = app.warehouse.answer(&question.definition, sight).await?;
    let facets = if question.facets { app.warehouse.facets(&cohort, sight).await? } else { Vec::new() };
    // The log of questions: what was asked can be found by its digest.
    let entry = caller.record(&grant).with("definition", answer.digest.clone()).with("facts", answer.facts);
    app.govern.audit.record_soon(entry).await?;
    Ok(Json(CohortAnswer { answer, facets }))
}

/// Whether values of a column are told: what a report says as a whole is none.
const fn has_values(of: Type) -> bool {
    !matches!(of, Type::Map | Type::Words)
}

/// Values of a column to choose from.
#[derive(Deserialize, ToSchema)]
struct ValuesWanted {
    /// The table.
    table: String,
    /// A column of texts or numbers.
    column: String,
    /// Letters that are in the value, or in the words of a code.
    #[serde(default)]
    has: String,
}

/// Values, those of most patients first.
#[derive(Serialize, ToSchema)]
struct ValueList {
    values: Vec<FacetValue>,
}

/// What values a column has.
#[utoipa::path(post, path = "/cohort-values", tag = "cohorts", request_body = ValuesWanted,
    responses((status = 200, body = ValueList), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn values(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ValuesWanted>,
) -> Result<Json<ValueList>, Problem> {
    let (grant, sight) = asker(&app, &caller).await?;
    let table = schema::table(&wanted.table)
        .filter(|table| table.column(&wanted.column).is_some_and(|column| has_values(column.of)));
    let Some(table) = table else {
        return Err(Problem::bad_request("There is no such column; see /api/v1/cohort-language."));
    };
    let values = app.warehouse.values(table, &wanted.column, &wanted.has, sight).await?;
    app.govern
        .audit
        .record_soon(caller.record(&grant).with("column", format!("{}.{}", wanted.table, wanted.column)))
        .await?;
    Ok(Json(ValueList { values }))
}

/// Whose exams to tell.
#[derive(Deserialize, ToSchema)]
struct MembersWanted {
    definition: Definition,
    /// Members to pass over.
    #[serde(default)]
    skip: usize,
}

/// Patients and their exams, by patient.
#[derive(Serialize, ToSchema)]
struct CohortMembers {
    members: Vec<FrozenRow>,
    /// How many there are.
    count: usize,
}

/// The patients and exams a definition means, for who may see rows.
#[utoipa::path(post, path = "/cohort-members", tag = "cohorts", request_body = MembersWanted,
    responses((status = 200, body = CohortMembers), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn members(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<MembersWanted>,
) -> Result<Json<CohortMembers>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    checked(&app, &wanted.definition)?;
    let all = app.warehouse.look(&wanted.definition).await?.members().await?;
    let count = all.len();
    let members: Vec<FrozenRow> = all.into_iter().skip(wanted.skip).take(MOST).collect();
    let entry =
        caller.record(&grant).with("definition", wanted.definition.digest()).with("members", members.len());
    app.govern.audit.record_soon(entry).await?;
    Ok(Json(CohortMembers { members, count }))
}

/// A patient and a definition.
#[derive(Deserialize, ToSchema)]
struct WhyWanted {
    definition: Definition,
    /// The patient's number.
    patient: i64,
}

/// Why a patient is in, or out: what was found of each criterion.
#[utoipa::path(post, path = "/cohort-why", tag = "cohorts", request_body = WhyWanted,
    responses((status = 200, body = Why), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn why(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<WhyWanted>,
) -> Result<Json<Why>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    checked(&app, &wanted.definition)?;
    let why = app.warehouse.why(&wanted.definition, wanted.patient).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("person", wanted.patient)).await?;
    Ok(Json(why))
}

/// Whose words.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum SqlOf {
    /// DataFusion, DuckDB, PostgreSQL, Trino.
    Ansi,
    /// Spark.
    Spark,
}

/// A definition to be put into SQL.
#[derive(Deserialize, ToSchema)]
struct StatementWanted {
    definition: Definition,
    dialect: SqlOf,
}

/// A definition as SQL.
#[derive(Serialize, ToSchema)]
struct Statement {
    /// Gives `patient`.
    patients: String,
    /// Gives `patient` and `exam`.
    exams: String,
    /// Gives `patient` and `exam` of those who may be controls, where there are controls.
    #[serde(skip_serializing_if = "Option::is_none")]
    controls: Option<String>,
}

/// A definition as SQL over the tables of facts, for a cluster that reads them itself.
#[utoipa::path(post, path = "/cohort-sql", tag = "cohorts", request_body = StatementWanted,
    responses((status = 200, body = Statement), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn statement(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<StatementWanted>,
) -> Result<Json<Statement>, Problem> {
    let (grant, _) = asker(&app, &caller).await?;
    checked(&app, &wanted.definition)?;
    app.govern
        .audit
        .record_soon(caller.record(&grant).with("definition", wanted.definition.digest()))
        .await?;
    let dialect = match wanted.dialect {
        SqlOf::Ansi => Dialect::Ansi,
        SqlOf::Spark => Dialect::Spark,
    };
    let compiled = compile(&wanted.definition, dialect);
    let pool = wanted.definition.pool().map(|pool| compile(&pool, dialect).exams());
    Ok(Json(Statement { exams: compiled.exams(), patients: compiled.patients, controls: pool }))
}
