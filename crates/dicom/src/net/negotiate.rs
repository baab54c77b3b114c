//! What both sides agree on: presentation contexts, roles, extended negotiation (PS3.7 Annex D).
//! Pure functions from a request to an answer; who may ask is decided before.

use super::pdu::{
    AnsweredContext, AssociateAc, AssociateRq, ContextResult, DICOM_APPLICATION_CONTEXT, Extended,
    ProposedContext, Rejection, Role, UserInformation,
};
use super::sop_class::{
    EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, STORAGE_SERVICE, Service, service_of,
};
use bytes::Bytes;

/// Storage: level 2 (all attributes kept), signatures preserved bit for bit, no coercion
/// (PS3.4 Table B.3-1).
const STORAGE_INFORMATION: &[u8] = &[2, 0, 3, 0, 0, 0];

/// A presentation context both sides use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its id on the wire.
    pub id: u8,
    /// The SOP class.
    pub abstract_syntax: String,
    /// What the SOP class is for.
    pub service: Service,
    /// The encoding of its data sets.
    pub transfer_syntax: String,
    /// The association's requestor may use the service.
    pub requestor_is_scu: bool,
    /// The association's requestor may provide the service.
    pub requestor_is_scp: bool,
    /// What extended negotiation agreed on; its bytes mean what the service says.
    pub extended: Bytes,
}

impl Context {
    /// Whether byte `index` of extended negotiation was agreed to be 1.
    #[must_use]
    pub fn agreed(&self, index: usize) -> bool {
        self.extended.get(index) == Some(&1)
    }
}

/// Which of the offered transfer syntaxes to use for storage. Instances are kept as they come,
/// so every one of them will do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyntaxPreference {
    /// The best first; the caller's first choice when none of these is offered.
    pub preferred: Vec<String>,
}

impl SyntaxPreference {
    fn choose<'a>(&self, offered: &'a [String]) -> Option<&'a String> {
        let preferred = self.preferred.iter().find_map(|p| offered.iter().find(|o| *o == p));
        preferred.or_else(|| offered.iter().find(|o| !o.is_empty()))
    }
}

/// What the acceptor is ready to do.
pub struct Rules<'a> {
    /// Longest P-DATA-TF body we take, in bytes.
    pub max_length: u32,
    /// For storage.
    pub syntaxes: &'a SyntaxPreference,
    /// Whether this caller may use a SOP class.
    pub allows: &'a (dyn Fn(Service, &str) -> bool + Sync),
    /// C-FIND extended negotiation we can do: relational queries, date-time matching, fuzzy
    /// person names, timezone adjustment (PS3.4 Table C.5-1).
    pub find_abilities: [bool; 4],
    /// A user identity came, was accepted, and asked for a response.
    pub confirm_identity: bool,
}

/// What was agreed, and the PDU that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The answer for the caller.
    pub answer: AssociateAc,
    /// The contexts accepted in it.
    pub contexts: Vec<Context>,
}

/// Answers a request.
///
/// # Errors
/// A [`Rejection`] when the request is not for DICOM's upper layer version 1.
pub fn negotiate(rq: &AssociateRq, rules: &Rules<'_>) -> Result<Agreement, Rejection> {
    if rq.protocol_version & 1 == 0 {
        return Err(Rejection::PROTOCOL_VERSION);
    }
    if rq.application_context != DICOM_APPLICATION_CONTEXT {
        return Err(Rejection::APPLICATION_CONTEXT);
    }
    let roles = agreed_roles(rq);
    let extended = agreed_extended(rq, rules);
    let mut answered = Vec::with_capacity(rq.contexts.len());
    let mut contexts = Vec::new();
    for proposed in &rq.contexts {
        let (answer, context) = answer_context(proposed, rq, rules, &roles, &extended);
        answered.push(answer);
        contexts.extend(context);
    }
    let answer = AssociateAc {
        protocol_version: 1,
        called: rq.called,
        calling: rq.calling,
        application_context: DICOM_APPLICATION_CONTEXT.into(),
        contexts: answered,
        user: UserInformation {
            max_length: Some(rules.max_length),
            async_operations: rq.user.async_operations.map(|_| (1, 1)),
            roles,
            extended,
            identity_response: rules.confirm_identity.then(Bytes::new),
            ..ourselves()
        },
    };
    Ok(Agreement { answer, contexts })
}

/// User information that names this implementation.
#[must_use]
pub fn ourselves() -> UserInformation {
    UserInformation {
        implementation_class_uid: crate::IMPLEMENTATION_CLASS_UID.into(),
        implementation_version_name: crate::IMPLEMENTATION_VERSION_NAME.into(),
        ..Default::default()
    }
}

