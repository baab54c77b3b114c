//! Querying and moving (C-FIND and C-MOVE as SCU, PS3.4 Annex C).

use super::response_to;
use crate::net::association::Association;
use crate::net::dimse::{Command, Field, Status, SubOperations, element};
use crate::net::wire::NetError;
use bytes::Bytes;
use model::AeTitle;
use tokio::io::{AsyncRead, AsyncWrite};

/// Longest identifier taken, in bytes.
const IDENTIFIER_LIMIT: usize = 1 << 20;

/// A C-FIND under way.
#[derive(Debug)]
pub struct Finding<'a, S> {
    association: &'a mut Association<S>,
    context: u8,
    id: u16,
}

/// One answer to a C-FIND.
#[derive(Debug)]
pub enum Answer {
    /// A match: an identifier in the context's transfer syntax.
    Match(Bytes),
    /// No more; the final status.
    End(Status),
}

/// Asks a question (C-FIND). `identifier` is encoded in the context's transfer syntax.
///
/// # Errors
/// [`NetError`] when the peer has no context for this SOP class or the association is over.
pub async fn find<'a, S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &'a mut Association<S>,
    class: &str,
    identifier: Bytes,
) -> Result<Finding<'a, S>, NetError> {
    let (context, id) = start(association, class, Field::FindRq, identifier, None).await?;
    Ok(Finding { association, context, id })
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Finding<'_, S> {
    /// The next answer.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn next_answer(&mut self) -> Result<Answer, NetError> {
        let response = response_to(self.association, self.id).await?;
        let status = response.command.status().unwrap_or(Status::PROCESSING_FAILURE);
        if !status.is_pending() {
            return Ok(Answer::End(status));
        }
        self.association.data_set(IDENTIFIER_LIMIT).await.map(Answer::Match)
    }

    /// Asks the peer to stop (C-CANCEL); answers may still come.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn cancel(&mut self) -> Result<(), NetError> {
        cancel(self.association, self.context, self.id).await
    }
}

/// How far a C-MOVE or C-GET is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Pending, or the final status.
    pub status: Status,
    /// Sub-operations so far.
    pub counts: SubOperations,
}

/// A C-MOVE under way.
#[derive(Debug)]
pub struct Moving<'a, S> {
    association: &'a mut Association<S>,
    context: u8,
    id: u16,
}

/// Asks the peer to send to `destination` (C-MOVE). `identifier` is encoded in the context's transfer
/// syntax.
///
/// # Errors
/// [`NetError`] when the peer has no context for this SOP class or the association is over.
pub async fn r#move<'a, S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &'a mut Association<S>,
    class: &str,
    destination: &AeTitle,
    identifier: Bytes,
) -> Result<Moving<'a, S>, NetError> {
    let (context, id) = start(association, class, Field::MoveRq, identifier, Some(destination)).await?;
    Ok(Moving { association, context, id })
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Moving<'_, S> {
    /// Waits until [`Moving::next_progress`] has something to say. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn ready(&mut self) -> Result<(), NetError> {
        self.association.ready().await
    }

    /// The next response; the last one has a status that isn't pending.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn next_progress(&mut self) -> Result<Progress, NetError> {
        let response = response_to(self.association, self.id).await?;
        let status = response.command.status().unwrap_or(Status::PROCESSING_FAILURE);
        if !status.is_pending() {
            self.association.data_set(IDENTIFIER_LIMIT).await?;
        }
        Ok(Progress { status, counts: response.command.progress() })
    }

    /// The last response.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn finish(mut self) -> Result<Progress, NetError> {
        loop {
            let progress = self.next_progress().await?;
            if !progress.status.is_pending() {
                return Ok(progress);
            }
        }
    }

    /// Asks the peer to stop (C-CANCEL); responses still come, the last one with [`Status::CANCEL`].
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn cancel(&mut self) -> Result<(), NetError> {
        cancel(self.association, self.context, self.id).await
    }
}

async fn cancel<S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &mut Association<S>,
    context: u8,
    id: u16,
) -> Result<(), NetError> {
    let mut cancel = Command::new(Field::CancelRq);
    cancel.put_u16(element::RESPONDED_TO, id);
    association.send(context, &cancel).await
}

async fn start<S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &mut Association<S>,
    class: &str,
    field: Field,
    identifier: Bytes,
    destination: Option<&AeTitle>,
) -> Result<(u8, u16), NetError> {
    let context = association.context_for(class).map(|context| context.id);
    let context = context.ok_or(NetError::Protocol("the peer does not take this SOP class"))?;
    let id = association.next_message_id();
    let mut command = Command::request(field, id, class);
    command.put_u16(element::PRIORITY, 0);
    if let Some(title) = destination {
        command.put_text(element::MOVE_DESTINATION, title.as_str());
    }
    association.send_with(context, command, &[identifier]).await?;
    Ok((context, id))
}
