//! `isocenter peer`

use crate::connection::Connection;
use anyhow::{Context as _, bail};
use reqwest::Method;
use serde_json::{Map, Value, json};
use server::Config;
use std::process::ExitCode;
use std::time::Duration;

/// DICOM peers: who may call us, and what we ask of them
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter peer add pacs --ae-title PACS --host 10.1.2.3 --port 104 --may store
  isocenter peer echo pacs
  isocenter peer query pacs PatientID=4711 StudyDate=20260101- ModalitiesInStudy=
  isocenter peer fetch pacs 1.2.840.1.2.3          the peer must know our AE title and address
  isocenter peer terms pacs --index-from 2020-01-01 --hours 20:00-06:00 --rate 5
  isocenter peer send pacs 1.2.840.1.2.3 --rate 20")]
pub enum Command {
    /// Enter a peer, or change its entry
    Add(Entry),
    /// List the peers
    List,
    /// Remove a peer
    Remove {
        /// The entry's name
        name: String,
    },
    /// Ask a peer for an answer (C-ECHO)
    Echo {
        /// The entry's name
        name: String,
    },
    /// Ask a peer what it has (C-FIND)
    Query {
        /// The entry's name
        name: String,
        /// KEYWORD=VALUE to match, KEYWORD= to see; wildcards and ranges as in DICOM
        #[arg(required = true, value_name = "KEYWORD=VALUE")]
        keys: Vec<String>,
        /// What to find: study, series or image
        #[arg(long, default_value = "study")]
        level: String,
        /// Matches at most
        #[arg(long, default_value_t = 500)]
        limit: u32,
        /// Print DICOM JSON
        #[arg(long)]
        json: bool,
    },
    /// Show or change what a peer's owner allows: asking what it holds, how fast, and when
    Terms(Terms),
    /// Have a peer asked now for the exams of the days just past
    Look {
        /// The entry's name
        name: String,
    },
    /// Fetch an exam from a peer (C-MOVE to us); waits until it is here
    Fetch(Transfer),
    /// Send an exam to a peer (C-STORE); waits until it is there
    Send(Transfer),
    /// List the latest transfers
    Transfers,
    /// Cancel a transfer that waits or runs; what has arrived stays
    Cancel {
        /// Its number, as `isocenter peer transfers` lists it
        number: i64,
    },
}

/// A peer's entry.
#[derive(clap::Args)]
pub struct Entry {
    /// Its name here: a-z 0-9 . _ - @
    name: String,
    /// Its application entity title
    #[arg(long, value_name = "TITLE")]
    ae_title: String,
    /// Where we call it
    #[arg(long)]
    host: Option<String>,
    /// The port we call
    #[arg(long)]
    port: Option<u16>,
    /// Call it with TLS
    #[arg(long)]
    tls: bool,
    /// An address or range it calls from, such as 10.1.0.0/16; may be given again
    #[arg(long = "from", value_name = "ADDRESS")]
    networks: Vec<String>,
    /// SHA-256 of its TLS certificate
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<String>,
    /// What it may do when it calls: store, query, retrieve; may be given again
    #[arg(long, value_name = "RIGHT", value_parser = ["store", "query", "retrieve"])]
    may: Vec<String>,
}

/// What a peer's owner allows. What is not given stays as it is.
#[derive(clap::Args)]
pub struct Terms {
    /// The peer's entry
    name: String,
    /// Ask it day by day for the exams it holds, from this day on, as 2020-01-31
    #[arg(long, value_name = "DAY")]
    index_from: Option<String>,
    /// Don't ask it what it holds any more, and forget what it told
    #[arg(long, conflicts_with = "index_from")]
    no_index: bool,
    /// Questions a minute at most
    #[arg(long, value_name = "N")]
    questions: Option<u32>,
    /// Instances a second at most when releases fetch
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// The hours at which it may be asked and fetched from, as 20:00-06:00 by the server's clock
    #[arg(long, value_name = "HOURS")]
    hours: Option<String>,
    /// It may be asked and fetched from at any time
    #[arg(long, conflicts_with = "hours")]
    any_time: bool,
}

impl Terms {
    fn changes(&self) -> bool {
        self.index_from.is_some()
            || self.no_index
            || self.questions.is_some()
            || self.rate.is_some()
            || self.hours.is_some()
            || self.any_time
    }