fn answer_context(
    proposed: &ProposedContext,
    rq: &AssociateRq,
    rules: &Rules<'_>,
    roles: &[Role],
    extended: &[Extended],
) -> (AnsweredContext, Option<Context>) {
    let service = service_in(rq, &proposed.abstract_syntax);
    let chosen = choose_syntax(service, proposed, rules);
    let result = match (service, chosen) {
        (Service::Other, _) => ContextResult::AbstractSyntaxNotSupported,
        (service, _) if !(rules.allows)(service, &proposed.abstract_syntax) => ContextResult::UserRejection,
        (_, None) => ContextResult::TransferSyntaxesNotSupported,
        (_, Some(_)) => ContextResult::Accepted,
    };
    // A refusal's transfer syntax is not significant, but some peers want to see a UID.
    let transfer_syntax = chosen.map_or(IMPLICIT_LITTLE_ENDIAN, String::as_str).to_owned();
    let answer = AnsweredContext { id: proposed.id, result, transfer_syntax };
    let accepted = result == ContextResult::Accepted;
    let context = accepted.then(|| context_of(proposed, service, &answer, roles, extended));
    (answer, context)
}

fn context_of(
    proposed: &ProposedContext,
    service: Service,
    answer: &AnsweredContext,
    roles: &[Role],
    extended: &[Extended],
) -> Context {
    let class = &proposed.abstract_syntax;
    let role = roles.iter().find(|role| role.sop_class == *class);
    let information = extended.iter().find(|item| item.sop_class == *class);
    Context {
        id: proposed.id,
        abstract_syntax: class.clone(),
        service,
        transfer_syntax: answer.transfer_syntax.clone(),
        requestor_is_scu: role.is_none_or(|role| role.scu),
        requestor_is_scp: role.is_some_and(|role| role.scp),
        extended: information.map(|item| item.information.clone()).unwrap_or_default(),
    }
}

/// The service of a class in this request: a class we don't know is what the caller's common
/// extended negotiation says it is.
fn service_in(rq: &AssociateRq, class: &str) -> Service {
    let said = rq.user.common_extended.iter().find(|common| common.sop_class == class);
    match (service_of(class), said) {
        (Service::Storage, Some(common)) if common.service_class != STORAGE_SERVICE => Service::Other,
        (service, _) => service,
    }
}

fn choose_syntax<'a>(
    service: Service,
    proposed: &'a ProposedContext,
    rules: &Rules<'_>,
) -> Option<&'a String> {
    if service == Service::Storage {
        return rules.syntaxes.choose(&proposed.transfer_syntaxes);
    }
    let readable = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN];
    proposed.transfer_syntaxes.iter().find(|syntax| readable.contains(&syntax.as_str()))
}

/// Storage may go both ways (C-GET); commitment reports come from us, whichever side connected;
/// everything else is asked of us.
fn agreed_roles(rq: &AssociateRq) -> Vec<Role> {
    let agreed = |asked: &Role| Role {
        sop_class: asked.sop_class.clone(),
        scu: asked.scu,
        scp: asked.scp && service_of(&asked.sop_class) == Service::Storage,
    };
    rq.user.roles.iter().map(agreed).collect()
}

fn agreed_extended(rq: &AssociateRq, rules: &Rules<'_>) -> Vec<Extended> {
    let agreed = |asked: &Extended| {
        let information = match service_in(rq, &asked.sop_class) {
            Service::Storage => Bytes::from_static(STORAGE_INFORMATION),
            Service::Find(_) => both(&asked.information, &rules.find_abilities),
            Service::Move(_) | Service::Get(_) => both(&asked.information, &[true, false]),
            _ => return None,
        };
        Some(Extended { sop_class: asked.sop_class.clone(), information })
    };
    rq.user.extended.iter().filter_map(agreed).collect()
}

