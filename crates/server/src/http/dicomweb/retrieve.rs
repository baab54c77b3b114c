//! Exams, series and instances as files (PS3.18 §10.4.1.1.1).

use super::request::Asked;
use super::{answer, download, range};
use crate::App;
use crate::http::Problem;
use crate::projects::Room;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use catalog::Scope;
use std::sync::Arc;
use view::retrieve::{self, DICOM, Packing, Selection};

/// Streams instances in a form the caller accepts.
pub(super) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let (room, located) = asked.find(&app, "instances").await?;
    let single = matches!(asked.scope, Scope::Instance(..));
    let selection = retrieve::select(&asked.accepted, located, single)?;
    let left_out = selection.left_out;
    let mut response = pack(&app, &asked, &room, selection).await?;
    if left_out > 0 {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("{left_out} instances can't be had in the transfer syntax asked for");
        answer::warn(&mut response, &text);
    }
    Ok(response)
}

async fn pack(app: &App, asked: &Asked, room: &Room, selection: Selection) -> Result<Response, Problem> {
    let base: Arc<str> = room.base(app).into();
    match selection.packing {
        Packing::Zip => Ok(download::zip(&room.view, selection.instances)),
        Packing::Multipart => Ok(answer::parts(DICOM, room.view.parts(selection.instances, base))),
        Packing::Single => {
            let (located, form) =
                selection.instances.first().ok_or_else(|| Problem::not_found("instance"))?;
            let tag = answer::tag(located.digest, &format!("{form:?}"));
            let whole = room.view.whole(located, form).await?;
            let mut response = range::give(&asked.headers, DICOM, &tag, whole);
            let address = retrieve::address(&base, located);
            answer::set(&mut response, axum::http::header::CONTENT_LOCATION, &address);
            Ok(response)
        }
    }
}
