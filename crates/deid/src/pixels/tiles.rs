//! A picture by regions that may have text, and large regions by tiles. What has not changed since the frame before is
//! not searched again.

use super::Area;
use super::cut;
use super::detector::{Detector, DetectorError, Found};
use super::look::Look;
use dicom::pixel::render::Picture;

/// Columns and rows a detector gets at most: its working memory grows with them, and its speed falls.
const LARGEST: usize = 640;
/// Columns and rows that two tiles have in common: letters on the border are whole in one of them.
const SHARED: usize = 96;
/// Pictures at least so large on both sides are searched once more, made smaller, for letters that fill a tile.
const LARGE: usize = 640;
/// Lines at least so high, in pixels, are looked for there, and looked at again when they were found.
const HIGH: usize = 56;
/// Pixels of a picture made smaller that are too few to search.
const STEP: usize = 16;

/// A picture that was searched, and what was found in it.
pub(super) struct Before {
    pub picture: Picture,
    pub found: Vec<Found>,
}

/// What is found in a picture, and how many regions there were.
pub(super) fn search(
    look: &Look,
    before: Option<&Before>,
    detector: &dyn Detector,
) -> Result<(Vec<Found>, usize), DetectorError> {
    let picture = &look.picture;
    let (width, height) = (picture.width as usize, picture.height as usize);
    let regions = look.blocks.regions(width, height);
    let mut found = Vec::new();
    for region in &regions {
        match before.filter(|before| is_same(picture, &before.picture, region)) {
            Some(before) => found.extend(before.found.iter().filter(|one| one.area.shared(region) > 0)),
            None => find(look, region, detector, &mut found)?,
        }
    }
    found.retain(|one| is_line(&one.area, picture));
    Ok((found, regions.len()))
}

/// Searches a region.
fn find(
    look: &Look,
    region: &Area,
    detector: &dyn Detector,
    found: &mut Vec<Found>,
) -> Result<(), DetectorError> {
    let picture = &look.picture;
    for tile in tiles(region).iter().filter_map(|tile| look.blocks.within(tile)) {
        for one in detector.find(&cut(picture, &tile))? {
            let one = Found { area: one.area.moved(tile.left, tile.top), ..one };
            sized(picture, one, 1, detector, found)?;
        }
    }
    if region.width().min(region.height()) >= LARGE {
        for one in smaller(picture, region, 3, detector)? {
            if one.area.shorter() >= HIGH {
                sized(picture, one, 3, detector, found)?;
            }
        }
    }
    Ok(())
}

/// What is taken for a line in a picture that was made smaller by `factor`. Large letters must still be letters when
/// they are made small: shapes of other things are not, or are then something else.
fn sized(
    picture: &Picture,
    one: Found,
    factor: usize,
    detector: &dyn Detector,
    found: &mut Vec<Found>,
) -> Result<(), DetectorError> {
    let high = one.area.shorter();
    if high < HIGH * factor {
        found.push(one);
        return Ok(());
    }
    let around = one.area.padded(high / 2, picture.width as usize, picture.height as usize);
    if around.shorter() < factor * STEP * 2 {
        return Ok(());
    }
    for again in smaller(picture, &around, factor * 2, detector)? {
        let is_it = again.area.shared(&one.area) * 2 >= one.area.pixels();
        let area = if is_it { again.area.with(&one.area) } else { again.area };
        match again.area.shorter() {
            small if small * 2 < HIGH => {}
            small if small < HIGH * factor * 2 => found.push(Found { area, ..again }),
            _ => sized(picture, again, factor * 2, detector, found)?,
        }
    }
    Ok(())
}

/// Whether text may have such a size: hardly anybody writes one letter over a quarter of a picture, or a line over half of it.
fn is_line(area: &Area, picture: &Picture) -> bool {
    let whole = picture.width.min(picture.height) as usize;
    let high = area.shorter();
    let is_long = area.width().max(area.height()) * 2 >= high * 3;
    high * if is_long { 2 } else { 4 } <= whole
}

/// What is found in a place that is made smaller.
fn smaller(
    picture: &Picture,
    place: &Area,
    factor: usize,
    detector: &dyn Detector,
) -> Result<Vec<Found>, DetectorError> {
    let small = shrunk(&cut(picture, place), factor);
    let mut found = Vec::new();
    for tile in tiles(&Area { left: 0, top: 0, right: small.width as usize, bottom: small.height as usize }) {
        let there = detector.find(&cut(&small, &tile))?.into_iter();
        found.extend(there.map(|one| Found {
            area: one.area.moved(tile.left, tile.top).scaled(factor).moved(place.left, place.top),
            ..one
        }));
    }
    Ok(found)
}

/// Tiles of about one size that cover an area.
fn tiles(area: &Area) -> Vec<Area> {
    let (columns, rows) = (spans(area.left, area.right), spans(area.top, area.bottom));
    let of_row = |(top, bottom): &(usize, usize)| {
        let (top, bottom) = (*top, *bottom);
        columns.iter().map(move |(left, right)| Area { left: *left, right: *right, top, bottom })
    };
    rows.iter().flat_map(of_row).collect()
}

fn spans(from: usize, to: usize) -> Vec<(usize, usize)> {
    let length = to - from;
    let count = length.saturating_sub(SHARED).div_ceil(LARGEST - SHARED).max(1);
    let step = (length.saturating_sub(SHARED)).div_ceil(count);
    (0..count).map(|n| (from + n * step, (from + (n + 1) * step + SHARED).min(to))).collect()
}

/// Whether two pictures show the same in a place.
fn is_same(one: &Picture, other: &Picture, area: &Area) -> bool {
    let channels = usize::from(one.channels);
    (one.width, one.height, one.channels) == (other.width, other.height, other.channels)
        && (area.top..area.bottom).all(|y| {
            let start = y * one.width as usize;
            let span = (start + area.left) * channels..(start + area.right) * channels;
            one.data[span.clone()] == other.data[span]
        })
}

/// Means of squares of pixels.
fn shrunk(picture: &Picture, factor: usize) -> Picture {
    let channels = usize::from(picture.channels);
    let (width, height) = (picture.width as usize / factor, picture.height as usize / factor);
    let row = picture.width as usize * channels;
    let mut data = Vec::with_capacity(width * height * channels);
    for y in 0..height {
        let mut sums = vec![0u32; width * channels];
        for row in picture.data[y * factor * row..][..factor * row].chunks_exact(row) {
            for (x, pixel) in row.chunks_exact(channels).take(width * factor).enumerate() {
                let sums = &mut sums[x / factor * channels..][..channels];
                sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
            }
        }
        data.extend(sums.iter().map(|sum| (sum / (factor * factor) as u32) as u8));
    }
    Picture { width: width as u32, height: height as u32, channels: picture.channels, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_everything_and_none_is_too_large() {
        for (left, right) in [(0, 10), (5, 640), (0, 641), (7, 2000), (0, 4664), (3, 1179)] {
            let spans = spans(left, right);
            assert_eq!((spans[0].0, spans[spans.len() - 1].1), (left, right), "{spans:?}");
            assert!(spans.iter().all(|(from, to)| to > from && to - from <= LARGEST), "{spans:?}");
            assert!(spans.windows(2).all(|pair| pair[1].0 + SHARED <= pair[0].1), "{spans:?}");
        }
    }
}