/// 1 where it is both asked for and possible; as many bytes as were asked for and are known.
fn both(asked: &[u8], possible: &[bool]) -> Bytes {
    asked.iter().zip(possible).map(|(&asked, &able)| u8::from(asked == 1 && able)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::pdu::{CommonExtended, WireTitle};
    use super::super::sop_class::{Root, VERIFICATION};
    use super::*;

    const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
    const JPEG: &str = "1.2.840.10008.1.2.4.70";

    fn request(contexts: &[(&str, &[&str])]) -> AssociateRq {
        let proposed = |(n, (class, syntaxes)): (usize, &(&str, &[&str]))| ProposedContext {
            id: (n * 2 + 1) as u8,
            abstract_syntax: (*class).into(),
            transfer_syntaxes: syntaxes.iter().map(|&s| s.into()).collect(),
        };
        AssociateRq {
            protocol_version: 1,
            called: WireTitle([b'A'; 16]),
            calling: WireTitle([b'B'; 16]),
            application_context: DICOM_APPLICATION_CONTEXT.into(),
            contexts: contexts.iter().enumerate().map(proposed).collect(),
            user: UserInformation::default(),
        }
    }

    fn agree(rq: &AssociateRq, preferred: &[&str]) -> Agreement {
        let syntaxes = SyntaxPreference { preferred: preferred.iter().map(|&s| s.into()).collect() };
        let rules = Rules {
            max_length: 131_072,
            syntaxes: &syntaxes,
            allows: &|service, _| !matches!(service, Service::Move(_)),
            find_abilities: [true, false, true, false],
            confirm_identity: false,
        };
        negotiate(rq, &rules).unwrap()
    }

    fn results(agreement: &Agreement) -> Vec<ContextResult> {
        agreement.answer.contexts.iter().map(|context| context.result).collect()
    }

    #[test]
    fn storage_takes_the_first_syntax_offered_or_the_preferred_one() {
        let rq = request(&[(CT, &["1.9.9", JPEG, EXPLICIT_LITTLE_ENDIAN])]);
        assert_eq!(agree(&rq, &[]).contexts[0].transfer_syntax, "1.9.9");
        assert_eq!(agree(&rq, &[JPEG]).contexts[0].transfer_syntax, JPEG);
    }

    #[test]
    fn each_context_gets_its_own_answer() {
        let find = Root::Study.find();
        let mover = Root::Study.r#move();
        let rq = request(&[
            (VERIFICATION, &[IMPLICIT_LITTLE_ENDIAN]),
            ("1.2.840.10008.5.1.4.31", &[IMPLICIT_LITTLE_ENDIAN]),
            (&find, &[JPEG]),
            (&mover, &[IMPLICIT_LITTLE_ENDIAN]),
            (CT, &[]),
        ]);
        use ContextResult::{
            AbstractSyntaxNotSupported, Accepted, TransferSyntaxesNotSupported, UserRejection,
        };
        let expected = [
            Accepted,
            AbstractSyntaxNotSupported,
            TransferSyntaxesNotSupported,
            UserRejection,
            TransferSyntaxesNotSupported,
        ];
        assert_eq!(results(&agree(&rq, &[])), expected);
    }

    #[test]
    fn roles_extended_negotiation_and_the_window_are_answered() {
        let mut rq = request(&[(CT, &[JPEG]), (&Root::Patient.find(), &[IMPLICIT_LITTLE_ENDIAN])]);
        let role = |class: &str| Role { sop_class: class.into(), scu: true, scp: true };
        rq.user.roles = vec![role(CT), role(&Root::Patient.find())];
        let asked = |class: &str, bytes: &'static [u8]| Extended {
            sop_class: class.into(),
            information: Bytes::from_static(bytes),
        };
        rq.user.extended = vec![asked(CT, &[3, 0, 0, 0, 2, 0]), asked(&Root::Patient.find(), &[1, 1, 1])];
        rq.user.async_operations = Some((0, 0));
        let agreement = agree(&rq, &[]);
        assert_eq!(agreement.answer.user.async_operations, Some((1, 1)));
        assert!(agreement.contexts[0].requestor_is_scp && !agreement.contexts[1].requestor_is_scp);
        assert_eq!(agreement.contexts[0].extended, STORAGE_INFORMATION);
        assert!(agreement.contexts[1].agreed(0) && !agreement.contexts[1].agreed(1));
        assert!(agreement.contexts[1].agreed(2) && !agreement.contexts[1].agreed(3));
    }

    #[test]
    fn a_private_class_said_to_be_of_another_service_is_not_storage() {
        let mut rq = request(&[("1.9.1", &[JPEG]), ("1.9.2", &[JPEG])]);
        let common = |class: &str, service: &str| CommonExtended {
            sop_class: class.into(),
            service_class: service.into(),
            related: Vec::new(),
        };
        rq.user.common_extended = vec![common("1.9.1", STORAGE_SERVICE), common("1.9.2", "1.9.9")];
        let expected = [ContextResult::Accepted, ContextResult::AbstractSyntaxNotSupported];
        assert_eq!(results(&agree(&rq, &[])), expected);
    }

    #[test]
    fn another_protocol_is_rejected() {
        let rules_for = |rq: &AssociateRq| {
            let syntaxes = SyntaxPreference::default();
            let rules = Rules {
                max_length: 0,
                syntaxes: &syntaxes,
                allows: &|_, _| true,
                find_abilities: [false; 4],
                confirm_identity: false,
            };
            negotiate(rq, &rules).unwrap_err()
        };
        let mut rq = request(&[]);
        rq.application_context = "1.2".into();
        assert_eq!(rules_for(&rq), Rejection::APPLICATION_CONTEXT);
        rq.protocol_version = 2;
        assert_eq!(rules_for(&rq), Rejection::PROTOCOL_VERSION);
    }
}
