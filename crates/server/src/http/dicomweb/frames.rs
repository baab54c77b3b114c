//! Frames (PS3.18 §10.4.1.1.6).

use super::answer;
use super::request::Asked;
use crate::App;
use crate::http::Problem;
use crate::projects::Room;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use catalog::Located;
use std::sync::Arc;
use view::frames::{self, FrameForm, parse_list};
use view::{Instance, retrieve};

/// Gives frames in a form the caller accepts.
pub(super) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let list = numbers(&asked)?;
    let (room, located) = asked.find_one(&app, "frames").await?;
    let instance = room.view.open(&located).await?;
    check(&instance, &list)?;
    let form = frames::select(&asked.accepted, &instance, list.len() == 1)?;
    let tag = answer::tag(located.digest, &format!("{list:?} {form:?}"));
    if let Some(response) = answer::unchanged(&asked.headers, &tag) {
        return Ok(response);
    }
    let mut response = give(&app, &room, &located, &instance, list, &form).await?;
    answer::set(&mut response, header::ETAG, &tag);
    Ok(response)
}

/// The frames asked for, from 0.
pub(super) fn numbers(asked: &Asked) -> Result<Vec<u32>, Problem> {
    let list = asked.ids.frames.as_deref().and_then(parse_list).filter(|list| !list.is_empty());
    list.ok_or_else(|| Problem::bad_request("Frames are a list of numbers from 1, such as 1,2,3."))
}

/// All frames must exist, or none is given.
pub(super) fn check(instance: &Instance, list: &[u32]) -> Result<(), Problem> {
    let count = instance.frames()?;
    if list.iter().any(|frame| *frame >= count) {
        return Err(Problem::not_found("frame"));
    }
    Ok(())
}

/// Frames alone or as parts.
pub(super) async fn give(
    app: &App,
    room: &Room,
    located: &Located,
    instance: &Arc<Instance>,
    list: Vec<u32>,
    form: &FrameForm,
) -> Result<Response, Problem> {
    if !form.multipart {
        let frame = room.view.frame(instance, list.first().copied().unwrap_or(0), form).await?;
        return Ok(answer::whole(&form.media_type, frame));
    }
    let address = retrieve::address(&room.base(app), located);
    Ok(answer::parts(form.root, room.view.frame_parts(instance, list, form, &address)))
}
