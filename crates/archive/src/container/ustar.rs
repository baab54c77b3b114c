//! One ustar header block (IEEE 1003.1 `pax`, "ustar Interchange Format").

use super::BLOCK;

const NAME: std::ops::Range<usize> = 0..100;
const MODE: std::ops::Range<usize> = 100..108;
const SIZE: std::ops::Range<usize> = 124..136;
const MTIME: std::ops::Range<usize> = 136..148;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;
const MAGIC: std::ops::Range<usize> = 257..265;
const PREFIX: std::ops::Range<usize> = 345..500;

/// The largest size that fits the eleven octal digits of a ustar header.
pub const LARGEST_SIZE: u64 = 0o777_7777_7777;

/// What a ustar header says, as far as the archive writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ustar {
    /// The name, prefix and all.
    pub name: String,
    /// `x` for a pax header, `0` for a file.
    pub kind: u8,
    /// Bytes of content.
    pub size: u64,
    /// Seconds since 1970.
    pub mtime: u64,
}

/// Why 512 bytes are not a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UstarError {
    /// Only zeros: the end of the archive, or space never written.
    #[error("the block is empty")]
    Empty,
    /// Not a ustar header, or one with changed bytes.
    #[error("the block's checksum is wrong")]
    Checksum,
    /// The checksum holds but a field can't be read.
    #[error("a field of the header can't be read")]
    Field,
}

impl Ustar {
    /// Writes the header. A name that doesn't fit is cut: a pax `path` record must carry it.
    #[must_use]
    pub fn to_block(&self) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        let (prefix, name) = split(&self.name).unwrap_or(("", cut(&self.name, 100)));
        put(&mut block[NAME], name.as_bytes());
        put(&mut block[PREFIX], prefix.as_bytes());
        put(&mut block[MODE], b"0000444\0");
        put(&mut block[108..116], b"0000000\0");
        put(&mut block[116..124], b"0000000\0");
        put(&mut block[SIZE], format!("{:011o}\0", self.size.min(LARGEST_SIZE)).as_bytes());
        put(&mut block[MTIME], format!("{:011o}\0", self.mtime.min(LARGEST_SIZE)).as_bytes());
        block[KIND] = self.kind;
        put(&mut block[MAGIC], b"ustar\x0000");
        put(&mut block[CHECKSUM], b"        ");
        let sum = checksum(&block);
        put(&mut block[CHECKSUM], format!("{sum:06o}\0 ").as_bytes());
        block
    }

    /// Reads a header.
    ///
    /// # Errors
    /// [`UstarError`] for anything else than a whole ustar header.
    pub fn parse(block: &[u8; BLOCK]) -> Result<Self, UstarError> {
        if block.iter().all(|&b| b == 0) {
            return Err(UstarError::Empty);
        }
        if octal(&block[CHECKSUM]) != Some(u64::from(checksum(block))) {
            return Err(UstarError::Checksum);
        }
        let (prefix, name) = (text(&block[PREFIX])?, text(&block[NAME])?);
        Ok(Self {
            name: if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") },
            kind: block[KIND],
            size: octal(&block[SIZE]).ok_or(UstarError::Field)?,
            mtime: octal(&block[MTIME]).ok_or(UstarError::Field)?,
        })
    }
}

/// True when the name fits the header's name and prefix fields, so that no pax record is needed.
#[must_use]
pub fn name_fits(name: &str) -> bool {
    name.is_ascii() && split(name).is_some()
}

/// Splits a name at a slash into at most 155 bytes of prefix and 100 bytes of name.
fn split(name: &str) -> Option<(&str, &str)> {
    if name.len() <= 100 {
        return Some(("", name));
    }
    name.match_indices('/')
        .map(|(at, _)| (&name[..at], &name[at + 1..]))
        .find(|(prefix, rest)| prefix.len() <= 155 && !rest.is_empty() && rest.len() <= 100)
}

/// The first characters of a text that fit `max` bytes.
fn cut(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

fn put(field: &mut [u8], value: &[u8]) {
    field[..value.len()].copy_from_slice(value);
}

/// The sum of all bytes, the checksum field itself taken as spaces.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    let sum = |part: &[u8]| part.iter().map(|&b| u32::from(b)).sum::<u32>();
    sum(&block[..CHECKSUM.start]) + 8 * u32::from(b' ') + sum(&block[CHECKSUM.end..])
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(digits, 8).ok()
}

fn text(field: &[u8]) -> Result<&str, UstarError> {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    std::str::from_utf8(&field[..end]).map_err(|_| UstarError::Field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str) -> Ustar {
        Ustar { name: name.into(), kind: b'0', size: 12345, mtime: 1_700_000_000 }
    }

    #[test]
    fn a_header_goes_there_and_back() {
        let name = format!("{0}/{0}/{0}.dcm", "1.2.840.99999.".repeat(4));
        assert!(name.len() > 100 && name_fits(&name));
        assert_eq!(Ustar::parse(&header(&name).to_block()), Ok(header(&name)));
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut block = header("a").to_block();
        block[0] ^= 1;
        assert_eq!(Ustar::parse(&block), Err(UstarError::Checksum));
        assert_eq!(Ustar::parse(&[0; BLOCK]), Err(UstarError::Empty));
    }

    #[test]
    fn a_name_without_slashes_over_100_bytes_does_not_fit() {
        assert!(!name_fits(&"x".repeat(101)));
        assert!(!name_fits("ü"));
    }
}
