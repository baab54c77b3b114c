//! Projects: what they are for, by which policy their data loses its identity, who is in them, and what their
//! subjects agreed to. Who a subject is, is the vault's.

mod members;
mod subjects;

pub use members::Member;
pub use subjects::{Consent, SUBJECTS, Subject};

use model::{AeTitle, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;
use store::Ledger;
use utoipa::ToSchema;

/// What a project is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectTerms {
    /// Its name for people.
    pub title: String,
    /// The number of the trial protocol (0012,0020).
    #[serde(default)]
    pub protocol_number: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// The first day, as 2026-01-31; empty: no bound.
    #[serde(default)]
    pub starts: String,
    /// The last day on which members see anything; empty: no bound.
    #[serde(default)]
    pub ends: String,
    /// The terms under which the data may be used.
    #[serde(default)]
    pub terms: String,
    /// What subjects must have agreed to, such as `research`, `sharing`.
    #[serde(default)]
    pub uses: Vec<String>,
    /// Whether subjects must have said yes; otherwise it is enough that they have not said no.
    #[serde(default)]
    pub needs_consent: bool,
    /// The policy by which data loses its identity.
    pub policy: String,
    /// Its version; 0 for one that comes with the product.
    #[serde(default)]
    pub policy_version: i64,
    /// The AE title by which DICOM peers call the project.
    #[serde(default)]
    pub ae_title: Option<String>,
    /// A closed project shows nothing to anybody.
    #[serde(default)]
    pub closed: bool,
    /// Whether the project shows nothing before evidence of its de-identification has passed.
    #[serde(default)]
    pub needs_evidence: bool,
    /// How many people must approve before data leaves: 1 or 2. Nobody approves what they asked for.
    #[serde(default = "one_approval")]
    pub approvals: i64,
    /// The least people who must look alike in what leaves; smaller groups are told to who approves.
    #[serde(default = "smallest_group")]
    pub smallest_group: i64,
}

const fn one_approval() -> i64 {
    1
}

const fn smallest_group() -> i64 {
    5
}

impl Default for ProjectTerms {
    fn default() -> Self {
        Self {
            title: String::new(),
            protocol_number: String::new(),
            description: String::new(),
            starts: String::new(),
            ends: String::new(),
            terms: String::new(),
            uses: Vec::new(),
            needs_consent: false,
            policy: String::new(),
            policy_version: 0,
            ae_title: None,
            closed: false,
            needs_evidence: false,
            approvals: one_approval(),
            smallest_group: smallest_group(),
        }
    }
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its name in addresses: 2 to 32 of a-z, 0-9 and -, a letter first.
    pub id: String,
    /// What it is.
    pub terms: ProjectTerms,
    /// How often it was changed.
    pub version: i64,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Why a project can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Something it is to be makes no sense; the text says what to do.
    #[error("{0}")]
    Invalid(String),
    /// The name or the AE title is taken.
    #[error("there is a project with this {0} already")]
    Exists(&'static str),
    /// There is none.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// Somebody else changed it meanwhile.
    #[error("the project was changed meanwhile: it is version {0} now; look at it and change that")]
    Changed(i64),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// The projects in the ledger.
#[derive(Debug, Clone)]
pub struct Projects {
    ledger: Ledger,
}

const COLUMNS: &str = "SELECT p.id, p.title, p.protocol_number, p.description, p.starts, p.ends, p.terms, \
     p.uses, p.needs_consent, p.policy, p.policy_version, p.ae_title, p.closed, p.version, p.created_by, \
     p.created_at, p.needs_evidence, p.approvals, p.smallest_group FROM project p";

impl Projects {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// All projects, by title.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn list(&self) -> Result<Vec<Project>, sqlx::Error> {
        let sql = format!("{COLUMNS} ORDER BY p.title, p.id");
        // Safe: made of constants.
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(read).collect()
    }

    /// One project.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn get(&self, id: &str) -> Result<Option<Project>, sqlx::Error> {
        self.one("p.id = $1", id).await
    }

