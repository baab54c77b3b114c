//! Bytes to PDUs. A peer's bytes may be anything: every length is checked against what is left.

use super::{
    Abort, AnsweredContext, AssociateAc, AssociateRq, CommonExtended, ContextResult, Extended, IdentityKind,
    Pdu, ProposedContext, Rejection, Role, UserIdentity, UserInformation, WireTitle, kind,
};
use bytes::{Buf, Bytes};

/// Why bytes are not a PDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PduError {
    /// No such kind.
    #[error("there is no PDU of kind {0}")]
    Kind(u8),
    /// Longer than agreed, or than makes sense.
    #[error("a PDU of kind {kind} has {length} bytes; {limit} are allowed")]
    TooLong {
        /// The PDU's kind.
        kind: u8,
        /// Its declared length.
        length: u32,
        /// What would be allowed.
        limit: u32,
    },
    /// A field that can't be.
    #[error("a PDU can't be read: {0}")]
    Parameter(&'static str),
}

impl PduError {
    /// What to tell the peer.
    #[must_use]
    pub const fn abort(self) -> Abort {
        match self {
            Self::Kind(_) => Abort::UNRECOGNIZED_PDU,
            Self::TooLong { .. } | Self::Parameter(_) => Abort::INVALID_PARAMETER,
        }
    }
}

type Decoded<T> = Result<T, PduError>;

const CUT_OFF: PduError = PduError::Parameter("a field is cut off");

/// Reads the body of a PDU of this kind.
///
/// # Errors
/// [`PduError`] when it isn't one.
pub fn decode(pdu_kind: u8, body: Bytes) -> Decoded<Pdu> {
    match pdu_kind {
        kind::ASSOCIATE_RQ => associate_rq(body).map(Pdu::AssociateRq),
        kind::ASSOCIATE_AC => associate_ac(body).map(Pdu::AssociateAc),
        kind::ASSOCIATE_RJ => {
            let [_, result, source, reason] = four(&body)?;
            Ok(Pdu::AssociateRj(Rejection { result, source, reason }))
        }
        kind::DATA => Ok(Pdu::Data(body)),
        kind::RELEASE_RQ => four(&body).map(|_| Pdu::ReleaseRq),
        kind::RELEASE_RP => four(&body).map(|_| Pdu::ReleaseRp),
        kind::ABORT => {
            let [_, _, source, reason] = four(&body)?;
            Ok(Pdu::Abort(Abort { source, reason }))
        }
        other => Err(PduError::Kind(other)),
    }
}

fn four(body: &Bytes) -> Decoded<[u8; 4]> {
    body.first_chunk().copied().ok_or(CUT_OFF)
}

/// The fields in front of the items, the same for request and acceptance.
struct Head {
    protocol_version: u16,
    called: WireTitle,
    calling: WireTitle,
}

fn head(body: &mut Bytes) -> Decoded<Head> {
    let protocol_version = u16_be(body)?;
    take(body, 2)?;
    let called = title(body)?;
    let calling = title(body)?;
    take(body, 32)?;
    Ok(Head { protocol_version, called, calling })
}

fn associate_rq(mut body: Bytes) -> Decoded<AssociateRq> {
    let Head { protocol_version, called, calling } = head(&mut body)?;
    let mut rq = AssociateRq {
        protocol_version,
        called,
        calling,
        application_context: String::new(),
        contexts: Vec::new(),
        user: UserInformation::default(),
    };
    while let Some((item, content)) = next_item(&mut body)? {
        match item {
            0x10 => rq.application_context = uid(&content),
            0x20 => rq.contexts.push(proposed_context(content)?),
            0x50 => rq.user = user_information(content)?,
            _ => {} // PS3.8 §9.3.1: unrecognised items are ignored.
        }
    }
    if has_doubles(rq.contexts.iter().map(|context| context.id)) {
        return Err(PduError::Parameter("two presentation contexts have the same id"));
    }
    Ok(rq)
}

fn has_doubles(ids: impl Iterator<Item = u8>) -> bool {
    let mut seen = [false; 256];
    let mut ids = ids;
    ids.any(|id| std::mem::replace(&mut seen[usize::from(id)], true))
}

fn proposed_context(mut content: Bytes) -> Decoded<ProposedContext> {
    let id = context_id(&mut content)?;
    let mut context = ProposedContext { id, abstract_syntax: String::new(), transfer_syntaxes: Vec::new() };
    while let Some((item, value)) = next_item(&mut content)? {
        match item {
            0x30 => context.abstract_syntax = uid(&value),
            0x40 => context.transfer_syntaxes.push(uid(&value)),
            _ => {}
        }
    }
    Ok(context)
}

fn context_id(content: &mut Bytes) -> Decoded<u8> {
    let id = take(content, 4)?[0];
    if id % 2 == 0 {
        return Err(PduError::Parameter("a presentation context's id is not odd"));
    }
    Ok(id)
}

