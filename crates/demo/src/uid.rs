//! UIDs that are the same every time.

use sha2::{Digest, Sha256};

/// A UID under 2.25 (PS3.5 §B.2) for the thing that `name` names within the hospital.
pub(crate) fn uid(name: &str) -> String {
    let digest = Sha256::digest(format!("isocenter demo hospital/{name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // As a UUID of version 8, whose bits are the maker's (RFC 9562 §5.8).
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    format!("2.25.{}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_uid_of_at_most_64_characters() {
        assert_eq!(uid("a"), uid("a"));
        assert_ne!(uid("a"), uid("b"));
        assert!(uid("a").len() <= 64 && uid("a").starts_with("2.25."));
    }
}
