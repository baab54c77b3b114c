//! The URI service (PS3.18 §9): one instance by query parameters.

use super::request;
use super::{answer, unsupported};
use crate::App;
use crate::http::{Caller, Problem};
use crate::projects::Place;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use catalog::{Located, Scope};
use dicom::pixel::render::{PictureFormat, RenderOptions, Viewport, VoiFunction, Window};
use govern::Action;
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use std::sync::Arc;
use view::retrieve::{self, DICOM};
use view::{Accepted, ViewError};

/// The query parameters.
pub(super) struct Parameters(Vec<(String, String)>);

impl FromRequestParts<Arc<App>> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        request::parameters(parts, app).await.map(Self)
    }
}

impl Parameters {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn need(&self, name: &str) -> Result<&str, Problem> {
        self.get(name).ok_or_else(|| Problem::bad_request(format!("The parameter {name} is needed.")))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let bad = || Problem::bad_request(format!("The parameter {name} is not a number it can be."));
        self.get(name).map(|text| text.trim().parse().map_err(|_| bad())).transpose()
    }
}

/// Gives the instance as DICOM or as a picture.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    if parameters.need("requestType")? != "WADO" {
        return Err(Problem::bad_request("requestType must be WADO."));
    }
    if parameters.get("anonymize").is_some() {
        return Err(Problem::bad_request("anonymize is not done here; ask for de-identified data."));
    }
    let located = find(&app, &caller, &parameters).await?;
    let accepted = Accepted::parse(parameters.get("contentType"), std::iter::empty());
    let image = located.rows.is_some_and(|rows| rows > 0);
    // Without a content type images are given as JPEG, everything else as DICOM (PS3.18 §9.5).
    let offers: &[&str] = if image { &["image/jpeg", "image/png", DICOM] } else { &[DICOM] };
    match accepted.best(offers).map(|(_, offer)| offer) {
        Some(DICOM) => dicom(&app, located, &parameters).await,
        Some(picture) => rendered(&app, &located, &parameters, picture).await,
        None => Err(ViewError::NotAcceptable(offers.join(", ")).into()),
    }
}

async fn find(app: &App, caller: &Caller, parameters: &Parameters) -> Result<Located, Problem> {
    let malformed = |error: model::UidError| Problem::bad_request(error.to_string());
    let scope = Scope::Instance(
        StudyInstanceUid::parse(parameters.need("studyUID")?).map_err(malformed)?,
        SeriesInstanceUid::parse(parameters.need("seriesUID")?).map_err(malformed)?,
        SopInstanceUid::parse(parameters.need("objectUID")?).map_err(malformed)?,
    );
    let grant = caller.authorize(app, Action::Read, &Place::Archive.resource(Some(&scope))).await?;
    let located = app.catalog.locate(&scope).await?.into_iter().next();
    let located = located.ok_or_else(|| Problem::not_found("instance"))?;
    app.govern.audit.record_soon(caller.record(&grant).with("retrieved", "wado-uri")).await?;
    Ok(located)
}

async fn dicom(app: &App, located: Located, parameters: &Parameters) -> Result<Response, Problem> {
    let syntax = parameters.get("transferSyntax").map(|uid| format!("; transfer-syntax={uid}"));
    let range = format!("{DICOM}{}", syntax.unwrap_or_default());
    let accepted = Accepted::parse(Some(&range), std::iter::empty());
    let selection = retrieve::select(&accepted, vec![located], true)?;
    let (located, form) = selection.instances.first().ok_or_else(|| Problem::not_found("instance"))?;
    Ok(answer::stream(DICOM, app.view.content(located, form).await?))
}

async fn rendered(
    app: &App,
    located: &Located,
    parameters: &Parameters,
    media_type: &str,
) -> Result<Response, Problem> {
    let frame = parameters.number::<u32>("frameNumber")?.unwrap_or(1);
    let frame = frame.checked_sub(1).ok_or_else(|| Problem::bad_request("frameNumber counts from 1."))?;
    let options = RenderOptions {
        window: window(parameters)?,
        viewport: viewport(parameters, located)?,
        format: if media_type == "image/png" { PictureFormat::Png } else { PictureFormat::Jpeg },
        quality: parameters.number::<u8>("imageQuality")?,
        annotation: parameters.get("annotation").map(unsupported::annotation).unwrap_or_default(),
    };
    let instance = app.view.open(located).await?;
    let mut response = answer::whole(media_type, app.view.rendered(&instance, frame, options).await?);
    unsupported::warn(&mut response, &parameters.0);
    Ok(response)
}

fn window(parameters: &Parameters) -> Result<Option<Window>, Problem> {
    let (center, width) = (parameters.number("windowCenter")?, parameters.number("windowWidth")?);
    let (Some(center), Some(width)) = (center, width) else { return Ok(None) };
    let window = Window::new(center, width, VoiFunction::Linear);
    window.map(Some).ok_or_else(|| Problem::bad_request("windowWidth must be 1 or more."))
}

/// `region` is left, top, right, bottom as shares of the picture (PS3.18 §9.4.1.2.6).
fn viewport(parameters: &Parameters, located: &Located) -> Result<Option<Viewport>, Problem> {
    let (rows, columns) = (parameters.number::<u32>("rows")?, parameters.number::<u32>("columns")?);
    let region = parameters.get("region");
    if rows.is_none() && columns.is_none() && region.is_none() {
        return Ok(None);
    }
    if [rows, columns].into_iter().flatten().any(|side| !(1..=16_384).contains(&side)) {
        return Err(Problem::bad_request("rows and columns are from 1 to 16384."));
    }
    let own = |side: Option<i64>| side.unwrap_or(1).max(1) as f64;
    let (width, height) = (own(located.columns), own(located.rows));
    let region = region.map(|text| shares(text, width, height)).transpose()?;
    let most = |side: Option<u32>| {
        side.unwrap_or(if region.is_some() && rows.is_none() && columns.is_none() {
            width.max(height) as u32
        } else {
            16_384
        })
    };
    Ok(Some(Viewport { width: most(columns), height: most(rows), region }))
}

fn shares(text: &str, width: f64, height: f64) -> Result<[f64; 4], Problem> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x0, y0, x1, y1])
            if [x0, y0, x1, y1].iter().all(|v| (0.0..=1.0).contains(*v)) && x0 < x1 && y0 < y1 =>
        {
            Ok([x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height])
        }
        _ => Err(Problem::bad_request("region is left,top,right,bottom as shares from 0 to 1.")),
    }
}
