//! The media types of coded frames (PS3.18 §8.7.3.3).

/// Uncompressed frames, and what the default is.
pub const OCTETS: &str = "application/octet-stream";

/// The media type of frames in a transfer syntax.
#[must_use]
pub fn of_transfer_syntax(uid: &str) -> &'static str {
    match uid.strip_prefix("1.2.840.10008.1.2.") {
        Some("5") => "image/dicom-rle",
        Some("4.50" | "4.51" | "4.53" | "4.55" | "4.57" | "4.70") => "image/jpeg",
        Some("4.80" | "4.81") => "image/jls",
        Some("4.90" | "4.91") => "image/jp2",
        Some("4.92" | "4.93") => "image/jpx",
        Some("4.201" | "4.202" | "4.203") => "image/jphc",
        Some("4.110" | "4.111" | "4.112") => "image/jxl",
        Some("4.100" | "4.100.1" | "4.101" | "4.101.1") => "video/mpeg",
        Some(
            "4.102" | "4.102.1" | "4.103" | "4.103.1" | "4.104" | "4.104.1" | "4.105" | "4.105.1" | "4.106"
            | "4.106.1" | "4.107" | "4.108",
        ) => "video/mp4",
        _ => OCTETS,
    }
}

/// The transfer syntax a media type stands for when none is named, of those this product encodes.
#[must_use]
pub fn encodable(media_type: &str) -> Option<&'static str> {
    match media_type {
        "image/jls" => Some("1.2.840.10008.1.2.4.80"),
        "image/dicom-rle" => Some("1.2.840.10008.1.2.5"),
        OCTETS => Some(EXPLICIT),
        _ => None,
    }
}

/// Explicit VR Little Endian: what uncompressed frames are in.
pub const EXPLICIT: &str = "1.2.840.10008.1.2.1";

/// The type of a frame's part, with its transfer syntax.
#[must_use]
pub fn frame_type(media_type: &str, transfer_syntax: &str) -> String {
    format!("{media_type}; transfer-syntax={transfer_syntax}")
}
