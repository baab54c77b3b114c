//! Looking into the instances themselves, for what rows can't say.

use crate::locate::Located;
use archive::Archive;
use async_trait::async_trait;
use dicom::DataSet;

/// Reads the attributes of an instance from where it lies.
#[async_trait]
pub trait Headers: Send + Sync {
    /// Everything before its pixel data; nothing if it can't be read.
    async fn header(&self, instance: &Located) -> Option<DataSet>;
}

#[async_trait]
impl Headers for Archive {
    async fn header(&self, instance: &Located) -> Option<DataSet> {
        let read = Archive::header(self, &instance.locator).await;
        read.ok().map(|header| header.data_set)
    }
}
