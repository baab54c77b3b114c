//! `server` — the shell: HTTP, DIMSE and the workers that carry events between rooms.
//! Takes a [`Config`], opens every room, listens, and stops in order. Decides nothing itself:
//! what is allowed is `govern`'s, what is kept is `archive`'s, what is found is `catalog`'s.
//! Read in this order: [`config`], [`app`], [`serve`](mod@serve), [`http`], [`workers`].

pub mod app;
pub mod config;
pub mod conformance;
pub mod dimse;
mod first_sign_in;
mod health;
pub mod http;
pub mod local;
pub mod metrics;
mod oidc;
mod scrubs;
pub mod serve;
pub mod tls;
mod upkeep;
mod verify;
pub mod workers;

pub use app::App;
pub use config::Config;
pub use serve::{ServeError, Started, serve, serve_locally};