    /// The project that peers call by an AE title.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn called(&self, title: &AeTitle) -> Result<Option<Project>, sqlx::Error> {
        self.one("p.ae_title = $1", title.as_str()).await
    }

    async fn one(&self, condition: &'static str, value: &str) -> Result<Option<Project>, sqlx::Error> {
        let sql = format!("{COLUMNS} WHERE {condition}");
        // Safe: made of constants.
        let row =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(value).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(read).transpose()
    }

    /// Makes a project.
    ///
    /// # Errors
    /// [`ProjectError`].
    pub async fn create(
        &self,
        id: &str,
        terms: &ProjectTerms,
        by: &str,
        now: Timestamp,
    ) -> Result<Project, ProjectError> {
        check_id(id)?;
        check(terms)?;
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "INSERT INTO project (id, title, protocol_number, description, starts, ends, terms, uses, \
             needs_consent, policy, policy_version, ae_title, closed, version, created_by, created_at) \
             VALUES ($1, '', '', '', '', '', '', '', 0, '', 0, NULL, 0, 0, $2, $3) ON CONFLICT (id) DO NOTHING",
        );
        let put = put.bind(id).bind(by).bind(now.as_micros()).execute(&mut *tx).await?;
        if put.rows_affected() == 0 {
            return Err(ProjectError::Exists("name"));
        }
        write(&mut tx, id, 0, terms).await?;
        tx.commit().await?;
        self.get(id).await?.ok_or(ProjectError::Missing("project"))
    }

    /// Changes a project, if the version that was seen is still the last.
    ///
    /// # Errors
    /// [`ProjectError`].
    pub async fn change(&self, id: &str, seen: i64, terms: &ProjectTerms) -> Result<Project, ProjectError> {
        check(terms)?;
        let mut tx = self.ledger.write().await?;
        let changed = write(&mut tx, id, seen, terms).await?;
        if !changed {
            drop(tx);
            let now = self.get(id).await?.ok_or(ProjectError::Missing("project"))?;
            return Err(ProjectError::Changed(now.version));
        }
        self.tell(&mut tx, id).await?;
        tx.commit().await?;
        self.get(id).await?.ok_or(ProjectError::Missing("project"))
    }
}

async fn write(
    tx: &mut store::WriteTx,
    id: &str,
    seen: i64,
    terms: &ProjectTerms,
) -> Result<bool, ProjectError> {
    let ProjectTerms { title, protocol_number, description, starts, ends, .. } = terms;
    let put = sqlx::query(
        "UPDATE project SET title = $3, protocol_number = $4, description = $5, starts = $6, ends = $7, \
         terms = $8, uses = $9, needs_consent = $10, policy = $11, policy_version = $12, ae_title = $13, \
         closed = $14, needs_evidence = $15, approvals = $16, smallest_group = $17, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(seen)
    .bind(title.trim())
    .bind(protocol_number.trim())
    .bind(description)
    .bind(starts)
    .bind(ends)
    .bind(&terms.terms)
    .bind(terms.uses.join(","))
    .bind(i64::from(terms.needs_consent))
    .bind(&terms.policy)
    .bind(terms.policy_version)
    .bind(terms.ae_title.as_deref().map(str::trim).filter(|title| !title.is_empty()))
    .bind(i64::from(terms.closed))
    .bind(i64::from(terms.needs_evidence))
    .bind(terms.approvals)
    .bind(terms.smallest_group);
    match put.execute(&mut **tx).await {
        Ok(done) => Ok(done.rows_affected() == 1),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            Err(ProjectError::Exists("AE title"))
        }
        Err(error) => Err(error.into()),
    }
}

fn check_id(id: &str) -> Result<(), ProjectError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (2..=32).contains(&id.len()) && id.starts_with(|c: char| c.is_ascii_lowercase());
    if fits && id.chars().all(plain) && !id.ends_with('-') {
        return Ok(());
    }
    Err(ProjectError::Invalid("A project's name has 2 to 32 of a-z, 0-9 and -, a letter first.".into()))
}

