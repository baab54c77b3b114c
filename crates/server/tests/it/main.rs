//! The server as its clients see it, over real sockets on loopback.
#![allow(clippy::unwrap_used)]

extern crate isocenter_server as server;

mod accounts;
mod assets;
mod exams;
mod limits;
mod dicomweb;
mod dimse;
mod doors;
mod oidc;
mod running;
mod session;
mod shelves;
mod tls;
