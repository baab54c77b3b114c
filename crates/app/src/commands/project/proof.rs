//! `isocenter project verify` and `explain`

use super::{path, plain};
use crate::connection::{Connection, answer};
use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// Has evidence gathered, waits for it, tells what it says, and keeps the signed pack.
pub async fn verify(
    connection: &Connection,
    project: &str,
    answers: Option<&Path>,
    pack: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let read =
        |path: &Path| std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()));
    let body = json!({ "answers": answers.map(read).transpose()? });
    let there = path(project, "/evidence")?;
    let asked: Value = connection.send(Method::POST, &there, &body).await?;
    let there = format!("{there}/{}", asked["id"]);
    let mut evidence: Value = connection.get(&there).await?;
    while matches!(evidence["state"].as_str(), Some("waiting" | "running")) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        evidence = connection.get(&there).await?;
    }
    tell(&evidence);
    if let (Some(file), true) = (pack, evidence["found"].is_object()) {
        let fetched = answer(connection.request(Method::GET, &format!("{there}/pack"))).await?;
        std::fs::write(file, fetched.bytes().await?)
            .with_context(|| format!("can't write {}", file.display()))?;
        println!("signed pack in {}", file.display());
    }
    Ok(if evidence["state"] == "passed" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(evidence: &Value) {
    println!(
        "{} {}",
        evidence["state"].as_str().unwrap_or_default(),
        evidence["reason"].as_str().unwrap_or_default()
    );
    let found = &evidence["found"];
    for one in found["search"]["identifiers"].as_array().into_iter().flatten() {
        let category = one["category"].as_str().unwrap_or_default();
        println!("  {category:18} {:>8} looked for, {} found", one["looked_for"], one["found"]);
    }
    for (category, count) in found["score"]["categories"].as_object().into_iter().flatten() {
        println!(
            "  {category:18} {:>8} passed, {} failed, {} withheld",
            count["passed"], count["failed"], count["withheld"]
        );
    }
    for bound in found["risk"]["bounds"].as_array().into_iter().flatten() {
        println!(
            "  {} of {} {} leak; with 95 % confidence at most {:.4} % do",
            bound["leaks"],
            bound["checked"],
            bound["of"].as_str().unwrap_or_default(),
            100.0 * bound["upper_bound"].as_f64().unwrap_or(1.0)
        );
    }
}

/// Tells for each attribute of an object in the project what became of it, and why.
pub async fn explain(
    connection: &Connection,
    project: &str,
    instance: &str,
    attribute: Option<&str>,
) -> anyhow::Result<()> {
    let there = format!("{}/{}", path(project, "/explanations")?, plain(instance)?);
    let explained: Value = connection.get(&there).await?;
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    println!("policy {}, sha256 {}", text(&explained, "policy"), text(&explained, "digest"));
    for one in explained["attributes"].as_array().into_iter().flatten() {
        let (path, keyword) = (text(one, "path"), text(one, "keyword"));
        if attribute.is_none_or(|wanted| wanted == keyword || path.ends_with(wanted)) {
            println!("{path} {keyword}: {}, {}", text(one, "outcome"), text(one, "why"));
        }
    }
    Ok(())
}
