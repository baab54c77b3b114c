//! Verifying as a whole: every byte the archive keeps against its digest, and then what the catalog knows
//! against what the archive still has. Damage is told by the names of what it touches.

use crate::App;
use archive::{Damage, Place, Verified, VerifyOptions};
use serde::Serialize;

/// What was found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub copies: u64,
    pub entries: u64,
    pub bytes: u64,
    pub damage: Vec<Found>,
}

/// Damage, and the instances and other files it touches: `<study>/<series>/<instance>` and the like.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    #[serde(flatten)]
    pub damage: Damage,
    files: Vec<String>,
}

/// Verifies; `progress` is told what was read so far and the bytes of all.
///
/// # Errors
/// The ledger's.
pub(crate) async fn verify(
    app: &App,
    options: VerifyOptions,
    progress: impl FnMut(&Verified, u64) + Send,
) -> Result<Report, sqlx::Error> {
    let Verified { copies, entries, bytes, mut damage } = app.archive.verify(options, progress).await;
    damage.extend(lost(app).await?);
    let mut found = Vec::with_capacity(damage.len());
    for damage in damage {
        let files = match &damage.name {
            Some(name) => vec![name.strip_suffix(".dcm").unwrap_or(name).to_owned()],
            None if damage.length == 0 => Vec::new(),
            None => {
                let part = damage.offset..damage.offset.saturating_add(damage.length);
                app.catalog.lying_in(&damage.segment, part).await?
            }
        };
        found.push(Found { damage, files });
    }
    Ok(Report { copies, entries, bytes, damage: found })
}

/// What the catalog has seen and the archive no longer has in any place.
async fn lost(app: &App) -> Result<Vec<Damage>, sqlx::Error> {
    let mut lost = Vec::new();
    for (segment, end) in app.catalog.segments().await? {
        let (held, what) = match app.archive.reach(&segment).await {
            None => (0, "the segment is lost, here and everywhere"),
            Some(held) if held < end => (held, "the segment ends before what it was given"),
            Some(_) => continue,
        };
        lost.push(Damage {
            segment,
            place: Place::Local,
            offset: held,
            length: end - held,
            entry: None,
            name: None,
            what: what.to_owned(),
            repaired: false,
        });
    }
    Ok(lost)
}
