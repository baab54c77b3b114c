//! Tiles as pictures: those of a file as they are, the others made of finer ones.

use super::made::Making;
use super::{GlassSource, Level, Slide, Source};
use crate::{Instance, View, ViewError};
use bytes::Bytes;
use dicom::pixel::render::{
    Picture, PictureFormat, Presentation, RenderOptions, Window, picture, write_picture,
};
use dicom::pixel::{DecodedFrame, Photometric, PixelDescription, SampleKind, decode_frame};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// JPEG quality of what is made or coded anew.
const QUALITY: u8 = 92;
const JPEG: &str = "1.2.840.10008.1.2.4.50";

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Index into the slide's levels, from coarse to fine.
    pub level: u32,
    /// From 0.
    pub column: u32,
    /// From 0.
    pub row: u32,
    /// Focal plane, from 0.
    pub plane: u32,
    /// Index into the slide's optical paths.
    pub path: u32,
}

impl View {
    /// A tile as a JPEG file; `None` where the slide has nothing there.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] for a place the slide has not; those of reading it.
    pub async fn slide_tile(&self, slide: &Arc<Slide>, tile: Tile) -> Result<Option<Bytes>, ViewError> {
        let level = slide.levels.get(tile.level as usize).ok_or(ViewError::NotFound("level of the slide"))?;
        let across = level.columns.div_ceil(level.tile_columns);
        let down = level.rows.div_ceil(level.tile_rows);
        let inside = tile.column < across && tile.row < down;
        if !inside || tile.plane >= slide.planes || tile.path as usize >= slide.paths.len() {
            return Err(ViewError::NotFound("tile of the slide"));
        }
        match level.stored {
            Some(stored) => self.stored_tile(slide, stored, tile).await,
            None => self.made_tile(slide, tile).await,
        }
    }

    /// A picture of the glass, counted from 0, as a JPEG file.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] where there is none; those of reading it.
    pub async fn slide_glass(&self, slide: &Arc<Slide>, number: usize) -> Result<Bytes, ViewError> {
        let glass = slide.glass.get(number).ok_or(ViewError::NotFound("picture of the glass"))?;
        match (&glass.source, &slide.source) {
            (GlassSource::Instance(located), _) => {
                let instance = self.open(located).await?;
                self.rendered(&instance, 0, RenderOptions::default()).await
            }
            (GlassSource::Image(image), Source::File { ranges, .. }) => {
                let whole = image.whole(&**ranges).await?;
                self.work(move || written(&whole.picture()?)).await
            }
            (GlassSource::Image(_), Source::Series(_)) => Err(ViewError::NotFound("picture of the glass")),
        }
    }

    async fn stored_tile(
        &self,
        slide: &Slide,
        stored: usize,
        tile: Tile,
    ) -> Result<Option<Bytes>, ViewError> {
        match &slide.source {
            Source::Series(levels) => {
                let found = levels
                    .get(stored)
                    .and_then(|level| level.frame(tile.column, tile.row, tile.plane, tile.path));
                let Some((located, frame)) = found else { return Ok(None) };
                let instance = self.open(located).await?;
                let window = even_window(&instance, frame);
                let options = RenderOptions { quality: Some(QUALITY), window, ..RenderOptions::default() };
                self.rendered(&instance, frame, options).await.map(Some)
            }
            Source::File { ranges, paths } => {
                let Some(image) = paths.get(tile.path as usize).and_then(|levels| levels.get(stored)) else {
                    return Ok(None);
                };
                let Some(coded) = image.tile(&**ranges, tile.column, tile.row).await? else {
                    return Ok(None);
                };
                match coded.as_jpeg() {
                    Some(jpeg) => Ok(Some(jpeg)),
                    None => self.work(move || written(&coded.picture()?)).await.map(Some),
                }
            }
        }
    }

    /// Made once, and kept while there is room.
    fn made_tile<'a>(
        &'a self,
        slide: &'a Arc<Slide>,
        tile: Tile,
    ) -> BoxFuture<'a, Result<Option<Bytes>, ViewError>> {
        async move {
            let at = [tile.level, tile.column, tile.row, tile.plane, tile.path];
            let cell = self.made.cell(slide.digest, at);
            cell.get_or_try_init(|| self.make(slide, tile)).await.cloned()
        }
        .boxed()
    }

    /// One after the other, so that four tiles and the one they make are in memory at most, at each level.
    async fn make(&self, slide: &Arc<Slide>, tile: Tile) -> Result<Option<Bytes>, ViewError> {
        let finer = tile.level as usize + 1;
        let (Some(level), Some(below)) = (slide.levels.get(tile.level as usize), slide.levels.get(finer))
        else {
            return Ok(None);
        };
        let mut making = Making::new(level);
        for (right, lower) in [(false, false), (true, false), (false, true), (true, true)] {
            let (column, row) = (2 * tile.column + u32::from(right), 2 * tile.row + u32::from(lower));
            let Some(valid) = valid(below, column, row) else { continue };
            let part = Tile { level: tile.level + 1, column, row, ..tile };
            let Some(coded) = self.slide_tile(slide, part).await? else { continue };
            let (columns, rows) = (below.tile_columns, below.tile_rows);
            making = self
                .work(move || {
                    making.draw(&decoded(&coded, columns, rows)?, (right, lower), valid);
                    Ok(making)
                })
                .await?;
        }
        let Some(made) = making.finish() else { return Ok(None) };
        self.work(move || written(&made)).await.map(Some)
    }
}

/// Grey frames that name no window would each be stretched to their own: all tiles get the range of their bits.
fn even_window(instance: &Instance, frame: u32) -> Option<Window> {
    let presentation = Presentation::of(&instance.data_set, frame);
    let description = instance.description().ok()?;
    let told = !presentation.windows.is_empty() || !presentation.voi_luts.is_empty();
    let most = (2f64).powi(description.bits_stored.into()) - 1.0;
    (!told && !description.signed).then(|| Window::between(0.0, most))
}

/// How much of a tile is the slide's; `None` where there is no such tile.
fn valid(level: &Level, column: u32, row: u32) -> Option<(u32, u32)> {
    let across = level.columns.checked_sub(column.checked_mul(level.tile_columns)?)?;
    let down = level.rows.checked_sub(row.checked_mul(level.tile_rows)?)?;
    (across > 0 && down > 0).then_some((across.min(level.tile_columns), down.min(level.tile_rows)))
}

fn written(picture: &Picture) -> Result<Bytes, ViewError> {
    Ok(write_picture(picture, PictureFormat::Jpeg, QUALITY)?.into())
}

/// A JPEG file of ours, or of the slide's.
fn decoded(coded: &Bytes, columns: u32, rows: u32) -> Result<Picture, ViewError> {
    let channels = dicom::pixel::jpeg_components(coded).unwrap_or(3);
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    let description = PixelDescription {
        rows: side(rows),
        columns: side(columns),
        samples: channels,
        photometric: if channels == 1 { Photometric::Monochrome2 } else { Photometric::YbrFull422 },
        by_plane: false,
        bits_allocated: 8,
        bits_stored: 8,
        signed: false,
        frames: 1,
        kind: SampleKind::Integer,
    };
    let frame: DecodedFrame = decode_frame(&description, JPEG, coded)?;
    Ok(picture(&frame, &Presentation::default(), Some(Window::between(0.0, 255.0)))?)
}
