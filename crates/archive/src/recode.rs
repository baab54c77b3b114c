//! Keeping an original in a smaller form that gives it back bit for bit.

use bytes::Bytes;
use serde_json::Value;

/// What went wrong while an original was restored.
pub type RestoreError = Box<dyn std::error::Error + Send + Sync>;

/// A way to make originals smaller and to restore them. `recipe` is kept beside the smaller form.
#[derive(Clone, Copy)]
pub struct Recode {
    /// Makes the smaller form and its recipe; `None` when there is nothing to gain.
    pub shrink: fn(&Bytes) -> Option<(Bytes, Value)>,
    /// Gives the original back.
    pub restore: fn(&Bytes, &Value) -> Result<Bytes, RestoreError>,
}

impl Recode {
    /// Keeps every original as it is.
    pub const NONE: Self =
        Self { shrink: |_| None, restore: |_, _| Err("there is no way to restore".into()) };
}

impl std::fmt::Debug for Recode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recode")
    }
}
