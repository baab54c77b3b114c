//! STOW-RS (PS3.18 §10.5): instances in a request, each stored or refused for itself,
//! and told one by one.
//!
//! Parts stream into intake as they arrive; while one part is read the ones before it become
//! durable, so that a request of a thousand instances shares flushes.

mod answer;
mod batch;
mod metadata;
mod spool;

use super::{Caller, Problem};
use crate::App;
use answer::{Answer, Form};
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::post,
};
use batch::{Batch, Sender};
use futures::StreamExt;
use govern::{Action, Resource};
use intake::multipart::{Event, Multipart, media_type, parameter};
pub(crate) use metadata::ASSEMBLING_KIB;
use metadata::Metadata;
use model::StudyInstanceUid;
use std::sync::Arc;

/// The routes of the store transaction; the path without the rest is the Studies resource.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/dicom-web/studies", post(store))
        .route("/dicom-web/studies/{study}", post(store_in_study))
}

async fn store(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    handle(&app, &caller, &headers, body, None).await
}

async fn store_in_study(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(study): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let study = StudyInstanceUid::parse(&study).map_err(|error| Problem::bad_request(error.to_string()))?;
    handle(&app, &caller, &headers, body, Some(study)).await
}

async fn handle(
    app: &Arc<App>,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
    study: Option<StudyInstanceUid>,
) -> Result<Response, Problem> {
    let form = Form::of(headers)?;
    let resource = study.clone().map_or(Resource::Archive, Resource::Exam);
    let grant = caller.authorize(app, Action::Store, &resource).await?;
    let payload = Payload::of(headers)?;
    let sender = Sender { account: caller.principal.to_string(), address: caller.address, study };
    let mut batch = Batch::new(app.intake.clone(), sender);
    let read = payload.read(app, body, &mut batch).await;
    let answer = Answer::of(batch.finish().await);
    if answer.is_empty() {
        read?;
        return Err(Problem::bad_request("The body has no part."));
    }
    app.govern.audit.record(answer.audited(caller.record(&grant))).await?;
    Ok(answer.respond(form, &app.base_url()))
}

/// How the instances stand in the body.
enum Payload {
    /// One instance is the body.
    Single,
    /// Each part is an instance, or metadata followed by the bulk data it refers to.
    Multipart(Box<Multipart>),
}

impl Payload {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = text.ok_or_else(|| unsupported("A Content-Type is needed."))?;
        match media_type(content_type).as_str() {
            "application/dicom" => Ok(Self::Single),
            "multipart/related" => {
                let kind = parameter(content_type, "type").map(|kind| media_type(&kind));
                check_root(kind.as_deref())?;
                let multipart = Multipart::of_content_type(content_type);
                multipart
                    .map(|multipart| Self::Multipart(Box::new(multipart)))
                    .map_err(|error| Problem::bad_request(error.to_string()))
            }
            _ => Err(unsupported(
                "STOW takes multipart/related of application/dicom, application/dicom+json or \
                 application/dicom+xml, and single application/dicom.",
            )),
        }
    }

    /// Reads the body into the batch. Whatever was read before an error stays in it.
    async fn read(self, app: &App, body: Body, batch: &mut Batch) -> Result<(), Problem> {
        match self {
            Self::Single => read_single(body, batch).await,
            Self::Multipart(multipart) => read_multipart(app, *multipart, body, batch).await,
        }
    }
}

fn check_root(kind: Option<&str>) -> Result<(), Problem> {
    match kind {
        None | Some("application/dicom" | "application/dicom+json" | "application/dicom+xml") => Ok(()),
        Some(_) => Err(unsupported("The type parameter names none of the DICOM media types.")),
    }
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
}

async fn read_single(body: Body, batch: &mut Batch) -> Result<(), Problem> {
    let mut chunks = body.into_data_stream();
    let mut instance = batch.begin();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| cut_off())?;
        instance.push(chunk).await;
    }
    if instance.is_empty() {
        return Err(Problem::bad_request("The body is empty."));
    }
    batch.end(instance).await;
    Ok(())
}

fn cut_off() -> Problem {
    Problem::bad_request("The body ended early.")
}

/// What the current part goes to.
enum Part {
    Instance(batch::Arriving),
    Kept(metadata::KeptPart),
}

async fn read_multipart(
    app: &App,
    mut multipart: Multipart,
    body: Body,
    batch: &mut Batch,
) -> Result<(), Problem> {
    let mut chunks = body.into_data_stream();
    let mut metadata = Metadata::new(&app.config.data);
    let (mut part, mut any) = (None, false);
    let outcome = loop {
        let event = match multipart.next() {
            Ok(event) => event,
            Err(error) => break Err(Problem::bad_request(error.to_string())),
        };
        match event {
            Event::Part(head) => {
                any = true;
                let is_instance = head.media_type().is_none_or(|kind| kind == "application/dicom");
                part = Some(match is_instance {
                    true => Part::Instance(batch.begin()),
                    false => Part::Kept(metadata.begin(&head)),
                });
            }
            Event::Content(bytes) => match &mut part {
                Some(Part::Instance(instance)) => instance.push(bytes).await,
                Some(Part::Kept(_)) => metadata.push(bytes).await?,
                None => {}
            },
            Event::PartEnd => match part.take() {
                Some(Part::Instance(instance)) => batch.end(instance).await,
                Some(Part::Kept(kept)) => metadata.end(kept),
                None => {}
            },
            Event::End => break Ok(()),
            Event::NeedMore => match chunks.next().await {
                Some(Ok(chunk)) => multipart.push(chunk),
                _ => break Err(cut_off()),
            },
        }
    };
    if outcome.is_err() && any {
        batch.lost();
    }
    metadata.store(&app.assembling, batch).await?;
    outcome
}
