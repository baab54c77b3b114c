//! One memory budget for everything on its way in, so that hundreds of senders stay bounded.

use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room is handed out in grains of this many bytes, so that most files ask once or twice.
const GRAIN: usize = 64 << 10;

/// How long a file with nothing in memory waits before it is streamed to disk instead.
/// Waiting for ever would let idle senders that hold the budget stop all others.
const PATIENCE: Duration = Duration::from_millis(250);

/// Memory that all files on their way in share.
#[derive(Clone)]
pub(crate) struct Budget {
    grains: Arc<Semaphore>,
}

/// What one file holds of the budget; given back on drop.
pub(crate) struct Room {
    budget: Budget,
    held: Option<OwnedSemaphorePermit>,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        let grains = (bytes / GRAIN).max(1);
        Self { grains: Arc::new(Semaphore::new(grains.min(Semaphore::MAX_PERMITS))) }
    }

    pub(crate) fn room(&self) -> Room {
        Room { budget: self.clone(), held: None }
    }
}

impl Room {
    /// Makes room for `bytes` in all. `false` when there is none: the file must go to disk.
    pub(crate) async fn grow_to(&mut self, bytes: usize) -> bool {
        let have = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let want = bytes.div_ceil(GRAIN);
        if want <= have {
            return true;
        }
        let Ok(more) = u32::try_from(want - have) else { return false };
        self.take(more, have == 0).await
    }

    /// A file that holds room never waits for more: two such files would wait for each other.
    async fn take(&mut self, grains: u32, may_wait: bool) -> bool {
        let pool = &self.budget.grains;
        let permit = match Arc::clone(pool).try_acquire_many_owned(grains) {
            Err(_) if may_wait => {
                let wait = Arc::clone(pool).acquire_many_owned(grains);
                tokio::time::timeout(PATIENCE, wait).await.ok().and_then(Result::ok)
            }
            taken => taken.ok(),
        };
        let Some(permit) = permit else { return false };
        match &mut self.held {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        true
    }

    /// Gives everything back.
    pub(crate) fn clear(&mut self) {
        self.held = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn room_comes_back_when_a_file_is_gone() {
        let budget = Budget::new(2 * GRAIN);
        let mut first = budget.room();
        assert!(first.grow_to(2 * GRAIN).await);
        assert!(!first.grow_to(2 * GRAIN + 1).await);
        let waiting = tokio::spawn({
            let mut second = budget.room();
            async move { second.grow_to(1).await }
        });
        tokio::task::yield_now().await;
        drop(first);
        assert_eq!(waiting.await.ok(), Some(true));
    }

    #[tokio::test]
    async fn idle_senders_do_not_stop_others_for_ever() {
        let budget = Budget::new(GRAIN);
        let mut idle = budget.room();
        assert!(idle.grow_to(1).await);
        assert!(!budget.room().grow_to(1).await);
    }
}
