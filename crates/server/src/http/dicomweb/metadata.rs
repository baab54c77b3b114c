//! Metadata (PS3.18 §10.4.1.1.2).

use super::answer;
use super::request::Asked;
use crate::App;
use crate::http::Problem;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use view::ViewError;

const JSON: &str = "application/dicom+json";
const XML: &str = "application/dicom+xml";

/// Streams the metadata of instances as JSON, or XML where that is wanted more.
pub(super) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let Some((_, form)) = asked.accepted.best(&[JSON, "application/json", XML]) else {
        let offer = format!("{JSON} and multipart/related; type=\"{XML}\"");
        return Err(ViewError::NotAcceptable(offer).into());
    };
    let (room, located) = asked.find(&app, "metadata").await?;
    let base: Arc<str> = room.base(&app).into();
    Ok(match form {
        XML => answer::parts(XML, room.view.metadata_xml(located, base)),
        json => answer::stream(json, room.view.metadata_json(&located, base)),
    })
}
