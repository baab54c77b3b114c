//! Asking peers: C-ECHO, C-FIND and C-MOVE as the calling side.

use super::call::{self, CallError};
use super::identifier;
use super::stream::Stream;
use crate::App;
use dicom::net::dimse::Status;
use dicom::net::scu::{self, Answer, Moving};
use dicom::net::sop_class::{EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, Root, VERIFICATION};
use dicom::net::{Association, NetError};
use dicom::{DataSet, tags};
use govern::Peer;
use model::AeTitle;
use std::time::{Duration, Instant};

/// Why a peer gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// It can't be called.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It broke off.
    #[error(transparent)]
    Net(#[from] NetError),
    /// It answered with a failure.
    #[error("the peer answered: {0}")]
    Status(Status),
}

/// Matches of a query, and whether they are all.
pub(crate) struct Matches {
    /// The identifiers.
    pub data_sets: Vec<DataSet>,
    /// The peer had no more, and we did not stop it.
    pub complete: bool,
}

fn plain(class: &str) -> (String, Vec<String>) {
    (class.to_owned(), [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN].map(str::to_owned).to_vec())
}

async fn call_for(app: &App, peer: &Peer, class: &str) -> Result<Association<Stream>, CallError> {
    let proposal = call::proposal(app, peer, vec![plain(class)])?;
    call::call(app, peer, &proposal).await
}

/// Asks for an answer; gives the time it took.
pub(crate) async fn echo(app: &App, peer: &Peer) -> Result<Duration, AskError> {
    let started = Instant::now();
    let mut association = call_for(app, peer, VERIFICATION).await?;
    let status = scu::echo(&mut association).await?;
    let took = started.elapsed();
    let _ = association.release().await;
    if status == Status::SUCCESS { Ok(took) } else { Err(AskError::Status(status)) }
}

/// Asks a question (study root), for up to `limit` matches.
pub(crate) async fn query(
    app: &App,
    peer: &Peer,
    identifier: &DataSet,
    limit: usize,
) -> Result<Matches, AskError> {
    let class = Root::Study.find();
    let mut association = call_for(app, peer, &class).await?;
    let syntax = association.context_for(&class).map(|context| context.transfer_syntax.clone());
    let syntax = syntax.unwrap_or_default();
    let asked = identifier::write(identifier, &syntax);
    let mut finding = scu::find(&mut association, &class, asked.into()).await?;
    let mut matches = Matches { data_sets: Vec::new(), complete: true };
    let status = loop {
        match finding.next_answer().await? {
            Answer::End(status) => break status,
            Answer::Match(_) if matches.data_sets.len() >= limit => {
                if matches.complete {
                    finding.cancel().await?;
                }
                matches.complete = false;
            }
            Answer::Match(bytes) => matches.data_sets.extend(identifier::read(&bytes, &syntax)),
        }
    };
    let _ = association.release().await;
    if status.is_done() || status == Status::CANCEL { Ok(matches) } else { Err(AskError::Status(status)) }
}

/// Calls a peer to ask it for images (study root C-MOVE).
pub(crate) async fn call_for_moving(app: &App, peer: &Peer) -> Result<Association<Stream>, CallError> {
    call_for(app, peer, &Root::Study.r#move()).await
}

/// Asks a peer to send a series to us (study root C-MOVE).
pub(crate) async fn ask_for_series<'a>(
    app: &App,
    association: &'a mut Association<Stream>,
    study: &str,
    series: &str,
) -> Result<Moving<'a, Stream>, AskError> {
    let class = Root::Study.r#move();
    let ours = AeTitle::parse(&app.config.dimse.ae_title).map_err(CallError::from)?;
    let syntax = association.context_for(&class).map(|context| context.transfer_syntax.clone());
    let mut identifier = DataSet::new();
    identifier.put_text(tags::QUERY_RETRIEVE_LEVEL, "SERIES");
    identifier.put_text(tags::STUDY_INSTANCE_UID, study);
    identifier.put_text(tags::SERIES_INSTANCE_UID, series);
    let bytes = identifier::write(&identifier, &syntax.unwrap_or_default());
    Ok(scu::r#move(association, &class, &ours, bytes.into()).await?)
}