fn associate_ac(mut body: Bytes) -> Decoded<AssociateAc> {
    let Head { protocol_version, called, calling } = head(&mut body)?;
    let mut ac = AssociateAc {
        protocol_version,
        called,
        calling,
        application_context: String::new(),
        contexts: Vec::new(),
        user: UserInformation::default(),
    };
    while let Some((item, content)) = next_item(&mut body)? {
        match item {
            0x10 => ac.application_context = uid(&content),
            0x21 => ac.contexts.push(answered_context(content)?),
            0x50 => ac.user = user_information(content)?,
            _ => {}
        }
    }
    Ok(ac)
}

fn answered_context(mut content: Bytes) -> Decoded<AnsweredContext> {
    let fixed = take(&mut content, 4)?;
    let mut transfer_syntax = String::new();
    while let Some((item, value)) = next_item(&mut content)? {
        if item == 0x40 {
            transfer_syntax = uid(&value);
        }
    }
    let result = ContextResult::from_code(fixed[2]);
    Ok(AnsweredContext { id: fixed[0], result, transfer_syntax })
}

fn user_information(mut content: Bytes) -> Decoded<UserInformation> {
    let mut user = UserInformation::default();
    while let Some((item, value)) = next_item(&mut content)? {
        user_item(&mut user, item, value)?;
    }
    Ok(user)
}

fn user_item(user: &mut UserInformation, item: u8, mut value: Bytes) -> Decoded<()> {
    match item {
        0x51 => user.max_length = Some(u32_be(&mut value)?),
        0x52 => user.implementation_class_uid = uid(&value),
        0x53 => user.async_operations = Some((u16_be(&mut value)?, u16_be(&mut value)?)),
        0x54 => user.roles.push(role(value)?),
        0x55 => user.implementation_version_name = uid(&value),
        0x56 => {
            let sop_class = counted_uid(&mut value)?;
            user.extended.push(Extended { sop_class, information: value });
        }
        0x57 => user.common_extended.push(common_extended(value)?),
        0x58 => user.identity = Some(identity(value)?),
        0x59 => user.identity_response = Some(counted(&mut value)?),
        _ => {}
    }
    Ok(())
}

fn role(mut value: Bytes) -> Decoded<Role> {
    let sop_class = counted_uid(&mut value)?;
    let flags = take(&mut value, 2)?;
    Ok(Role { sop_class, scu: flags[0] == 1, scp: flags[1] == 1 })
}

fn common_extended(mut value: Bytes) -> Decoded<CommonExtended> {
    let sop_class = counted_uid(&mut value)?;
    let service_class = counted_uid(&mut value)?;
    let mut list = if value.is_empty() { Bytes::new() } else { counted(&mut value)? };
    let mut related = Vec::new();
    while !list.is_empty() {
        related.push(counted_uid(&mut list)?);
    }
    Ok(CommonExtended { sop_class, service_class, related })
}

fn identity(mut value: Bytes) -> Decoded<UserIdentity> {
    let fixed = take(&mut value, 2)?;
    let primary = counted(&mut value)?;
    let secondary = if value.is_empty() { Bytes::new() } else { counted(&mut value)? };
    Ok(UserIdentity {
        kind: IdentityKind::from_code(fixed[0]),
        positive_response: fixed[1] == 1,
        primary,
        secondary,
    })
}

/// The next item: kind, reserved, length of two bytes, content.
fn next_item(rest: &mut Bytes) -> Decoded<Option<(u8, Bytes)>> {
    if rest.is_empty() {
        return Ok(None);
    }
    let fixed = take(rest, 2)?;
    counted(rest).map(|content| Some((fixed[0], content)))
}

fn take(rest: &mut Bytes, length: usize) -> Decoded<Bytes> {
    if rest.len() < length {
        return Err(CUT_OFF);
    }
    Ok(rest.split_to(length))
}

fn counted(rest: &mut Bytes) -> Decoded<Bytes> {
    let length = u16_be(rest)?;
    take(rest, usize::from(length))
}

fn counted_uid(rest: &mut Bytes) -> Decoded<String> {
    counted(rest).map(|value| uid(&value))
}

/// A UID or short text: ASCII without padding; a peer's odd bytes become `?`, so nothing
/// unprintable reaches a log.
fn uid(value: &Bytes) -> String {
    let shown = |&b: &u8| if (0x20..0x7f).contains(&b) { b as char } else { '?' };
    let end = value.iter().rposition(|&b| b != 0 && b != b' ').map_or(0, |at| at + 1);
    value[..end].iter().map(shown).collect::<String>().trim_start().to_owned()
}

fn title(rest: &mut Bytes) -> Decoded<WireTitle> {
    let field = take(rest, 16)?;
    field.first_chunk().map(|title| WireTitle(*title)).ok_or(CUT_OFF)
}

fn u16_be(rest: &mut Bytes) -> Decoded<u16> {
    take(rest, 2).map(|mut field| field.get_u16())
}

