//! ZIP files written while they are sent (PKWARE APPNOTE 6.3), members stored as they are: DICOM
//! compresses its pixels itself, and a stored member costs nothing to make.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{BufMut, Bytes, BytesMut};
use futures::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::{ByteStream, ViewError};

/// One member.
pub struct Member {
    /// Its path inside the file, with `/`.
    pub name: String,
    /// The content.
    pub content: ByteStream,
}

/// What the directory at the end says of a member.
struct Entry {
    name: String,
    at: u64,
    size: u64,
    crc: u32,
}

#[derive(Default)]
struct Directory {
    entries: Vec<Entry>,
    at: u64,
}

/// A ZIP file of members as they come.
pub fn body(members: impl Stream<Item = Result<Member, ViewError>> + Send + 'static) -> ByteStream {
    let directory = Arc::new(Mutex::new(Directory::default()));
    let at_end = directory.clone();
    let written = members.map_ok(move |member| write(member, directory.clone())).try_flatten();
    let end = stream::once(async move { Ok(at_end.lock().unwrap_or_else(PoisonError::into_inner).write()) });
    written.chain(end).boxed()
}

/// Head, content and the descriptor that follows it: size and checksum are known only then.
fn write(member: Member, directory: Arc<Mutex<Directory>>) -> ByteStream {
    let head = local_head(&member.name);
    let state = Arc::new(Mutex::new((crc32fast::Hasher::new(), 0u64)));
    let counted = state.clone();
    let content = member.content.inspect_ok(move |chunk| {
        let mut state = counted.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.update(chunk);
        state.1 += chunk.len() as u64;
    });
    let head_length = head.len() as u64;
    let descriptor = stream::once(async move {
        let (hasher, size) = std::mem::take(&mut *state.lock().unwrap_or_else(PoisonError::into_inner));
        let crc = hasher.finalize();
        let descriptor = descriptor(crc, size);
        let mut directory = directory.lock().unwrap_or_else(PoisonError::into_inner);
        let at = directory.at;
        directory.at += head_length + size + descriptor.len() as u64;
        directory.entries.push(Entry { name: member.name, at, size, crc });
        Ok(descriptor)
    });
    stream::once(async { Ok(head) }).chain(content).chain(descriptor).boxed()
}

/// Version 4.5 (Zip64), names in UTF-8, sizes in a descriptor; dated 1980-01-01: a date of retrieval
/// would make the same exam another file each time.
fn put_common(out: &mut BytesMut, crc: u32) {
    out.put_u16_le(45);
    out.put_u16_le(1 << 3 | 1 << 11);
    out.put_u16_le(0);
    out.put_u16_le(0);
    out.put_u16_le(1 << 5 | 1);
    out.put_u32_le(crc);
}

fn local_head(name: &str) -> Bytes {
    let mut out = BytesMut::with_capacity(64 + name.len());
    out.put_u32_le(0x0403_4B50);
    put_common(&mut out, 0);
    out.put_u32_le(u32::MAX);
    out.put_u32_le(u32::MAX);
    out.put_u16_le(name.len() as u16);
    out.put_u16_le(20);
    out.put_slice(name.as_bytes());
    out.put_u16_le(1);
    out.put_u16_le(16);
    out.put_u64_le(0);
    out.put_u64_le(0);
    out.freeze()
}

fn descriptor(crc: u32, size: u64) -> Bytes {
    let mut out = BytesMut::with_capacity(24);
    out.put_u32_le(0x0807_4B50);
    out.put_u32_le(crc);
    out.put_u64_le(size);
    out.put_u64_le(size);
    out.freeze()
}

impl Directory {
    fn write(&self) -> Bytes {
        let mut out = BytesMut::new();
        for entry in &self.entries {
            entry.put(&mut out);
        }
        let size = out.len() as u64;
        let count = self.entries.len() as u64;
        put_zip64_end(&mut out, count, size, self.at);
        out.put_u32_le(0x0605_4B50);
        out.put_u32_le(0);
        let short = u16::try_from(count).unwrap_or(u16::MAX);
        out.put_u16_le(short);
        out.put_u16_le(short);
        out.put_u32_le(u32::try_from(size).unwrap_or(u32::MAX));
        out.put_u32_le(u32::try_from(self.at).unwrap_or(u32::MAX));
        out.put_u16_le(0);
        out.freeze()
    }
}

fn put_zip64_end(out: &mut BytesMut, count: u64, size: u64, at: u64) {
    let record_at = at + size;
    out.put_u32_le(0x0606_4B50);
    out.put_u64_le(44);
    out.put_u16_le(45);
    out.put_u16_le(45);
    out.put_u64_le(0);
    out.put_u64_le(count);
    out.put_u64_le(count);
    out.put_u64_le(size);
    out.put_u64_le(at);
    out.put_u32_le(0x0706_4B50);
    out.put_u32_le(0);
    out.put_u64_le(record_at);
    out.put_u32_le(1);
}

impl Entry {
    fn put(&self, out: &mut BytesMut) {
        out.put_u32_le(0x0201_4B50);
        out.put_u16_le(45);
        put_common(out, self.crc);
        out.put_u32_le(u32::MAX);
        out.put_u32_le(u32::MAX);
        out.put_u16_le(self.name.len() as u16);
        out.put_u16_le(28);
        out.put_u16_le(0);
        out.put_u32_le(0);
        out.put_u32_le(0);
        out.put_u32_le(u32::MAX);
        out.put_slice(self.name.as_bytes());
        out.put_u16_le(1);
        out.put_u16_le(24);
        out.put_u64_le(self.size);
        out.put_u64_le(self.size);
        out.put_u64_le(self.at);
    }
}
