//! Pictures (PS3.18 §10.4.1.1.3 to §10.4.1.1.5, §8.3.5).

use super::request::Asked;
use super::{answer, frames, unsupported};
use crate::App;
use crate::http::Problem;
use crate::projects::Room;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use catalog::{Located, Scope};
use dicom::pixel::render::{PictureFormat, RenderOptions, Viewport, VoiFunction, Window};
use futures::{StreamExt, stream};
use std::sync::Arc;
use view::multipart::Part;
use view::{ViewError, rendered};

/// Columns and rows of a thumbnail unless the request says otherwise.
const THUMBNAIL: u32 = 128;
/// JPEG quality of a thumbnail.
const THUMBNAIL_QUALITY: u8 = 80;

/// One frame, or several as parts.
pub(super) async fn frames(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let list = frames::numbers(&asked)?;
    let form = Form::of(&asked)?;
    let (room, located) = asked.find_one(&app, "rendered frames").await?;
    let wanted = list.iter().map(|frame| (located.clone(), *frame)).collect();
    give(&room, &asked, &form, wanted, list.len() > 1).await
}

/// All frames of the instances; alone where it is one, or where a single picture is asked for.
pub(super) async fn instances(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let form = Form::of(&asked)?;
    let (room, located) = asked.find(&app, "rendered").await?;
    let images: Vec<_> = located.into_iter().filter(|l| l.rows.is_some_and(|rows| rows > 0)).collect();
    let single = matches!(asked.scope, Scope::Instance(..)) && !form.multipart;
    let wanted: Vec<_> = images.iter().flat_map(|located| every_frame(located, single)).collect();
    if wanted.is_empty() {
        return Err(ViewError::NotFound("picture").into());
    }
    let many = !single && (wanted.len() > 1 || form.multipart);
    give(&room, &asked, &form, wanted, many).await
}

fn every_frame(located: &Located, single: bool) -> Vec<(Located, u32)> {
    let count = located.number_of_frames.and_then(|n| u32::try_from(n).ok()).unwrap_or(1).max(1);
    let count = if single { 1 } else { count };
    (0..count).map(|frame| (located.clone(), frame)).collect()
}

/// A small picture of what stands for the exam, series, instance or frame.
pub(super) async fn thumbnail(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let mut form = Form::of(&asked)?;
    form.options.viewport.get_or_insert(Viewport::within(THUMBNAIL, THUMBNAIL));
    form.options.quality.get_or_insert(THUMBNAIL_QUALITY);
    let (room, located) = asked.find(&app, "thumbnail").await?;
    let Some(chosen) = rendered::representative(&located) else {
        return Err(ViewError::NotFound("picture").into());
    };
    let frame = match &asked.ids.frames {
        Some(_) => frames::numbers(&asked)?.first().copied().unwrap_or(0),
        None => chosen.frame,
    };
    give(&room, &asked, &form, vec![(chosen.located, frame)], false).await
}

/// How pictures are wanted.
struct Form {
    options: RenderOptions,
    multipart: bool,
}

impl Form {
    fn of(asked: &Asked) -> Result<Self, Problem> {
        let Some((range, media_type)) = asked.accepted.best(&["image/jpeg", "image/png"]) else {
            return Err(ViewError::NotAcceptable("image/jpeg and image/png".to_owned()).into());
        };
        let format = if media_type == "image/png" { PictureFormat::Png } else { PictureFormat::Jpeg };
        let options = RenderOptions {
            window: asked.parameter("window").map(window).transpose()?,
            viewport: asked.parameter("viewport").map(viewport).transpose()?,
            quality: asked.parameter("quality").map(quality).transpose()?,
            format,
            annotation: asked.parameter("annotation").map(unsupported::annotation).unwrap_or_default(),
        };
        Ok(Self { options, multipart: range.multipart })
    }
}

fn window(text: &str) -> Result<Window, Problem> {
    let mut parts = text.split(',');
    let mut number = || parts.next().and_then(|part| part.trim().parse::<f64>().ok());
    let (center, width) = (number(), number());
    let function = parts.next().map_or(Some(VoiFunction::Linear), VoiFunction::parse);
    let window = center.zip(width).zip(function).and_then(|((c, w), function)| Window::new(c, w, function));
    window.ok_or_else(|| {
        Problem::bad_request("window is centre,width and perhaps linear, linear-exact or sigmoid.")
    })
}

fn viewport(text: &str) -> Result<Viewport, Problem> {
    let bad =
        || Problem::bad_request("viewport is width,height and perhaps left,top,width,height of the source.");
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.filter(|n| n.iter().all(|v| v.is_finite())).ok_or_else(bad)?;
    let size = |v: f64| if (1.0..=16_384.0).contains(&v) { Ok(v as u32) } else { Err(bad()) };
    match numbers[..] {
        [width, height] => Ok(Viewport::within(size(width)?, size(height)?)),
        [width, height, x, y, w, h] => {
            Ok(Viewport { region: Some([x, y, w, h]), ..Viewport::within(size(width)?, size(height)?) })
        }
        _ => Err(bad()),
    }
}

fn quality(text: &str) -> Result<u8, Problem> {
    let value = text.parse().ok().filter(|quality| (1..=100).contains(quality));
    value.ok_or_else(|| Problem::bad_request("quality is a number from 1 to 100."))
}

async fn give(
    room: &Room,
    asked: &Asked,
    form: &Form,
    wanted: Vec<(Located, u32)>,
    many: bool,
) -> Result<Response, Problem> {
    let mut response = pictures(room, asked, form, wanted, many).await?;
    unsupported::warn(&mut response, &asked.parameters);
    Ok(response)
}

async fn pictures(
    room: &Room,
    asked: &Asked,
    form: &Form,
    wanted: Vec<(Located, u32)>,
    many: bool,
) -> Result<Response, Problem> {
    let media_type = form.options.format.media_type();
    if many {
        let (view, options) = (room.view.clone(), form.options.clone());
        let parts = stream::iter(wanted).map(move |(located, frame)| {
            let (view, options) = (view.clone(), options.clone());
            async move {
                let instance = view.open(&located).await?;
                let picture = view.rendered(&instance, frame, options).await?;
                Ok(Part::whole(media_type.to_owned(), None, picture))
            }
        });
        return Ok(answer::parts(media_type, parts.buffered(2)));
    }
    let Some((located, frame)) = wanted.first() else { return Err(Problem::not_found("picture")) };
    let tag = answer::tag(located.digest, &format!("{frame} {:?}", form.options));
    if let Some(response) = answer::unchanged(&asked.headers, &tag) {
        return Ok(response);
    }
    let instance = room.view.open(located).await?;
    let picture = room.view.rendered(&instance, *frame, form.options.clone()).await?;
    let mut response = answer::whole(media_type, picture);
    answer::set(&mut response, header::ETAG, &tag);
    Ok(response)
}
