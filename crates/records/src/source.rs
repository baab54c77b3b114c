//! Sources: messages and files as they came, what became of them, and taking what they say.
//! Read in this order: this file, [`ends`].

mod ends;

use crate::desk::Desk;
use crate::keep::{self, Origin};
use crate::{Records, link, take_turn};
use clinical::{Left, Statement};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use model::{Sha256Digest, Source, Timestamp};
use serde::Serialize;
use serde_json::{Map, json};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What a source says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// What it is: `ADT^A40`, `Bundle (collection)`.
    pub title: String,
    /// MSH-10.
    pub control: String,
    /// MSH-3 and MSH-4, or a server.
    pub sender: String,
    /// When it was sent, in microseconds.
    pub at: Option<i64>,
}

/// A source and what it says, or a part of that.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What the archive keeps beside its bytes; of kind record.
    pub head: NewEntryHead,
    /// Where its bytes stand.
    pub locator: Locator,
    /// What it says of itself.
    pub sent: Sent,
    /// The number of the first of `statements` within it, and of `left`.
    pub first: (i64, i64),
    /// What it says.
    pub statements: Vec<Statement>,
    /// What of it became no statement.
    pub left: Vec<Left>,
    /// Whether this is its end.
    pub ends: bool,
    /// Why it can't be read, in words a person can act on.
    pub refusal: Option<String>,
    /// True of a part of several, which is read with them.
    pub part: bool,
}

/// What taking came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Took {
    /// Sources that were not known.
    pub new: usize,
    /// Records that are new or changed.
    pub changed: usize,
}

/// A source in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceRow {
    /// 32 hexadecimal digits.
    pub id: String,
    /// See [`intake::Format`].
    pub format: String,
    /// Its file's name; it may identify somebody.
    pub file_name: String,
    /// Who issued the ids in it.
    pub system: String,
    /// The door it came by.
    pub door: String,
    /// Whose account brought it.
    pub account: String,
    /// When, as RFC 3339.
    pub received_at: String,
    /// `read`, `partly`, `refused`, `reading`, `part`.
    pub state: String,
    /// What it is: `ADT^A40`.
    pub title: String,
    /// MSH-10.
    pub control: String,
    /// Who sent it.
    pub sender: String,
    /// When it was sent, as RFC 3339.
    pub sent_at: Option<String>,
    /// Statements in it.
    pub statements: i64,
    /// Parts kept unread.
    pub kept: i64,
    /// Parts refused.
    pub refused: i64,
    /// How often it came.
    pub times: i64,
    /// Why it was refused.
    pub reason: String,
    /// Bytes.
    pub length: i64,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its place in the list.
    #[serde(skip)]
    #[schema(ignore)]
    pub at: (i64, String),
    /// Where its bytes stand.
    #[serde(skip)]
    #[schema(ignore)]
    pub locator: Option<Locator>,
}

/// A record that a source says something of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Told {
    /// Its number.
    pub record: i64,
    /// The FHIR resource type.
    pub kind: String,
    /// A line for people.
    pub title: String,
    /// Whose it is.
    pub person: Option<i64>,
}

/// Which sources.
#[derive(Debug, Clone, Default)]
pub struct SourceFilter {
    /// By state.
    pub state: Option<String>,
    /// By format.
    pub format: Option<String>,
    /// Part of the title, the sender, or the whole control id.
    pub text: Option<String>,
    /// Behind this place.
    pub after: Option<(i64, String)>,
}

impl SourceRow {
    /// What the archive keeps beside its bytes.
    fn head(&self) -> Option<NewEntryHead> {
        let mut details = Map::new();
        for (name, value) in [
            ("id", &self.id),
            ("format", &self.format),
            ("fileName", &self.file_name),
            ("system", &self.system),
        ] {
            if !value.is_empty() {
                details.insert(name.into(), value.as_str().into());
            }
        }
        let source = Source {
            door: serde_json::from_value(json!(self.door)).ok()?,
            account: self.account.clone(),
            peer: None,
            path: None,
            received_at: Timestamp::from_micros(self.at.0),
        };
        let digest = Sha256Digest::parse(&self.digest).ok()?;
        Some(NewEntryHead {
            kind: Kind::Record,
            name: format!("records/{}", self.id),
            digest,
            source,
            details,
        })
    }
}

const COLUMNS: &str = "SELECT id, format, file_name, system, door, account, received_at, state, title, control, \
     sender, sent_at, statements, kept, refused, times, reason, length, segment, start, digest FROM record_source";

impl Records {
    /// Takes sources and what they say, in one transaction.
    ///
    /// # Errors
    /// The engine's; nothing was written then and the same can be tried again.
    pub async fn take(&self, taken: &[Taken]) -> Result<Took, sqlx::Error> {
        let names: Vec<(String, String)> = taken.iter().map(|one| (id_of(one), speaker(one))).collect();
        let mut origins = Vec::with_capacity(taken.len());
        for (one, (id, speaker)) in taken.iter().zip(&names) {
            origins.push(Origin::new((id, speaker), received(one), one.first.0, &one.statements));
        }
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let mut desk = Desk::new(self.ledger.engine(), &mut tx);
        let new = ends::begin(&mut desk.db, taken).await?;
        for origin in origins.iter().filter(|origin| !new.contains(origin.source)) {
            let count = origin.statements.len() as i64;
            desk.shelf.read_said(&mut desk.db, origin.source, origin.first, count).await?;
        }
        keep::foresee(&mut desk, &origins).await?;
        for origin in &origins {
            keep::keep(&mut desk, origin).await?;
        }
        if let Some(last) = origins.last() {
            keep::unclash(&mut desk, last.source, last.received_at).await?;
        }
        desk.write().await?;
        ends::end(&mut desk, taken, &new).await?;
        let changed = desk.shelf.changes();
        link::refresh(&mut desk, BTreeSet::new()).await?;
        tx.commit().await?;
        Ok(Took { new: new.len(), changed })
    }

