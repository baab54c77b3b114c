//! Boxes of pixels.

/// A box in a frame, in pixels from its top left corner; right and bottom are the first column and row
/// outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Area {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// The row below the last.
    pub bottom: usize,
    /// The column right of the last.
    pub right: usize,
}

impl Area {
    /// Columns.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.right.saturating_sub(self.left)
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    /// Pixels.
    #[must_use]
    pub const fn pixels(&self) -> usize {
        self.width() * self.height()
    }

    /// Pixels of the shorter side: the height of a line, level or upright.
    pub(super) fn shorter(&self) -> usize {
        self.width().min(self.height())
    }

    /// Wider on every side, but not beyond a frame.
    pub(super) fn padded(&self, by: usize, width: usize, height: usize) -> Self {
        Self {
            left: self.left.saturating_sub(by).min(width),
            top: self.top.saturating_sub(by).min(height),
            right: (self.right + by).min(width),
            bottom: (self.bottom + by).min(height),
        }
    }

    /// The smallest box around both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// How many pixels both have.
    pub(super) fn shared(&self, other: &Self) -> usize {
        let width = self.right.min(other.right).saturating_sub(self.left.max(other.left));
        let height = self.bottom.min(other.bottom).saturating_sub(self.top.max(other.top));
        width * height
    }

    pub(super) fn is_inside(&self, other: &Self) -> bool {
        self.shared(other) == self.pixels()
    }

    /// The same place in a picture `factor` times as large.
    pub(super) fn scaled(&self, factor: usize) -> Self {
        let by = |n: usize| n * factor;
        Self { left: by(self.left), top: by(self.top), right: by(self.right), bottom: by(self.bottom) }
    }

    /// The same box, so much further to the right and down.
    pub(super) const fn moved(&self, right: usize, down: usize) -> Self {
        Self {
            left: self.left + right,
            top: self.top + down,
            right: self.right + right,
            bottom: self.bottom + down,
        }
    }
}

/// Boxes that lie in others taken out, in order.
pub(super) fn without_inner(mut areas: Vec<Area>) -> Vec<Area> {
    areas.sort_unstable();
    areas.dedup();
    let all = areas.clone();
    areas.retain(|area| !all.iter().any(|other| other != area && area.is_inside(other)));
    areas
}