    /// The terms that are to hold, of those that hold now.
    fn over(&self, now: &Value) -> Value {
        let mut terms = now.clone();
        if let Some(day) = &self.index_from {
            terms["indexFrom"] = json!(day);
        }
        if let Some(hours) = &self.hours {
            terms["hours"] = json!(hours);
        }
        if self.no_index {
            terms["indexFrom"] = Value::Null;
        }
        if self.any_time {
            terms["hours"] = Value::Null;
        }
        if let Some(questions) = self.questions {
            terms["questionsPerMinute"] = json!(questions);
        }
        if let Some(rate) = self.rate {
            terms["instancesPerSecond"] = json!(rate);
        }
        terms
    }
}

/// An exam to transfer.
#[derive(clap::Args)]
pub struct Transfer {
    /// The peer's entry
    name: String,
    /// The exam's Study Instance UID
    study: String,
    /// Only this series of it
    #[arg(long, value_name = "UID")]
    series: Option<String>,
    /// Instances a second at most
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// Don't wait for it
    #[arg(long)]
    background: bool,
}

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let result = act(&connection, command).await;
    connection.close().await?;
    result
}

async fn act(connection: &Connection, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(entry) => add(connection, entry).await?,
        Command::List => list(&connection.get("/api/v1/peers").await?),
        Command::Remove { name } => {
            crate::connection::answer(connection.request(Method::DELETE, &path(&name, "")?)).await?;
        }
        Command::Echo { name } => {
            let said: Value = connection.send(Method::POST, &path(&name, "/echo")?, &json!({})).await?;
            println!("{name} answered in {} ms", said["milliseconds"]);
        }
        Command::Query { name, keys, level, limit, json } => {
            let body = json!({ "level": level.to_uppercase(), "keys": pairs(&keys)?, "limit": limit });
            let found: Value = connection.send(Method::POST, &path(&name, "/query")?, &body).await?;
            show_matches(&found, json)?;
        }
        Command::Fetch(transfer) => {
            if connection.rooms().is_some() {
                bail!("fetching needs a running server for the peer to send to: isocenter serve");
            }
            return begin(connection, "/fetch", transfer).await;
        }
        Command::Send(transfer) => return begin(connection, "/send", transfer).await,
        Command::Terms(asked) => terms(connection, &asked).await?,
        Command::Look { name } => {
            crate::connection::answer(connection.request(Method::POST, &path(&name, "/look")?)).await?;
            println!("{name} is asked for the days just past");
        }
        Command::Transfers => {
            let body: Value = connection.get("/api/v1/transfers").await?;
            body["transfers"].as_array().into_iter().flatten().for_each(|one| println!("{}", line(one)));
        }
        Command::Cancel { number } => {
            let request = connection.request(Method::DELETE, &format!("/api/v1/transfers/{number}"));
            let cancelled: Value = crate::connection::answer(request).await?.json().await?;
            println!("{}", line(&cancelled));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(connection: &Connection, entry: Entry) -> anyhow::Result<()> {
    let may = |right: &str| entry.may.iter().any(|one| one == right);
    let body = json!({
        "name": entry.name, "aeTitle": entry.ae_title, "host": entry.host, "port": entry.port,
        "tls": entry.tls, "networks": entry.networks, "fingerprint": entry.fingerprint,
        "mayStore": may("store"), "mayQuery": may("query"), "mayRetrieve": may("retrieve"),
    });
    let made: Value = connection.send(Method::POST, "/api/v1/peers", &body).await?;
    list(&json!({ "peers": [made] }));
    Ok(())
}

async fn terms(connection: &Connection, asked: &Terms) -> anyhow::Result<()> {
    let at = path(&asked.name, "/terms")?;
    let mut told: Value = connection.get(&at).await?;
    if asked.changes() {
        told = connection.send(Method::PUT, &at, &asked.over(&told["terms"])).await?;
    }
    let terms = &told["terms"];
    let asked = terms["indexFrom"].as_str().map_or("not asked what it holds".into(), |from| {
        format!("asked for exams from {from} on, {} questions a minute", terms["questionsPerMinute"])
    });
    println!("{asked}");
    let hours = terms["hours"].as_str().map_or("at any time".into(), |hours| format!("at {hours}"));
    println!("fetched from {hours}, {} instances a second", terms["instancesPerSecond"]);
    if let Some(day) = told["toldTo"].as_str() {
        println!("told up to {day}: {} exams, {} of them not here", told["exams"], told["notHere"]);
    }
    if let Some(failure) = told["failure"].as_str() {
        println!("it did not tell the last time: {failure}");
    }
    Ok(())
}

fn list(body: &Value) {
    for peer in body["peers"].as_array().into_iter().flatten() {
        let text = |key: &str| peer[key].as_str().unwrap_or_default();
        let rights = [("mayStore", "store"), ("mayQuery", "query"), ("mayRetrieve", "retrieve")];
        let may: Vec<_> =
            rights.iter().filter(|(key, _)| peer[*key] == true).map(|(_, word)| *word).collect();
        let address = peer["port"].as_u64().map_or(String::new(), |port| format!("{}:{port}", text("host")));
        println!("{:20} {:16} {address:24} may {}", text("name"), text("aeTitle"), may.join(","));
    }
}

fn pairs(keys: &[String]) -> anyhow::Result<Map<String, Value>> {
    let pair = |text: &String| {
        let (key, value) = text.split_once('=').with_context(|| format!("`{text}` is not KEYWORD=VALUE"))?;
        Ok((key.to_owned(), Value::from(value)))
    };
    keys.iter().map(pair).collect()
}

fn show_matches(found: &Value, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(&found["matches"])?);
    } else {
        for one in found["matches"].as_array().into_iter().flatten() {
            let values = one.as_object().into_iter().flatten().filter(|(tag, _)| !tag.starts_with("0008005"));
            println!("{}", values.map(|(tag, value)| shown(tag, value)).collect::<Vec<_>>().join("  "));
        }
    }
    if found["complete"] == false {
        eprintln!("there are more; --limit shows them");
    }
    Ok(())
}

