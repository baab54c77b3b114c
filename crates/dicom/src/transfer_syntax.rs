//! Transfer syntaxes (PS3.5 §10, Annex A): how a data set and its pixel data are written down.

use std::borrow::Cow;
use std::fmt;

/// A transfer syntax: its UID and what a reader must know of it. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct TransferSyntax {
    uid: Cow<'static, str>,
    name: &'static str,
    encoding: Encoding,
}

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Implicit,
    Explicit,
    BigEndian,
    Deflated,
    Encapsulated,
    /// Encapsulated after deflating the whole data set (PS3.5 §A.8, JPIP).
    DeflatedReference,
}

use Encoding::{BigEndian, Deflated, DeflatedReference, Encapsulated, Explicit, Implicit};

impl TransferSyntax {
    /// Implicit VR little endian, the default of DICOM.
    pub const IMPLICIT_LE: Self = Self::known("1.2.840.10008.1.2", "Implicit VR Little Endian", Implicit);
    /// Explicit VR little endian.
    pub const EXPLICIT_LE: Self = Self::known("1.2.840.10008.1.2.1", "Explicit VR Little Endian", Explicit);
    /// Explicit VR big endian (retired).
    pub const EXPLICIT_BE: Self = Self::known("1.2.840.10008.1.2.2", "Explicit VR Big Endian", BigEndian);
    /// Deflated explicit VR little endian.
    pub const DEFLATED_LE: Self =
        Self::known("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", Deflated);

    const fn known(uid: &'static str, name: &'static str, encoding: Encoding) -> Self {
        Self { uid: Cow::Borrowed(uid), name, encoding }
    }

    /// The transfer syntax of a UID, if the standard has it.
    #[must_use]
    pub fn by_uid(uid: &str) -> Option<Self> {
        let uid = uid.trim_end_matches(['\0', ' ']);
        let native = NATIVE.into_iter().find(|ts| ts.uid == uid);
        native.or_else(|| OTHERS.iter().find(|(other, ..)| *other == uid).map(Self::of_table))
    }

    const fn of_table((uid, name, encoding): &(&'static str, &'static str, Encoding)) -> Self {
        Self::known(uid, name, *encoding)
    }

    /// The transfer syntax of a UID; a private or unknown one is taken to be explicit VR little
    /// endian with encapsulated pixel data, as every one since 1993 has been.
    #[must_use]
    pub fn or_unknown(uid: &str) -> Self {
        Self::by_uid(uid).unwrap_or_else(|| {
            let uid = uid.trim_end_matches(['\0', ' ']).to_owned();
            Self { uid: Cow::Owned(uid), name: "Unknown", encoding: Encapsulated }
        })
    }

    /// Its UID.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Its name in PS3.6, shortened; `Unknown` for private ones.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Pixel data is a sequence of fragments.
    #[must_use]
    pub const fn is_encapsulated(&self) -> bool {
        matches!(self.encoding, Encapsulated)
    }

    /// Elements say their VR.
    #[must_use]
    pub const fn explicit_vr(&self) -> bool {
        !matches!(self.encoding, Implicit)
    }

    /// Numbers have their most significant byte first.
    #[must_use]
    pub const fn big_endian(&self) -> bool {
        matches!(self.encoding, BigEndian)
    }

    /// The data set is one deflated stream.
    #[must_use]
    pub const fn deflated(&self) -> bool {
        matches!(self.encoding, Deflated | DeflatedReference)
    }
}

impl fmt::Debug for TransferSyntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.uid)
    }
}

/// Every transfer syntax of PS3.6 Table A-1 that a file may have.
pub fn all() -> impl Iterator<Item = TransferSyntax> {
    NATIVE.into_iter().chain(OTHERS.iter().map(TransferSyntax::of_table))
}

const NATIVE: [TransferSyntax; 4] = [
    TransferSyntax::EXPLICIT_LE,
    TransferSyntax::IMPLICIT_LE,
    TransferSyntax::EXPLICIT_BE,
    TransferSyntax::DEFLATED_LE,
];

