//! What a directory says of its picture: size, tiles, and how samples are coded.

use super::fields::{Directory, Field, File};
use super::{LARGEST_TILE, TiffError};
use bytes::Bytes;
use std::sync::Arc;

/// Columns or rows of a picture.
const LONGEST_SIDE: u64 = 1 << 24;
/// Bytes of the tables that the tiles of a picture share.
const LARGEST_TABLES: u64 = 64 << 10;
/// Bytes of a description; those of OME-TIFF list every plane.
const LONGEST_DESCRIPTION: u64 = 4 << 20;

/// How a tile is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Lzw,
    Deflate,
    Jpeg,
    /// JPEG 2000; the samples are YCbCr where it says so.
    Jpeg2000 {
        ybr: bool,
    },
}

/// What samples mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    WhiteIsZero,
    Grey,
    Rgb,
    Ybr,
}

/// Where the tiles of a picture are and how they are coded.
#[derive(Debug, Clone)]
pub struct Image {
    /// Columns of the picture.
    pub columns: u32,
    /// Rows of the picture.
    pub rows: u32,
    /// Columns of a tile; of a strip the picture's.
    pub tile_columns: u32,
    /// Rows of a tile or strip.
    pub tile_rows: u32,
    /// In tiles, not strips.
    pub tiled: bool,
    /// NewSubfileType: bit 0 a smaller form of another picture.
    pub(super) kind: u64,
    pub(super) description: Arc<str>,
    pub(super) coding: Coding,
    pub(super) colour: Colour,
    pub(super) samples: u16,
    pub(super) bits: u16,
    /// The largest value of a sample.
    pub(super) most: u32,
    pub(super) by_plane: bool,
    pub(super) differences: bool,
    pub(super) tables: Bytes,
    pub(super) offsets: Field,
    pub(super) counts: Field,
}

impl Image {
    pub(super) async fn of(file: &File<'_>, directory: &Directory) -> Result<Self, TiffError> {
        let number =
            async |tag, otherwise| Ok::<_, TiffError>(file.first(directory, tag).await?.unwrap_or(otherwise));
        let columns = side(number(256, 0).await?)?;
        let rows = side(number(257, 0).await?)?;
        let tiled = directory.get(322).is_some();
        let (tile_columns, tile_rows) = if tiled {
            (side(number(322, 0).await?)?, side(number(323, 0).await?)?)
        } else {
            (columns, side(number(278, rows.into()).await?.clamp(1, rows.into()))?)
        };
        let table = |tiles, strips| {
            directory
                .get(if tiled { tiles } else { strips })
                .cloned()
                .ok_or(TiffError::Damaged("it has no table of its tiles"))
        };
        let bits = number(258, 1).await? as u16;
        let description = file.bytes(directory, 270, LONGEST_DESCRIPTION).await?.unwrap_or_default();
        let image = Self {
            columns,
            rows,
            tile_columns,
            tile_rows,
            tiled,
            kind: number(254, 0).await?,
            description: String::from_utf8_lossy(&description).trim_end_matches('\0').into(),
            coding: coding(number(259, 1).await?)?,
            colour: colour(number(262, 1).await?)?,
            samples: number(277, 1).await?.min(u16::MAX.into()) as u16,
            bits,
            most: number(281, 0).await?.min(u32::MAX.into()) as u32,
            by_plane: number(284, 1).await? == 2,
            differences: number(317, 1).await? == 2,
            tables: file.bytes(directory, 347, LARGEST_TABLES).await?.unwrap_or_default(),
            offsets: table(324, 273)?,
            counts: table(325, 279)?,
        };
        image.checked()
    }

    fn checked(mut self) -> Result<Self, TiffError> {
        let sound = match self.colour {
            Colour::WhiteIsZero | Colour::Grey => self.samples >= 1,
            Colour::Rgb | Colour::Ybr => self.samples >= 3,
        };
        if !sound || self.samples > 8 {
            return Err(TiffError::Unsupported(format!("{} samples for a pixel", self.samples)));
        }
        let coded = matches!(self.coding, Coding::Jpeg | Coding::Jpeg2000 { .. });
        if !(self.bits == 8 || (self.bits == 16 && !coded)) {
            return Err(TiffError::Unsupported(format!("samples of {} bits in this coding", self.bits)));
        }
        if self.colour == Colour::Ybr && !coded {
            return Err(TiffError::Unsupported("YCbCr that is not JPEG or JPEG 2000".into()));
        }
        self.by_plane &= self.samples > 1;
        if self.by_plane && coded {
            return Err(TiffError::Unsupported("colours apart from each other in JPEG".into()));
        }
        let side = u32::from(u16::MAX);
        if self.tile_bytes() > LARGEST_TILE || self.tile_columns > side || self.tile_rows > side {
            return Err(TiffError::Unsupported(
                "a tile or strip of more than 48 MiB or 65,535 pixels in a row".into(),
            ));
        }
        let most = (1 << self.bits) - 1;
        self.most = if self.bits == 8 || self.most == 0 { most } else { self.most.min(most) };
        let planes = if self.by_plane { u64::from(self.samples) } else { 1 };
        let needed = u64::from(self.across()) * u64::from(self.down()) * planes;
        if self.offsets.count < needed || self.counts.count < needed {
            return Err(TiffError::Damaged("it has fewer tiles than its size needs"));
        }
        Ok(self)
    }

    /// Bytes of a decoded tile or strip.
    pub(super) fn tile_bytes(&self) -> u64 {
        u64::from(self.tile_columns)
            * u64::from(self.tile_rows)
            * u64::from(self.samples)
            * u64::from(self.bits / 8)
    }

    /// Tiles in a row of them.
    #[must_use]
    pub const fn across(&self) -> u32 {
        self.columns.div_ceil(self.tile_columns)
    }

    /// Rows of tiles.
    #[must_use]
    pub const fn down(&self) -> u32 {
        self.rows.div_ceil(self.tile_rows)
    }
}

fn side(pixels: u64) -> Result<u32, TiffError> {
    match u32::try_from(pixels) {
        Ok(side) if (1..=LONGEST_SIDE).contains(&pixels) => Ok(side),
        _ => Err(TiffError::Damaged("a picture or its tiles have no sound size")),
    }
}

fn coding(number: u64) -> Result<Coding, TiffError> {
    Ok(match number {
        1 => Coding::Plain,
        5 => Coding::Lzw,
        7 => Coding::Jpeg,
        8 | 32_946 => Coding::Deflate,
        33_003 => Coding::Jpeg2000 { ybr: true },
        33_005 | 34_712 => Coding::Jpeg2000 { ybr: false },
        other => return Err(TiffError::Unsupported(format!("compression {other}"))),
    })
}

fn colour(number: u64) -> Result<Colour, TiffError> {
    Ok(match number {
        0 => Colour::WhiteIsZero,
        1 => Colour::Grey,
        2 => Colour::Rgb,
        6 => Colour::Ybr,
        other => return Err(TiffError::Unsupported(format!("photometric interpretation {other}"))),
    })
}
