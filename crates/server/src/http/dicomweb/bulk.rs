//! Bulk data that metadata refers to (PS3.18 §10.4.1.1.5).

use super::request::Asked;
use super::{answer, frames, range};
use crate::App;
use crate::http::Problem;
use crate::projects::Room;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use dicom::json::BulkPath;
use futures::stream;
use std::sync::Arc;
use view::metadata::Bulk;
use view::multipart::Part;
use view::{ViewError, Whole, media};

/// Gives the value.
pub(super) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let path = asked.ids.path.as_deref().and_then(BulkPath::parse);
    let path = path.ok_or_else(|| Problem::bad_request("The path of bulk data is tags and item numbers."))?;
    let (room, located) = asked.find_one(&app, "bulk data").await?;
    let octets = match room.view.bulk(&located, &path).await? {
        Bulk::Frames => return pixels(&app, &asked, &room, &located).await,
        Bulk::Value(bytes) => Whole::of(bytes),
        Bulk::InFile(range) => room.view.in_file(&located, range),
    };
    let Some((accepted, _)) = asked.accepted.best(&[media::OCTETS]) else {
        return Err(ViewError::NotAcceptable(media::OCTETS.to_owned()).into());
    };
    if !accepted.multipart {
        let tag = answer::tag(located.digest, &path.to_string());
        return Ok(range::give(&asked.headers, media::OCTETS, &tag, octets));
    }
    let length = octets.length();
    let location = format!("{}/bulkdata/{path}", view::retrieve::address(&room.base(&app), &located));
    let media_type = media::frame_type(media::OCTETS, media::EXPLICIT);
    let part = Part { media_type, location: Some(location), content: octets.part(0..length) };
    Ok(answer::parts(media::OCTETS, stream::once(async { Ok(part) })))
}

/// Compressed pixel data: all frames, each a part.
async fn pixels(
    app: &App,
    asked: &Asked,
    room: &Room,
    located: &catalog::Located,
) -> Result<Response, Problem> {
    let instance = room.view.open(located).await?;
    let count = instance.frames()?;
    let form = view::frames::select(&asked.accepted, &instance, count == 1)?;
    let mut response = frames::give(app, room, located, &instance, (0..count).collect(), &form).await?;
    answer::set(&mut response, header::ETAG, &answer::tag(located.digest, &format!("{form:?}")));
    Ok(response)
}
