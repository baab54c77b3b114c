//! Tells at a glance what a file may be, so that a folder's other files are not taken for damaged DICOM.

/// Bytes from the start that are enough for a glance.
pub const GLANCE: usize = 1024;

/// What a file looks like from its first [`GLANCE`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// DICOM, whole or damaged.
    Dicom,
    /// A zip archive (APPNOTE 4.3.7).
    Zip,
    /// A tar archive (POSIX.1-2017 pax, "ustar").
    Tar,
    /// Something compressed by gzip (RFC 1952).
    Gzip,
    /// Something compressed by Zstandard (RFC 8878).
    Zstd,
    /// None of these.
    Other,
}

/// Glances at a file's first bytes.
#[must_use]
pub fn looks(first: &[u8]) -> Looks {
    let first = &first[..first.len().min(GLANCE)];
    match first {
        _ if first.get(128..132) == Some(b"DICM") => Looks::Dicom, // PS3.10 §7.1
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Looks::Zip,
        [0x1F, 0x8B, 8, ..] => Looks::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Looks::Zstd,
        _ if first.get(257..262) == Some(b"ustar") => Looks::Tar,
        _ if has_stray_prefix(first) || starts_like_a_data_set(first) => Looks::Dicom,
        _ => Looks::Other,
    }
}

/// How a file is packed that nothing here unpacks.
#[must_use]
pub fn packed_by(first: &[u8]) -> Option<&'static str> {
    match first {
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some("bzip2"),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some("xz"),
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Some("7-Zip"),
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => Some("RAR"),
        [0x04, 0x22, 0x4D, 0x18, ..] => Some("LZ4"),
        _ => None,
    }
}

/// `DICM` where it does not belong, as in a file that lost some of its preamble.
fn has_stray_prefix(first: &[u8]) -> bool {
    [b"DICM\x02\0", b"DICM\x08\0"].iter().any(|prefix| memchr::memmem::find(first, *prefix).is_some())
}

/// A data set without preamble begins with an element of group 0002 or 0008: its group in either
/// byte order, a VR or a short length.
fn starts_like_a_data_set(first: &[u8]) -> bool {
    let Some(&[g0, g1, e0, e1, v0, v1, l0, l1]) = first.first_chunk() else { return false };
    let little = matches!((g0, g1), (2 | 8, 0)) && e1 < 0x40;
    let big = matches!((g0, g1), (0, 2 | 8)) && e0 < 0x40;
    let explicit = v0.is_ascii_uppercase() && v1.is_ascii_uppercase();
    let short = u32::from_le_bytes([v0, v1, l0, l1]) <= 0x1_0000;
    (little && (explicit || short)) || (big && explicit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_data_sets_look_like_dicom() {
        assert_eq!(looks(b"\x08\0\x05\0CS\x0A\0ISO_IR 100"), Looks::Dicom);
        assert_eq!(looks(b"\x08\0\x16\0\x1A\0\0\x001.2.840"), Looks::Dicom);
        assert_eq!(looks(b"\0\x08\0\x05CS\0\x0AISO_IR 100"), Looks::Dicom);
    }

    #[test]
    fn other_files_do_not() {
        for other in [b"patient,age\n".as_slice(), b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", &[0; 500]] {
            assert_eq!(looks(other), Looks::Other);
        }
    }
}
