//! The FHIR R4 door out, under `/fhir` (<https://hl7.org/fhir/R4/http.html>): what we hold, read only.
//!
//! A Patient is a person as records know them by now; an ImagingStudy an exam of the archive, under its Study Instance
//! UID; everything else a record. Links carry our own numbers alone, whatever was searched for: an identifier goes into the
//! body of `POST …/_search`.
//!
//! Read in this order: [`types`], [`parameters`], [`search`], [`resource`], [`imaging`], [`people`], [`read`],
//! [`capabilities`].

mod answer;
mod capabilities;
mod conformance;
mod imaging;
mod parameters;
mod people;
mod read;
mod resource;
mod search;
mod types;

pub use conformance::conformance;

use crate::App;
use axum::Router;
use axum::middleware::map_response;
use axum::routing::{get, post};
use std::sync::Arc;

/// The path everything is under.
const BASE: &str = "/fhir";

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    let at = |rest: &str| format!("{BASE}{rest}");
    Router::new()
        .route(&at("/metadata"), get(capabilities::get))
        .route(&at("/{type}"), get(search::get))
        .route(&at("/{type}/_search"), post(search::post))
        .route(&at("/{type}/{id}"), get(read::read))
        .route(&at("/{type}/{id}/_history"), get(read::history))
        .route(&at("/{type}/{id}/_history/{version}"), get(read::version))
        .route(&at("/Patient/{id}/$everything"), get(search::everything))
        .layer(map_response(answer::outcomes))
}
