//! `deid` — the privacy wall. A de-identified object is a pure function of the original, the policy with its
//! version, the project key, and what is known of the same patient from other objects.
//!
//! Takes the bytes of an original, gives [`Deidentified`], which only a policy that ran to its end can make,
//! or [`Withheld`] with the reason. It fails closed: what no rule names does not pass. It reads no files but
//! the key, keeps no state and knows nothing of projects and people; those are `govern`'s.
//!
//! Read in this order: [`table`], [`iod`], [`policy`], [`key`], [`dates`], [`text`], [`wall`], [`pixels`], [`files`],
//! [`verify`], [`ctp`].

mod builtin;
pub mod ctp;
pub mod dates;
mod documents;
pub mod files;
pub mod iod;
pub mod key;
pub mod pixels;
pub mod policy;
pub mod registry;
pub mod table;
pub mod text;
pub mod verify;
pub mod wall;

pub use key::{KeyError, ProjectKey};
pub use policy::{Document, DocumentError, Policy, difference};
pub use table::ProfileOption;
pub use text::Known;
pub use wall::decision::{Decision, Doubt, Which};
pub use wall::{
    Deidentified, Explained, Glance, Head, Heard, Original, Outcome, Reason, Survey, Tally, Wall, Withheld,
    subject_of,
};