static OTHERS: &[(&str, &str, Encoding)] = &[
    ("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", Encapsulated),
    ("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", Encapsulated),
    ("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 & 4)", Encapsulated),
    ("1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 & 5)", Encapsulated),
    ("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)", Encapsulated),
    ("1.2.840.10008.1.2.4.54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 & 9)", Encapsulated),
    ("1.2.840.10008.1.2.4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 & 12)", Encapsulated),
    ("1.2.840.10008.1.2.4.56", "JPEG Full Progression, Non-Hierarchical (Process 11 & 13)", Encapsulated),
    ("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", Encapsulated),
    ("1.2.840.10008.1.2.4.58", "JPEG Lossless, Non-Hierarchical (Process 15)", Encapsulated),
    ("1.2.840.10008.1.2.4.59", "JPEG Extended, Hierarchical (Process 16 & 18)", Encapsulated),
    ("1.2.840.10008.1.2.4.60", "JPEG Extended, Hierarchical (Process 17 & 19)", Encapsulated),
    ("1.2.840.10008.1.2.4.61", "JPEG Spectral Selection, Hierarchical (Process 20 & 22)", Encapsulated),
    ("1.2.840.10008.1.2.4.62", "JPEG Spectral Selection, Hierarchical (Process 21 & 23)", Encapsulated),
    ("1.2.840.10008.1.2.4.63", "JPEG Full Progression, Hierarchical (Process 24 & 26)", Encapsulated),
    ("1.2.840.10008.1.2.4.64", "JPEG Full Progression, Hierarchical (Process 25 & 27)", Encapsulated),
    ("1.2.840.10008.1.2.4.65", "JPEG Lossless, Hierarchical (Process 28)", Encapsulated),
    ("1.2.840.10008.1.2.4.66", "JPEG Lossless, Hierarchical (Process 29)", Encapsulated),
    ("1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction", Encapsulated),
    ("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", Encapsulated),
    ("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless)", Encapsulated),
    ("1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)", Encapsulated),
    ("1.2.840.10008.1.2.4.91", "JPEG 2000", Encapsulated),
    ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", Encapsulated),
    ("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component", Encapsulated),
    ("1.2.840.10008.1.2.4.94", "JPIP Referenced", Explicit),
    ("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", DeflatedReference),
    ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level", Encapsulated),
    ("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", Encapsulated),
    ("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level", Encapsulated),
    ("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG2 Main Profile / High Level", Encapsulated),
    ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", Encapsulated),
    ("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", Encapsulated),
    ("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", Encapsulated),
    (
        "1.2.840.10008.1.2.4.103.1",
        "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
        Encapsulated,
    ),
    ("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", Encapsulated),
    (
        "1.2.840.10008.1.2.4.104.1",
        "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video",
        Encapsulated,
    ),
    ("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", Encapsulated),
    (
        "1.2.840.10008.1.2.4.105.1",
        "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video",
        Encapsulated,
    ),
    ("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", Encapsulated),
    (
        "1.2.840.10008.1.2.4.106.1",
        "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
        Encapsulated,
    ),
    ("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1", Encapsulated),
    ("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", Encapsulated),
    ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless", Encapsulated),
    ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression", Encapsulated),
    ("1.2.840.10008.1.2.4.112", "JPEG XL", Encapsulated),
    ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 (Lossless Only)", Encapsulated),
    ("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", Encapsulated),
    ("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", Encapsulated),
    ("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", Explicit),
    ("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", DeflatedReference),
    ("1.2.840.10008.1.2.5", "RLE Lossless", Encapsulated),
    ("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video", Explicit),
    ("1.2.840.10008.1.2.7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video", Explicit),
    ("1.2.840.10008.1.2.7.3", "SMPTE ST 2110-30 PCM Digital Audio", Explicit),
    ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", Encapsulated),
    ("1.2.840.10008.1.20", "Papyrus 3 Implicit VR Little Endian", Implicit),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_ones_are_found_and_padding_is_not_part_of_the_uid() {
        let jpeg_ls = TransferSyntax::by_uid("1.2.840.10008.1.2.4.80\0");
        assert_eq!(jpeg_ls.as_ref().map(TransferSyntax::is_encapsulated), Some(true));
        assert_eq!(TransferSyntax::by_uid("1.2.840.10008.1.2"), Some(TransferSyntax::IMPLICIT_LE));
    }

    #[test]
    fn private_ones_are_explicit_little_endian_and_encapsulated() {
        let private = TransferSyntax::or_unknown("1.2.3.4");
        assert!(private.explicit_vr() && private.is_encapsulated() && !private.big_endian());
        assert_eq!(private.uid(), "1.2.3.4");
    }
}
