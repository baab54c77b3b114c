//! The header of an instance, read with as little of it as will do.

use crate::archive::Archive;
use crate::read::ReadError;
use dicom::{Header, read_header_prefix};
use intake::Locator;

/// Bytes read at first: enough for most headers.
const FIRST: u64 = 16 << 10;

/// Why a header can't be read.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// The bytes can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The bytes are no DICOM that can be read.
    #[error("the instance's header can't be read")]
    Dicom(#[source] dicom::ReadError),
}

impl Archive {
    /// Reads the header of an instance.
    ///
    /// # Errors
    /// [`HeaderError`].
    pub async fn header(&self, locator: &Locator) -> Result<Header, HeaderError> {
        let mut wanted = FIRST.min(locator.length);
        loop {
            let bytes = self.read(locator, 0..wanted).await?;
            match read_header_prefix(&bytes, locator.length) {
                Err(dicom::ReadError::NeedMore { at_least }) if wanted < locator.length => {
                    wanted = at_least.max(wanted * 2).min(locator.length);
                }
                other => return other.map_err(HeaderError::Dicom),
            }
        }
    }
}