fn shown(tag: &str, value: &Value) -> String {
    let name = dicom::dictionary::parse_tag(tag).and_then(dicom::dictionary::keyword).unwrap_or(tag);
    let first = &value["Value"][0];
    let text =
        first.as_str().or_else(|| first["Alphabetic"].as_str()).map_or(first.to_string(), str::to_owned);
    format!("{name}={}", if first.is_null() { "" } else { &text })
}

async fn begin(connection: &Connection, way: &str, transfer: Transfer) -> anyhow::Result<ExitCode> {
    let body = json!({
        "studyInstanceUid": transfer.study, "seriesInstanceUid": transfer.series,
        "instancesPerSecond": transfer.rate,
    });
    let begun: Value = connection.send(Method::POST, &path(&transfer.name, way)?, &body).await?;
    if transfer.background {
        println!("{}", line(&begun));
        return Ok(ExitCode::SUCCESS);
    }
    let ended = wait(connection, &begun["id"]).await?;
    println!("{}", line(&ended));
    Ok(if ended["state"] == "done" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Looks every half second until it is done or given up; a transfer that stopped goes on by itself.
async fn wait(connection: &Connection, id: &Value) -> anyhow::Result<Value> {
    let bar = indicatif::ProgressBar::no_length();
    loop {
        let body: Value = connection.get("/api/v1/transfers").await?;
        let mut transfers = body["transfers"].as_array().into_iter().flatten();
        let one = transfers.find(|one| one["id"] == *id).context("the transfer is gone")?;
        if ["done", "failed", "cancelled"].iter().any(|state| one["state"] == *state) {
            bar.finish_and_clear();
            return Ok(one.clone());
        }
        bar.set_length(one["total"].as_u64().unwrap_or(0));
        bar.set_position(one["completed"].as_u64().unwrap_or(0));
        bar.set_message(one["reason"].as_str().unwrap_or_default().to_owned());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn line(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or_default();
    let reason = one["reason"].as_str().map_or(String::new(), |why| format!(": {why}"));
    format!(
        "{} {} {} {} {}: {} of {} instances, {} failed{reason}",
        one["id"],
        text("direction"),
        text("peer"),
        text("studyInstanceUid"),
        text("state"),
        one["completed"],
        one["total"],
        one["failed"],
    )
}

/// Names are plain, so a path needs no escaping; anything else is no name.
fn path(name: &str, rest: &str) -> anyhow::Result<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b);
    if name.is_empty() || name == "." || name == ".." || !name.bytes().all(plain) {
        bail!("there is no peer `{name}`");
    }
    Ok(format!("/api/v1/peers/{name}{rest}"))
}
