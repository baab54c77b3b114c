//! The state of text while a page is read (ISO 32000-1 §8.3, §9.3, §9.4).

use super::font::Font;
use std::rc::Rc;

/// `[a b c d e f]` as PDF has it: x' = ax + cy + e, y' = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub(super) const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then the other.
    pub(super) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, next.0);
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub(super) const fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    pub(super) fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The area of what was a unit square.
    pub(super) fn area(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs()
    }
}

#[derive(Clone)]
pub(super) struct State {
    pub ctm: Matrix,
    pub text: Matrix,
    pub line: Matrix,
    pub font: Option<Rc<Font>>,
    pub size: f64,
    pub between_letters: f64,
    pub between_words: f64,
    /// 1 for 100 %.
    pub stretch: f64,
    pub leading: f64,
    pub rise: f64,
}

impl State {
    pub(super) fn new(ctm: Matrix) -> Self {
        Self {
            ctm,
            text: Matrix::ONE,
            line: Matrix::ONE,
            font: None,
            size: 0.0,
            between_letters: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }

    /// To the start of another line.
    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }

    /// Along the line, in units of text space.
    pub(super) fn advance(&mut self, by: f64) {
        self.text = Matrix::moved(by, 0.0).then(self.text);
    }

    /// From the space of the font to that of the page.
    pub(super) fn rendering(&self) -> Matrix {
        let font = Matrix([self.size * self.stretch, 0.0, 0.0, self.size, 0.0, self.rise]);
        font.then(self.text).then(self.ctm)
    }
}
