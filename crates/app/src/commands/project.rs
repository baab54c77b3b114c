//! `isocenter project`

mod proof;

use crate::connection::{Connection, answer};
use anyhow::bail;
use reqwest::Method;
use serde_json::{Value, json};
use server::Config;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Projects: enrolled patients, seen de-identified by their members
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter project create lung --title \"Lung nodules\" --policy public-sharing --ae-title LUNG
  isocenter project member lung ann               ann finds and reads it at /lung/dicomweb
  isocenter project member lung peer:workstation  a DICOM peer, by the project's AE title
  isocenter project enrol lung 1.2.840.1.2.3      the patient of this exam, with all exams
  isocenter project enrol lung --all              every patient that is held
  isocenter project show lung                     what can be seen, and what is withheld and why
  isocenter project verify lung --pack lung.zip   search all that can be seen for what identifies
  isocenter project explain lung 2.25.123         why an object is as it is")]
pub enum Command {
    /// Make a project
    Create(New),
    /// List the projects
    List,
    /// Tell how much can be seen in a project, and what is withheld for which reason
    Show {
        /// The project
        project: String,
        /// Wait until all subjects are made
        #[arg(long)]
        wait: bool,
    },
    /// Search everything that can be seen for what identifies its patients, plant canaries, and keep the signed pack
    Verify {
        /// The project
        project: String,
        /// An answer key to score: tab-separated, one check a line
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        /// Where to write the signed pack, a ZIP file
        #[arg(long, value_name = "FILE")]
        pack: Option<PathBuf>,
    },
    /// Tell what became of each attribute of an object in the project, and by which rule
    Explain {
        /// The project
        project: String,
        /// The object's SOP Instance UID in the project
        instance: String,
        /// One attribute: a keyword, or a tag as (0008,0020)
        #[arg(long)]
        attribute: Option<String>,
    },
    /// Add a member, or change what it is in the project
    Member {
        /// The project
        project: String,
        /// An account, or peer:NAME for a DICOM peer
        member: String,
        /// May say who else is in it
        #[arg(long)]
        lead: bool,
        /// Take it out
        #[arg(long, conflicts_with = "lead")]
        remove: bool,
    },
    /// Enrol the patients of exams
    Enrol {
        /// The project
        project: String,
        /// Study Instance UIDs
        #[arg(required_unless_present = "all")]
        exams: Vec<String>,
        /// The patients of all exams that are held
        #[arg(long, conflicts_with = "exams")]
        all: bool,
        /// These exams alone, not all of their patients
        #[arg(long)]
        only_these: bool,
    },
    /// List the subjects, by code
    Subjects {
        /// The project
        project: String,
    },
    /// Take a subject out: from now on nothing of it is shown
    Withdraw {
        /// The project
        project: String,
        /// The subject's code
        code: String,
    },
}

/// A new project.
#[derive(clap::Args)]
pub struct New {
    /// Its name in addresses: 2 to 32 of a-z, 0-9 and -
    project: String,
    /// Its name for people
    #[arg(long)]
    title: String,
    /// A ready-made policy, or one of your own by its id
    #[arg(long)]
    policy: String,
    /// The version of a policy of your own
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    policy_version: i64,
    /// The AE title by which DICOM peers call it
    #[arg(long, value_name = "TITLE")]
    ae_title: Option<String>,
    /// The number of the trial protocol
    #[arg(long, default_value = "", hide_default_value = true)]
    protocol_number: String,
    /// What subjects must agree to, such as research; may be given again
    #[arg(long = "use", value_name = "USE")]
    uses: Vec<String>,
    /// Subjects must have said yes; otherwise it is enough that they have not said no
    #[arg(long)]
    needs_consent: bool,
}

/// Exams enrolled in one request.
const AT_ONCE: usize = 500;
/// Exams asked for at a time.
const PAGE: usize = 5000;

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let result = act(&connection, command).await;
    connection.close().await?;
    result
}

