//! What was just appended, still in memory, for those who follow the archive.

use crate::archive::Archive;
use crate::cursor::Cursor;
use crate::read::ReadError;
use crate::scan::{Scanned, Scanner};
use crate::segments::SegmentKey;
use dicom::Header;
use intake::{Locator, NewEntryHead};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Bytes an entry is counted for besides its content.
const OVERHEAD: usize = 1024;

/// An entry that has just become durable.
#[derive(Debug)]
pub struct Fresh {
    /// The place behind it.
    pub cursor: Cursor,
    /// What it is.
    pub head: NewEntryHead,
    /// Where its content lies.
    pub locator: Locator,
    /// Of an instance its header, unless that is long or it was scanned.
    pub header: Option<Arc<Header>>,
}

impl Fresh {
    fn weight(&self) -> usize {
        OVERHEAD + self.header.as_ref().map_or(0, |header| intake::weight_of(header, self.locator.length))
    }
}

impl From<Scanned> for Fresh {
    fn from(scanned: Scanned) -> Self {
        let Scanned { cursor, head, locator } = scanned;
        Self { cursor, head, locator, header: None }
    }
}

/// Too much was appended since the last look: some of it is no longer in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("fell behind what is kept in memory; scan from the last cursor")]
pub struct Lagged;

/// The recent entries, as long as somebody wants them and memory allows.
pub(crate) struct Feed {
    most: usize,
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    recent: VecDeque<Arc<Fresh>>,
    weight: usize,
    /// The number of the first of `recent`, counting everything ever published.
    first: u64,
    /// What each follower wants next.
    wanted: HashMap<u64, u64>,
    followers: u64,
    closed: bool,
}

impl State {
    fn end(&self) -> u64 {
        self.first + self.recent.len() as u64
    }

    fn drop_first(&mut self) {
        self.weight -= self.recent.pop_front().map_or(0, |fresh| fresh.weight());
        self.first += 1;
    }

    /// Drops what everybody has had.
    fn drop_seen(&mut self) {
        let seen = self.wanted.values().min().copied().unwrap_or(u64::MAX);
        while self.first < seen && !self.recent.is_empty() {
            self.drop_first();
        }
    }
}

impl Feed {
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::default(), arrived: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn publish(&self, fresh: impl Iterator<Item = Fresh>) {
        let mut state = self.lock();
        if state.wanted.is_empty() {
            return;
        }
        for fresh in fresh {
            state.weight += fresh.weight();
            state.recent.push_back(Arc::new(fresh));
        }
        while state.weight > self.most && !state.recent.is_empty() {
            state.drop_first();
        }
        drop(state);
        self.arrived.notify_waiters();
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_waiters();
    }
}

/// A place in the feed.
pub struct Subscription {
    archive: Arc<crate::archive::Shared>,
    id: u64,
}

impl Subscription {
    /// Waits for at least one entry and gives up to `most`; none when the archive has closed.
    ///
    /// # Errors
    /// [`Lagged`] once when entries were dropped; what is in memory follows.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Arc<Fresh>>, Lagged> {
        loop {
            let arrived = self.archive.feed.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if let Some(answer) = self.take(most) {
                return answer;
            }
            arrived.await;
        }
    }

    fn take(&self, most: usize) -> Option<Result<Vec<Arc<Fresh>>, Lagged>> {
        let mut state = self.archive.feed.lock();
        let wanted = state.wanted.get(&self.id).copied().unwrap_or(0);
        if wanted < state.first {
            let first = state.first;
            state.wanted.insert(self.id, first);
            return Some(Err(Lagged));
        }
        let skip = (wanted - state.first) as usize;
        let taken: Vec<_> = state.recent.iter().skip(skip).take(most).cloned().collect();
        if taken.is_empty() && !state.closed {
            return None;
        }
        state.wanted.insert(self.id, wanted + taken.len() as u64);
        state.drop_seen();
        Some(Ok(taken))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut state = self.archive.feed.lock();
        state.wanted.remove(&self.id);
        state.drop_seen();
    }
}

impl Archive {
    /// Listens to what is appended from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        let mut state = self.shared.feed.lock();
        let (id, end) = (state.followers, state.end());
        state.followers += 1;
        state.wanted.insert(id, end);
        drop(state);
        Subscription { archive: self.shared.clone(), id }
    }

    /// Follows the archive from a place on: first what is there, then what comes, from memory
    /// when possible. Every entry is given exactly once.
    #[must_use]
    pub fn follow(&self, from: Option<Cursor>) -> Follower {
        let cursor = from.unwrap_or_default();
        let live = self.subscribe(); // before the scan, so that nothing falls between them
        let scanner = Some(Scanner::new(self.shared.clone(), cursor));
        Follower { live, scanner, cursor }
    }
}

/// See [`Archive::follow`].
pub struct Follower {
    live: Subscription,
    scanner: Option<Scanner>,
    cursor: Cursor,
}

impl Follower {
    /// Waits for at least one entry and gives up to `most`; none when the archive has closed.
    ///
    /// # Errors
    /// [`ReadError`] when what has to be read back can't be; the next call tries again.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Arc<Fresh>>, ReadError> {
        loop {
            let batch = match self.scan(most).await? {
                scanned if !scanned.is_empty() => scanned,
                _ => match self.live.next(most).await {
                    Ok(fresh) if fresh.is_empty() => return Ok(fresh),
                    Ok(fresh) => self.unseen(fresh),
                    Err(Lagged) => {
                        self.scanner = Some(Scanner::new(self.live.archive.clone(), self.cursor));
                        continue;
                    }
                },
            };
            if !batch.is_empty() {
                return Ok(batch);
            }
        }
    }

    /// The place behind everything given so far.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        self.cursor
    }

    async fn scan(&mut self, most: usize) -> Result<Vec<Arc<Fresh>>, ReadError> {
        let mut batch = Vec::new();
        while let Some(scanner) = &mut self.scanner {
            match scanner.next().await {
                Ok(Some(scanned)) => {
                    self.cursor = scanned.cursor;
                    batch.push(Arc::new(Fresh::from(scanned)));
                }
                Ok(None) => self.scanner = None,
                Err(error) if batch.is_empty() => {
                    self.scanner = Some(Scanner::new(self.live.archive.clone(), self.cursor));
                    return Err(error);
                }
                Err(_) => break, // what was read goes first; the next call meets the error again
            }
            if batch.len() >= most {
                break;
            }
        }
        Ok(batch)
    }

    /// Leaves out what the scan has given already.
    fn unseen(&mut self, fresh: Vec<Arc<Fresh>>) -> Vec<Arc<Fresh>> {
        let mut unseen = Vec::with_capacity(fresh.len());
        for entry in fresh {
            let Some(key) = SegmentKey::parse(entry.locator.segment.as_str()) else { continue };
            if !self.cursor.is_behind(&key, &entry.locator) {
                self.cursor = self.cursor.after(&key, &entry.locator);
                unseen.push(entry);
            }
        }
        unseen
    }
}
