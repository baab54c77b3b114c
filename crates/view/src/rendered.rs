//! Pictures of frames (PS3.18 §10.4.1.1.3 to §10.4.1.1.5).

use std::sync::Arc;

use bytes::Bytes;
use catalog::Located;
use dicom::pixel::render::{Labels, Presentation, RenderOptions, render};

use crate::{Instance, View, ViewError};

/// The instance and frame that stand for an exam or a series.
#[derive(Debug, Clone)]
pub struct Representative {
    /// The instance.
    pub located: Located,
    /// Its frame, from 0.
    pub frame: u32,
}

/// Chooses what stands for many instances: the middle one of the series with most images, and of
/// its frames the middle one. `None` where nothing has rows and columns.
#[must_use]
pub fn representative(located: &[Located]) -> Option<Representative> {
    let images: Vec<&Located> = located.iter().filter(|l| l.rows.is_some_and(|rows| rows > 0)).collect();
    let size =
        |l: &Located| images.iter().filter(|other| other.series == l.series).map(|o| frames(o)).sum::<u32>();
    let largest = images.iter().fold(None::<(&Located, u32)>, |best, l| {
        // Counted once for each series: instances come in order of series.
        if best.is_some_and(|(b, _)| b.series == l.series) {
            return best;
        }
        let size = size(l);
        if best.is_none_or(|(_, most)| size > most) { Some((l, size)) } else { best }
    })?;
    let of_series: Vec<&&Located> = images.iter().filter(|l| l.series == largest.0.series).collect();
    let located = (**of_series.get(of_series.len() / 2)?).clone();
    let count = frames(&located);
    Some(Representative { located, frame: count / 2 })
}

fn frames(located: &Located) -> u32 {
    located.number_of_frames.and_then(|n| u32::try_from(n).ok()).unwrap_or(1).max(1)
}

impl View {
    /// A picture of a frame counted from 0.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] for objects without pixels, [`ViewError::Pixel`] for those that can't be shown.
    pub async fn rendered(
        &self,
        instance: &Arc<Instance>,
        frame: u32,
        options: RenderOptions,
    ) -> Result<Bytes, ViewError> {
        let coded = self.coded_frame(instance, frame).await?;
        let instance = instance.clone();
        self.work(move || {
            let decoded =
                dicom::pixel::decode_frame(instance.description()?, instance.transfer_syntax()?, &coded)?;
            let presentation = Presentation::of(&instance.data_set, frame);
            let labels = Labels::of(&instance.data_set, frame, options.annotation);
            Ok(render(&decoded, &presentation, &options, &labels)?.into())
        })
        .await
    }
}
