//! Why an object in a project is as it is: it is passed through the wall once more, and each attribute says by which rule.

use super::{Place, ProjectsError};
use crate::App;
use crate::policies::preview::{Picture, Previewed};
use catalog::Located;
use deid::Known;
use govern::Project;
use model::{Phi, SopInstanceUid};

/// The largest original that is explained, in bytes: it is held in memory.
const LARGEST: u64 = 256 << 20;

/// Explains an object by its UID in the project, without what stood there before. `None`: the project shows none.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn explain(
    app: &App,
    project: &Project,
    sop: &SopInstanceUid,
) -> Result<Option<(Located, Previewed)>, ProjectsError> {
    let room = Place::Project(project.id.clone()).enter(app).await?;
    let Some(shown) = room.catalog.locate_sop(sop).await? else { return Ok(None) };
    let vault = app.projects.vault()?;
    let Some((code, original)) = vault.original(&project.id, sop.as_str()).await? else { return Ok(None) };
    let Ok(original) = SopInstanceUid::parse(original.reveal()) else { return Ok(None) };
    let located = app.catalog.locate_sop(&original).await?;
    let Some(original) = located.filter(|one| one.locator.length <= LARGEST) else { return Ok(None) };
    let known = vault.known(&project.id, &code).await?.and_then(|kept| Known::from_bytes(&kept));
    let Some(known) = known else { return Ok(None) };
    let wall = app.projects.get(app, project).await?.wall.clone();
    let bytes = app.archive.read_all(&original.locator).await;
    let bytes = bytes.map_err(|error| ProjectsError::Filling(Box::new(error)))?;
    let explaining = tokio::task::spawn_blocking(move || {
        let mut result = wall.explain(&bytes, &known);
        for one in result.iter_mut().flat_map(|(_, explained)| explained) {
            one.before = Phi::new(String::new());
        }
        Previewed {
            label: wall.policy().label(),
            digest: wall.policy().digest().to_owned(),
            result,
            picture: Picture::of(&bytes),
        }
    });
    let explained = explaining.await.map_err(|error| ProjectsError::Filling(Box::new(error)))?;
    Ok(Some((shown, explained)))
}
