//! The round that looks after sealed segments: smaller forms, second copies, the tier.

use crate::app::App;
use crate::config::Recompress;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// Goes round until told to stop.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let pause = Duration::from_secs(app.config.archive.upkeep_seconds.max(1).into());
    let mut recompressed = HashSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        // What a round was doing when we stop is begun anew by the next start.
        tokio::select! {
            () = stop.cancelled() => return,
            () = round(&app, &mut recompressed) => {}
        }
    }
}

async fn round(app: &App, recompressed: &mut HashSet<String>) {
    if app.config.archive.recompress == Recompress::JpegLs {
        recompress(app, recompressed).await;
    }
    let kept = app.archive.keep().await;
    app.health.note("keeping", kept.as_ref().map(drop));
    match kept {
        Ok(kept) if kept == archive::Kept::default() => {}
        Ok(kept) => info!(
            tiered = kept.tiered,
            copied = kept.copied,
            released = kept.released,
            removed = kept.removed,
            "looked after sealed segments"
        ),
        Err(failed) => error!(
            segment.id = failed.segment,
            cause = %failed.source,
            "{failed}; the next round tries again"
        ),
    }
}

/// Makes sealed segments smaller that this process hasn't looked at yet.
async fn recompress(app: &App, done: &mut HashSet<String>) {
    let mut trouble = None;
    for segment in app.archive.segments() {
        let id = segment.id.as_str();
        if !segment.placement().sealed || done.contains(id) {
            continue;
        }
        match app.archive.recompress(&segment.id).await {
            Ok(rewritten) => {
                info!(segment.id = id, entries = rewritten.entries, saved = rewritten.saved, "recompressed");
                done.insert(id.to_owned());
            }
            Err(failed) => {
                error!(segment.id = id, cause = %failed, "could not recompress a segment");
                trouble = trouble.or(Some(failed));
            }
        }
    }
    app.health.note("recompressing", trouble.as_ref().map_or(Ok(()), Err));
}