fn u32_be(rest: &mut Bytes) -> Decoded<u32> {
    take(rest, 4).map(|mut field| field.get_u32())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{DICOM_APPLICATION_CONTEXT, Pdvs, encode};
    use super::*;
    use proptest::prelude::*;

    fn request() -> AssociateRq {
        AssociateRq {
            protocol_version: 1,
            called: WireTitle(*b"ISOCENTER       "),
            calling: WireTitle(*b" SCANNER 1      "),
            application_context: DICOM_APPLICATION_CONTEXT.into(),
            contexts: vec![ProposedContext {
                id: 1,
                abstract_syntax: "1.2.840.10008.1.1".into(),
                transfer_syntaxes: vec!["1.2.840.10008.1.2".into(), "1.2.840.10008.1.2.1".into()],
            }],
            user: UserInformation {
                max_length: Some(16384),
                implementation_class_uid: "1.2.3".into(),
                implementation_version_name: "TEST".into(),
                async_operations: Some((4, 0)),
                roles: vec![Role { sop_class: "1.2".into(), scu: false, scp: true }],
                extended: vec![Extended {
                    sop_class: "1.2".into(),
                    information: Bytes::from_static(&[2, 0, 3]),
                }],
                common_extended: vec![CommonExtended {
                    sop_class: "1.2".into(),
                    service_class: "1.2.840.10008.4.2".into(),
                    related: vec!["1.3".into(), "1.4".into()],
                }],
                identity: Some(UserIdentity {
                    kind: IdentityKind::UsernamePasscode,
                    positive_response: true,
                    primary: Bytes::from_static(b"ann"),
                    secondary: Bytes::from_static(b"secret"),
                }),
                identity_response: None,
            },
        }
    }

    fn there_and_back(pdu: &Pdu) -> Pdu {
        let mut bytes = Vec::new();
        encode(pdu, &mut bytes);
        let length = u32::from_be_bytes(bytes[2..6].try_into().unwrap());
        assert_eq!(length as usize, bytes.len() - 6);
        decode(bytes[0], Bytes::from(bytes).slice(6..)).unwrap()
    }

    #[test]
    fn every_pdu_goes_there_and_back() {
        let answer = AssociateAc {
            protocol_version: 1,
            called: WireTitle(*b"ISOCENTER       "),
            calling: WireTitle(*b"SCANNER         "),
            application_context: DICOM_APPLICATION_CONTEXT.into(),
            contexts: vec![AnsweredContext {
                id: 1,
                result: ContextResult::TransferSyntaxesNotSupported,
                transfer_syntax: "1.2.840.10008.1.2".into(),
            }],
            user: UserInformation { identity_response: Some(Bytes::new()), ..Default::default() },
        };
        for pdu in [
            Pdu::AssociateRq(request()),
            Pdu::AssociateAc(answer),
            Pdu::AssociateRj(Rejection::CALLED_AE),
            Pdu::Data(Bytes::from_static(&[0, 0, 0, 3, 1, 3, 9])),
            Pdu::ReleaseRq,
            Pdu::ReleaseRp,
            Pdu::Abort(Abort::UNEXPECTED_PDU),
        ] {
            assert_eq!(there_and_back(&pdu), pdu);
        }
    }

    #[test]
    fn an_identity_is_not_printed() {
        assert!(!format!("{:?}", request()).contains("secret"));
    }

    #[test]
    fn a_request_cut_off_anywhere_is_refused_or_read_but_never_a_panic() {
        let mut bytes = Vec::new();
        encode(&Pdu::AssociateRq(request()), &mut bytes);
        for end in 6..bytes.len() {
            let _ = decode(bytes[0], Bytes::copy_from_slice(&bytes[6..end]));
        }
    }

    #[test]
    fn even_and_repeated_context_ids_are_refused() {
        let refused = |change: fn(&mut AssociateRq)| {
            let mut rq = request();
            change(&mut rq);
            let mut bytes = Vec::new();
            encode(&Pdu::AssociateRq(rq), &mut bytes);
            decode(bytes[0], Bytes::from(bytes).slice(6..)).is_err()
        };
        assert!(refused(|rq| rq.contexts[0].id = 2));
        assert!(refused(|rq| rq.contexts.push(rq.contexts[0].clone())));
    }

    #[test]
    fn a_data_value_that_leads_outside_its_pdu_is_refused() {
        for body in [&[0u8, 0, 0, 9, 1, 3, 9][..], &[0, 0, 0, 1, 1, 3], &[0, 0, 0]] {
            assert!(Pdvs::new(Bytes::from_static(body)).next_pdv().is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(kind in 0u8..9, body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let body = Bytes::from(body);
            let _ = decode(kind, body.clone());
            let mut pdvs = Pdvs::new(body);
            while let Ok(Some(_)) = pdvs.next_pdv() {}
        }
    }
}
