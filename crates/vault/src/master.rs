//! The master key: 64 hexadecimal digits in a file of its owner alone. It seals nothing but the data key.

use crate::seal::{KEY_BYTES, Seal, random};
use std::io::Write as _;
use std::path::Path;

/// The key that opens the vault. Never printed.
pub struct MasterKey(Seal);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// The file can't be read or written.
    #[error("the vault's key file {path} can't be used")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("the vault's key file {0} can be read by others; run: chmod 600 {0}")]
    Open(String),
    /// It holds something else.
    #[error("the vault's key file {0} does not hold 64 hexadecimal digits")]
    Content(String),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// What the sealed data key is bound to.
const DATA_KEY: &str = "data key";

impl MasterKey {
    /// A key of the given bits.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(Seal::new(bytes))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`MasterError`], never with the key in it.
    pub fn read(path: &Path) -> Result<Self, MasterError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| MasterError::File { path: name.clone(), source })?;
        if is_open(path) {
            return Err(MasterError::Open(name));
        }
        parse(text.trim()).map(|bytes| Self::from_bytes(&bytes)).ok_or(MasterError::Content(name))
    }

    /// Makes a key file that its owner alone can read; one that is there is left as it is, and is an error.
    ///
    /// # Errors
    /// [`MasterError`].
    pub fn create(path: &Path) -> Result<Self, MasterError> {
        let bytes = random().map_err(|_| MasterError::Random)?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = owner_only(path).and_then(|mut file| {
            writeln!(file, "{text}")?;
            file.sync_all()
        });
        written.map_err(|source| MasterError::File { path: path.display().to_string(), source })?;
        Ok(Self::from_bytes(&bytes))
    }

    pub(crate) fn new_data_key(&self) -> Result<(Seal, String), MasterError> {
        let bytes = random().map_err(|_| MasterError::Random)?;
        let sealed = self.0.seal(DATA_KEY, &bytes).map_err(|_| MasterError::Random)?;
        Ok((Seal::new(&bytes), sealed))
    }

    pub(crate) fn open_data_key(&self, sealed: &str) -> Option<Seal> {
        Some(Seal::new(&self.data_key(sealed)?))
    }

    /// What another master key sealed, sealed under this one.
    pub(crate) fn seal_again(&self, old: &Self, sealed: &str) -> Result<Option<String>, MasterError> {
        let Some(bytes) = old.data_key(sealed) else { return Ok(None) };
        self.0.seal(DATA_KEY, &bytes).map(Some).map_err(|_| MasterError::Random)
    }

    fn data_key(&self, sealed: &str) -> Option<[u8; KEY_BYTES]> {
        self.0.open(DATA_KEY, sealed).ok()?.try_into().ok()
    }
}

fn parse(text: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = text.as_bytes();
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = digits.as_chunks::<2>().0.iter();
    let bytes: Option<Vec<u8>> = pairs.map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
    bytes.filter(|_| digits.len() == KEY_BYTES * 2)?.try_into().ok()
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
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
