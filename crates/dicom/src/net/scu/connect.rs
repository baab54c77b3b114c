//! Asking for an association.

use crate::net::association::{Association, Peer};
use crate::net::negotiate::{Context, ourselves};
use crate::net::pdu::{
    AssociateAc, AssociateRq, ContextResult, DICOM_APPLICATION_CONTEXT, Extended, Pdu, ProposedContext,
    Rejection, Role, UserIdentity, UserInformation, WireTitle,
};
use crate::net::sop_class::service_of;
use crate::net::wire::{NetError, Timeouts, Wire};
use model::AeTitle;
use tokio::io::{AsyncRead, AsyncWrite};

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Who is called.
    pub called: AeTitle,
    /// Who calls.
    pub calling: AeTitle,
    /// SOP classes with the transfer syntaxes we can use for each; at most 128.
    pub contexts: Vec<(String, Vec<String>)>,
    /// Roles other than being the SCU.
    pub roles: Vec<Role>,
    /// Extended negotiation.
    pub extended: Vec<Extended>,
    /// Who we are, where the peer wants to know.
    pub identity: Option<UserIdentity>,
    /// Longest P-DATA-TF body we take, in bytes.
    pub max_length: u32,
}

impl Proposal {
    /// Asks for these contexts and nothing special.
    #[must_use]
    pub fn new(called: AeTitle, calling: AeTitle, contexts: Vec<(String, Vec<String>)>) -> Self {
        Self {
            called,
            calling,
            contexts,
            roles: Vec::new(),
            extended: Vec::new(),
            identity: None,
            max_length: 128 << 10,
        }
    }

    fn request(&self) -> AssociateRq {
        let proposed = |(n, (class, syntaxes)): (usize, &(String, Vec<String>))| ProposedContext {
            id: (n * 2 + 1) as u8,
            abstract_syntax: class.clone(),
            transfer_syntaxes: syntaxes.clone(),
        };
        AssociateRq {
            protocol_version: 1,
            called: WireTitle::of(&self.called),
            calling: WireTitle::of(&self.calling),
            application_context: DICOM_APPLICATION_CONTEXT.into(),
            contexts: self.contexts.iter().take(128).enumerate().map(proposed).collect(),
            user: UserInformation {
                max_length: Some(self.max_length),
                roles: self.roles.clone(),
                extended: self.extended.clone(),
                identity: self.identity.clone(),
                ..ourselves()
            },
        }
    }
}

/// Why there is no association.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The peer said no.
    #[error("{0}")]
    Rejected(Rejection),
    /// The peer took the association but none of the SOP classes.
    #[error("the peer takes none of the SOP classes asked for")]
    NothingAccepted,
    /// The peer could not be reached or understood.
    #[error(transparent)]
    Net(#[from] NetError),
}

/// Asks for an association on a new connection.
///
/// # Errors
/// [`ConnectError`]; the connection is over.
pub async fn connect<S: AsyncRead + AsyncWrite + Unpin + Send>(
    stream: S,
    proposal: &Proposal,
    timeouts: Timeouts,
) -> Result<Association<S>, ConnectError> {
    let request = proposal.request();
    let mut wire = Wire::new(stream, proposal.max_length);
    wire.send(&Pdu::AssociateRq(request.clone()), timeouts.stall).await?;
    let frame = wire.frame(timeouts.stall, "the answer to an association request").await?;
    let frame = frame.ok_or(NetError::Closed("without answering"))?;
    let answer = match frame.decode().map_err(NetError::from)? {
        Pdu::AssociateAc(answer) => answer,
        Pdu::AssociateRj(rejection) => return Err(ConnectError::Rejected(rejection)),
        Pdu::Abort(abort) => return Err(NetError::Aborted(abort).into()),
        _ => return Err(NetError::Protocol("the answer to a request is no answer").into()),
    };
    let contexts = accepted(&request, &answer);
    let peer = Peer {
        called: request.called,
        calling: request.calling,
        max_length: answer.user.max_length.unwrap_or(0),
        implementation: answer.user.implementation_version_name,
    };
    let association = Association::new(wire, contexts, peer, timeouts);
    if association.contexts().is_empty() {
        let _ = association.release().await;
        return Err(ConnectError::NothingAccepted);
    }
    Ok(association)
}

fn accepted(request: &AssociateRq, answer: &AssociateAc) -> Vec<Context> {
    let context = |proposed: &ProposedContext| {
        let answered = answer.contexts.iter().find(|answered| answered.id == proposed.id)?;
        let offered = proposed.transfer_syntaxes.contains(&answered.transfer_syntax);
        if answered.result != ContextResult::Accepted || !offered {
            return None;
        }
        let class = &proposed.abstract_syntax;
        let role = answer.user.roles.iter().find(|role| role.sop_class == *class);
        let extended = answer.user.extended.iter().find(|item| item.sop_class == *class);
        Some(Context {
            id: proposed.id,
            abstract_syntax: class.clone(),
            service: service_of(class),
            transfer_syntax: answered.transfer_syntax.clone(),
            requestor_is_scu: role.is_none_or(|role| role.scu),
            requestor_is_scp: role.is_some_and(|role| role.scp),
            extended: extended.map(|item| item.information.clone()).unwrap_or_default(),
        })
    };
    request.contexts.iter().filter_map(context).collect()
}
