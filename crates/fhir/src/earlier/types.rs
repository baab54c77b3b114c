//! The steps for each resource type that has changed.

use super::rules::Rule::{self, Coding, Concept, First, Lost, Reference, Rename, Split, Within};

/// The steps that carry a resource of this type.
pub(crate) fn rules(kind: &str) -> &'static [Rule] {
    match kind {
        "Encounter" => ENCOUNTER,
        "Condition" => CONDITION,
        "Procedure" => PROCEDURE,
        "Observation" => OBSERVATION,
        "ServiceRequest" => SERVICE_REQUEST,
        "DiagnosticReport" => DIAGNOSTIC_REPORT,
        "ImagingStudy" => IMAGING_STUDY,
        "DocumentReference" => DOCUMENT_REFERENCE,
        "MedicationRequest" => MEDICATION_REQUEST,
        "MedicationStatement" => MEDICATION_STATEMENT,
        "MedicationAdministration" => MEDICATION_ADMINISTRATION,
        "MedicationDispense" => MEDICATION_DISPENSE,
        "MolecularSequence" => MOLECULAR_SEQUENCE,
        "Specimen" => SPECIMEN,
        _ => &[],
    }
}

const MEDICATION: Rule = Split("medication", "medicationCodeableConcept", "medicationReference");
const REASON: Rule = Split("reason", "reasonCode", "reasonReference");

const ENCOUNTER: &[Rule] = &[
    Coding("class"),
    Rename("actualPeriod", "period"),
    Rename("admission", "hospitalization"),
    Concept("serviceType"),
    First("serviceType"),
    REASON,
    Within("participant", &[Rename("actor", "individual")]),
    Within("location", &[Rename("form", "physicalType")]),
    Within("diagnosis", &[Reference("condition"), First("condition"), First("use")]),
    Lost("subjectStatus"),
    Lost("plannedStartDate"),
    Lost("plannedEndDate"),
    Lost("virtualService"),
    Lost("careTeam"),
];

const CONDITION: &[Rule] = &[Lost("participant")];

const PROCEDURE: &[Rule] = &[
    Rename("occurrenceDateTime", "performedDateTime"),
    Rename("occurrencePeriod", "performedPeriod"),
    Rename("occurrenceString", "performedString"),
    Rename("occurrenceAge", "performedAge"),
    Rename("occurrenceRange", "performedRange"),
    Lost("occurrenceTiming"),
    First("category"),
    REASON,
    Split("used", "usedCode", "usedReference"),
    Split("complication", "complication", "complicationDetail"),
    Within("performer", &[Lost("period")]),
    Lost("recorded"),
    Lost("reportedBoolean"),
    Lost("reportedReference"),
    Lost("focus"),
];

const OBSERVATION: &[Rule] = &[
    Lost("triggeredBy"),
    Lost("instantiatesCanonical"),
    Lost("instantiatesReference"),
    Lost("bodyStructure"),
    Lost("valueAttachment"),
    Lost("valueReference"),
    Within("referenceRange", &[Lost("normalValue")]),
];

const SERVICE_REQUEST: &[Rule] = &[
    Concept("code"),
    REASON,
    Reference("supportingInfo"),
    Concept("asNeededFor"),
    Lost("bodyStructure"),
    Lost("focus"),
    Within("orderDetail", &[Lost("parameterFocus"), Lost("parameter")]),
];

const DIAGNOSTIC_REPORT: &[Rule] =
    &[Rename("study", "imagingStudy"), Lost("supportingInfo"), Lost("note"), Lost("composition")];

const IMAGING_STUDY: &[Rule] = &[
    Coding("modality"),
    Split("procedure", "procedureCode", "procedureReference"),
    First("procedureReference"),
    REASON,
    Lost("partOf"),
    Within("series", &[Coding("modality"), Concept("bodySite"), Coding("bodySite"), Coding("laterality")]),
];

const DOCUMENT_REFERENCE: &[Rule] = &[
    Lost("version"),
    Lost("modality"),
    Lost("bodySite"),
    Within("attester", &[Lost("mode"), Lost("time")]),
    Within("content", &[Lost("profile")]),
    Lost("attester"),
];

const MEDICATION_REQUEST: &[Rule] = &[
    MEDICATION,
    REASON,
    Rename("reported", "reportedBoolean"),
    First("informationSource"),
    Rename("informationSource", "reportedReference"),
    First("performer"),
    Lost("renderedDosageInstruction"),
    Lost("effectiveDosePeriod"),
    Lost("statusChanged"),
    Lost("device"),
];

const MEDICATION_STATEMENT: &[Rule] = &[
    MEDICATION,
    REASON,
    First("category"),
    Rename("encounter", "context"),
    First("informationSource"),
    Lost("effectiveTiming"),
    Lost("renderedDosageInstruction"),
    Lost("relatedClinicalInformation"),
];

const MEDICATION_ADMINISTRATION: &[Rule] = &[
    MEDICATION,
    REASON,
    First("category"),
    Rename("encounter", "context"),
    Rename("occurenceDateTime", "effectiveDateTime"),
    Rename("occurencePeriod", "effectivePeriod"),
    Lost("occurenceTiming"),
    Within("performer", &[Reference("actor")]),
    Lost("basedOn"),
    Lost("recorded"),
    Lost("isSubPotent"),
    Lost("subPotentReason"),
];

const MEDICATION_DISPENSE: &[Rule] = &[
    MEDICATION,
    First("category"),
    Rename("encounter", "context"),
    Split("notPerformedReason", "statusReasonCodeableConcept", "statusReasonReference"),
    Lost("basedOn"),
    Lost("recorded"),
    Lost("statusChanged"),
    Lost("fulfillOn"),
    Lost("renderedDosageInstruction"),
];

const MOLECULAR_SEQUENCE: &[Rule] =
    &[Rename("subject", "patient"), Rename("literal", "observedSeq"), Lost("focus"), Lost("formatted")];

const SPECIMEN: &[Rule] = &[
    Lost("combined"),
    Lost("role"),
    Lost("feature"),
    Within("collection", &[Lost("device"), Lost("procedure"), Concept("bodySite")]),
    Within("container", &[Lost("device"), Lost("location"), Lost("specimenQuantity")]),
];
