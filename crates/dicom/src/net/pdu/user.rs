//! User information: what is negotiated besides presentation contexts (PS3.7 Annex D.3.3).

use bytes::Bytes;
use std::fmt;

/// The sub-items of a User Information item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserInformation {
    /// The longest P-DATA-TF body its sender takes, in bytes; 0 is no limit (PS3.8 §D.1).
    pub max_length: Option<u32>,
    /// Implementation Class UID (PS3.7 §D.3.3.2).
    pub implementation_class_uid: String,
    /// Implementation Version Name, up to 16 characters.
    pub implementation_version_name: String,
    /// Operations invoked and performed at once (PS3.7 §D.3.3.3); 0 is no limit.
    pub async_operations: Option<(u16, u16)>,
    /// Who plays SCU and SCP for a SOP class (PS3.7 §D.3.3.4).
    pub roles: Vec<Role>,
    /// SOP Class Extended Negotiation (PS3.7 §D.3.3.5).
    pub extended: Vec<Extended>,
    /// SOP Class Common Extended Negotiation (PS3.7 §D.3.3.6), requests only.
    pub common_extended: Vec<CommonExtended>,
    /// Who the caller is (PS3.7 §D.3.3.7), requests only.
    pub identity: Option<UserIdentity>,
    /// The answer to a user identity that asked for one.
    pub identity_response: Option<Bytes>,
}

/// SCP/SCU role selection for a SOP class; about the association's requestor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The SOP class.
    pub sop_class: String,
    /// The requestor may be its user.
    pub scu: bool,
    /// The requestor may be its provider.
    pub scp: bool,
}

/// Service-class information for a SOP class; its bytes mean what the service says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// The SOP class.
    pub sop_class: String,
    /// Service-class-application-information.
    pub information: Bytes,
}

/// Says which service a SOP class belongs to and which general classes it specialises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonExtended {
    /// The SOP class.
    pub sop_class: String,
    /// Its service class, such as Storage `1.2.840.10008.4.2`.
    pub service_class: String,
    /// Related general SOP classes.
    pub related: Vec<String>,
}

/// What a user identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// 1: a user name.
    Username,
    /// 2: a user name and a passcode.
    UsernamePasscode,
    /// 3: a Kerberos service ticket.
    Kerberos,
    /// 4: a SAML assertion.
    Saml,
    /// 5: a JSON web token.
    Jwt,
    /// Anything else.
    Other(u8),
}

impl IdentityKind {
    /// From the number on the wire.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Username,
            2 => Self::UsernamePasscode,
            3 => Self::Kerberos,
            4 => Self::Saml,
            5 => Self::Jwt,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Username => 1,
            Self::UsernamePasscode => 2,
            Self::Kerberos => 3,
            Self::Saml => 4,
            Self::Jwt => 5,
            Self::Other(code) => code,
        }
    }
}

/// A user identity in a request.
#[derive(Clone, PartialEq, Eq)]
pub struct UserIdentity {
    /// What the fields are.
    pub kind: IdentityKind,
    /// The caller wants to hear that it was accepted.
    pub positive_response: bool,
    /// User name, ticket, assertion or token.
    pub primary: Bytes,
    /// Passcode.
    pub secondary: Bytes,
}

impl fmt::Debug for UserIdentity {
    /// Shows no secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserIdentity({:?}, …)", self.kind)
    }
}
