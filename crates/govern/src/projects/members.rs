//! Who is in a project: accounts and DICOM peers, by the names the audit log gives them.

use super::{ProjectError, Projects};
use crate::{Principal, ProjectRole};
use model::Timestamp;
use sqlx::Row;

/// A member of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// An account's name, or `peer:` and the name of a peer's entry.
    pub member: String,
    /// What it is in the project.
    pub role: ProjectRole,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
}

impl Projects {
    /// The members of a project, by name.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn members(&self, project: &str) -> Result<Vec<Member>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT member, role, added_by, added_at FROM project_member WHERE project = $1 ORDER BY member",
        );
        let rows = rows.bind(project).fetch_all(self.ledger.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(Member {
                member: row.try_get(0)?,
                role: role(&row.try_get::<String, _>(1)?)?,
                added_by: row.try_get(2)?,
                added_at: Timestamp::from_micros(row.try_get(3)?),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Adds a member or changes what it is in the project.
    ///
    /// # Errors
    /// [`ProjectError`], also where there is no such account or peer.
    pub async fn set_member(
        &self,
        project: &str,
        member: &str,
        role: ProjectRole,
        by: &str,
        now: Timestamp,
    ) -> Result<(), ProjectError> {
        let (sql, name) = match member.strip_prefix("peer:") {
            Some(peer) => ("SELECT name FROM peer WHERE name = $1", peer),
            None => ("SELECT name FROM account WHERE name = $1", member),
        };
        let mut tx = self.ledger.write().await?;
        if sqlx::query(sql).bind(name).fetch_optional(&mut *tx).await?.is_none() {
            return Err(ProjectError::Missing("account or peer"));
        }
        if sqlx::query("SELECT id FROM project WHERE id = $1")
            .bind(project)
            .fetch_optional(&mut *tx)
            .await?
            .is_none()
        {
            return Err(ProjectError::Missing("project"));
        }
        sqlx::query(
            "INSERT INTO project_member (project, member, role, added_by, added_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (project, member) DO UPDATE SET role = excluded.role",
        )
        .bind(project)
        .bind(member)
        .bind(role.as_str())
        .bind(by)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Takes a member out; nothing of the project is shown to it from then on.
    ///
    /// # Errors
    /// [`ProjectError`].
    pub async fn remove_member(&self, project: &str, member: &str) -> Result<(), ProjectError> {
        let mut tx = self.ledger.write().await?;
        let gone = sqlx::query("DELETE FROM project_member WHERE project = $1 AND member = $2");
        let gone = gone.bind(project).bind(member).execute(&mut *tx).await?.rows_affected();
        tx.commit().await?;
        if gone == 0 { Err(ProjectError::Missing("member")) } else { Ok(()) }
    }

    /// The caller as it acts in a project: with its place there, if it has one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn seat(&self, who: &Principal, project: &str) -> Result<Principal, sqlx::Error> {
        let row = sqlx::query("SELECT role FROM project_member WHERE project = $1 AND member = $2");
        let row = row.bind(project).bind(who.to_string()).fetch_optional(self.ledger.pool()).await?;
        let Some(row) = row else { return Ok(who.clone()) };
        Ok(who.clone().seated(project, role(&row.try_get::<String, _>(0)?)?))
    }

    /// The projects somebody is a member of, with what it is there.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn seats(&self, who: &Principal) -> Result<Vec<(String, ProjectRole)>, sqlx::Error> {
        let rows = sqlx::query("SELECT project, role FROM project_member WHERE member = $1");
        let rows = rows.bind(who.to_string()).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, role(&row.try_get::<String, _>(1)?)?))).collect()
    }
}

fn role(text: &str) -> Result<ProjectRole, sqlx::Error> {
    ProjectRole::parse(text).ok_or_else(|| sqlx::Error::Decode("not a role in a project".into()))
}
