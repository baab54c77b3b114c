//! From the peer to us (C-MOVE), series by series.

use super::work::{Running, TransferError};
use crate::App;
use crate::dimse::ask::{self, AskError};
use crate::dimse::stream::Stream;
use catalog::Scope;
use dicom::net::dimse::{Status, SubOperations};
use dicom::net::pdu::Abort;
use dicom::net::scu::Moving;
use dicom::{DataSet, tags};
use govern::Peer;
use model::{SeriesInstanceUid, StudyInstanceUid};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a peer may go on after C-CANCEL before the association is broken off.
const PATIENCE: Duration = Duration::from_secs(3);

/// Fetches series by series, so that a broken transfer goes on where it stopped and a rate can be
/// kept. Series of which we hold as many instances as the peer counts are passed over.
pub(super) async fn fetch(running: &mut Running<'_>, peer: &Peer) -> Result<(), TransferError> {
    let app = Arc::clone(running.app);
    let study = running.study()?;
    let wanted = running.series()?.map(|uid| uid.as_str().to_owned());
    let mut question = DataSet::new();
    question.put_text(tags::QUERY_RETRIEVE_LEVEL, "SERIES");
    question.put_text(tags::STUDY_INSTANCE_UID, study.as_str());
    question.put_text(tags::SERIES_INSTANCE_UID, wanted.as_deref().unwrap_or_default());
    question.put_text(tags::NUMBER_OF_SERIES_RELATED_INSTANCES, "");
    let matches = running.unless_cancelled(ask::query(&app, peer, &question, 10_000)).await?;
    let series: Vec<(String, Option<i64>)> = matches
        .data_sets
        .iter()
        .filter_map(|one| {
            let count = one.int(tags::NUMBER_OF_SERIES_RELATED_INSTANCES);
            Some((one.uid(tags::SERIES_INSTANCE_UID)?, count))
        })
        .collect();
    running.transfer.total = series.iter().filter_map(|(_, count)| *count).sum();
    (running.transfer.completed, running.transfer.failed) = (0, 0);
    let started = Instant::now();
    for (uid, count) in series {
        if running.stop().is_cancelled() {
            break;
        }
        let held = held(&app, &study, &uid).await?;
        if count.is_some_and(|count| count > 0 && held >= count) {
            running.transfer.completed += held;
            continue;
        }
        fetch_series(running, peer, study.as_str(), &uid).await?;
        running.throttle(started, running.transfer.completed).await;
    }
    // "Done" means that it is found; so does what came before it was cancelled.
    app.findable().await;
    if running.stop().is_cancelled() { Err(TransferError::Cancelled) } else { Ok(()) }
}

async fn fetch_series(
    running: &mut Running<'_>,
    peer: &Peer,
    study: &str,
    series: &str,
) -> Result<(), TransferError> {
    let calling = ask::call_for_moving(running.app, peer);
    let mut association = running.unless_cancelled(calling).await?;
    let mut moving = ask::ask_for_series(running.app, &mut association, study, series).await?;
    let status = follow(running, &mut moving).await?;
    match status {
        Some(status) => {
            let _ = association.release().await;
            let ended = status.is_done() || (status == Status::CANCEL && running.stop().is_cancelled());
            if ended { Ok(()) } else { Err(AskError::Status(status).into()) }
        }
        None => {
            association.abort(Abort::BY_USER).await;
            Ok(())
        }
    }
}

/// Follows the peer's sending to its end. A cancelled transfer asks the peer to stop, and gives
/// `None` when the peer doesn't.
async fn follow(
    running: &mut Running<'_>,
    moving: &mut Moving<'_, Stream>,
) -> Result<Option<Status>, TransferError> {
    let stop = running.stop();
    let (completed, failed) = (running.transfer.completed, running.transfer.failed);
    let mut given_up_at: Option<tokio::time::Instant> = None;
    loop {
        let given_up = async {
            match given_up_at {
                Some(moment) => tokio::time::sleep_until(moment).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ready = moving.ready() => ready?,
            () = stop.cancelled(), if given_up_at.is_none() => {
                moving.cancel().await?;
                given_up_at = Some(tokio::time::Instant::now() + PATIENCE);
                continue;
            }
            () = given_up => return Ok(None),
        }
        let progress = moving.next_progress().await?;
        let SubOperations { completed: came, warning, failed: lost, .. } = progress.counts;
        // Some peers give no counts on the way, or none at the end: what was told once stays told.
        let counts = [completed + i64::from(came) + i64::from(warning), failed + i64::from(lost)];
        running.transfer.completed = running.transfer.completed.max(counts[0]);
        running.transfer.failed = running.transfer.failed.max(counts[1]);
        if !progress.status.is_pending() {
            return Ok(Some(progress.status));
        }
        running.note_now_and_then().await?;
    }
}

async fn held(app: &App, study: &StudyInstanceUid, series: &str) -> Result<i64, TransferError> {
    let series = SeriesInstanceUid::parse(series).map_err(|_| TransferError::Uid)?;
    let located = app.catalog.locate(&Scope::Series(study.clone(), series)).await?;
    let distinct: HashSet<&str> = located.iter().map(|one| one.sop.as_str()).collect();
    Ok(distinct.len() as i64)
}
