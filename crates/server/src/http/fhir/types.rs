//! What is offered: resource types and what they can be searched by.

/// What a parameter is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The record's number.
    Id,
    /// When we knew it.
    Known,
    /// Whose it is.
    Patient,
    /// Identifiers.
    Identifier,
    /// The status, or what is kept as one.
    Status,
    /// The code.
    Code,
    /// When it was.
    Time,
    /// Codes of this element, looked at one by one.
    Element(&'static str),
}

/// A search parameter: its name, what it is compared with.
pub(super) type Parameter = (&'static str, By);

/// A resource type: its name, its own parameters.
pub(super) type Type = (&'static str, &'static [Parameter]);

/// Those that every type has.
pub(super) const COMMON: &[Parameter] =
    &[("_id", By::Id), ("_lastUpdated", By::Known), ("identifier", By::Identifier)];

const PATIENT: Parameter = ("patient", By::Patient);
const SUBJECT: Parameter = ("subject", By::Patient);
const STATUS: Parameter = ("status", By::Status);
const CODE: Parameter = ("code", By::Code);
const DATE: Parameter = ("date", By::Time);
const CATEGORY: Parameter = ("category", By::Element("category"));

/// The types, by their names.
pub(super) const TYPES: &[Type] = &[
    ("AllergyIntolerance", &[PATIENT, ("clinical-status", By::Status), CODE, DATE]),
    ("CarePlan", &[PATIENT, SUBJECT, STATUS, CATEGORY, DATE]),
    ("Composition", &[PATIENT, SUBJECT, STATUS, CATEGORY, DATE, ("type", By::Element("type"))]),
    (
        "Condition",
        &[PATIENT, SUBJECT, ("clinical-status", By::Status), CODE, CATEGORY, ("onset-date", By::Time)],
    ),
    ("Consent", &[PATIENT, STATUS, CATEGORY, DATE]),
    ("Coverage", &[PATIENT, ("beneficiary", By::Patient), STATUS]),
    ("DeviceUseStatement", &[PATIENT, SUBJECT]),
    ("DiagnosticReport", &[PATIENT, SUBJECT, STATUS, CODE, CATEGORY, DATE]),
    ("DocumentReference", &[PATIENT, SUBJECT, STATUS, CATEGORY, DATE, ("type", By::Element("type"))]),
    (
        "Encounter",
        &[PATIENT, SUBJECT, STATUS, DATE, ("class", By::Element("class")), ("type", By::Element("type"))],
    ),
    ("EpisodeOfCare", &[PATIENT, STATUS, DATE]),
    ("FamilyMemberHistory", &[PATIENT, STATUS, DATE]),
    ("Goal", &[PATIENT, SUBJECT]),
    (
        "ImagingStudy",
        &[PATIENT, SUBJECT, STATUS, ("started", By::Time), ("modality", By::Element("modality"))],
    ),
    ("Immunization", &[PATIENT, STATUS, DATE, ("vaccine-code", By::Element("vaccineCode"))]),
    ("Location", &[STATUS]),
    ("Medication", &[STATUS, CODE]),
    ("MedicationAdministration", &[PATIENT, SUBJECT, STATUS, CODE, ("effective-time", By::Time)]),
    ("MedicationDispense", &[PATIENT, SUBJECT, STATUS, CODE, ("whenhandedover", By::Time)]),
    (
        "MedicationRequest",
        &[PATIENT, SUBJECT, STATUS, CODE, ("authoredon", By::Time), ("intent", By::Element("intent"))],
    ),
    ("MedicationStatement", &[PATIENT, SUBJECT, STATUS, CODE, ("effective", By::Time)]),
    ("MolecularSequence", &[PATIENT]),
    ("Observation", &[PATIENT, SUBJECT, STATUS, CODE, CATEGORY, DATE]),
    ("Organization", &[]),
    ("Patient", &[]),
    ("Practitioner", &[]),
    ("PractitionerRole", &[]),
    ("Procedure", &[PATIENT, SUBJECT, STATUS, CODE, CATEGORY, DATE]),
    (
        "ServiceRequest",
        &[
            PATIENT,
            SUBJECT,
            STATUS,
            CODE,
            CATEGORY,
            ("authored", By::Time),
            ("occurrence", By::Time),
            ("intent", By::Element("intent")),
        ],
    ),
    ("Specimen", &[PATIENT, SUBJECT, STATUS, ("type", By::Element("type"))]),
];

/// What `_include` may follow: a parameter's name, the elements it means.
pub(super) const INCLUDES: &[(&str, &[&str])] = &[
    ("patient", &["subject", "patient"]),
    ("subject", &["subject", "patient"]),
    ("encounter", &["encounter", "context"]),
    ("context", &["encounter", "context"]),
    ("based-on", &["basedOn"]),
    ("basedon", &["basedOn"]),
    ("result", &["result"]),
    ("imaging-study", &["imagingStudy"]),
    ("specimen", &["specimen"]),
    ("performer", &["performer"]),
    ("requester", &["requester"]),
    ("part-of", &["partOf"]),
    ("medication", &["medicationReference"]),
    ("organization", &["managingOrganization", "serviceProvider", "organization"]),
    ("service-provider", &["serviceProvider"]),
    ("has-member", &["hasMember"]),
    ("derived-from", &["derivedFrom"]),
    ("author", &["author"]),
];

/// The type of this name.
pub(super) fn named(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|(own, _)| *own == name)
}

/// A parameter of a type.
pub(super) fn parameter(kind: &Type, name: &str) -> Option<By> {
    let found = COMMON.iter().chain(kind.1).find(|(own, _)| *own == name).map(|(_, by)| *by);
    found.filter(|by| is_offered(kind, *by))
}

/// Persons and exams are made from what holds: there is no moment we knew them as they are.
pub(super) fn is_offered(kind: &Type, by: By) -> bool {
    by != By::Known || !["Patient", "ImagingStudy"].contains(&kind.0)
}
