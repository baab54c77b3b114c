//! Where a picture may have text at all: where there are thin strokes, brighter or darker than what is around them.
//! It costs a fiftieth of what the detector does, and only places that nobody could call text are passed over.

use super::Area;
use super::plane::Plane;
use super::strokes::{FAINTEST, WIDEST, top_hat};
use dicom::pixel::render::Picture;

/// Pixels on each side of a block.
const BLOCK: usize = 16;
/// Pixels of strokes in a block that may be part of a letter; noise has fewer.
const LEAST_INK: u32 = 16;
/// Blocks around one with strokes that are searched with it.
const AROUND: usize = 2;

/// Blocks of a picture.
pub(super) struct Blocks {
    columns: usize,
    rows: usize,
    ink: Vec<u32>,
}

impl Blocks {
    fn of_size(width: usize, height: usize) -> Self {
        let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        Self { columns, rows, ink: vec![0; columns * rows] }
    }

    /// Where there are strokes.
    pub(super) fn with_strokes(picture: &Picture) -> Self {
        let mut blocks = Self::of_size(picture.width as usize, picture.height as usize);
        for plane in Plane::both(picture) {
            blocks.add(&plane, 1);
            // Of letters as high as a hand, strokes are wide.
            blocks.add(&plane.third(), 3);
        }
        blocks
    }

    /// Where a picture is all black or all white in places: something may be hidden there.
    pub(super) fn saturated(picture: &Picture) -> Self {
        let width = picture.width as usize;
        let mut blocks = Self::of_size(width, picture.height as usize);
        let channels = usize::from(picture.channels.max(1));
        for (index, pixel) in picture.data.chunks_exact(channels).enumerate() {
            if pixel.iter().any(|value| matches!(value, 0 | 255)) {
                blocks.count(index % width, index / width, 1);
            }
        }
        blocks
    }

    /// Less what is not in others.
    pub(super) fn only(mut self, others: &Self) -> Self {
        self.ink
            .iter_mut()
            .zip(&others.ink)
            .filter(|(_, other)| **other < LEAST_INK)
            .for_each(|(ink, _)| *ink = 0);
        self
    }

    fn count(&mut self, x: usize, y: usize, times: u32) {
        self.ink[(y / BLOCK).min(self.rows - 1) * self.columns + (x / BLOCK).min(self.columns - 1)] += times;
    }

    fn add(&mut self, plane: &Plane, factor: usize) {
        if plane.width < WIDEST || plane.height < WIDEST {
            return;
        }
        for (y, row) in top_hat(plane).chunks_exact(plane.width).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, value)| **value >= FAINTEST) {
                self.count(x * factor, y * factor, factor as u32);
            }
        }
    }

    /// Boxes around blocks with strokes that are near each other, with a margin.
    pub(super) fn regions(&self, width: usize, height: usize) -> Vec<Area> {
        let mut regions: Vec<Area> = Vec::new();
        for index in (0..self.ink.len()).filter(|index| self.ink[*index] >= LEAST_INK) {
            let (x, y) = (index % self.columns * BLOCK, index / self.columns * BLOCK);
            let block = Area { left: x, top: y, right: x + BLOCK, bottom: y + BLOCK };
            join(&mut regions, block.padded(AROUND * BLOCK, width, height));
        }
        regions
    }

    /// As much of an area as has strokes, with the margin they have; nothing if there are none.
    pub(super) fn within(&self, area: &Area) -> Option<Area> {
        let of = |from: usize, to: usize| (from / BLOCK).saturating_sub(AROUND)..to.div_ceil(BLOCK) + AROUND;
        let (columns, rows) = (of(area.left, area.right), of(area.top, area.bottom));
        let mut all: Option<Area> = None;
        for y in rows.start..rows.end.min(self.rows) {
            for x in columns.start..columns.end.min(self.columns) {
                if self.ink[y * self.columns + x] < LEAST_INK {
                    continue;
                }
                let (left, top) = (x * BLOCK, y * BLOCK);
                let block = Area { left, top, right: left + BLOCK, bottom: top + BLOCK };
                let block = block.padded(AROUND * BLOCK, area.right, area.bottom);
                let block = Area { left: block.left.max(area.left), top: block.top.max(area.top), ..block };
                if block.left < block.right && block.top < block.bottom {
                    all = Some(all.map_or(block, |all| all.with(&block)));
                }
            }
        }
        all
    }
}

/// Adds a box, in one with those that meet it, as long as what is around both is mostly theirs: noise here and there
/// must not become a region as large as the picture.
fn join(regions: &mut Vec<Area>, mut area: Area) {
    let is_one = |a: &Area, b: &Area| {
        a.shared(b) > 0 && a.with(b).pixels() * 3 <= (a.pixels() + b.pixels() - a.shared(b)) * 4
    };
    while let Some(at) = regions.iter().position(|other| is_one(other, &area)) {
        area = area.with(&regions.swap_remove(at));
    }
    regions.push(area);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(ink: impl Fn(usize, usize) -> u8) -> Picture {
        let data = (0..320 * 200).map(|n| ink(n % 320, n / 320)).collect();
        Picture { width: 320, height: 200, channels: 1, data }
    }

    #[test]
    fn an_edge_is_passed_over_and_strokes_are_not() {
        let edge = picture(|x, _| if x < 160 { 20 } else { 220 });
        assert!(Blocks::with_strokes(&edge).regions(320, 200).is_empty());
        for (ground, ink) in [(20, 60), (200, 160)] {
            let strokes = picture(|x, y| {
                if (100..140).contains(&x) && (50..62).contains(&y) && x % 6 < 2 { ink } else { ground }
            });
            let [region] = Blocks::with_strokes(&strokes).regions(320, 200)[..] else { panic!() };
            assert!(Area { left: 100, top: 50, right: 140, bottom: 62 }.is_inside(&region));
            assert!(region.pixels() < 120 * 80, "{region:?}");
        }
    }

    #[test]
    fn an_area_is_narrowed_to_its_strokes() {
        let one =
            picture(
                |x, y| if (100..140).contains(&x) && (50..62).contains(&y) && x % 6 < 2 { 250 } else { 0 },
            );
        let blocks = Blocks::with_strokes(&one);
        let whole = Area { left: 0, top: 0, right: 320, bottom: 200 };
        assert_eq!(blocks.within(&whole), Some(blocks.regions(320, 200)[0]));
        assert_eq!(blocks.within(&Area { left: 240, ..whole }), None);
        let half = blocks.within(&Area { right: 120, ..whole }).map(|area| (area.left, area.right));
        assert_eq!(half, Some((blocks.regions(320, 200)[0].left, 120)));
    }

    #[test]
    fn wide_strokes_of_large_letters_are_strokes() {
        let large = picture(|x, y| if (100..130).contains(&x) && (40..170).contains(&y) { 250 } else { 0 });
        assert_eq!(Blocks::with_strokes(&large).regions(320, 200).len(), 1);
    }
}
