//! The clinical record by HTTP: what came ([`sources`]), whose it is ([`people`]), what they take ([`medications`]),
//! what codes mean ([`codes`]), servers that are asked for what is new ([`servers`]),
//! what reports say ([`reports`], [`checks`]), one record and its links ([`links`]).

mod checks;
mod codes;
mod links;
mod medications;
mod people;
mod reports;
mod servers;
mod sources;

pub(super) use servers::keys;

use super::{Caller, Problem};
use crate::App;
use intake::{Format, RecordHead};
use model::{Door, Source, Timestamp};
use records::decide::{Decided, Decision};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    sources::routes()
        .merge(people::routes())
        .merge(medications::routes())
        .merge(codes::routes())
        .merge(servers::routes())
        .merge(reports::routes())
        .merge(links::routes())
        .merge(checks::routes())
}

/// Entries on a page.
const PAGE: i64 = 200;

/// The number in an address: read after the caller was found to be allowed to ask.
fn number(text: &str, what: &'static str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found(what))
}

/// Keeps a decision in the archive, then follows it. The worker will meet it again, which changes nothing.
async fn decide(app: &App, caller: &Caller, decision: Decision) -> Result<(), Problem> {
    let now = Timestamp::now();
    let decided = Decided { decision, by: caller.principal.to_string(), at: now.as_micros() };
    let head = RecordHead { format: Format::Decision, file_name: None, system: None };
    let mut kept = app.intake.begin_record(head);
    kept.push(serde_json::json!(decided).to_string().into()).await?;
    kept.finish(source(caller, Door::Made, now)).await?;
    app.records.decide(&decided).await?;
    Ok(())
}

fn source(caller: &Caller, door: Door, received_at: Timestamp) -> Source {
    let account = caller.principal.to_string();
    Source { door, account, peer: Some(caller.address.to_string()), path: None, received_at }
}