fn check(terms: &ProjectTerms) -> Result<(), ProjectError> {
    let invalid = |why: &str| Err(ProjectError::Invalid(why.to_owned()));
    if !(1..=200).contains(&terms.title.trim().chars().count()) {
        return invalid("A project needs a title of 1 to 200 characters.");
    }
    if [&terms.protocol_number, &terms.description, &terms.terms].iter().any(|text| text.len() > 20_000) {
        return invalid("A text of the project is longer than 20,000 bytes.");
    }
    let day = |text: &str| text.is_empty() || is_day(text);
    if !day(&terms.starts) || !day(&terms.ends) {
        return invalid("Days are written as 2026-01-31.");
    }
    if !terms.starts.is_empty() && !terms.ends.is_empty() && terms.ends < terms.starts {
        return invalid("The project ends before it starts.");
    }
    if terms.uses.len() > 16 || !terms.uses.iter().all(|word| is_use(word)) {
        return invalid("Uses are words of a-z and -, such as research or sharing, 16 at most.");
    }
    if terms.policy.trim().is_empty() {
        return invalid("A project needs a policy.");
    }
    if !(1..=2).contains(&terms.approvals) {
        return invalid("What leaves a project is approved by 1 or 2 people.");
    }
    if !(1..=1000).contains(&terms.smallest_group) {
        return invalid("The smallest group that may look alike has 1 to 1000 people; 5 is usual.");
    }
    let title = terms.ae_title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    if title.is_some_and(|title| AeTitle::parse(title).is_err()) {
        return invalid("An AE title has 1 to 16 characters without backslashes.");
    }
    Ok(())
}

/// Whether a text is a day as 2026-01-31.
fn is_day(text: &str) -> bool {
    Timestamp::parse(&format!("{text}T00:00:00Z")).is_some() && text.len() == 10
}

fn is_use(word: &str) -> bool {
    (1..=32).contains(&word.len()) && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn read(row: &AnyRow) -> Result<Project, sqlx::Error> {
    let uses: String = row.try_get(7)?;
    let terms = ProjectTerms {
        title: row.try_get(1)?,
        protocol_number: row.try_get(2)?,
        description: row.try_get(3)?,
        starts: row.try_get(4)?,
        ends: row.try_get(5)?,
        terms: row.try_get(6)?,
        uses: uses.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        needs_consent: row.try_get::<i64, _>(8)? == 1,
        policy: row.try_get(9)?,
        policy_version: row.try_get(10)?,
        ae_title: row.try_get(11)?,
        closed: row.try_get::<i64, _>(12)? == 1,
        needs_evidence: row.try_get::<i64, _>(16)? == 1,
        approvals: row.try_get(17)?,
        smallest_group: row.try_get(18)?,
    };
    Ok(Project {
        id: row.try_get(0)?,
        terms,
        version: row.try_get(13)?,
        created_by: row.try_get(14)?,
        created_at: Timestamp::from_micros(row.try_get(15)?),
    })
}

impl Project {
    /// Whether members see anything on this day, given as 2026-01-31.
    #[must_use]
    pub fn is_open(&self, today: &str) -> bool {
        let ProjectTerms { starts, ends, closed, .. } = &self.terms;
        !closed && starts.as_str() <= today && (ends.is_empty() || today <= ends.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_enough_for_addresses() {
        for good in ["trial", "a1", "lung-2026"] {
            assert!(check_id(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "1a", "Trial", "a_b", "a/b", "trial-", &"a".repeat(33)] {
            assert!(check_id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_project_is_open_from_its_first_day_to_its_last() {
        let terms =
            ProjectTerms { starts: "2026-02-01".into(), ends: "2026-02-28".into(), ..Default::default() };
        let created_at = Timestamp::from_micros(0);
        let mut project = Project { id: "a".into(), terms, version: 1, created_by: "x".into(), created_at };
        let open = |project: &Project| {
            ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"].map(|day| project.is_open(day))
        };
        assert_eq!(open(&project), [false, true, true, false]);
        project.terms.closed = true;
        assert_eq!(open(&project), [false; 4]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let good = ProjectTerms { title: "Lung".into(), policy: "basic".into(), ..Default::default() };
        assert!(check(&good).is_ok());
        let bad = [
            ProjectTerms { title: " ".into(), ..good.clone() },
            ProjectTerms { policy: String::new(), ..good.clone() },
            ProjectTerms { starts: "31.1.2026".into(), ..good.clone() },
            ProjectTerms { starts: "2026-02-02".into(), ends: "2026-02-01".into(), ..good.clone() },
            ProjectTerms { uses: vec!["Research now".into()], ..good.clone() },
            ProjectTerms { ae_title: Some("A\\B".into()), ..good },
        ];
        assert!(bad.iter().all(|terms| check(terms).is_err()));
    }
}
