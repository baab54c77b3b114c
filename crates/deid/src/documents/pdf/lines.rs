//! Glyphs as people and programs read them: by the lines of the page, and in the order of the file.

use super::Page;
use super::glyphs::Glyph;
use std::ops::Range;

/// All text of a document, and which glyph each part of it is.
pub(super) struct Order {
    pub text: String,
    /// Where glyphs start in the text: byte, page, glyph.
    starts: Vec<(usize, usize, usize)>,
}

impl Order {
    /// The glyphs that a range of the text touches.
    pub(super) fn glyphs_in(&self, range: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let first = self.starts.partition_point(|(start, ..)| *start <= range.start).saturating_sub(1);
        let all = self.starts[first..].iter().take_while(move |(start, ..)| *start < range.end);
        all.map(|(_, page, glyph)| (*page, *glyph))
    }
}

/// Where something stands along its line and across.
#[derive(Clone, Copy)]
struct Place {
    /// Degrees in which its line runs.
    angle: i32,
    from: f64,
    to: f64,
    /// The height of its line; upper ones are greater.
    height: f64,
    size: f64,
}

impl Place {
    fn of(glyph: &Glyph) -> Self {
        let (dx, dy) = (glyph.to.0 - glyph.from.0, glyph.to.1 - glyph.from.1);
        let length = dx.hypot(dy);
        let (ux, uy) = if length > 1e-6 { (dx / length, dy / length) } else { (1.0, 0.0) };
        let along = |(x, y): (f64, f64)| ux * x + uy * y;
        Self {
            angle: uy.atan2(ux).to_degrees().round() as i32,
            from: along(glyph.from),
            to: along(glyph.to),
            height: ux * glyph.from.1 - uy * glyph.from.0,
            size: glyph.size.max(0.1),
        }
    }

    /// What stands between two glyphs that follow each other.
    fn between(self, next: Self) -> &'static str {
        /// Less than a space, more than kerning, in sizes of the font.
        const GAP: f64 = 0.17;
        if self.angle != next.angle || !self.is_in_line(next) {
            return "\n";
        }
        if (next.from - self.to).abs() > GAP * self.size { " " } else { "" }
    }

    fn is_in_line(self, other: Self) -> bool {
        (self.height - other.height).abs() <= 0.35 * self.size.max(other.size)
    }
}

/// The text by lines from top to bottom, and the text as the file has it. What is drawn twice, or letter by
/// letter, or in columns, is read rightly in one of them.
pub(super) fn orders(pages: &[Page]) -> [Order; 2] {
    let places: Vec<Vec<Place>> =
        pages.iter().map(|page| page.glyphs.iter().map(Place::of).collect()).collect();
    let by_lines = places.iter().map(|places| by_lines(places)).collect::<Vec<_>>();
    let by_file = places.iter().map(|places| (0..places.len()).collect()).collect::<Vec<_>>();
    [order(pages, &places, &by_lines), order(pages, &places, &by_file)]
}

fn by_lines(places: &[Place]) -> Vec<usize> {
    let mut all: Vec<_> = (0..places.len()).collect();
    let at = |index: usize| places[index];
    all.sort_by(|a, b| {
        let (a, b) = (at(*a), at(*b));
        a.angle.cmp(&b.angle).then(b.height.total_cmp(&a.height)).then(a.from.total_cmp(&b.from))
    });
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for index in all {
        let same = |line: &Vec<usize>| {
            line.first()
                .is_some_and(|first| at(*first).angle == at(index).angle && at(*first).is_in_line(at(index)))
        };
        match lines.last_mut().filter(|line| same(line)) {
            Some(line) => line.push(index),
            None => lines.push(vec![index]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| at(*a).from.total_cmp(&at(*b).from));
    }
    lines.concat()
}

fn order(pages: &[Page], places: &[Vec<Place>], sorted: &[Vec<usize>]) -> Order {
    let mut order = Order { text: String::new(), starts: Vec::new() };
    for (page, indexes) in sorted.iter().enumerate() {
        let mut last: Option<Place> = None;
        for index in indexes {
            let place = places[page][*index];
            order.text.push_str(last.map_or("\n", |last| last.between(place)));
            order.starts.push((order.text.len(), page, *index));
            order.text.push_str(&pages[page].glyphs[*index].text);
            last = Some(place);
        }
    }
    order
}