    /// Sources, the latest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn sources(&self, filter: &SourceFilter, limit: i64) -> Result<Vec<SourceRow>, sqlx::Error> {
        let (at, id) = filter.after.clone().unwrap_or((i64::MAX, String::new()));
        let sql = format!(
            "{COLUMNS} WHERE ($1 = '' OR state = $1) AND ($2 = '' OR format = $2) AND ($3 = '' OR control = $3 OR \
             title LIKE $4 OR sender LIKE $4) AND (received_at < $5 OR (received_at = $5 AND id > $6)) \
             ORDER BY received_at DESC, id LIMIT $7"
        );
        let text = filter.text.clone().unwrap_or_default();
        let like = format!("%{}%", text.replace(['%', '_'], ""));
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(filter.state.as_deref().unwrap_or_default())
            .bind(filter.format.as_deref().unwrap_or_default())
            .bind(text)
            .bind(like)
            .bind(at)
            .bind(id)
            .bind(limit)
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(source_row).collect()
    }

    /// One source.
    ///
    /// # Errors
    /// The engine's.
    pub async fn source(&self, id: &str) -> Result<Option<SourceRow>, sqlx::Error> {
        let sql = format!("{COLUMNS} WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(source_row).transpose()
    }

    /// Takes back what a source said, for it to be read again; gives what the archive keeps of it.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn unsay(&self, id: &str) -> Result<Option<(NewEntryHead, Locator)>, sqlx::Error> {
        let Some(source) = self.source(id).await? else { return Ok(None) };
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let mut desk = Desk::new(self.ledger.engine(), &mut tx);
        ends::unsay(&mut desk, id).await?;
        tx.commit().await?;
        Ok(source.head().zip(source.locator))
    }

    /// What of a source became no statement.
    ///
    /// # Errors
    /// The engine's.
    pub async fn left_of(&self, id: &str) -> Result<Vec<Left>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT place, why, refused FROM record_left WHERE source = $1 ORDER BY seq LIMIT 1000",
        )
        .bind(id)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter()
            .map(|row| {
                let refused = row.try_get::<i64, _>(2)? == 1;
                Ok(Left { place: row.try_get(0)?, why: row.try_get(1)?, refused })
            })
            .collect()
    }

    /// The records that a source says something of, up to `most`.
    ///
    /// # Errors
    /// The engine's.
    pub async fn told_by(&self, id: &str, most: i64) -> Result<Vec<Told>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT r.id, r.kind, r.title, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder) FROM record r \
             WHERE r.id IN (SELECT record FROM record_statement WHERE source = $1) ORDER BY r.id LIMIT $2",
        )
        .bind(id)
        .bind(most)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Told {
                    record: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    title: row.try_get(2)?,
                    person: row.try_get(3)?,
                })
            })
            .collect()
    }

    /// How many sources there are of each format and state.
    ///
    /// # Errors
    /// The engine's.
    pub async fn source_counts(&self) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT format, state, COUNT(*) FROM record_source GROUP BY format, state ORDER BY format, state",
        )
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }
}

fn source_row(row: &AnyRow) -> Result<SourceRow, sqlx::Error> {
    let moment = |micros: i64| Timestamp::from_micros(micros).to_string();
    let received: i64 = row.try_get(6)?;
    let id: String = row.try_get(0)?;
    let length: i64 = row.try_get(17)?;
    let locator = Locator {
        segment: SegmentId(row.try_get(18)?),
        offset: row.try_get::<i64, _>(19)? as u64,
        length: length as u64,
    };
    Ok(SourceRow {
        at: (received, id.clone()),
        id,
        format: row.try_get(1)?,
        file_name: row.try_get(2)?,
        system: row.try_get(3)?,
        door: row.try_get(4)?,
        account: row.try_get(5)?,
        received_at: moment(received),
        state: row.try_get(7)?,
        title: row.try_get(8)?,
        control: row.try_get(9)?,
        sender: row.try_get(10)?,
        sent_at: row.try_get::<Option<i64>, _>(11)?.map(moment),
        statements: row.try_get(12)?,
        kept: row.try_get(13)?,
        refused: row.try_get(14)?,
        times: row.try_get(15)?,
        reason: row.try_get(16)?,
        length,
        digest: row.try_get(20)?,
        locator: Some(locator),
    })
}

fn detail<'a>(one: &'a Taken, name: &str) -> &'a str {
    one.head.details.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

fn id_of(one: &Taken) -> String {
    detail(one, "id").to_owned()
}

const fn received(one: &Taken) -> i64 {
    one.head.source.received_at.as_micros()
}

/// Whose whole accounts of a record replace each other.
fn speaker(one: &Taken) -> String {
    let named = [one.sent.sender.as_str(), detail(one, "system"), detail(one, "format")];
    named.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}
