//! What becomes of elements and attributes.

use super::super::{Cleaning, Doubt};
use super::tree::{Content, Node};
use crate::registry::is_registered;

/// Elements of the schema that pass, each by the rules for its attributes and its text.
const ELEMENTS: &str = "
    ClinicalDocument realmCode typeId templateId id code title effectiveTime confidentialityCode languageCode setId
    versionNumber copyTime recordTarget patientRole patient name addr telecom administrativeGenderCode birthTime
    providerOrganization standardIndustryClassCode author functionCode time assignedAuthor assignedPerson
    assignedAuthoringDevice manufacturerModelName softwareName representedOrganization dataEnterer assignedEntity
    informant relatedEntity relatedPerson custodian assignedCustodian representedCustodianOrganization
    informationRecipient intendedRecipient receivedOrganization legalAuthenticator signatureCode authenticator
    participant associatedEntity associatedPerson scopingOrganization inFulfillmentOf order priorityCode documentationOf
    serviceEvent performer relatedDocument parentDocument authorization consent statusCode componentOf
    encompassingEncounter dischargeDispositionCode responsibleParty encounterParticipant location healthCareFacility
    serviceProviderOrganization component structuredBody section text entry act observation procedure encounter
    organizer substanceAdministration supply regionOfInterest observationMedia entryRelationship reference
    externalAct externalDocument externalObservation externalProcedure value interpretationCode methodCode
    targetSiteCode approachSiteCode referenceRange observationRange precondition criterion specimen specimenRole
    specimenPlayingEntity quantity desc subject consumable product manufacturedProduct manufacturedMaterial
    manufacturedLabeledDrug routeCode doseQuantity rateQuantity maxDoseQuantity administrationUnitCode repeatNumber
    independentInd sequenceNumber seperatableInd participantRole playingDevice playingEntity scopingEntity
    low high center width period translation qualifier originalText numerator denominator derivationExpr
    content paragraph list item table thead tbody tfoot tr td th caption colgroup col br sub sup footnote footnoteRef
    renderMultiMedia linkHtml";

/// Elements that say who or where somebody is: their place stays, their content goes.
const IDENTITIES: &[&str] =
    &["name", "addr", "telecom", "birthTime", "softwareName", "manufacturerModelName"];

/// Elements that hold a point in time.
const TIMES: &[&str] = &["effectiveTime", "time", "low", "high", "center", "copyTime"];

/// Attributes whose values are terms of the schema.
const TERMS: &[&str] = &[
    "classCode",
    "moodCode",
    "typeCode",
    "determinerCode",
    "nullFlavor",
    "contextControlCode",
    "contextConductionInd",
    "negationInd",
    "inversionInd",
    "independentInd",
    "operator",
    "use",
    "unit",
    "xsi:type",
    "mediaType",
    "styleCode",
    "border",
    "align",
    "valign",
    "colspan",
    "rowspan",
    "listType",
    "inclusive",
    "institutionSpecified",
    "code",
    "codeSystem",
    "codeSystemVersion",
    "qualifier",
    "ID",
    "IDREF",
];

/// What namespaces may be called.
const NAMESPACES: &[&str] =
    &["urn:hl7-org:v3", "urn:hl7-org:sdtc", "http://www.w3.org/2001/XMLSchema-instance"];

/// Applies the rules to a document.
pub(super) fn apply(root: &mut Node, cleaning: &Cleaning<'_>) -> Result<(), Doubt> {
    element(root, "", cleaning)
}

fn element(node: &mut Node, parent: &str, cleaning: &Cleaning<'_>) -> Result<(), Doubt> {
    let local = node.local().to_owned();
    if local == "nonXMLBody" || node.attribute("representation") == Some("B64") {
        return Err(Doubt("it holds another document, which is not read"));
    }
    if IDENTITIES.contains(&local.as_str()) {
        masked(node, (local == "name" && parent == "patient").then_some(cleaning.code));
        return Ok(());
    }
    attributes(node, &local, parent, cleaning);
    for content in &mut node.content {
        if let Content::Element(child) = content {
            if child.local() == "nonXMLBody" {
                return Err(Doubt("it holds another document, which is not read"));
            }
            if is_known(child) && !is_characteristic(child, cleaning) {
                element(child, &local, cleaning)?;
            } else {
                child.name.clear();
            }
        }
    }
    node.content.retain(|content| !matches!(content, Content::Element(child) if child.name.is_empty()));
    Ok(())
}

