//! The header of an instance, read with as little of it as will do.

use crate::archive::Archive;
use crate::read::ReadError;
use bytes::Bytes;
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
    /// Reads the header of an instance, from its content where that is still in memory.
    ///
    /// # Errors
    /// [`HeaderError`].
    pub async fn header(&self, locator: &Locator, content: Option<&[Bytes]>) -> Result<Header, HeaderError> {
        if let Some(content) = content {
            return header_in(content, locator.length).map_err(HeaderError::Dicom);
        }
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

/// Reads a header from content in pieces: mostly the first holds it.
fn header_in(content: &[Bytes], length: u64) -> Result<Header, dicom::ReadError> {
    let first = content.first().cloned().unwrap_or_default();
    match read_header_prefix(&first, length) {
        Err(dicom::ReadError::NeedMore { .. }) if content.len() > 1 => {
            dicom::read_header(&Bytes::from(content.concat()))
        }
        other => other,
    }
}
