//! Keeping an original in a smaller form that gives it back bit for bit.

use bytes::Bytes;
use dicom::pixel::{Limits, RestoreRecipe, recompress, restore};
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
    /// JPEG-LS, lossless, for uncompressed pixels: files any viewer opens.
    pub const JPEG_LS: Self = Self {
        shrink: |original| {
            // It is not for every file; those it is not for stay as they are.
            let smaller = recompress(original, &Limits::default()).ok()?;
            Some((smaller.file, smaller.restore.to_json().into()))
        },
        restore: |smaller, recipe| {
            let recipe = RestoreRecipe::from_json(recipe.as_str().ok_or("the recipe is not text")?)?;
            Ok(restore(smaller, &recipe)?)
        },
    };

    /// Keeps every original as it is.
    pub const NONE: Self =
        Self { shrink: |_| None, restore: |_, _| Err("there is no way to restore".into()) };
}

impl std::fmt::Debug for Recode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recode")
    }
}
