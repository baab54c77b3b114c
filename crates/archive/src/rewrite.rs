//! Writing a sealed segment anew, without some entries or with some in a smaller form.
//!
//! The new form is a file of its own with the next generation in its name, complete and durable
//! before it gets that name; from then on the older form is waste and is removed, at once or at
//! the next start.

use crate::archive::Shared;
use crate::container::entry::{Origin, Recoding};
use crate::container::index::{IndexLine, Rewriting};
use crate::container::{Ending, EntryHead, IndexWriter, Sketch, padding};
use crate::copies::Copied;
use crate::disk::{DiskFile, create_folder};
use crate::segments::{Placement, Segment, relative_path};
use bytes::Bytes;
use std::io::{self, IoSlice};
use std::path::Path;

/// Bytes of content copied at a time.
const PIECE: u64 = 4 << 20;

/// What becomes of an entry.
pub(crate) enum Fate {
    Keep,
    Drop,
    /// Stored in this form instead.
    Recode(Bytes, Recoding),
}

/// Decides about an entry; the content can be read from the copy.
pub(crate) trait Plan: Sync {
    async fn fate(&self, copy: &Copied, line: &IndexLine) -> io::Result<Fate>;

    /// Whether instances are given smaller forms where that saves something.
    fn recompresses(&self) -> bool {
        false
    }
}

/// The new form while it is written.
struct Draft {
    file: Box<dyn DiskFile>,
    end: u64,
    index: IndexWriter,
    lines: Vec<IndexLine>,
    mtime: u64,
}

impl Shared {
    /// Rewrites a sealed segment and puts the new form in its place. Gives the bytes it saved.
    pub async fn rewrite(&self, segment: &Segment, plan: &impl Plan) -> io::Result<u64> {
        let placement = segment.placement();
        let copy = self.nearest_copy(segment, placement)?;
        let ending = copy.ending().await?.ok_or_else(|| io::Error::other("the segment isn't sealed"))?;
        let appended = ending.appended.unwrap_or(ending.at);
        let draft_path = self.incoming.join(format!("{}.rewritten", segment.id.as_str().replace('/', "-")));
        let _ = self.disk.remove(&draft_path); // from an attempt that failed
        let recompressed = ending.recompressed || plan.recompresses();
        let written =
            self.write(&copy, &ending, plan, &draft_path, Rewriting { appended, recompressed }).await;
        let (entries_end, file_length) = written.inspect_err(|_| {
            // The disk may be full, and this is what fills it.
            let _ = self.disk.remove(&draft_path);
        })?;
        let new = Placement {
            generation: placement.generation + 1,
            sealed: true,
            local: true,
            tiered: false,
            file_length,
            entries_end: Some(entries_end),
            appended: Some(appended),
        };
        self.replace(segment, placement, new, &draft_path)?;
        Ok(placement.file_length.saturating_sub(file_length))
    }

    /// Writes the new form into the draft; gives where its entries end, and its length.
    async fn write(
        &self,
        copy: &Copied,
        ending: &Ending,
        plan: &impl Plan,
        path: &Path,
        rewriting: Rewriting,
    ) -> io::Result<(u64, u64)> {
        let mut draft = Draft::new(self.disk.create(path)?);
        for line in copy.index(ending).await? {
            let fate = plan.fate(copy, &line).await?;
            draft.add(copy, &line, fate).await?;
        }
        Ok((draft.end, draft.seal(rewriting)?))
    }

    /// Gives the draft its name, from which on it is the segment, and removes the old form.
    fn replace(&self, segment: &Segment, old: Placement, new: Placement, draft: &Path) -> io::Result<()> {
        let path = self.segments_folder.join(relative_path(&segment.id, new.generation));
        let folder = path.parent().unwrap_or(&self.segments_folder);
        create_folder(&*self.disk, folder)?;
        self.disk.rename(draft, &path)?;
        self.disk.sync_folder(folder)?;
        segment.place(|now| *now = new);
        self.files.forget(segment);
        if old.local {
            self.disk.remove(&self.segments_folder.join(relative_path(&segment.id, old.generation)))?;
        }
        Ok(())
    }
}

impl Draft {
    fn new(file: Box<dyn DiskFile>) -> Self {
        Self { file, end: 0, index: IndexWriter::new(0), lines: Vec::new(), mtime: 0 }
    }

    async fn add(&mut self, copy: &Copied, line: &IndexLine, fate: Fate) -> io::Result<()> {
        let old = head_of(copy, line).await?;
        let earlier = old.origin.and_then(|origin| origin.recoding);
        let (length, recoding, content) = match fate {
            Fate::Drop => return Ok(()),
            Fate::Keep => (line.length, earlier, None),
            Fate::Recode(bytes, recoding) => (bytes.len() as u64, Some(recoding), Some(bytes)),
        };
        let origin = Origin { offset: line.origin_offset(), recoding };
        let sketch = Sketch::new(&old.head, length, Some(&origin));
        let head_length = sketch.bytes().len() as u64;
        let content_at = self.end + head_length;
        self.file.write_at(self.end, &mut [IoSlice::new(sketch.bytes())])?;
        match content {
            Some(bytes) => self.file.write_at(content_at, &mut [IoSlice::new(&bytes)])?,
            None => self.copy_content(copy, line, content_at).await?,
        }
        self.file.write_at(content_at + length, &mut [IoSlice::new(padding(length))])?;
        self.mtime = old.head.source.received_at.as_micros().max(0) as u64 / 1_000_000;
        let entry = EntryHead { head: old.head, synced: 0, origin: Some(origin), head_length, length };
        self.lines.push(IndexLine::of(self.end, &entry, sketch.bytes()));
        self.end += entry.whole_length();
        Ok(())
    }

    async fn copy_content(&mut self, copy: &Copied, line: &IndexLine, to: u64) -> io::Result<()> {
        let mut done = 0;
        while done < line.length {
            let step = (line.length - done).min(PIECE);
            let from = line.offset + done;
            let bytes = copy.read(from..from + step).await?;
            self.file.write_at(to + done, &mut [IoSlice::new(&bytes)])?;
            done += step;
        }
        Ok(())
    }

    /// Writes the index and the end, and flushes. Gives the length of the whole.
    fn seal(mut self, rewriting: Rewriting) -> io::Result<u64> {
        self.index = IndexWriter::new(self.end);
        let mut bytes = Vec::new();
        for line in &self.lines {
            self.index.line(line, &mut bytes);
        }
        let (tail, header, ending) = self.index.finish(self.mtime, Some(rewriting));
        let mut slices = [IoSlice::new(&header), IoSlice::new(&bytes), IoSlice::new(&tail)];
        self.file.write_at(self.end, &mut slices)?;
        self.file.sync()?;
        Ok(ending.file_length())
    }
}

async fn head_of(copy: &Copied, line: &IndexLine) -> io::Result<EntryHead> {
    let bytes = copy.read(line.head..line.offset).await?;
    EntryHead::parse(&bytes).map_err(io::Error::other)
}
