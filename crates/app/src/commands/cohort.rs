//! `isocenter cohort`

mod omop;

use crate::connection::{Connection, answer};
use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};
use server::Config;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Cohorts: ask how many patients and exams there are of a kind, keep the question, freeze the answer
#[derive(clap::Subcommand)]
#[command(after_help = "\
A definition is a JSON file; docs/COHORTS.md explains it. This one means adults with lung cancer and a chest CT
within 90 days after the first time it was recorded:
  {\"language\": 1, \"patients\": {\"has\": {\"of\": \"condition\", \"pick\": \"first\",
    \"tests\": [{\"field\": \"code\", \"startsWith\": [\"C34\"]}, {\"field\": \"age\", \"min\": 18}],
    \"around\": [{\"near\": {\"days\": {\"from\": 0, \"to\": 90}}, \"has\": {\"of\": \"exam\",
      \"tests\": [{\"field\": \"modalities\", \"anyOf\": [\"CT\"]}, {\"field\": \"body_part\", \"anyOf\": [\"CHEST\"]}]}}]}}}

Examples:
  isocenter cohort tables                         what can be asked
  isocenter cohort count lung.json --facets       how many, and of what
  isocenter cohort sql lung.json --dialect spark  the same as SQL over the tables of facts
  isocenter cohort words \"ground glass\"           whether reports can be asked for these words
  isocenter cohort query \"SELECT sex, count(*) FROM patient GROUP BY sex\"
  isocenter cohort query \"SELECT count(*) FROM omop.condition_occurrence\" --form json
  isocenter cohort omop omop/                     the facts as files of the OMOP CDM 5.4
  isocenter cohort keep lung.json --name \"Lung\"   keep it; prints its id
  isocenter cohort freeze 3f2a9c0d1e5b            who is in it now, under an id to be cited")]
pub enum Command {
    /// List the tables and columns that questions are made of
    Tables,
    /// Tell how many patients and exams a definition means
    Count {
        /// The definition, a JSON file
        definition: PathBuf,
        /// Tell what the cohort is made of, too
        #[arg(long)]
        facets: bool,
        /// Print the whole answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a definition as SQL
    Sql {
        /// The definition, a JSON file
        definition: PathBuf,
        /// Whose SQL: ansi (DataFusion, DuckDB, PostgreSQL, Trino) or spark
        #[arg(long, default_value = "ansi", value_parser = ["ansi", "spark"])]
        dialect: String,
        /// The exams instead of the patients
        #[arg(long)]
        exams: bool,
    },
    /// Tell whether words of reports can be asked for, and which findings they name
    Words {
        /// A word, a phrase, or the beginning of one
        text: String,
    },
    /// Answer a statement of your own over the tables of facts, for who may see rows, or over those of a release
    Query {
        /// What to read, e.g. "SELECT modality, count(*) FROM series GROUP BY modality"
        statement: String,
        /// json, csv, arrow (an IPC stream) or parquet
        #[arg(long, default_value = "csv", value_parser = ["json", "csv", "arrow", "parquet"])]
        form: String,
        /// A version of the facts that a frozen cohort pins; left out: the newest
        #[arg(long)]
        facts: Option<i64>,
        /// A release that was asked for in place: its tables instead of the facts
        #[arg(long, value_name = "ID", conflicts_with = "facts")]
        release: Option<String>,
    },
    /// Write the facts as tables of the OMOP CDM 5.4, for who may see rows
    Omop(omop::Args),
    /// List the cohorts that are kept
    List,
    /// Keep a definition as a cohort
    Keep {
        /// The definition, a JSON file
        definition: PathBuf,
        /// Its name
        #[arg(long)]
        name: String,
        /// Whether others see it
        #[arg(long)]
        shared: bool,
    },
    /// Freeze the newest version of a cohort
    Freeze {
        /// The cohort's id
        cohort: String,
    },
    /// Write who was in a frozen cohort: a patient's number and a Study Instance UID a line; with
    /// controls also case or control, and the number of the pair
    Members {
        /// The frozen cohort's id
        frozen: String,
    },
}

/// Runs the command.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let done = act(&connection, &command).await;
    connection.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn act(connection: &Connection, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Tables => tables(&get(connection, "cohort-language").await?),
        Command::Count { definition, facets, json } => {
            let asked = json!({"definition": read(definition)?, "facets": facets});
            let told = post(connection, "cohort-counts", &asked).await?;
            if *json { println!("{told:#}") } else { counted(&told) }
        }
        Command::Sql { definition, dialect, exams } => {
            let asked = json!({"definition": read(definition)?, "dialect": dialect});
            let told = post(connection, "cohort-sql", &asked).await?;
            println!("{}", text(&told[if *exams { "exams" } else { "patients" }]));
        }
        Command::Words { text } => {
            let told = post(connection, "cohort-words", &json!({"text": text})).await?;
            println!("{}", known(&told));
        }
        Command::Query { statement, form, facts, release } => {
            let asked = json!({"statement": statement, "form": form, "facts": facts, "release": release});
            let mut rows = answer(connection.request(Method::POST, "/api/v1/sql").json(&asked)).await?;
            let mut out = std::io::stdout().lock();
            while let Some(bytes) =
                rows.chunk().await.context("the rows broke off: the answer is not whole")?
            {
                out.write_all(&bytes)?;
            }
            out.flush()?;
        }
        Command::Omop(args) => omop::write(connection, args).await?,
        Command::List => {
            for cohort in list(&get(connection, "cohorts").await?["cohorts"]) {
                let (id, version) = (text(&cohort["id"]), &cohort["version"]);
                println!("{id}  v{version}  {}  {}", text(&cohort["owner"]), text(&cohort["name"]));
            }
        }
        Command::Keep { definition, name, shared } => {
            let kept = json!({"definition": read(definition)?, "name": name, "shared": shared});
            println!("{}", text(&post(connection, "cohorts", &kept).await?["id"]));
        }
        Command::Freeze { cohort } => {
            let frozen = post(connection, &format!("cohorts/{cohort}/frozen"), &json!({})).await?;
            println!(
                "{}  {} patients, {} exams",
                text(&frozen["id"]),
                count(&frozen["patients"]),
                count(&frozen["exams"])
            );
            if let Some(pairs) = frozen.get("pairs") {
                println!("{}", paired(pairs));
            }
        }
        Command::Members { frozen } => {
            let told = get(connection, &format!("cohorts/frozen/{frozen}/members")).await?;
            for member in list(&told["members"]) {
                let pair = match member.get("pair") {
                    Some(pair) => format!("\t{}\t{pair}", text(&member["role"])),
                    None => String::new(),
                };
                println!("{}\t{}{pair}", member["patient"], text(&member["study"]));
            }
        }
    }
    Ok(())
}

async fn get(connection: &Connection, path: &str) -> anyhow::Result<Value> {
    connection.get(&format!("/api/v1/{path}")).await
}

async fn post(connection: &Connection, path: &str, body: &Value) -> anyhow::Result<Value> {
    connection.send(Method::POST, &format!("/api/v1/{path}"), body).await
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let told = || format!("{} can't be read", path.display());
    let bytes = std::fs::read(path).with_context(told)?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is no JSON", path.display()))
}

fn tables(language: &Value) {
    println!("facts version {}", language["facts"]);
    for table in list(&language["tables"]) {
        println!("\n{}: {}", text(&table["name"]), text(&table["about"]));
        for column in list(&table["columns"]) {
            println!("  {:24} {:7} {}", text(&column["name"]), text(&column["of"]), text(&column["about"]));
        }
    }
}

/// What the lexicon knows of words, and how they stand in a definition.
fn known(told: &Value) -> String {
    let texts = |name: &str| list(&told[name]).map(text).collect::<Vec<_>>().join(", ");
    let mut lines = vec![if told["known"] == true {
        "in the lexicon: {\"of\": \"report\", \"tests\": [{\"field\": \"words\", \"says\": [\"…\"]}]}"
            .to_owned()
    } else {
        "not in the lexicon: reports can't be asked for it".to_owned()
    }];
    for (name, label) in [("findings", "names the findings (orFindings)"), ("phrases", "can be ended as")] {
        let told = texts(name);
        if !told.is_empty() {
            lines.push(format!("{label}: {told}"));
        }
    }
    lines.join("\n")
}

fn counted(told: &Value) {
    println!("patients  {}", count(&told["patients"]));
    println!("exams     {}", count(&told["exams"]));
    if let Some(pairs) = told.get("pairs") {
        println!("{}", paired(pairs));
    }
    println!("facts version {}, {} ms", told["facts"], told["tookMs"]);
    for facet in list(&told["facets"]) {
        println!("\n{}", text(&facet["name"]));
        for value in list(&facet["values"]) {
            let words = value["display"].as_str().unwrap_or_default();
            let name = value["value"].as_str().unwrap_or("not known");
            println!("  {:>9}  {name}  {words}", count(&value["patients"]));
        }
    }
}

/// Cases and controls, in a line.
fn paired(pairs: &Value) -> String {
    let without = &pairs["withoutControl"];
    let mut line = format!(
        "{} cases with {} controls, {} cases with fewer than asked for",
        count(&pairs["cases"]),
        count(&pairs["controls"]),
        count(&pairs["incomplete"])
    );
    if !without.is_null() {
        line.push_str(&format!("; {} cases found no control and are left out", count(without)));
    }
    line
}

/// A count as it was told.
fn count(told: &Value) -> String {
    match (&told["count"], &told["fewerThan"]) {
        (Value::Number(count), _) => count.to_string(),
        (_, limit) => format!("< {limit}"),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