fn is_known(node: &Node) -> bool {
    let plain = !node.name.contains(':') || node.name.starts_with("hl7:") || node.name.starts_with("cda:");
    plain && ELEMENTS.split_whitespace().any(|name| name == node.local())
}

/// Sex stays where characteristics of patients do.
fn is_characteristic(node: &Node, cleaning: &Cleaning<'_>) -> bool {
    node.local() == "administrativeGenderCode" && !cleaning.characteristics
}

/// Masked (HL7 V3 NullFlavor), or with the code of the subject in its place.
fn masked(node: &mut Node, code: Option<&str>) {
    node.content.clear();
    node.attributes.clear();
    match code {
        Some(code) => node.content.push(Content::Text(code.to_owned())),
        None => mask(node),
    }
}

fn mask(node: &mut Node) {
    if node.attribute("nullFlavor").is_none() {
        node.attributes.push(("nullFlavor".into(), "MSK".into()));
    }
}

fn attributes(node: &mut Node, local: &str, parent: &str, cleaning: &Cleaning<'_>) {
    let all = std::mem::take(&mut node.attributes);
    let had = all.iter().any(|(name, _)| matches!(name.as_str(), "value" | "extension" | "root"));
    let is_measure = all.iter().any(|(name, _)| name == "unit");
    let kept = all.into_iter().filter_map(|(name, value)| {
        let place = Place { local, parent, is_measure };
        attribute(&name, &value, place, cleaning).map(|value| (name, value))
    });
    node.attributes = kept.collect();
    let says =
        node.attributes.iter().any(|(name, _)| matches!(name.as_str(), "value" | "extension" | "root"));
    if had && !says {
        mask(node);
    }
}

#[derive(Clone, Copy)]
struct Place<'a> {
    local: &'a str,
    parent: &'a str,
    /// It has a unit, so that its value is no date.
    is_measure: bool,
}

/// The attribute as it passes, if it does.
fn attribute(name: &str, value: &str, place: Place<'_>, cleaning: &Cleaning<'_>) -> Option<String> {
    let is_scheme = matches!(place.local, "templateId" | "typeId");
    match name {
        "xmlns" => NAMESPACES.contains(&value).then(|| value.to_owned()),
        _ if name.starts_with("xmlns:") => NAMESPACES.contains(&value).then(|| value.to_owned()),
        "root" if is_scheme => is_oid(value).then(|| value.to_owned()),
        "root" if is_registered(value) => Some(value.to_owned()),
        "root" => Some((cleaning.uid)(value)),
        "extension" if is_scheme => term(value, cleaning),
        "extension" if place.parent == "patientRole" => Some(cleaning.code.to_owned()),
        "value" => said(value, place, cleaning),
        "displayName" | "codeSystemName" => Some(cleaning.text(value)),
        "referencedObject" => term(value, cleaning),
        name if TERMS.contains(&name) => term(value, cleaning),
        _ => None,
    }
}

/// A value: a date as the subject's dates move, a number, or a reference inside the document.
fn said(value: &str, place: Place<'_>, cleaning: &Cleaning<'_>) -> Option<String> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    if TIMES.contains(&place.local) && !place.is_measure {
        return (cleaning.date)(value);
    }
    // A long number may be one of somebody.
    let is_number = value.len() < 8 || value.contains('.') && digits < 8;
    let plain =
        value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain && is_number || matches!(value, "true" | "false") {
        return Some(value.to_owned());
    }
    value.starts_with('#').then(|| term(value, cleaning))?
}

/// Short, of the letters of codes, and naming nobody.
fn term(value: &str, cleaning: &Cleaning<'_>) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" .:/_-#%[]{}*^()+'".contains(&byte);
    let plain = value.len() <= 64 && value.bytes().all(allowed);
    (plain && !cleaning.sweep.names_someone(value)).then(|| value.to_owned())
}

fn is_oid(value: &str) -> bool {
    value.len() <= 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b'-'))
}
