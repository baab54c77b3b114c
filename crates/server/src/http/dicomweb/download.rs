//! An exam as one ZIP file, as received, for people.

use super::answer;
use super::request::Asked;
use crate::App;
use crate::http::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use catalog::Located;
use futures::StreamExt;
use futures::stream;
use govern::Action;
use std::sync::Arc;
use view::View;
use view::retrieve::{Form, ZIP};
use view::zip::{self, Member};

/// Streams the exam.
pub(super) async fn get(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let (room, located) = asked.find_to(&app, Action::Export, "download").await?;
    Ok(zip(&room.view, located.into_iter().map(|located| (located, Form::AsReceived)).collect()))
}

/// Instances in folders by series.
pub(super) fn zip(view: &View, instances: Vec<(Located, Form)>) -> Response {
    let study = instances.first().map(|(located, _)| located.study.clone()).unwrap_or_default();
    let view = view.clone();
    let members = stream::iter(instances)
        .map(move |(located, form)| {
            let view = view.clone();
            async move {
                let content = view.content(&located, &form).await?;
                Ok(Member {
                    name: format!("{}/{}/{}.dcm", located.study, located.series, located.sop),
                    content,
                })
            }
        })
        .buffered(4);
    let mut response = answer::stream(ZIP, zip::body(members));
    answer::set(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{study}.zip\""));
    response
}
