//! Who is in which project, as the projects told: kept by an exam of each patient, so that a membership follows the
//! patient through every joining and parting.

use crate::feed::mark;
use crate::{Warehouse, WarehouseError};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::{BTreeMap, BTreeSet};
use store::Ledger;

/// A patient in a project, or one of the exams.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// An exam of the patient; where only some exams are enrolled, one of these (0020,000D).
    pub study: String,
    /// Whether only that exam is enrolled.
    pub only_this: bool,
    /// The day of enrolment, in days since 1970-01-01.
    pub since: i64,
    /// Whether the patient has left.
    pub left: bool,
    /// The day of that, where it is known.
    pub until: Option<i64>,
    /// agreed, refused, unknown; '' where the project asks for nothing.
    pub consent: String,
}

/// A member and the project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Membership {
    pub project: String,
    pub title: String,
    pub member: Member,
}

/// The members of all projects, to be looked up.
pub struct Members(Ledger);

impl Members {
    pub(crate) const fn of(ledger: Ledger) -> Self {
        Self(ledger)
    }

    /// Those of some exams.
    pub(crate) async fn of_exams(&self, studies: &[&String]) -> Result<Vec<Membership>, sqlx::Error> {
        let wanted = self
            .0
            .engine()
            .pick("SELECT value FROM json_each($1)", "SELECT jsonb_array_elements_text(CAST($1 AS JSONB))");
        let sql = format!("{COLUMNS} WHERE study IN ({wanted}) ORDER BY project, study");
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(serde_json::json!(studies).to_string());
        query.fetch_all(self.0.pool()).await?.iter().map(read).collect()
    }
}

const COLUMNS: &str =
    "SELECT project, title, study, only_this, since, left_project, until, consent FROM fact_member";

fn read(row: &AnyRow) -> Result<Membership, sqlx::Error> {
    let member = Member {
        study: row.try_get(2)?,
        only_this: row.try_get::<i64, _>(3)? == 1,
        since: row.try_get(4)?,
        left: row.try_get::<i64, _>(5)? == 1,
        until: row.try_get(6)?,
        consent: row.try_get(7)?,
    };
    Ok(Membership { project: row.try_get(0)?, title: row.try_get(1)?, member })
}

impl Warehouse {
    /// Says who is in a project, all of them; has the rows of those for whom that is new made again. The same again
    /// does nothing.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn set_members(
        &self,
        project: &str,
        title: &str,
        members: Vec<Member>,
        now: i64,
    ) -> Result<(), WarehouseError> {
        let named = |member: Member| {
            let of = Membership { project: project.to_owned(), title: title.to_owned(), member };
            (of.member.study.clone(), of)
        };
        let told: BTreeMap<String, Membership> = members.into_iter().map(named).collect();
        let told: BTreeSet<Membership> = told.into_values().collect();
        let before = self.members_of(project).await?;
        let changed: Vec<&Membership> = before.symmetric_difference(&told).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let studies: BTreeSet<String> = changed.iter().map(|one| one.member.study.clone()).collect();
        let studies: Vec<String> = studies.into_iter().collect();
        let buckets = self.buckets_of(&[], &studies).await?;
        let mut tx = self.ledger.write().await?;
        for study in &studies {
            let gone = sqlx::query("DELETE FROM fact_member WHERE project = $1 AND study = $2");
            gone.bind(project).bind(study).execute(&mut *tx).await?;
        }
        for one in told.difference(&before) {
            insert(one).execute(&mut *tx).await?;
        }
        mark(&mut tx, buckets, now).await?;
        Ok(tx.commit().await?)
    }

    async fn members_of(&self, project: &str) -> Result<BTreeSet<Membership>, sqlx::Error> {
        let sql = format!("{COLUMNS} WHERE project = $1");
        // Safe: made of constants.
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(project).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(read).collect()
    }
}

fn insert(one: &Membership) -> sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments> {
    sqlx::query(
        "INSERT INTO fact_member (project, title, study, only_this, since, left_project, until, consent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&one.project)
    .bind(&one.title)
    .bind(&one.member.study)
    .bind(i64::from(one.member.only_this))
    .bind(one.member.since)
    .bind(i64::from(one.member.left))
    .bind(one.member.until)
    .bind(&one.member.consent)
}
