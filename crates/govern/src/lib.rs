//! `govern` — who may, and what was disclosed: accounts, sessions, roles, the audit chain.
//! Takes a caller and what they want, gives a [`Grant`] or a [`Refusal`] with its reason.
//! Does not speak HTTP or DIMSE: the doors bring a [`Principal`] here and obey the answer.
//! Read in this order: [`principal`], [`action`], [`authorize`](mod@authorize), [`secret`].

pub mod action;
pub mod authorize;
pub mod principal;
pub mod secret;

pub use action::{Action, Resource};
pub use authorize::{Grant, Refusal, authorize};
pub use principal::{Kind, PeerRights, Principal, Role, Roles};
