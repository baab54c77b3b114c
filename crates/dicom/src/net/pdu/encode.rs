//! PDUs to bytes.

use super::{
    AnsweredContext, AssociateAc, AssociateRq, Pdu, ProposedContext, UserInformation, WireTitle, kind,
};

/// Appends a PDU, header and body.
pub fn encode(pdu: &Pdu, out: &mut Vec<u8>) {
    match pdu {
        Pdu::AssociateRq(rq) => framed(out, kind::ASSOCIATE_RQ, |out| associate_rq(rq, out)),
        Pdu::AssociateAc(ac) => framed(out, kind::ASSOCIATE_AC, |out| associate_ac(ac, out)),
        Pdu::AssociateRj(no) => short(out, kind::ASSOCIATE_RJ, [0, no.result, no.source, no.reason]),
        Pdu::Data(body) => framed(out, kind::DATA, |out| out.extend_from_slice(body)),
        Pdu::ReleaseRq => short(out, kind::RELEASE_RQ, [0; 4]),
        Pdu::ReleaseRp => short(out, kind::RELEASE_RP, [0; 4]),
        Pdu::Abort(abort) => short(out, kind::ABORT, [0, 0, abort.source, abort.reason]),
    }
}

fn framed(out: &mut Vec<u8>, pdu_kind: u8, body: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[pdu_kind, 0, 0, 0, 0, 0]);
    let start = out.len();
    body(out);
    let length = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&length.to_be_bytes());
}

fn short(out: &mut Vec<u8>, pdu_kind: u8, body: [u8; 4]) {
    framed(out, pdu_kind, |out| out.extend_from_slice(&body));
}

fn associate_rq(rq: &AssociateRq, out: &mut Vec<u8>) {
    head(rq.protocol_version, rq.called, rq.calling, out);
    item(out, 0x10, |out| out.extend_from_slice(rq.application_context.as_bytes()));
    for context in &rq.contexts {
        item(out, 0x20, |out| proposed_context(context, out));
    }
    item(out, 0x50, |out| user_information(&rq.user, out));
}

fn associate_ac(ac: &AssociateAc, out: &mut Vec<u8>) {
    head(ac.protocol_version, ac.called, ac.calling, out);
    item(out, 0x10, |out| out.extend_from_slice(ac.application_context.as_bytes()));
    for context in &ac.contexts {
        item(out, 0x21, |out| answered_context(context, out));
    }
    item(out, 0x50, |out| user_information(&ac.user, out));
}

fn head(version: u16, called: WireTitle, calling: WireTitle, out: &mut Vec<u8>) {
    out.extend_from_slice(&version.to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&called.0);
    out.extend_from_slice(&calling.0);
    out.extend_from_slice(&[0; 32]);
}

fn proposed_context(context: &ProposedContext, out: &mut Vec<u8>) {
    out.extend_from_slice(&[context.id, 0, 0, 0]);
    item(out, 0x30, |out| out.extend_from_slice(context.abstract_syntax.as_bytes()));
    for syntax in &context.transfer_syntaxes {
        item(out, 0x40, |out| out.extend_from_slice(syntax.as_bytes()));
    }
}

fn answered_context(context: &AnsweredContext, out: &mut Vec<u8>) {
    out.extend_from_slice(&[context.id, 0, context.result.code(), 0]);
    item(out, 0x40, |out| out.extend_from_slice(context.transfer_syntax.as_bytes()));
}

fn user_information(user: &UserInformation, out: &mut Vec<u8>) {
    if let Some(length) = user.max_length {
        item(out, 0x51, |out| out.extend_from_slice(&length.to_be_bytes()));
    }
    if !user.implementation_class_uid.is_empty() {
        item(out, 0x52, |out| out.extend_from_slice(user.implementation_class_uid.as_bytes()));
    }
    if let Some((invoked, performed)) = user.async_operations {
        item(out, 0x53, |out| {
            out.extend_from_slice(&invoked.to_be_bytes());
            out.extend_from_slice(&performed.to_be_bytes());
        });
    }
    for role in &user.roles {
        item(out, 0x54, |out| {
            counted(out, role.sop_class.as_bytes());
            out.extend_from_slice(&[u8::from(role.scu), u8::from(role.scp)]);
        });
    }
    if !user.implementation_version_name.is_empty() {
        item(out, 0x55, |out| out.extend_from_slice(user.implementation_version_name.as_bytes()));
    }
    negotiation(user, out);
}

fn negotiation(user: &UserInformation, out: &mut Vec<u8>) {
    for extended in &user.extended {
        item(out, 0x56, |out| {
            counted(out, extended.sop_class.as_bytes());
            out.extend_from_slice(&extended.information);
        });
    }
    for common in &user.common_extended {
        item(out, 0x57, |out| {
            counted(out, common.sop_class.as_bytes());
            counted(out, common.service_class.as_bytes());
            let mut related = Vec::new();
            common.related.iter().for_each(|uid| counted(&mut related, uid.as_bytes()));
            counted(out, &related);
        });
    }
    if let Some(identity) = &user.identity {
        item(out, 0x58, |out| {
            out.extend_from_slice(&[identity.kind.code(), u8::from(identity.positive_response)]);
            counted(out, &identity.primary);
            counted(out, &identity.secondary);
        });
    }
    if let Some(response) = &user.identity_response {
        item(out, 0x59, |out| counted(out, response));
    }
}

/// An item: kind, reserved, length, content. Contents are ours and short; one that would not fit
/// its two-byte length is cut, so that the items after it stay readable.
fn item(out: &mut Vec<u8>, item_kind: u8, content: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[item_kind, 0, 0, 0]);
    let start = out.len();
    content(out);
    out.truncate(start + usize::from(u16::MAX));
    let length = (out.len() - start) as u16;
    out[start - 2..start].copy_from_slice(&length.to_be_bytes());
}

fn counted(out: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(usize::from(u16::MAX))];
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
}
