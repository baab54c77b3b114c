//! Files that are no DICOM: what can identify in them goes, what they measure stays byte for byte.
//! Read in this order: `nifti`, `sidecar`, `picture`, `tiff`, `table`.

mod nifti;
mod picture;
mod sidecar;
pub mod table;
mod tiff;

use crate::policy::BurnedIn;
use crate::policy::Policy;
use std::borrow::Cow;
pub use table::{Role, Roles, RolesError};

/// What a file is, by its content and, where that says nothing, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// NIfTI-1 or NIfTI-2, also packed with gzip.
    Nifti,
    /// What BIDS keeps beside a NIfTI file.
    Sidecar,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// TIFF, slides of Aperio (SVS) too.
    Tiff,
    /// Values separated by commas or tabs.
    Table,
}

/// Why a file is not written. Never carries a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub &'static str);

impl Kind {
    /// The kind of a file; `None` if there is no rule for it. `name` is the end of its name from the first dot on.
    #[must_use]
    pub fn of(bytes: &[u8], name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |end: &str| name.ends_with(end);
        match bytes {
            _ if bytes.starts_with(b"\x89PNG\r\n\x1A\n") => Some(Self::Png),
            _ if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) => Some(Self::Jpeg),
            _ if bytes.starts_with(b"II*\0") || bytes.starts_with(b"II+\0") => Some(Self::Tiff),
            _ if bytes.starts_with(b"MM\0*") || bytes.starts_with(b"MM\0+") => Some(Self::Tiff),
            _ if ends(".nii") || ends(".nii.gz") || ends(".hdr") => Some(Self::Nifti),
            _ if ends(".json") => Some(Self::Sidecar),
            _ if ends(".csv") || ends(".tsv") => Some(Self::Table),
            _ => None,
        }
    }

    /// A short name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nifti => "nifti",
            Self::Sidecar => "bids-sidecar",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Tiff => "tiff",
            Self::Table => "table",
        }
    }
}

/// The file without what identifies. Tables need to know whose each row is: see [`table`].
///
/// # Errors
/// [`Refused`] with the reason; nothing of the file then leaves.
pub fn clean(kind: Kind, bytes: &[u8], policy: &Policy) -> Result<Vec<u8>, Refused> {
    let vouched = policy.document().pixels.burned_in == BurnedIn::Accept;
    match kind {
        Kind::Nifti => nifti::clean(bytes, vouched),
        Kind::Sidecar => sidecar::clean(bytes),
        Kind::Png | Kind::Jpeg if !vouched => {
            Err(Refused("a picture may have text in its pixels, and the policy does not vouch for it"))
        }
        Kind::Png => picture::png(bytes),
        Kind::Jpeg => picture::jpeg(bytes),
        Kind::Tiff => tiff::clean(bytes, vouched),
        Kind::Table => Err(Refused("nobody has said what its columns are (--columns)")),
    }
}

/// The content of a file that is no DICOM, unpacked where it is packed; `None` if it is of no kind that is written.
pub(crate) fn opened(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return nifti::unpacked(bytes).ok().map(Cow::Owned);
    }
    let is_volume = [348, 540]
        .iter()
        .any(|size: &i32| bytes.starts_with(&size.to_le_bytes()) || bytes.starts_with(&size.to_be_bytes()));
    let is_known = is_volume || Kind::of(bytes, "").is_some() || std::str::from_utf8(bytes).is_ok();
    is_known.then_some(Cow::Borrowed(bytes))
}
