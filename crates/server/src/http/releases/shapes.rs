//! What is told of releases.

use super::Standing;
use crate::App;
use crate::http::Problem;
use crate::projects::Place;
use release::checks::Check;
use release::desk::{Decided, Fetching, Missing, Package, PinnedPolicy, Receipt, Release};
use release::letters::{About, Letter, Where};
use release::request::{Form, Recipient};
use release::state::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use warehouse::ask::Sight;
use warehouse::protect::{Counted, Protection};

/// A project by name.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseProject {
    pub id: String,
    pub title: String,
}

/// A release as it is listed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReleaseSummary {
    pub id: String,
    pub title: String,
    pub project: ReleaseProject,
    /// The frozen cohort.
    pub frozen: String,
    pub state: State,
    pub asked_by: String,
    /// RFC 3339.
    pub asked_at: String,
    /// The last day on which it can be received.
    pub expires: String,
    pub forms: Vec<Form>,
    /// Patients of the cohort; null where the caller may not know so few before somebody approved.
    pub patients: Option<u64>,
    /// Exams of the cohort; null as patients.
    pub exams: Option<u64>,
    /// Whether the caller may decide on it now.
    pub may_decide: bool,
    /// Whether the caller may receive its files now.
    pub may_receive: bool,
}

/// The vote of an ethics committee.
#[derive(Serialize, ToSchema)]
pub(super) struct EthicsShape {
    pub reference: String,
    /// Whether there is a document.
    pub document: bool,
}

/// The cohort.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseCohort {
    pub id: String,
    pub version: i64,
    pub name: String,
}

/// What somebody decided.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseDecision {
    pub by: String,
    /// RFC 3339.
    pub at: String,
    pub approve: bool,
    pub reason: String,
}

/// How far the making is.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseProgress {
    pub done: i64,
    pub of: i64,
    pub says: String,
}

/// The package.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PackageShape {
    /// SHA-256 of the list of checksums.
    pub digest: String,
    pub bytes: u64,
    pub files: u64,
    /// RFC 3339.
    pub made_at: String,
    pub subjects: u64,
    pub exams: u64,
    pub series: u64,
    pub instances: u64,
}

/// Somebody received files.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptShape {
    pub by: String,
    /// RFC 3339.
    pub at: String,
    pub bytes: i64,
    pub files: i64,
}

/// A letter to a recipient.
#[derive(Serialize, ToSchema)]
#[schema(as = ReleaseLetter)]
pub(in crate::http) struct LetterShape {
    /// The release.
    release: String,
    about: About,
    /// To whom.
    name: String,
    email: String,
    /// waiting, sent, failed, or unsent: no mail server is set.
    state: &'static str,
    /// RFC 3339: when it was sent, or else written.
    at: String,
    /// Why it is not sent yet, or never.
    why: String,
}

impl LetterShape {
    pub(in crate::http) fn of(app: &App, letter: Letter) -> Self {
        let written = letter.written;
        let (state, at, why) = match letter.at {
            Where::Sent(moment) => ("sent", moment, String::new()),
            Where::Failed(why) => ("failed", written, why),
            Where::Waiting(_) if app.config.mail.server.is_none() => ("unsent", written, String::new()),
            Where::Waiting(why) => ("waiting", written, why),
        };
        let Letter { release, about, name, email, .. } = letter;
        Self { release, about, name, email, state, at: at.to_string(), why }
    }
}

/// Where the exams are shown and the facts asked without a copy.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseEndpoint {
    /// The project's DICOMweb service.
    pub dicomweb: String,
    /// Where statements that name the release are answered.
    pub sql: String,
}

/// A release with all that is known of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReleaseDetail {
    #[serde(flatten)]
    pub summary: ReleaseSummary,
    pub purpose: String,
    pub recipients: Vec<Recipient>,
    pub ethics: EthicsShape,
    pub cohort: ReleaseCohort,
    /// The version of the facts.
    pub facts: i64,
    /// What the cohort asks.
    #[schema(value_type = Object)]
    pub definition: Value,
    pub policy: PinnedPolicy,
    /// How many must approve.
    pub needed: i64,
    pub decisions: Vec<ReleaseDecision>,
    /// What was looked at: for who decides, and for others once it was approved.
    pub checks: Vec<Check>,
    pub progress: ReleaseProgress,
    pub missing: Vec<Missing>,
    /// What was still in a PACS when it was approved, and how far fetching it is; null: nothing was.
    pub fetching: Option<Fetching>,
    pub package: Option<PackageShape>,
    pub receipts: Vec<ReceiptShape>,
    /// Letters to recipients, the latest first: for who decides.
    pub letters: Vec<LetterShape>,
    pub endpoint: Option<ReleaseEndpoint>,
}

