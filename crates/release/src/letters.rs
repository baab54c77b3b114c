//! Letters to recipients: that a package can be received, that it was recalled, that somebody in it withdrew. They are
//! written in the transaction of what they tell of, and wait until whoever has a way to send them has done so.

use crate::Releases;
use crate::desk::Release;
use crate::request::Recipient;
use crate::state::State;
use model::Timestamp;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::WriteTx;
use utoipa::ToSchema;

/// What a letter tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = LetterAbout)]
pub enum About {
    /// The package can be received.
    Ready,
    /// It was taken back.
    Recalled,
    /// Somebody in it withdrew.
    Withdrawn,
}

impl About {
    const ALL: [Self; 3] = [Self::Ready, Self::Recalled, Self::Withdrawn];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Recalled => "recalled",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Where a letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// Not sent yet; with the reason, if that was tried.
    Waiting(String),
    /// The mail server took it.
    Sent(Timestamp),
    /// It is not tried again, and why.
    Failed(String),
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: String,
    /// What it tells.
    pub about: About,
    /// To whom.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The codes of subjects to delete.
    pub subjects: String,
    /// When it was written.
    pub written: Timestamp,
    /// How often it was tried to send it.
    pub attempts: i64,
    /// Where it is.
    pub at: Where,
}

/// A letter to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    /// The release.
    pub release: &'a str,
    /// What it tells.
    pub about: About,
    /// To whom.
    pub to: &'a Recipient,
    /// The codes of subjects to delete.
    pub subjects: &'a str,
}

const LETTER: &str = "SELECT id, release, about, name, email, subjects, written_at, attempts, state, sent_at, why FROM release_letter";

impl Releases {
    /// The letters of a release, the latest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn letters(&self, release: &str) -> Result<Vec<Letter>, sqlx::Error> {
        self.letters_where("release = $1 ORDER BY id DESC", release).await
    }

    /// The letters that a withdrawal led to.
    pub(crate) async fn letters_of_withdrawal(&self, id: &str) -> Result<Vec<Letter>, sqlx::Error> {
        self.letters_where("withdrawal = $1 ORDER BY id", id).await
    }

    async fn letters_where(&self, which: &str, id: &str) -> Result<Vec<Letter>, sqlx::Error> {
        let sql = format!("{LETTER} WHERE {which}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(letter).collect()
    }

    /// Letters that are to be sent by now, those written first in front.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn letters_to_send(&self, now: Timestamp) -> Result<Vec<Letter>, sqlx::Error> {
        let sql = format!("{LETTER} WHERE state = 'waiting' AND again_at <= $1 ORDER BY id LIMIT 100");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.as_micros());
        rows.fetch_all(self.ledger.pool()).await?.iter().map(letter).collect()
    }

    /// Notes what became of a letter; one that waits is tried again at a moment.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn note_letter(&self, id: i64, at: &Where, again: Timestamp) -> Result<(), sqlx::Error> {
        let (state, sent, why) = match at {
            Where::Waiting(why) => ("waiting", 0, why.as_str()),
            Where::Sent(moment) => ("sent", moment.as_micros(), ""),
            Where::Failed(why) => ("failed", 0, why.as_str()),
        };
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "UPDATE release_letter SET state = $2, sent_at = $3, why = $4, again_at = $5, attempts = attempts + 1 \
             WHERE id = $1",
        )
        .bind(id)
        .bind(state)
        .bind(sent)
        .bind(why)
        .bind(again.as_micros())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }
}

/// Writes the letters that a change of state calls for: one when a package can be received for the first time, one when
/// what could be received is recalled.
pub(crate) async fn of_change(
    tx: &mut WriteTx,
    release: &Release,
    became: State,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let about = match became {
        State::Ready => About::Ready,
        State::Recalled => About::Recalled,
        _ => return Ok(()),
    };
    let told = sqlx::query("SELECT 1 FROM release_letter WHERE release = $1 AND about = 'ready' LIMIT 1");
    let was_ready = told.bind(&release.id).fetch_optional(&mut **tx).await?.is_some();
    if was_ready != (about == About::Recalled) {
        return Ok(());
    }
    for to in &release.request.recipients {
        write(tx, &Draft { release: &release.id, about, to, subjects: "" }, "", now).await?;
    }
    Ok(())
}

/// Writes a letter, unless its recipient is known by the name of an account alone.
pub(crate) async fn write(
    tx: &mut WriteTx,
    draft: &Draft<'_>,
    withdrawal: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    if !draft.to.email.contains('@') {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO release_letter (release, withdrawal, about, name, email, subjects, written_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(draft.release)
    .bind(withdrawal)
    .bind(draft.about.as_str())
    .bind(&draft.to.name)
    .bind(&draft.to.email)
    .bind(draft.subjects)
    .bind(now.as_micros())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn letter(row: &AnyRow) -> Result<Letter, sqlx::Error> {
    let (about, state, why): (String, String, String) = (row.try_get(2)?, row.try_get(8)?, row.try_get(10)?);
    let unknown = || sqlx::Error::Decode(format!("a letter about {about:?}").into());
    Ok(Letter {
        id: row.try_get(0)?,
        release: row.try_get(1)?,
        about: About::ALL.into_iter().find(|one| one.as_str() == about).ok_or_else(unknown)?,
        name: row.try_get(3)?,
        email: row.try_get(4)?,
        subjects: row.try_get(5)?,
        written: Timestamp::from_micros(row.try_get(6)?),
        attempts: row.try_get(7)?,
        at: match state.as_str() {
            "sent" => Where::Sent(Timestamp::from_micros(row.try_get(9)?)),
            "failed" => Where::Failed(why),
            _ => Where::Waiting(why),
        },
    })
}
