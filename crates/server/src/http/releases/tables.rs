//! The tables of a release that are asked in place: by statements, of who may receive it.

use super::files::received;
use crate::App;
use crate::http::{Caller, Problem};
use crate::releases::keep::blob;
use govern::Grant;
use release::desk::IN_PLACE;
use release::request::Form;
use warehouse::statement::Written;

/// The tables of a release, for who may receive it now.
///
/// # Errors
/// A [`Problem`]: the caller sees no such release, it can't be received now, or it is not asked in place.
pub(crate) async fn in_place(app: &App, caller: &Caller, id: &str) -> Result<(Grant, Written), Problem> {
    let standing = received(app, caller, id).await?;
    if !standing.release.request.wants(Form::InPlace) {
        return Err(Problem::conflict(
            "This release is received as files. To ask it by statements, request it with the form in-place.",
        ));
    }
    let files = app.releases.files(id).await?.into_iter().filter(|file| file.form == IN_PLACE);
    let table = |path: &str| path.rsplit('/').next()?.strip_suffix(".parquet").map(str::to_owned);
    let tables: Vec<(String, String)> =
        files.filter_map(|file| Some((table(&file.path)?, blob(id, &file.path)))).collect();
    if tables.is_empty() {
        return Err(Problem::conflict(
            "Its tables were not made for statements: who decides on releases can have it made again.",
        ));
    }
    let written = Written { facts: standing.release.pinned.facts, place: app.packages.clone(), tables };
    Ok((standing.grant, written))
}
