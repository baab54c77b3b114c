//! Which levels are made, so that zooming out never asks for a flood of tiles.

use super::Level;

/// Twice as wide or more between two levels of a file is bridged when it is more than this.
const WIDEST_STEP: f64 = 4.5;
/// The coarsest level fits into so many pixels, or into a tile.
const COARSEST: u32 = 512;

/// The levels of a file, given from fine to coarse, with those between and above; from coarse to fine.
pub(super) fn with_made(stored: &[Level]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for level in stored {
        if let Some(finer) = levels.last().copied() {
            bridge(&mut levels, finer, |made| made.columns as f64 / level.columns as f64 > WIDEST_STEP);
        }
        levels.push(*level);
    }
    if let Some(coarsest) = levels.last().copied() {
        bridge(&mut levels, coarsest, |made| {
            made.columns > made.tile_columns.max(COARSEST) || made.rows > made.tile_rows.max(COARSEST)
        });
    }
    levels.reverse();
    levels
}

/// Adds halves while they are wanted. A tile of odd size has no middle to be put together at.
fn bridge(levels: &mut Vec<Level>, mut level: Level, wanted: impl Fn(&Level) -> bool) {
    while level.tile_columns.is_multiple_of(2) && level.tile_rows.is_multiple_of(2) && wanted(&level) {
        let (columns, rows) = (level.columns.div_ceil(2), level.rows.div_ceil(2));
        level = Level { columns, rows, stored: None, ..level };
        levels.push(level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(columns: u32, stored: usize) -> Level {
        Level { columns, rows: columns / 2, tile_columns: 256, tile_rows: 256, stored: Some(stored) }
    }

    #[test]
    fn missing_levels_are_bridged_down_to_one_picture() {
        let sizes = |stored: &[Level]| -> Vec<(u32, bool)> {
            with_made(stored).iter().map(|level| (level.columns, level.is_made())).collect()
        };
        assert_eq!(sizes(&[level(400, 0)]), [(400, false)]);
        assert_eq!(sizes(&[level(1601, 0)]), [(401, true), (801, true), (1601, false)]);
        assert_eq!(
            sizes(&[level(6400, 0), level(400, 1)]),
            [(400, false), (1600, true), (3200, true), (6400, false)]
        );
        let odd = Level { tile_columns: 255, ..level(1601, 0) };
        assert_eq!(sizes(&[odd]), [(1601, false)]);
    }
}
