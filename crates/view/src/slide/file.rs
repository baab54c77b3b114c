//! An attached TIFF file as a slide.

use super::levels::with_made;
use super::{Glass, GlassKind, GlassSource, Level, OpticalPath, Slide, SlidePlace, Source};
use crate::tiff::{Image, Pyramid, Ranges, archived};
use crate::{View, ViewError};
use catalog::AttachedFile;
use model::Sha256Digest;
use std::sync::Arc;

impl View {
    /// The slide an attached file is.
    ///
    /// # Errors
    /// [`ViewError::Tiff`] where it is none.
    pub async fn slide_of_file(&self, file: &AttachedFile) -> Result<Arc<Slide>, ViewError> {
        if let Some(slide) = self.slides.get(&file.digest) {
            return Ok(slide);
        }
        let ranges = archived(self.files.clone(), file.clone());
        let pyramid = Pyramid::open(&*ranges).await?;
        let slide = Arc::new(slide_of(file.digest, ranges, pyramid));
        self.slides.put(&slide);
        Ok(slide)
    }
}

fn slide_of(digest: Sha256Digest, ranges: Arc<dyn Ranges>, pyramid: Pyramid) -> Slide {
    let Pyramid { paths, spacing_mm, label, overview } = pyramid;
    let names = paths.iter().enumerate();
    let names =
        names.map(|(nth, path)| OpticalPath { id: (nth + 1).to_string(), name: path.name.clone() }).collect();
    let paths: Vec<Vec<Image>> = paths.into_iter().map(|path| path.levels).collect();
    let levels: Vec<Level> = paths.first().into_iter().flatten().enumerate().map(level).collect();
    let glass =
        |kind, image: Option<Image>| image.map(|image| Glass { kind, source: GlassSource::Image(image) });
    Slide {
        digest,
        levels: with_made(&levels),
        spacing_mm,
        planes: 1,
        paths: names,
        place: spacing_mm.map(|spacing| place(digest, spacing)),
        glass: glass(GlassKind::Label, label)
            .into_iter()
            .chain(glass(GlassKind::Overview, overview))
            .collect(),
        source: Source::File { ranges, paths },
    }
}

fn level((nth, image): (usize, &Image)) -> Level {
    Level {
        columns: image.columns,
        rows: image.rows,
        tile_columns: image.tile_columns,
        tile_rows: image.tile_rows,
        stored: Some(nth),
    }
}

/// A TIFF file names no frame of reference. It gets one of its own, made of its digest, with the corner of its
/// first pixel as origin: the same file has the same wherever it is attached.
fn place(digest: Sha256Digest, [across, down]: [f64; 2]) -> SlidePlace {
    let number = digest.0.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    SlidePlace {
        frame_of_reference: format!("2.25.{number}"),
        origin: [0.0; 3],
        right: [across, 0.0, 0.0],
        down: [0.0, down, 0.0],
    }
}
