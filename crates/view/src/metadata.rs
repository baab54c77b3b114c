//! Metadata: everything but bulk data (PS3.18 §10.4.1.1.2), and the bulk data it refers to.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use catalog::Located;
use dicom::json::{BulkOptions, BulkPath, write_json};
use dicom::{Header, Value, tags};
use futures::stream::{self, StreamExt};

use crate::instance::{header_end, parse_pixel_element};
use crate::multipart::Part;
use crate::retrieve::address;
use crate::{ByteStream, View, ViewError};

/// Instances whose headers are read and written in one go.
const BATCH: usize = 64;
/// Binary values of more bytes than this are referred to.
const THRESHOLD: usize = 4096;

/// What is given for a bulk data reference.
pub enum Bulk {
    /// These bytes of the file.
    InFile(Range<u64>),
    /// A value in memory.
    Value(Bytes),
    /// Compressed pixel data: to be given as frames.
    Frames,
}

impl View {
    /// The metadata of instances as one JSON array, streamed.
    #[must_use]
    pub fn metadata_json(&self, located: &[Located], base: Arc<str>) -> ByteStream {
        let view = self.clone();
        let batches: Vec<Vec<Located>> = located.chunks(BATCH).map(<[Located]>::to_vec).collect();
        let written = stream::iter(batches.into_iter().enumerate()).map(move |(number, batch)| {
            let (view, base) = (view.clone(), base.clone());
            async move {
                let bytes = view.header_bytes(&batch).await?;
                view.work(move || {
                    let headers = parsed(&batch, &bytes)?;
                    Ok(json_batch(&batch, &headers, &base, number == 0))
                })
                .await
            }
        });
        let open = stream::once(async { Ok(Bytes::from_static(b"[")) });
        let close = stream::once(async { Ok(Bytes::from_static(b"]")) });
        open.chain(written.buffered(2)).chain(close).boxed()
    }

    /// The metadata of instances as parts in XML.
    pub fn metadata_xml(
        &self,
        located: Vec<Located>,
        base: Arc<str>,
    ) -> impl stream::Stream<Item = Result<Part, ViewError>> + Send + 'static {
        let view = self.clone();
        stream::iter(located).then(move |located| {
            let (view, base) = (view.clone(), base.clone());
            async move {
                let read = view.headers(std::slice::from_ref(&located)).await?;
                let address = address(&base, &located);
                let text = read.first().map(|header| {
                    let uri = |path: &BulkPath| Some(format!("{address}/bulkdata/{path}"));
                    let options =
                        BulkOptions { threshold: THRESHOLD, uri: &uri, pixel_data: header.pixel_data };
                    dicom::xml::to_xml(&header.data_set, &options)
                });
                Ok(Part::whole("application/dicom+xml".to_owned(), None, text.unwrap_or_default().into()))
            }
        })
    }

    /// The headers of instances.
    async fn headers(&self, located: &[Located]) -> Result<Vec<Header>, ViewError> {
        parsed(located, &self.header_bytes(located).await?)
    }

    async fn header_bytes(&self, located: &[Located]) -> Result<Vec<Bytes>, ViewError> {
        let wanted: Vec<_> = located.iter().map(|l| (l.locator.clone(), 0..header_end(l))).collect();
        self.files.read_many(&wanted).await
    }

    /// What a bulk data reference of an instance stands for.
    ///
    /// # Errors
    /// [`ViewError::NotFound`] when nothing is there.
    pub async fn bulk(&self, located: &Located, path: &BulkPath) -> Result<Bulk, ViewError> {
        let header = self.header(located).await?;
        if let Some(element) = path.find(&header.data_set) {
            return bulk_value(&element.value);
        }
        let pixels = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
        if !path.items.is_empty() || !pixels.contains(&path.tag) {
            return self.bulk_after_pixels(located, path).await;
        }
        let Some(at) = located.pixel_data_at else {
            return self.bulk_after_pixels(located, path).await;
        };
        let end = (at + 12).min(located.locator.length);
        let bytes = self.files.read(&located.locator, at..end).await?;
        let element = parse_pixel_element(&bytes, at, &header).ok_or(ViewError::NotFound("bulk data"))?;
        match element.length {
            // Big endian samples would have to be turned round: given as frames, which are.
            Some(length) if !header.transfer_syntax.big_endian() => {
                let end = (element.value_at + u64::from(length)).min(located.locator.length);
                Ok(Bulk::InFile(element.value_at..end))
            }
            _ => Ok(Bulk::Frames),
        }
    }

    /// The rare element that follows pixel data, or is in a deflated data set.
    async fn bulk_after_pixels(&self, located: &Located, path: &BulkPath) -> Result<Bulk, ViewError> {
        let file = self.files.read_all(&located.locator).await?;
        let part10 = dicom::open_file(&file)?;
        let data_set = file.slice(part10.data_set_at as usize..);
        let data_set =
            dicom::read_data_set(&data_set, &part10.transfer_syntax, &dicom::ReadOptions::default())?;
        path.find(&data_set)
            .map_or(Err(ViewError::NotFound("bulk data")), |element| bulk_value(&element.value))
    }
}

fn bulk_value(value: &Value) -> Result<Bulk, ViewError> {
    match value {
        Value::Bytes(bytes) => Ok(Bulk::Value(bytes.clone())),
        Value::Fragments(_) => Ok(Bulk::Frames),
        Value::Items(_) => Err(ViewError::NotFound("bulk data")),
    }
}

fn parsed(located: &[Located], bytes: &[Bytes]) -> Result<Vec<Header>, ViewError> {
    let read = |(bytes, located): (&Bytes, &Located)| {
        dicom::read_header_prefix(bytes, located.locator.length).map_err(ViewError::from)
    };
    bytes.iter().zip(located).map(read).collect()
}

fn json_batch(located: &[Located], headers: &[Header], base: &str, first: bool) -> Bytes {
    let mut out = Vec::with_capacity(headers.len() * 8192);
    for (number, (located, header)) in located.iter().zip(headers).enumerate() {
        if number > 0 || !first {
            out.push(b',');
        }
        json_one(located, header, base, &mut out);
    }
    out.into()
}

fn json_one(located: &Located, header: &Header, base: &str, out: &mut Vec<u8>) {
    let address = address(base, located);
    let uri = |path: &BulkPath| Some(format!("{address}/bulkdata/{path}"));
    let options = BulkOptions { threshold: THRESHOLD, uri: &uri, pixel_data: header.pixel_data };
    write_json(&header.data_set, &options, out);
}
