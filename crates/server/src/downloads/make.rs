//! What a package holds, as a stream of bytes.

use super::{Form, Wanted};
use crate::App;
use catalog::Located;
use futures::{StreamExt, stream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use view::attributes::{self, Columns};
use view::retrieve::Form as InstanceForm;
use view::zip::{self, Member};
use view::{ByteStream, View, ViewError};

/// Why a package can't be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum MakeError {
    #[error("one of its UIDs is invalid")]
    Uid,
    #[error("{0} is neither a keyword nor a tag")]
    Column(String),
    #[error("nothing of it is held any more")]
    NothingHeld,
    #[error("some of what was asked for was deleted")]
    Deleted,
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    View(#[from] ViewError),
}

/// What is to be written, and how far the stream is.
pub(super) struct Package {
    pub instances: i64,
    pub done: Arc<AtomicI64>,
    pub body: ByteStream,
}

/// The instances that are wanted, each once.
pub(super) async fn find(app: &App, wanted: &Wanted) -> Result<Vec<Located>, MakeError> {
    let mut found: Vec<Located> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for part in &wanted.parts {
        let scope = part.scope().map_err(|_| MakeError::Uid)?;
        let located = app.catalog.locate(&scope).await?;
        if located.is_empty() {
            return Err(if wanted.parts.len() == 1 { MakeError::NothingHeld } else { MakeError::Deleted });
        }
        found.extend(located.into_iter().filter(|one| seen.insert(one.sop.clone())));
    }
    if found.is_empty() { Err(MakeError::NothingHeld) } else { Ok(found) }
}

/// Begins a package.
pub(super) async fn begin(app: &App, wanted: &Wanted, found: Vec<Located>) -> Result<Package, MakeError> {
    let done = Arc::new(AtomicI64::new(0));
    let view = app.view.clone();
    Ok(match wanted.form {
        Form::Dicom => {
            Package { instances: found.len() as i64, body: dicom(view, found, done.clone()), done }
        }
        Form::Nifti => {
            Package { instances: found.len() as i64, body: nifti(view, found, done.clone()), done }
        }
        Form::Csv => {
            let level = wanted.level.into();
            let rows = attributes::rows(found, level);
            let columns = Columns::parse(&wanted.columns, level).map_err(MakeError::Column)?;
            let (instances, count) = (rows.len() as i64, done.clone());
            let told = move || {
                count.fetch_add(1, Ordering::Relaxed);
            };
            let body = view.table(rows, &columns, wanted.byte_order_mark, told).await?;
            Package { instances, done, body }
        }
    })
}

fn dicom(view: View, found: Vec<Located>, done: Arc<AtomicI64>) -> ByteStream {
    let members = stream::iter(found).map(move |located| {
        let (view, done) = (view.clone(), done.clone());
        async move {
            let content = view.content(&located, &InstanceForm::AsReceived).await?;
            done.fetch_add(1, Ordering::Relaxed);
            let name = format!("{}/{}/{}.dcm", located.study, located.series, located.sop);
            Ok(Member { name, content })
        }
    });
    zip::body(members.buffered(4))
}

/// Series by series: the headers of one are read when it is its turn.
fn nifti(view: View, found: Vec<Located>, done: Arc<AtomicI64>) -> ByteStream {
    let mut series: Vec<Vec<Located>> = Vec::new();
    for located in found {
        match series.last_mut().filter(|last| last.first().is_some_and(|l| l.series == located.series)) {
            Some(last) => last.push(located),
            None => series.push(vec![located]),
        }
    }
    let members = stream::iter(series).then(move |located| {
        let (view, done) = (view.clone(), done.clone());
        async move {
            let count = located.len() as i64;
            let folder = located.first().map(|l| format!("{}/{}", l.study, l.series)).unwrap_or_default();
            let converted = view.nifti(located).await;
            let members = match converted {
                Ok(conversion) => view.nifti_members(&conversion, &folder).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            };
            done.fetch_add(count, Ordering::Relaxed);
            stream::iter(members)
        }
    });
    zip::body(members.flatten())
}
