//! Removing for good what was deleted long enough ago.

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use super::told::{Teller, told};
use crate::App;
use archive::{PurgeError, ReadError, Rewritten};
use axum::extract::State;
use axum::response::Response;
use catalog::contents::Deletion;
use catalog::index::PURGED;
use catalog::{IndexError, ToIndex};
use futures::TryStreamExt;
use govern::{Action, Resource};
use intake::{Kind, Locator, Shelf, ShelfError, events};
use model::{Door, Source, Timestamp};
use serde_json::{Map, json};
use std::collections::HashSet;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const DAY: i64 = 86_400_000_000;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(purge))
}

/// What to remove.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PurgeBody {
    /// Deletions made at least so many days ago.
    older_than_days: u32,
}

/// Why purging stopped; what was done before stays done.
#[derive(Debug, thiserror::Error)]
enum PurgeFailed {
    #[error("the catalog could not be asked")]
    Catalog(#[from] sqlx::Error),
    #[error(transparent)]
    Archive(#[from] PurgeError),
    #[error(transparent)]
    Scan(#[from] ReadError),
    #[error(transparent)]
    Append(#[from] ShelfError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Removes for good what was deleted long enough ago, from the archive, the tier and (at the
/// next round) the second copy. This can't be undone.
#[utoipa::path(post, path = "/archive/purge", tag = "archive", request_body = PurgeBody,
    responses((status = 200, content_type = "application/x-ndjson"), (status = 403, body = Problem)))]
async fn purge(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<PurgeBody>,
) -> Result<Response, Problem> {
    let everything = Resource::Other("archive", "deleted".into());
    let grant = caller.authorize(&app, Action::Purge, &everything).await?;
    let now = Timestamp::now();
    let before = Timestamp::from_micros(now.as_micros() - i64::from(body.older_than_days) * DAY);
    app.govern.audit.record(caller.record(&grant).with("deleted-before", before.to_string())).await?;
    let account = caller.principal.to_string();
    Ok(told(move |teller| async move { purge_all(&app, before, &account, teller).await }))
}

async fn purge_all(
    app: &App,
    before: Timestamp,
    account: &str,
    mut teller: Teller,
) -> Result<serde_json::Value, PurgeFailed> {
    let deletions = app.catalog.deletions(None, u32::MAX).await?;
    let due: Vec<_> = deletions.into_iter().filter(|deletion| deletion.deleted_at <= before).collect();
    let mut all = Rewritten::default();
    for (done, deletion) in due.iter().enumerate() {
        teller.progress(|| json!({ "deletions": done, "total": due.len() }));
        let hidden = app.catalog.hidden_by(&deletion.event).await?;
        let entries = with_doubles(app, deletion, hidden).await?;
        let rewritten = app.archive.purge(&entries).await?;
        all.entries += rewritten.entries;
        all.saved += rewritten.saved;
        // Only now: until then a new start finds the deletion and purges the rest.
        note(app, deletion, account).await?;
    }
    Ok(json!({ "deletions": due.len(), "entries": all.entries, "saved": all.saved }))
}

/// The hidden instances, and every other entry with the same bytes that arrived before the
/// deletion: a second copy from two senders at once, or one that stands in a conflict.
async fn with_doubles(
    app: &App,
    deletion: &Deletion,
    hidden: Vec<Locator>,
) -> Result<Vec<Locator>, PurgeFailed> {
    let mut wanted: HashSet<Locator> = hidden.into_iter().collect();
    let mut digests = Vec::new();
    let mut scan = std::pin::pin!(app.archive.scan(None));
    let mut earlier = Vec::new();
    while let Some(entry) = scan.try_next().await? {
        let before = entry.head.source.received_at <= deletion.deleted_at;
        if entry.head.kind != Kind::Instance || !before {
            continue;
        }
        if wanted.contains(&entry.locator) {
            digests.push(entry.head.digest);
        } else if entry.head.details.get("studyInstanceUid").and_then(|uid| uid.as_str())
            == Some(&deletion.study)
        {
            earlier.push((entry.head.digest, entry.locator));
        }
    }
    digests.sort_unstable();
    let doubles = earlier.into_iter().filter(|(digest, _)| digests.binary_search(digest).is_ok());
    wanted.extend(doubles.map(|(_, locator)| locator));
    Ok(wanted.into_iter().collect())
}

/// Keeps in the archive that the deletion was carried out, and takes its rows out of the catalog.
async fn note(app: &App, deletion: &Deletion, account: &str) -> Result<(), PurgeFailed> {
    let source = Source {
        door: Door::Made,
        account: account.to_owned(),
        peer: None,
        path: None,
        received_at: Timestamp::now(),
    };
    let about = Map::from_iter([("deletion".to_owned(), deletion.event.as_str().into())]);
    let entry = events::event(PURGED, about, source);
    let (head, _) = entry.clone().into_parts();
    let appended = app.archive.append(entry).await?;
    app.catalog.index(&[ToIndex { head, locator: appended.locator, header: None }], None).await?;
    Ok(())
}
