//! Looking into the instances themselves, for what rows can't say.

use crate::locate::Located;
use archive::{Archive, ReadError};
use async_trait::async_trait;
use bytes::Bytes;
use dicom::{DataSet, Header};
use intake::Locator;

/// First part of a file that is read for its header; nearly always enough.
const FIRST_PART: u64 = 16 << 10;

/// Reads the attributes of an instance from where it lies.
#[async_trait]
pub trait Headers: Send + Sync {
    /// Everything before its pixel data; nothing if it can't be read.
    async fn header(&self, instance: &Located) -> Option<DataSet>;
}

#[async_trait]
impl Headers for Archive {
    async fn header(&self, instance: &Located) -> Option<DataSet> {
        read_header(self, &instance.locator, None).await.ok()?.map(|header| header.data_set)
    }
}

/// Reads a header with as little of the file as will do, from memory where its content still is.
/// None if it can't be understood.
///
/// # Errors
/// [`ReadError`] when the archive can't be read.
pub async fn read_header(
    archive: &Archive,
    locator: &Locator,
    content: Option<&[Bytes]>,
) -> Result<Option<Header>, ReadError> {
    if let Some(content) = content {
        return Ok(in_memory(content, locator.length));
    }
    let mut part = FIRST_PART.min(locator.length);
    loop {
        let bytes = archive.read(locator, 0..part).await?;
        match dicom::read_header_prefix(&bytes, locator.length) {
            Ok(header) => return Ok(Some(header)),
            Err(dicom::ReadError::NeedMore { at_least }) if part < locator.length => {
                part = at_least.max(part * 4).min(locator.length);
            }
            Err(_) => return Ok(None),
        }
    }
}

/// Mostly the first piece holds it.
fn in_memory(content: &[Bytes], length: u64) -> Option<Header> {
    let first = content.first().cloned().unwrap_or_default();
    match dicom::read_header_prefix(&first, length) {
        Err(dicom::ReadError::NeedMore { .. }) if content.len() > 1 => {
            dicom::read_header(&Bytes::from(content.concat())).ok()
        }
        other => other.ok(),
    }
}