/// Releases.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseList {
    pub releases: Vec<ReleaseSummary>,
}

impl From<&Decided> for ReleaseDecision {
    fn from(one: &Decided) -> Self {
        Self { by: one.by.clone(), at: one.at.to_string(), approve: one.approve, reason: one.reason.clone() }
    }
}

impl From<Receipt> for ReceiptShape {
    fn from(one: Receipt) -> Self {
        Self { by: one.by, at: one.at.to_string(), bytes: one.bytes, files: one.files }
    }
}

impl From<Package> for PackageShape {
    fn from(one: Package) -> Self {
        let Package { digest, bytes, files, made_at, subjects, exams, series, instances } = one;
        Self { digest, bytes, files, made_at, subjects, exams, series, instances }
    }
}

/// Counts as the caller may know them: who decides and whoever has the package knows them as they are.
async fn counts(app: &App, standing: &Standing) -> Result<(Option<u64>, Option<u64>), Problem> {
    let Release { pinned, state, .. } = &standing.release;
    let (patients, exams) = (pinned.patients.cast_unsigned(), pinned.exams.cast_unsigned());
    if standing.decides || *state == State::Ready {
        return Ok((Some(patients), Some(exams)));
    }
    let Some(frozen) = app.warehouse.frozen(&standing.release.request.frozen).await? else {
        return Ok((None, None));
    };
    let sight = Sight::Counts(Protection::default());
    let exams = Counted { count: frozen.exams, ..frozen.patients };
    Ok((app.warehouse.told(frozen.patients, sight).count, app.warehouse.told(exams, sight).count))
}

pub(super) async fn summary(app: &App, who: &str, standing: &Standing) -> Result<ReleaseSummary, Problem> {
    let (patients, exams) = counts(app, standing).await?;
    let Release { id, request, pinned, asked_by, asked_at, state, .. } = &standing.release;
    Ok(ReleaseSummary {
        id: id.clone(),
        title: request.title.clone(),
        project: ReleaseProject { id: request.project.clone(), title: pinned.project_title.clone() },
        frozen: request.frozen.clone(),
        state: *state,
        asked_by: asked_by.clone(),
        asked_at: asked_at.to_string(),
        expires: request.expires.clone(),
        forms: request.forms.clone(),
        patients,
        exams,
        may_decide: standing.may_decide(who),
        may_receive: standing.may_receive(),
    })
}

pub(super) async fn detail(app: &App, who: &str, standing: Standing) -> Result<ReleaseDetail, Problem> {
    let summary = summary(app, who, &standing).await?;
    let receipts = app.releases.receipts(&standing.release.id).await?;
    let letters =
        if standing.decides { app.releases.letters(&standing.release.id).await? } else { Vec::new() };
    let may_receive = standing.may_receive();
    let Release {
        request,
        pinned,
        state,
        ethics_type,
        checks,
        missing,
        progress,
        fetching,
        package,
        decisions,
        ..
    } = standing.release;
    let in_place = may_receive && request.wants(Form::InPlace);
    let path = Place::Project(request.project.clone()).path();
    let (done, of, says) = progress;
    Ok(ReleaseDetail {
        summary,
        purpose: request.purpose,
        recipients: request.recipients,
        ethics: EthicsShape { reference: request.ethics, document: !ethics_type.is_empty() },
        cohort: ReleaseCohort { id: pinned.cohort, version: pinned.cohort_version, name: pinned.cohort_name },
        facts: pinned.facts,
        definition: pinned.definition,
        policy: pinned.policy,
        needed: pinned.needed,
        decisions: decisions.iter().map(Into::into).collect(),
        // Numbers of small groups say something of who is in a cohort that nobody has approved.
        checks: if standing.decides || state == State::Ready { checks } else { Vec::new() },
        progress: ReleaseProgress {
            done,
            of,
            says: if standing.decides || state == State::Making { says } else { String::new() },
        },
        missing: if state == State::Ready || standing.decides { missing } else { Vec::new() },
        // Which peers there are is nobody's business but theirs who decide.
        fetching: fetching.filter(|fetching| fetching.wanted > 0).map(|mut fetching| {
            if !standing.decides {
                fetching.missing.clear();
            }
            fetching
        }),
        package: package.filter(|_| state == State::Ready || standing.decides).map(Into::into),
        receipts: receipts.into_iter().map(Into::into).collect(),
        letters: letters.into_iter().map(|letter| LetterShape::of(app, letter)).collect(),
        endpoint: in_place.then(|| ReleaseEndpoint {
            dicomweb: format!("{}{path}", app.base_url()),
            sql: format!("{}/api/v1/sql", app.base_url()),
        }),
    })
}
