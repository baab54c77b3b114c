//! Releases: what is asked for is looked at ([`look`]), what of it is still in a PACS is fetched (`fetch`), what was approved is made ([`work`], `make`), kept file by file
//! beside its sum (`keep`), and whoever withdraws is found in all of it ([`withdraw`]). The rows and rules are the
//! `release` room's; who may ask is `govern`'s.
//! Read in this order: [`look`], [`work`], `fetch`, `make`, `images`, `sheets`, `keep`, [`withdraw`].

mod fetch;
mod images;
pub(crate) mod keep;
pub(crate) mod look;
mod make;
mod reports;
mod sheets;
pub(crate) mod withdraw;
pub(crate) mod work;

use crate::App;
use govern::{Action, Entry, Principal, Resource};
use model::Timestamp;

/// How the audit log names a release.
pub(crate) fn resource(id: &str) -> Resource {
    Resource::Other("release", id.to_owned())
}

/// Writes into the audit log what a release became by itself.
pub(crate) async fn note(app: &App, id: &str, became: &str) {
    let worker = Principal::worker("releases");
    if let Ok(grant) = govern::authorize(&worker, Action::Release, &resource(id)) {
        let entry = Entry::done(&grant, "release", Timestamp::now()).with("state", became.to_owned());
        if let Err(error) = app.govern.audit.record(entry).await {
            tracing::error!(%error, "the audit log did not take what became of a release");
        }
    }
}
