//! The project key, and everything derived from it: UIDs, codes, shifts.
//! Each is HMAC-SHA-256 under the key, for its own purpose: without the key nobody goes back, and with
//! another key nothing is the same.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::io::Write as _;
use std::path::Path;

/// 256 random bits that belong to a project. Never printed.
#[derive(Clone)]
pub struct ProjectKey(Hmac<Sha256>);

/// Why a key can't be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("the key file {path} can't be used")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("the key file {0} can be read by others; run: chmod 600 {0}")]
    Open(String),
    /// It holds something else.
    #[error("the key file {0} does not hold 64 hexadecimal digits; make a new one with --make-key")]
    Content(String),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl ProjectKey {
    /// A key of the given bits.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 §2)")]
        Self(Hmac::new_from_slice(bytes).expect("every length is a key"))
    }

    /// Reads a key file: 64 hexadecimal digits, readable by its owner alone.
    ///
    /// # Errors
    /// [`KeyError`], never with the key in it.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| KeyError::File { path: name.clone(), source })?;
        if is_open(path) {
            return Err(KeyError::Open(name));
        }
        parse(text.trim()).map(|bytes| Self::from_bytes(&bytes)).ok_or(KeyError::Content(name))
    }

    /// Makes a new key file, readable by its owner alone. An existing one is left as it is.
    ///
    /// # Errors
    /// [`KeyError`] if there is one already, or it can't be written.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::Random)?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = owner_only(path).and_then(|mut file| {
            writeln!(file, "{text}")?;
            file.sync_all()
        });
        written.map_err(|source| KeyError::File { path: path.display().to_string(), source })?;
        Ok(Self::from_bytes(&bytes))
    }

    /// The first 128 bits of what the key makes of a value for a purpose.
    pub(crate) fn derive(&self, purpose: &str, value: &[u8]) -> u128 {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        digest[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// The UID that stands for another one in this project: a UUID of version 8 (RFC 9562 §5.8) under
    /// 2.25 (PS3.5 §B.2).
    #[must_use]
    pub fn uid(&self, original: &str) -> String {
        let bits = self.derive("uid", original.as_bytes());
        let version = bits & !(0xF << 76) | 0x8 << 76;
        let variant = version & !(0x3 << 62) | 0x2 << 62;
        format!("2.25.{variant}")
    }

    /// The code of a subject: `length` characters that are not mistaken for each other.
    #[must_use]
    pub fn code(&self, subject: &str, length: usize) -> String {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits = self.derive("code", subject.as_bytes());
        (0..length.min(24)).map(|at| LETTERS[(bits >> (5 * at) & 31) as usize] as char).collect()
    }

    /// The days by which everything of a subject moves: one of `from..=to`, never none.
    #[must_use]
    pub fn shift(&self, subject: &str, (from, to): (i32, i32)) -> i32 {
        let days = (to - from).unsigned_abs() + 1;
        let bits = self.derive("shift", subject.as_bytes());
        match from + (bits % u128::from(days)) as i32 {
            0 if to > 0 => to,
            0 => from,
            shift => shift,
        }
    }
}

impl std::fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProjectKey(…)")
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(unix)]
fn owner_only(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn owner_only(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).is_ok_and(|meta| meta.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ProjectKey {
        ProjectKey::from_bytes(&[byte; 32])
    }

    #[test]
    fn the_same_key_gives_the_same_and_another_gives_another() {
        assert_eq!(key(1).uid("1.2.3"), key(1).uid("1.2.3"));
        assert_ne!(key(1).uid("1.2.3"), key(2).uid("1.2.3"));
        assert_ne!(key(1).uid("1.2.3"), key(1).uid("1.2.4"));
        assert_ne!(key(1).code("p", 10), key(2).code("p", 10));
    }

    #[test]
    fn derived_uids_are_uuids_of_at_most_44_characters() {
        for number in 0..200 {
            let uid = key(3).uid(&format!("1.2.{number}"));
            let bits: u128 = uid.strip_prefix("2.25.").and_then(|n| n.parse().ok()).unwrap_or_default();
            assert_eq!((bits >> 76 & 0xF, bits >> 62 & 3), (8, 2));
            assert!(uid.len() <= 44);
        }
    }

    #[test]
    fn shifts_stay_in_their_range_and_always_move() {
        for number in 0..500 {
            let shift = key(4).shift(&number.to_string(), (-2, 1));
            assert!((-2..=1).contains(&shift) && shift != 0);
        }
    }

    #[test]
    fn key_files_are_the_owners_alone_and_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("project.key");
        let made = ProjectKey::create(&path).expect("made");
        let read = ProjectKey::read(&path).expect("read");
        assert_eq!(made.uid("1.2"), read.uid("1.2"));
        assert!(matches!(ProjectKey::create(&path), Err(KeyError::File { .. })));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
            assert!(matches!(ProjectKey::read(&path), Err(KeyError::Open(_))));
        }
    }
}
