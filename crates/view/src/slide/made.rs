//! Tiles that were made, and how one is made of four.

use super::Level;
use bytes::Bytes;
use dicom::pixel::render::Picture;
use model::Sha256Digest;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Bytes of made tiles kept. Those of coarse levels were the dearest, are made last and so go last.
const MOST_BYTES: usize = 96 << 20;
/// How many, however small they are.
const MOST: usize = 50_000;

/// A tile of a slide: level, column, row, plane, path.
type Key = (Sha256Digest, [u32; 5]);
/// Made once, however many ask at the same time; `None` where there is nothing below it.
pub(super) type Cell = Arc<OnceCell<Option<Bytes>>>;

/// Tiles made lately.
#[derive(Default)]
pub(crate) struct MadeTiles(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    cells: HashMap<Key, (Cell, u64)>,
    now: u64,
}

impl MadeTiles {
    /// Where a tile is or will be.
    pub(super) fn cell(&self, slide: Sha256Digest, at: [u32; 5]) -> Cell {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.now += 1;
        let now = kept.now;
        let (cell, used) = kept.cells.entry((slide, at)).or_default();
        *used = now;
        let cell = cell.clone();
        // Summing up is not needed at each of them.
        if now.is_multiple_of(256) {
            kept.shrink();
        }
        cell
    }
}

impl Kept {
    /// Drops those used longest ago until half of the room is free again.
    fn shrink(&mut self) {
        let size = |cell: &Cell| cell.get().and_then(Option::as_ref).map_or(0, Bytes::len) + 128;
        let bytes: usize = self.cells.values().map(|(cell, _)| size(cell)).sum();
        if bytes <= MOST_BYTES && self.cells.len() <= MOST {
            return;
        }
        let mut used: Vec<(u64, usize)> =
            self.cells.values().map(|(cell, used)| (*used, size(cell))).collect();
        used.sort_unstable_by_key(|(used, _)| std::cmp::Reverse(*used));
        let mut room = MOST_BYTES / 2;
        let fits = |(_, size): &&(u64, usize)| {
            room = room.saturating_sub(*size);
            room > 0
        };
        let kept = used.iter().take(MOST / 2).take_while(fits).count();
        let oldest = used.get(kept).map_or(0, |(used, _)| *used);
        // One that somebody waits for is not dropped: it would be made twice.
        self.cells.retain(|_, (cell, used)| *used > oldest || Arc::strong_count(cell) > 1);
    }
}

/// A tile under way, white where nothing is.
pub(super) struct Making {
    picture: Picture,
    has_any: bool,
}

impl Making {
    pub fn new(level: &Level) -> Self {
        let (width, height) = (level.tile_columns, level.tile_rows);
        let data = vec![255; width as usize * height as usize * 3];
        Self { picture: Picture { width, height, channels: 3, data }, has_any: false }
    }

    /// Draws a tile of the next finer level into its quarter, two by two pixels to one. Only `valid` columns and
    /// rows of it are the slide's: what lies beyond its edge is padding.
    pub fn draw(&mut self, tile: &Picture, (right, below): (bool, bool), valid: (u32, u32)) {
        let (width, height) = (self.picture.width as usize, self.picture.height as usize);
        let (across, channels) = (tile.width as usize, usize::from(tile.channels));
        let valid = (valid.0.min(tile.width) as usize, valid.1.min(tile.height) as usize);
        let (left, top) = (if right { width / 2 } else { 0 }, if below { height / 2 } else { 0 });
        for y in 0..valid.1.div_ceil(2).min(height / 2) {
            let (first, second) = (2 * y, (2 * y + 1).min(valid.1 - 1));
            for x in 0..valid.0.div_ceil(2).min(width / 2) {
                let (here, next) = (2 * x, (2 * x + 1).min(valid.0 - 1));
                let corners = [(here, first), (next, first), (here, second), (next, second)];
                let corners = corners.map(|(x, y)| (y * across + x) * channels);
                let to = ((top + y) * width + left + x) * 3;
                for channel in 0..3 {
                    let from = channel.min(channels - 1);
                    let sum: u16 = corners.iter().map(|at| u16::from(tile.data[at + from])).sum();
                    self.picture.data[to + channel] = ((sum + 2) / 4) as u8;
                }
            }
        }
        self.has_any = true;
    }

    pub fn finish(self) -> Option<Picture> {
        self.has_any.then_some(self.picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_beyond_the_edge_is_left_out() {
        let level = Level { columns: 3, rows: 4, tile_columns: 4, tile_rows: 4, stored: None };
        let mut data = vec![0; 16];
        // The fourth column is padding.
        for row in data.chunks_exact_mut(4) {
            row.copy_from_slice(&[10, 20, 30, 250]);
        }
        let tile = Picture { width: 4, height: 4, channels: 1, data };
        let mut making = Making::new(&level);
        making.draw(&tile, (false, false), (3, 4));
        let made = making.finish().expect("something was drawn");
        let first: Vec<u8> = made.data.chunks_exact(3).take(4).map(|pixel| pixel[0]).collect();
        assert_eq!(first, [15, 30, 255, 255]);
    }
}
