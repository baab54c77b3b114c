//! The server as its clients see it, over real sockets on loopback.
#![allow(clippy::unwrap_used)]

extern crate isocenter_server as server;

mod accounts;
mod assets;
mod dicomweb;
mod dimse;
mod doors;
mod downloads;
mod every_door;
mod exams;
mod finding;
mod health;
mod large;
mod limits;
mod marking;
mod mllp;
mod oidc;
mod policies;
mod routing;
mod running;
mod session;
mod shares;
mod shelves;
mod tls;
mod work;
