//! A map of where text is likely, as detectors of the DBNet kind make it, to boxes around text.

use super::Area;
use super::detector::Found;

/// What may be text; chosen with `e2e/burned_text.py`.
const LIKELY: f32 = 0.2;
/// The least mean of a place that is text.
pub(super) const LEAST: f32 = 0.3;
/// The map shows the cores of lines; the whole line is wider by this much of its area over its circumference.
const SHRUNK: f32 = 1.8;
/// Pixels; what is thinner is none.
const THINNEST: usize = 3;

/// How likely text is, row by row, from 0 to 1.
pub(super) struct Heat<'a> {
    pub width: usize,
    pub height: usize,
    /// Values from one row to the next.
    pub stride: usize,
    pub data: &'a [f32],
}

impl Heat<'_> {
    /// Boxes around text, none beyond the map.
    pub(super) fn found(&self) -> Vec<Found> {
        let mut seen = vec![false; self.width * self.height];
        let mut found = Vec::new();
        for y in 0..self.height {
            let row = &self.data[y * self.stride..][..self.width];
            for (x, _) in row.iter().enumerate().filter(|(_, value)| **value > LIKELY) {
                if seen[y * self.width + x] {
                    continue;
                }
                let (area, score) = self.place(y * self.width + x, &mut seen);
                if area.width().min(area.height()) >= THINNEST && score >= LEAST {
                    let area = area.padded(shrunk(&area), self.width, self.height);
                    found.push(Found { area, score });
                }
            }
        }
        found
    }

    fn value(&self, index: usize) -> f32 {
        self.data[index / self.width * self.stride + index % self.width]
    }

    fn is_likely(&self, index: usize) -> bool {
        self.value(index) > LIKELY
    }

    /// The likely pixels that touch each other, corners included: their box and their mean.
    fn place(&self, start: usize, seen: &mut [bool]) -> (Area, f32) {
        let (mut open, mut count, mut sum) = (vec![start], 0.0, 0.0);
        seen[start] = true;
        let at = |index: usize| {
            let (y, x) = (index / self.width, index % self.width);
            Area { top: y, left: x, bottom: y + 1, right: x + 1 }
        };
        let mut area = at(start);
        while let Some(index) = open.pop() {
            let here = at(index);
            area = area.with(&here);
            count += 1.0;
            sum += self.value(index);
            let around = here.padded(1, self.width, self.height);
            for next in (around.top..around.bottom)
                .flat_map(|y| (around.left..around.right).map(move |x| y * self.width + x))
            {
                if !seen[next] && self.is_likely(next) {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
        (area, sum / count)
    }
}

fn shrunk(core: &Area) -> usize {
    let (width, height) = (core.width() as f32, core.height() as f32);
    (width * height * SHRUNK / (2.0 * (width + height))).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_wider_than_the_cores_and_end_at_the_edge() {
        let mut data = vec![0.0; 40 * 20];
        for y in 4..8 {
            data[y * 40 + 30..y * 40 + 38].fill(0.9);
        }
        data[15 * 40 + 3] = 0.9;
        data[12 * 40..12 * 40 + 20].fill(0.19);
        let heat = Heat { width: 38, height: 20, stride: 40, data: &data };
        let [found] = heat.found()[..] else { panic!("{:?}", heat.found()) };
        assert_eq!(found.area, Area { top: 1, left: 27, bottom: 11, right: 38 });
        assert!((found.score - 0.9).abs() < 1e-5);
    }

    #[test]
    fn what_is_hardly_likely_on_the_whole_is_no_text() {
        let mut data = vec![0.25; 16 * 16];
        data[0] = 0.9;
        assert!(Heat { width: 16, height: 16, stride: 16, data: &data }.found().is_empty());
    }
}
