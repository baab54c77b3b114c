//! The subjects of a project by their codes, and what they agreed to. What was said stays: the last word counts.

use super::{Project, ProjectError, Projects};
use model::Timestamp;
use sqlx::Row;
use std::collections::BTreeMap;
use store::{WriteTx, outbox};

/// The outbox's topic for projects whose subjects, or what these agreed to, changed: `project`.
pub const SUBJECTS: &str = "govern.subjects";

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its code in the project.
    pub code: String,
    /// Whether it has left: nothing of it is shown.
    pub withdrawn: bool,
    /// Who enrolled it.
    pub enrolled_by: String,
    /// When.
    pub enrolled_at: Timestamp,
    /// When it left, where that is known.
    pub left_at: Option<Timestamp>,
    /// The last word on each use.
    pub consents: BTreeMap<String, Consent>,
}

/// What was said of a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Yes or no.
    pub granted: bool,
    /// Who entered it.
    pub said_by: String,
    /// When.
    pub said_at: Timestamp,
}

impl Subject {
    /// Whether a project may use it: it has not left, and agreed to what the project is for.
    #[must_use]
    pub fn may_be_used(&self, project: &Project) -> bool {
        let terms = &project.terms;
        let agreed =
            |word: &String| self.consents.get(word).map_or(!terms.needs_consent, |said| said.granted);
        !self.withdrawn && terms.uses.iter().all(agreed)
    }
}

impl Projects {
    /// Enters a subject; one that had left is there again.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn enrol(
        &self,
        project: &str,
        code: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO project_subject (project, code, withdrawn, enrolled_by, enrolled_at) \
             VALUES ($1, $2, 0, $3, $4) ON CONFLICT (project, code) DO UPDATE SET withdrawn = 0, left_at = NULL",
        )
        .bind(project)
        .bind(code)
        .bind(by)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
        self.tell(&mut tx, project).await?;
        tx.commit().await
    }

    /// Takes a subject out.
    ///
    /// # Errors
    /// [`ProjectError::Missing`].
    pub async fn withdraw(&self, project: &str, code: &str, now: Timestamp) -> Result<(), ProjectError> {
        let mut tx = self.ledger.write().await?;
        // Who has left already left then.
        let put = sqlx::query(
            "UPDATE project_subject SET left_at = CASE withdrawn WHEN 1 THEN left_at ELSE $3 END, withdrawn = 1 \
             WHERE project = $1 AND code = $2",
        );
        let put = put.bind(project).bind(code).bind(now.as_micros());
        let put = put.execute(&mut *tx).await?.rows_affected();
        self.tell(&mut tx, project).await?;
        tx.commit().await?;
        if put == 0 { Err(ProjectError::Missing("subject")) } else { Ok(()) }
    }

    /// Keeps what a subject said of a use.
    ///
    /// # Errors
    /// [`ProjectError`].
    pub async fn say(
        &self,
        (project, code): (&str, &str),
        purpose: &str,
        granted: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<(), ProjectError> {
        if !super::is_use(purpose) {
            return Err(ProjectError::Invalid("A use is a word of a-z and -, such as research.".into()));
        }
        if self.subject(project, code).await?.is_none() {
            return Err(ProjectError::Missing("subject"));
        }
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO project_consent (project, code, purpose, granted, said_by, said_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(project)
        .bind(code)
        .bind(purpose)
        .bind(i64::from(granted))
        .bind(by)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
        self.tell(&mut tx, project).await?;
        Ok(tx.commit().await?)
    }

    /// Says that something of a project changed that rooms to the right may have kept.
    pub(super) async fn tell(&self, tx: &mut WriteTx, project: &str) -> Result<(), sqlx::Error> {
        // Codes of subjects belong to the project alone: they are not told.
        let told = serde_json::json!({ "project": project }).to_string();
        outbox::append(&self.ledger, tx, SUBJECTS, &told).await
    }

    /// One subject.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn subject(&self, project: &str, code: &str) -> Result<Option<Subject>, sqlx::Error> {
        Ok(self.read_subjects(project, Some(code)).await?.pop())
    }

    /// All subjects, by code.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn subjects(&self, project: &str) -> Result<Vec<Subject>, sqlx::Error> {
        self.read_subjects(project, None).await
    }

    async fn read_subjects(&self, project: &str, code: Option<&str>) -> Result<Vec<Subject>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT code, withdrawn, enrolled_by, enrolled_at, left_at FROM project_subject \
             WHERE project = $1 AND ($2 = '' OR code = $2) ORDER BY code",
        );
        let rows = rows.bind(project).bind(code.unwrap_or_default()).fetch_all(self.ledger.pool()).await?;
        let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
        for row in &rows {
            let code: String = row.try_get(0)?;
            let subject = Subject {
                code: code.clone(),
                withdrawn: row.try_get::<i64, _>(1)? == 1,
                enrolled_by: row.try_get(2)?,
                enrolled_at: Timestamp::from_micros(row.try_get(3)?),
                left_at: row.try_get::<Option<i64>, _>(4)?.map(Timestamp::from_micros),
                consents: BTreeMap::new(),
            };
            subjects.insert(code, subject);
        }
        // Later rows replace earlier ones: the last word counts.
        let said = sqlx::query(
            "SELECT code, purpose, granted, said_by, said_at FROM project_consent \
             WHERE project = $1 AND ($2 = '' OR code = $2) ORDER BY id",
        );
        let said = said.bind(project).bind(code.unwrap_or_default()).fetch_all(self.ledger.pool()).await?;
        for row in &said {
            let Some(subject) = subjects.get_mut(&row.try_get::<String, _>(0)?) else { continue };
            let consent = Consent {
                granted: row.try_get::<i64, _>(2)? == 1,
                said_by: row.try_get(3)?,
                said_at: Timestamp::from_micros(row.try_get(4)?),
            };
            subject.consents.insert(row.try_get(1)?, consent);
        }
        Ok(subjects.into_values().collect())
    }
}
