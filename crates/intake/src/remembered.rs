//! What intake remembers of what is held, so that a duplicate costs one look in memory,
//! and the turns taken by senders of the same instance.

use crate::shelf::{HeldInstance, Known, KnownError, Locator};
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, OnceCell};

/// A file held for an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) digest: Sha256Digest,
    pub(crate) locator: Locator,
    /// Whether it stands beside another one that came first.
    pub(crate) beside: bool,
}

/// Series seen lately, each with every file held for it.
pub(crate) struct Remembered {
    capacity: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    series: HashMap<SeriesInstanceUid, Slot>,
    clock: u64,
    added: u32,
}

struct Slot {
    series: Arc<Series>,
    last_used: u64,
}

#[derive(Default)]
struct Series {
    loaded: OnceCell<()>,
    inside: Mutex<Inside>,
    someone_left: Notify,
}

#[derive(Default)]
struct Inside {
    held: HashMap<SopInstanceUid, Vec<Held>>,
    busy: HashSet<SopInstanceUid>,
}

/// The sole right to decide about one instance, until dropped.
pub(crate) struct Turn {
    series: Arc<Series>,
    instance: SopInstanceUid,
}

impl Remembered {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, table: Mutex::default() }
    }

    /// Waits until nobody else is deciding about this instance.
    pub(crate) async fn turn(
        &self,
        known: &dyn Known,
        series: &SeriesInstanceUid,
        instance: &SopInstanceUid,
    ) -> Result<Turn, KnownError> {
        let series = self.loaded(known, series).await?;
        loop {
            let left = series.someone_left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            if lock(&series.inside).busy.insert(instance.clone()) {
                let instance = instance.clone();
                return Ok(Turn { series: Arc::clone(&series), instance });
            }
            left.await;
        }
    }

    /// Forgets a series, because some of it is no longer held.
    pub(crate) fn forget(&self, series: &SeriesInstanceUid) {
        lock(&self.table).series.remove(series);
    }

    /// Forgets everything.
    pub(crate) fn forget_all(&self) {
        lock(&self.table).series.clear();
    }

    async fn loaded(&self, known: &dyn Known, uid: &SeriesInstanceUid) -> Result<Arc<Series>, KnownError> {
        let series = lock(&self.table).slot(uid, self.capacity);
        series
            .loaded
            .get_or_try_init(|| async {
                let held = known.instances_of(uid).await?;
                lock(&series.inside).fill(held);
                Ok(())
            })
            .await?;
        Ok(series)
    }
}

impl Table {
    fn slot(&mut self, uid: &SeriesInstanceUid, capacity: usize) -> Arc<Series> {
        self.clock += 1;
        let now = self.clock;
        if let Some(slot) = self.series.get_mut(uid) {
            slot.last_used = now;
            return Arc::clone(&slot.series);
        }
        // Counting walks the table, so it is done for one added series in 64.
        self.added += 1;
        if self.added.is_multiple_of(64) && self.instances() > capacity {
            self.shed();
        }
        let series = Arc::<Series>::default();
        let slot = Slot { series: Arc::clone(&series), last_used: now };
        self.series.insert(uid.clone(), slot);
        series
    }

    fn instances(&self) -> usize {
        self.series.values().map(|slot| lock(&slot.series.inside).held.len() + 1).sum()
    }

    /// Forgets the older half of the series that nobody is using.
    fn shed(&mut self) {
        let mut ages: Vec<u64> = self.series.values().map(|slot| slot.last_used).collect();
        ages.sort_unstable();
        let median = ages[ages.len() / 2];
        self.series.retain(|_, slot| slot.last_used > median || Arc::strong_count(&slot.series) > 1);
    }
}

impl Inside {
    fn fill(&mut self, held: Vec<HeldInstance>) {
        for HeldInstance { sop_instance, digest, locator, beside } in held {
            self.held.entry(sop_instance).or_default().push(Held { digest, locator, beside });
        }
    }
}

impl Turn {
    /// The files held for the instance, the one that is served first.
    pub(crate) fn held(&self) -> Vec<Held> {
        lock(&self.series.inside).held.get(&self.instance).cloned().unwrap_or_default()
    }

    /// Remembers one more.
    pub(crate) fn add(&self, held: Held) {
        lock(&self.series.inside).held.entry(self.instance.clone()).or_default().push(held);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.series.inside).busy.remove(&self.instance);
        self.series.someone_left.notify_waiters();
    }
}

/// A lock whose holder panicked still guards sound data here: every change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
