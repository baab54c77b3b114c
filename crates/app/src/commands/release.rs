//! `isocenter release`

mod pull;

use crate::connection::{Connection, answer};
use anyhow::{Context as _, bail};
use reqwest::Method;
use serde_json::{Value, json};
use server::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// Releases: ask for the data of a frozen cohort, decide on what others asked for, receive what was approved
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter release ask 8d1f0c2e77aa90b1 --project lung --title \"Nodules\" --purpose \"To train a detector\" \\
    --recipient \"Rita Roe <rita@uni.example>\" --until 2027-06-30 --form dicom --form tables --accept-terms
  isocenter release list                       what was asked for, and where it stands
  isocenter release show 3f2a9c0d1e5b          one of them, with what was looked at
  isocenter release approve 3f2a9c0d1e5b       say yes; nobody decides on what they asked for
  isocenter release without 3f2a9c0d1e5b       make it without the exams that are still in a PACS
  isocenter release pull 3f2a9c0d1e5b data     receive it; goes on where it broke off, and checks every sum")]
pub enum Command {
    /// Ask for the data of a frozen cohort
    Ask(Ask),
    /// List the releases you asked for, may receive or decide on
    List,
    /// Show one release
    Show {
        /// The release's id
        release: String,
        /// Print the whole answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Approve a release
    Approve {
        /// The release's id
        release: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Refuse a release
    Refuse {
        /// The release's id
        release: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Have a release made without the exams that are still in a PACS
    Without {
        /// The release's id
        release: String,
    },
    /// Receive the files of a release into a folder, and check every sum
    Pull {
        /// The release's id
        release: String,
        /// The folder; it is made. What is there already and right is not fetched again
        folder: PathBuf,
    },
}

/// What is asked for.
#[derive(clap::Args)]
pub struct Ask {
    /// The frozen cohort's id
    frozen: String,
    /// The project in whose terms the data leaves
    #[arg(long)]
    project: String,
    /// A name for people
    #[arg(long)]
    title: String,
    /// What the data is for
    #[arg(long)]
    purpose: String,
    /// Who is to receive it: "Name <address>"; can be given several times
    #[arg(long, required = true)]
    recipient: Vec<String>,
    /// Where the recipients work
    #[arg(long, default_value = "")]
    institution: String,
    /// The last day on which it can be received, as 2027-06-30
    #[arg(long)]
    until: String,
    /// What the ethics committee's vote is known by
    #[arg(long, default_value = "")]
    ethics: String,
    /// dicom, nifti, tables or in-place; can be given several times
    #[arg(long, required = true, value_parser = ["dicom", "nifti", "tables", "reports", "in-place"])]
    form: Vec<String>,
    /// Accept the project's terms of use
    #[arg(long)]
    accept_terms: bool,
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
        Command::Ask(ask) => {
            let made: Value = connection.send(Method::POST, "/api/v1/releases", &asked(ask)?).await?;
            println!("{}", text(&made["id"]));
        }
        Command::List => {
            let all: Value = connection.get("/api/v1/releases").await?;
            for one in list(&all["releases"]) {
                let (id, state, project) =
                    (text(&one["id"]), text(&one["state"]), text(&one["project"]["id"]));
                println!(
                    "{id}  {state:9}  {project}  until {}  {}",
                    text(&one["expires"]),
                    text(&one["title"])
                );
            }
        }
        Command::Show { release, json } => {
            let told: Value = connection.get(&format!("/api/v1/releases/{release}")).await?;
            if *json { println!("{told:#}") } else { shown(&told) }
        }
        Command::Approve { release, reason } => decide(connection, release, true, reason).await?,
        Command::Refuse { release, reason } => decide(connection, release, false, reason).await?,
        Command::Without { release } => {
            let path = format!("/api/v1/releases/{release}/without");
            answer(connection.request(Method::POST, &path)).await?;
            println!("it is made without what is still in a PACS");
        }
        Command::Pull { release, folder } => pull::pull(connection, release, folder).await?,
    }
    Ok(())
}

async fn decide(connection: &Connection, id: &str, approve: bool, reason: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/releases/{id}/decisions");
    let body = json!({ "approve": approve, "reason": reason });
    answer(connection.request(Method::POST, &path).json(&body)).await?;
    let told: Value = connection.get(&format!("/api/v1/releases/{id}")).await?;
    println!("{}", text(&told["state"]));
    Ok(())
}

fn asked(ask: &Ask) -> anyhow::Result<Value> {
    if !ask.accept_terms {
        bail!("read the project's terms of use, and add --accept-terms");
    }
    let recipients: Vec<Value> =
        ask.recipient.iter().map(|one| recipient(one, &ask.institution)).collect::<Result<_, _>>()?;
    Ok(json!({
        "frozen": ask.frozen, "project": ask.project, "title": ask.title, "purpose": ask.purpose,
        "recipients": recipients, "terms": true, "expires": ask.until, "ethics": ask.ethics, "forms": ask.form,
    }))
}

fn recipient(text: &str, institution: &str) -> anyhow::Result<Value> {
    let (name, address) = text
        .trim()
        .strip_suffix('>')
        .and_then(|text| text.split_once('<'))
        .with_context(|| format!("{text:?} is not written as \"Name <address>\""))?;
    Ok(json!({ "name": name.trim(), "email": address.trim(), "institution": institution }))
}

fn shown(told: &Value) {
    let of = |name: &str| text(&told[name]).to_owned();
    println!("{}  {}", of("id"), of("title"));
    println!("state     {}  {}", of("state"), text(&told["progress"]["says"]));
    println!("project   {}", text(&told["project"]["id"]));
    println!("asked by  {}, {}", of("askedBy"), of("askedAt"));
    println!("until     {}", of("expires"));
    println!("patients  {}", told["patients"]);
    println!("exams     {}", told["exams"]);
    for one in list(&told["decisions"]) {
        let word = if one["approve"] == true { "approved" } else { "refused" };
        println!("{word}  by {}, {}  {}", text(&one["by"]), text(&one["at"]), text(&one["reason"]));
    }
    for check in list(&told["checks"]) {
        println!("{:12}  {:4}  {}", text(&check["kind"]), text(&check["severity"]), text(&check["says"]));
    }
    show_fetching(&told["fetching"]);
    for missing in list(&told["missing"]) {
        println!("missing   {} {}: {}", missing["count"], text(&missing["what"]), text(&missing["why"]));
    }
    if let Some(package) = told["package"].as_object() {
        let number = |name: &str| package.get(name).cloned().unwrap_or_default();
        println!(
            "package   {} files, {} bytes, sha256:{}",
            number("files"),
            number("bytes"),
            text(&number("digest"))
        );
    }
}

/// What was still in a PACS, and how far fetching it is.
fn show_fetching(fetching: &Value) {
    if fetching.is_null() {
        return;
    }
    println!("fetched   {} of {} exams that were in a PACS", fetching["here"], fetching["wanted"]);
    for missing in list(&fetching["missing"]) {
        let until = missing["until"].as_str().map_or(String::new(), |until| format!(", until {until}"));
        let peer = text(&missing["peer"]);
        println!("still     {} exams in {peer}: {}{until}", missing["count"], text(&missing["why"]));
    }
    if let Some(by) = fetching["without"].as_str() {
        println!("without   what is missing, says {by}");
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_written_as_in_a_letter() {
        let told = recipient("Rita Roe <rita@uni.example>", "Uni").expect("right");
        assert_eq!(told, json!({ "name": "Rita Roe", "email": "rita@uni.example", "institution": "Uni" }));
        assert!(recipient("rita@uni.example", "").is_err());
    }
}
