//! Projects, members and subjects as JSON.

use crate::projects::withheld;
use govern::projects::{Member, Subject};
use govern::{Project, ProjectTerms};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A new project.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewProject {
    /// Its name in addresses: 2 to 32 of a-z, 0-9 and -, a letter first.
    pub id: String,
    #[serde(flatten)]
    pub terms: ProjectTerms,
}

/// A changed project.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangedProject {
    /// The version that was seen.
    pub version: i64,
    #[serde(flatten)]
    pub terms: ProjectTerms,
}

/// A project, and what the caller is in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProjectShape {
    pub id: String,
    pub version: i64,
    #[serde(flatten)]
    pub terms: ProjectTerms,
    pub created_by: String,
    /// RFC 3339.
    pub created_at: String,
    /// Whether members see anything today.
    pub is_open: bool,
    /// The caller's place: lead, member, or nothing.
    pub role: Option<String>,
    /// Whether the caller may change the project and see who its subjects are.
    pub may_manage: bool,
    /// Whether the caller may say who is in it.
    pub may_lead: bool,
    /// Whether the caller may ask who a subject is.
    pub may_reidentify: bool,
    /// The path of its DICOMweb service.
    pub dicomweb: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ProjectList {
    pub projects: Vec<ProjectShape>,
}

/// A member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberShape {
    /// An account's name, or peer: and the name of a peer's entry.
    pub member: String,
    /// lead or member.
    pub role: String,
    pub added_by: String,
    /// RFC 3339.
    pub added_at: String,
}

impl From<Member> for MemberShape {
    fn from(member: Member) -> Self {
        let Member { member, role, added_by, added_at } = member;
        Self { member, role: role.as_str().to_owned(), added_by, added_at: added_at.to_string() }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct MemberList {
    pub members: Vec<MemberShape>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct MemberBody {
    /// lead or member.
    pub role: String,
}

/// What was said of a use.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsentShape {
    pub granted: bool,
    pub said_by: String,
    /// RFC 3339.
    pub said_at: String,
}

/// A subject, by its code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectShape {
    pub code: String,
    pub withdrawn: bool,
    /// Whether the project may use it now: it has not left, and agreed to what the project is for.
    pub usable: bool,
    pub enrolled_by: String,
    /// RFC 3339.
    pub enrolled_at: String,
    /// The last word on each use.
    pub consents: BTreeMap<String, ConsentShape>,
    /// Exams and instances that can be seen in the project.
    pub exams: i64,
    pub instances: i64,
    /// Who it is; only where the caller asked and may know.
    pub patient: Option<PatientShape>,
}

/// Who a subject is. Identifies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PatientShape {
    pub patient_id: String,
    pub issuer: String,
    /// The Study Instance UID by which the pages know the patient.
    pub exam: String,
}

impl SubjectShape {
    pub(super) fn new(subject: Subject, project: &Project) -> Self {
        let usable = subject.may_be_used(project);
        let Subject { code, withdrawn, enrolled_by, enrolled_at, consents, left_at: _ } = subject;
        let consents = consents.into_iter().map(|(purpose, said)| {
            let said_at = said.said_at.to_string();
            (purpose, ConsentShape { granted: said.granted, said_by: said.said_by, said_at })
        });
        Self {
            code,
            withdrawn,
            usable,
            enrolled_by,
            enrolled_at: enrolled_at.to_string(),
            consents: consents.collect(),
            exams: 0,
            instances: 0,
            patient: None,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct SubjectList {
    pub subjects: Vec<SubjectShape>,
}

/// The exams by which patients are enrolled.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Enrol {
    /// Study Instance UIDs, 1000 at most.
    pub exams: Vec<String>,
    /// Whether these exams alone belong to the project; otherwise all of the patient, those to come too.
    #[serde(default)]
    pub only_these: bool,
}

/// What became of one exam.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnrolledShape {
    /// The Study Instance UID that was given.
    pub exam: String,
    /// The subject's code, if the patient is enrolled.
    pub code: Option<String>,
    /// Why not.
    pub problem: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct EnrolledList {
    pub enrolled: Vec<EnrolledShape>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct ConsentBody {
    pub granted: bool,
}

/// What can be seen in a project, and what can't.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coverage {
    pub subjects: usize,
    /// Of them, those that have left or did not agree.
    pub not_usable: usize,
    pub exams: i64,
    pub series: i64,
    pub instances: i64,
    /// Subjects that are being made anew.
    pub waiting: i64,
    pub withheld: Vec<WithheldCount>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct WithheldCount {
    /// A word for the reason.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
    pub instances: i64,
}

/// Something the wall kept back.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WithheldShape {
    /// The UID it has in the project.
    pub sop_instance_uid: String,
    pub code: String,
    pub reason: String,
    pub detail: String,
    pub modality: String,
    pub sop_class_uid: String,
    /// RFC 3339.
    pub withheld_at: String,
    /// The original's UIDs, only where the caller may know.
    pub original: Option<OriginalShape>,
}

/// An original.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OriginalShape {
    pub study_instance_uid: String,
    pub series_instance_uid: String,
    pub sop_instance_uid: String,
}

impl From<withheld::Row> for WithheldShape {
    fn from(row: withheld::Row) -> Self {
        let withheld::Row { sop, code, reason, detail, modality, sop_class, at, kind: _ } = row;
        Self {
            sop_instance_uid: sop,
            code,
            reason,
            detail,
            modality,
            sop_class_uid: sop_class,
            withheld_at: at.to_string(),
            original: None,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct WithheldList {
    pub withheld: Vec<WithheldShape>,
    /// Whether more follow after the last.
    pub more: bool,
}
