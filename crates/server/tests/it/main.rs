//! The server as its clients see it, over real sockets on loopback.
#![allow(clippy::unwrap_used)]

extern crate isocenter_server as server;

mod accounts;
mod assets;
mod dicomweb;
mod dimse;
mod doors;
mod every_door;
mod exams;
mod large;
mod limits;
mod oidc;
mod running;
mod session;
mod shelves;
mod tls;
