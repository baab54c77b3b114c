//! Statements that were prepared: kept for a while, for the account that prepared them. Whichever was not used longest
//! is forgotten first; its owner is told to prepare it again.

use crate::http::Caller;
use crate::statements::Asked;
use hashlink::LruCache;
use std::sync::{Mutex, PoisonError};
use tonic::Status;
use warehouse::statement::RecordBatch;

/// Statements that are kept at once.
const MOST: usize = 512;
/// Bytes of the values for a statement's placeholders.
const VALUES: usize = 256 << 10;

/// The statements, by their handles.
pub(super) struct Prepared(Mutex<LruCache<String, Kept>>);

struct Kept {
    owner: String,
    asked: Asked,
}

impl Prepared {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }

    /// Keeps a statement and gives its handle.
    pub(super) fn keep(&self, caller: &Caller, asked: Asked) -> String {
        let handle = format!("{:032x}", rand::random::<u128>());
        let kept = Kept { owner: caller.principal.name().to_owned(), asked };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(handle.clone(), kept);
        handle
    }

    /// The statement of a handle.
    pub(super) fn find(&self, caller: &Caller, handle: &[u8]) -> Result<Asked, Status> {
        self.with(caller, handle, |asked| asked.clone())
    }

    /// Gives a statement the values for its placeholders.
    pub(super) fn bind(&self, caller: &Caller, handle: &[u8], values: RecordBatch) -> Result<(), Status> {
        if values.num_rows() != 1 {
            return Err(Status::invalid_argument(
                "A statement takes one row of parameters at a time: ask once for each row.",
            ));
        }
        if values.get_array_memory_size() > VALUES {
            return Err(Status::invalid_argument("The parameters of a statement have at most 256 KiB."));
        }
        self.with(caller, handle, |asked| asked.statement.values = Some(values))
    }

    /// Forgets a statement.
    pub(super) fn close(&self, caller: &Caller, handle: &[u8]) -> Result<(), Status> {
        self.find(caller, handle)?;
        let handle = String::from_utf8_lossy(handle);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(handle.as_ref());
        Ok(())
    }

    fn with<T>(
        &self,
        caller: &Caller,
        handle: &[u8],
        act: impl FnOnce(&mut Asked) -> T,
    ) -> Result<T, Status> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get_mut(String::from_utf8_lossy(handle).as_ref());
        match found.filter(|kept| kept.owner == caller.principal.name()) {
            Some(kept) => Ok(act(&mut kept.asked)),
            None => Err(Status::not_found("There is no such prepared statement any more: prepare it again.")),
        }
    }
}
