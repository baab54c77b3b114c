//! Who calls, and may they: from an association request to a principal.

use super::Door;
use crate::config::UnknownPeers;
use crate::projects::Place;
use dicom::net::pdu::{AssociateRq, IdentityKind, Rejection, UserIdentity};
use govern::peers::Unrecognised;
use govern::{PeerRights, Principal, Secret};
use model::{AeTitle, Sha256Digest, Timestamp};
use std::net::IpAddr;

/// Where a call comes from and how it is protected.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    /// The other end's address.
    pub address: IpAddr,
    /// The certificate it showed.
    pub certificate: Option<Sha256Digest>,
    /// Nobody between can read along: TLS, or this machine.
    pub private: bool,
}

/// Someone let in.
#[derive(Debug, Clone)]
pub(super) struct Admitted {
    /// Who acts.
    pub principal: Principal,
    /// The calling AE title.
    pub title: AeTitle,
    /// The caller proved a user identity.
    pub by_identity: bool,
    /// What it called: the archive or a project.
    pub place: Place,
    /// The AE title by which it is called again: the project's, or ours.
    pub called: AeTitle,
}

/// Someone not let in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Denied {
    /// What the caller hears.
    pub rejection: Rejection,
    /// What the log says.
    pub why: &'static str,
}

impl Denied {
    const fn new(rejection: Rejection, why: &'static str) -> Self {
        Self { rejection, why }
    }
}

/// Decides whether a caller is let in: the AE title it calls, the peer it is by title and address or
/// certificate, or the account it proves by user identity negotiation.
pub(super) async fn admit(door: &Door, request: &AssociateRq, origin: Origin) -> Result<Admitted, Denied> {
    let (place, called) = called(door, request).await?;
    let ours = place != Place::Archive || request.called.title().as_ref() == Some(&door.title);
    if !door.config().any_called_title && !ours {
        return Err(Denied::new(Rejection::CALLED_AE, "the called AE title is not ours"));
    }
    let Some(title) = request.calling.title() else {
        return Err(Denied::new(Rejection::CALLING_AE, "the calling AE title is empty or not allowed"));
    };
    if let Some(identity) = &request.user.identity {
        let principal = by_identity(door, identity, origin).await?;
        let principal = place.seat(&door.app, &principal).await.map_err(|_| no_ledger())?;
        return Ok(Admitted { principal, title, by_identity: true, place, called });
    }
    let principal = by_title(door, &title, origin).await?;
    let principal = place.seat(&door.app, &principal).await.map_err(|_| no_ledger())?;
    Ok(Admitted { principal, title, by_identity: false, place, called })
}

/// A project's AE title means the project; every other one the archive.
async fn called(door: &Door, request: &AssociateRq) -> Result<(Place, AeTitle), Denied> {
    let archive = || (Place::Archive, door.title.clone());
    let Some(title) = request.called.title().filter(|title| *title != door.title) else {
        return Ok(archive());
    };
    let project = door.app.govern.projects.called(&title).await.map_err(|_| no_ledger())?;
    Ok(project.map_or_else(archive, |project| (Place::Project(project.id), title)))
}

async fn by_title(door: &Door, title: &AeTitle, origin: Origin) -> Result<Principal, Denied> {
    let found = door.app.govern.peers.identify(title, origin.address, origin.certificate).await;
    match found.map_err(|_| no_ledger())? {
        Ok(peer) => Ok(peer.principal()),
        Err(Unrecognised::Title) if is_loopback_welcome(door, origin) => Ok(loopback(door)),
        Err(Unrecognised::Title) => {
            Err(Denied::new(Rejection::CALLING_AE, "no peer with this calling AE title is entered"))
        }
        Err(Unrecognised::Proof) => Err(Denied::new(
            Rejection::CALLING_AE,
            "the peer with this calling AE title is entered with another address or certificate",
        )),
    }
}

fn is_loopback_welcome(door: &Door, origin: Origin) -> bool {
    door.config().unknown_peers == UnknownPeers::Loopback && origin.address.to_canonical().is_loopback()
}

fn loopback(door: &Door) -> Principal {
    let rights = PeerRights {
        may_store: true,
        may_query: door.config().loopback_may_query,
        may_retrieve: door.config().loopback_may_retrieve,
    };
    Principal::peer("loopback", rights)
}

/// An account by its password or one of its tokens (PS3.7 §D.3.3.7). A bare user name proves nothing.
async fn by_identity(door: &Door, identity: &UserIdentity, origin: Origin) -> Result<Principal, Denied> {
    let denied = |why| Denied::new(Rejection::USER_IDENTITY, why);
    if !origin.private {
        return Err(denied("a user identity was sent in the clear; use TLS"));
    }
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap_or_default().trim().to_owned();
    let (name, passcode) = (text(&identity.primary), text(&identity.secondary));
    let token = match identity.kind {
        IdentityKind::UsernamePasscode => &passcode,
        IdentityKind::Jwt => &name,
        _ => return Err(denied("this kind of user identity proves nothing here")),
    };
    let now = Timestamp::now();
    let by_token = door.app.govern.tokens.find(&Secret::presented(token), now).await;
    if let Some(presented) = by_token.map_err(|_| no_ledger())? {
        return Ok(presented.principal);
    }
    let checked = door.app.govern.accounts.check_password(&name, &passcode, origin.address, now).await;
    match checked {
        Ok(account) => Ok(Principal::account(account.name, account.roles)),
        Err(_) => Err(denied("the user identity is wrong")),
    }
}

const fn no_ledger() -> Denied {
    Denied::new(Rejection::CONGESTION, "the ledger did not answer")
}
