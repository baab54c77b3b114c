//! `server` — the shell: HTTP, DIMSE and the workers that carry events between rooms.
//! Takes a [`Config`], opens every room, listens, and stops in order. Decides nothing itself:
//! what is allowed is `govern`'s, what is kept is `archive`'s, what is found is `catalog`'s.
//! Read in this order: [`config`], [`app`], [`serve`](mod@serve), [`http`], [`workers`].

pub mod app;
mod certificates;
pub mod config;
pub mod conformance;
mod desk;
pub mod dimse;
mod downloads;
mod elsewhere;
mod facts;
mod first_sign_in;
pub mod flight;
mod forecast;
mod health;
pub mod http;
pub mod lexicon;
pub mod local;
pub mod mail;
pub mod metrics;
pub mod mllp;
mod oidc;
pub mod policies;
pub mod polling;
mod projects;
mod records;
mod releases;
pub mod roles;
mod routing;
mod scrubs;
pub mod serve;
mod sockets;
mod statements;
pub mod text_model;
pub mod tls;
mod upkeep;
pub mod vault_key;
mod verify;
pub mod workers;

pub use app::App;
pub use config::Config;
pub use serve::{ServeError, Started, serve, serve_locally};
pub use warehouse::synthetic;
