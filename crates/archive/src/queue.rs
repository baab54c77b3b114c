//! What waits for the disk. Callers put work in and wait; one thread takes all there is.

use bytes::Bytes;
use dicom::Header;
use intake::{Appended, NewEntryHead, ShelfError};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::container::Sketch;
use crate::large::Part;

/// A flush that takes less than handing work to another thread and back does (tmpfs, a disk with its own
/// battery).
const QUICK: Duration = Duration::from_micros(100);

/// The answer a caller waits for.
pub(crate) type Answer = oneshot::Sender<Result<Appended, ShelfError>>;

/// An entry on its way into a segment.
pub(crate) struct Waiting {
    pub head: NewEntryHead,
    pub sketch: Sketch,
    pub body: Body,
    pub length: u64,
    pub header: Option<Arc<Header>>,
    pub answer: Answer,
    /// Gives its share of the queue back when dropped.
    pub _room: OwnedSemaphorePermit,
}

/// The content of an entry.
pub(crate) enum Body {
    /// In memory.
    Memory(Vec<Bytes>),
    /// In a file of `incoming`, to be copied.
    Part(Part),
}

/// Something for the committer to do.
pub(crate) enum Work {
    /// Append to the common segment.
    Append(Box<Waiting>),
    /// Give a finished part its place as a segment of its own.
    Place { part: Part, head: Box<NewEntryHead>, answer: Answer },
    /// Seal the common segment, however small; the next entry begins a new one.
    Turn(oneshot::Sender<()>),
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Work>,
    closed: bool,
}

/// The queue before the committer.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    quick: AtomicBool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the disk flushes in no time, so that callers commit by themselves.
    pub fn is_quick(&self) -> bool {
        self.quick.load(Ordering::Relaxed)
    }

    /// Notes how long the last flush took.
    pub fn flushed_in(&self, time: Duration) {
        self.quick.store(time < QUICK, Ordering::Relaxed);
    }

    /// Puts work in, unless the queue is closed.
    pub fn put(&self, work: Work) -> Result<(), ShelfError> {
        self.put_quietly(work)?;
        self.arrived.notify_one();
        Ok(())
    }

    /// Puts work in without telling the committer: the caller sees to it.
    pub fn put_quietly(&self, work: Work) -> Result<(), ShelfError> {
        let mut state = self.lock();
        if state.closed {
            return Err(ShelfError::Closed);
        }
        state.waiting.push_back(work);
        Ok(())
    }

    /// Tells the committer that there is work.
    pub fn wake(&self) {
        self.arrived.notify_one();
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Takes all there is, which may be nothing.
    pub fn take_now(&self) -> VecDeque<Work> {
        std::mem::take(&mut self.lock().waiting)
    }

    /// Refuses new work; what is in the queue is still done.
    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    /// Takes all there is, or `None` when the queue is closed and empty.
    ///
    /// When less is there than the `expected` number of callers, those just answered are on
    /// their way back: they get a moment of `patience`, or each flush would serve half of them.
    pub fn take(&self, expected: usize, patience: Duration) -> Option<VecDeque<Work>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let until = Instant::now() + patience;
        while state.waiting.len() < expected && !state.closed {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.arrived.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Some(std::mem::take(&mut state.waiting))
    }
}