async fn act(connection: &Connection, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(new) => create(connection, &new).await?,
        Command::List => list(&connection.get("/api/v1/projects").await?),
        Command::Show { project, wait } => show(connection, &project, wait).await?,
        Command::Verify { project, answers, pack } => {
            return proof::verify(connection, &project, answers.as_deref(), pack.as_deref()).await;
        }
        Command::Explain { project, instance, attribute } => {
            proof::explain(connection, &project, &instance, attribute.as_deref()).await?;
        }
        Command::Member { project, member, lead, remove } => {
            let path = format!("{}/{}", path(&project, "/members")?, plain(&member)?);
            let request = match remove {
                true => connection.request(Method::DELETE, &path),
                false => {
                    let role = if lead { "lead" } else { "member" };
                    connection.request(Method::PUT, &path).json(&json!({ "role": role }))
                }
            };
            answer(request).await?;
        }
        Command::Enrol { project, exams, all, only_these } => {
            let exams = if all { held(connection).await? } else { exams };
            return enrol(connection, &project, &exams, only_these).await;
        }
        Command::Subjects { project } => {
            let body: Value = connection.get(&path(&project, "/subjects")?).await?;
            body["subjects"].as_array().into_iter().flatten().for_each(subject);
        }
        Command::Withdraw { project, code } => {
            let path = format!("{}/{}", path(&project, "/subjects")?, plain(&code)?);
            answer(connection.request(Method::DELETE, &path)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(connection: &Connection, new: &New) -> anyhow::Result<()> {
    let body = json!({
        "id": new.project, "title": new.title, "policy": new.policy, "policyVersion": new.policy_version,
        "aeTitle": new.ae_title, "protocolNumber": new.protocol_number, "uses": new.uses,
        "needsConsent": new.needs_consent,
    });
    let made: Value = connection.send(Method::POST, "/api/v1/projects", &body).await?;
    list(&json!({ "projects": [made] }));
    Ok(())
}

fn list(body: &Value) {
    for project in body["projects"].as_array().into_iter().flatten() {
        let text = |key: &str| project[key].as_str().unwrap_or_default();
        let state = if project["isOpen"] == true { "open" } else { "closed" };
        println!(
            "{:20} {state:6} {:16} {:24} {}",
            text("id"),
            text("aeTitle"),
            text("policy"),
            text("title")
        );
    }
}

async fn show(connection: &Connection, project: &str, wait: bool) -> anyhow::Result<()> {
    let mut coverage: Value = connection.get(&path(project, "/coverage")?).await?;
    while wait && coverage["waiting"] != 0 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        coverage = connection.get(&path(project, "/coverage")?).await?;
    }
    println!(
        "can be seen: subjects {}, exams {}, series {}, instances {}; subjects being made: {}",
        coverage["subjects"],
        coverage["exams"],
        coverage["series"],
        coverage["instances"],
        coverage["waiting"]
    );
    for reason in coverage["withheld"].as_array().into_iter().flatten() {
        let detail = reason["detail"].as_str().unwrap_or_default();
        println!("  withheld: instances {}, for instance because {detail}", reason["instances"]);
    }
    Ok(())
}

/// All exams that are held, by Study Instance UID.
async fn held(connection: &Connection) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    loop {
        let path = format!("/dicom-web/studies?limit={PAGE}&offset={}", found.len());
        let page: Vec<Value> = connection.get(&path).await?;
        let full = page.len() == PAGE;
        let uids = page.iter().filter_map(|exam| exam["0020000D"]["Value"][0].as_str());
        found.extend(uids.map(str::to_owned));
        if !full {
            return Ok(found);
        }
    }
}

async fn enrol(
    connection: &Connection,
    project: &str,
    exams: &[String],
    only_these: bool,
) -> anyhow::Result<ExitCode> {
    let path = path(project, "/subjects")?;
    let mut codes = std::collections::BTreeSet::new();
    let mut failed = 0;
    for exams in exams.chunks(AT_ONCE) {
        let body = json!({ "exams": exams, "onlyThese": only_these });
        let done: Value = connection.send(Method::POST, &path, &body).await?;
        for one in done["enrolled"].as_array().into_iter().flatten() {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            match one["code"].as_str() {
                Some(code) => _ = codes.insert(code.to_owned()),
                None => {
                    failed += 1;
                    eprintln!("{}: {}", text("exam"), text("problem"));
                }
            }
        }
    }
    println!(
        "{} patients are enrolled; isocenter project show {project} tells how far they are made",
        codes.len()
    );
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn subject(subject: &Value) {
    let state = match (&subject["withdrawn"], &subject["usable"]) {
        (Value::Bool(true), _) => "withdrawn",
        (_, Value::Bool(true)) => "in use",
        _ => "no consent",
    };
    let code = subject["code"].as_str().unwrap_or_default();
    println!("{code:24} {state:10} {} exams, {} instances", subject["exams"], subject["instances"]);
}

fn path(project: &str, rest: &str) -> anyhow::Result<String> {
    Ok(format!("/api/v1/projects/{}{rest}", plain(project)?))
}

/// Names and codes are plain, so a path needs no escaping; anything else is no name.
fn plain(name: &str) -> anyhow::Result<&str> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-@:".contains(&b);
    if name.is_empty() || name.starts_with('.') || !name.bytes().all(is_plain) {
        bail!("`{name}` names nothing here");
    }
    Ok(name)
}
