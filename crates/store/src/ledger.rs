//! The relational ledger: one SQL dialect over SQLite (WAL) or PostgreSQL, chosen by URI.
//!
//! SQL is written once: `$1` binds on both, `ON CONFLICT` and `RETURNING` exist on both. Where the
//! engines must differ, ask [`Ledger::engine`] and keep the two texts side by side.
//! Columns are `TEXT`, `BIGINT`, `DOUBLE PRECISION` or bytes: other types don't cross `sqlx::Any`.

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Once};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Which engine stands behind a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file with a write-ahead log, synced at every commit.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Engine {
    /// The one of two texts that this engine understands.
    #[must_use]
    pub const fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// Why a ledger could not be opened. The URI is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither `sqlite:` nor `postgres:`.
    #[error("a ledger is named `sqlite:///path/to/file.db` or `postgres://user@host/database`")]
    Scheme,
    /// A part's name is not plain.
    #[error("a part of a ledger is named by a-z, 0-9 and _")]
    Part,
    /// The folder for the SQLite file can't be made.
    #[error("the folder for the ledger can't be made")]
    Folder(#[source] std::io::Error),
    /// The engine refused.
    #[error("the ledger can't be opened")]
    Connect(#[source] sqlx::Error),
}

/// The relational ledger. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Ledger {
    pool: AnyPool,
    engine: Engine,
    /// SQLite has one writer; waiting here is fair and costs nothing, its busy handler polls.
    writer: Arc<Mutex<()>>,
}

const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
     PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864;";

impl Ledger {
    /// Opens `sqlite:///path/file.db` (made when missing) or `postgres://user@host/database`.
    ///
    /// # Errors
    /// [`OpenError`] for another scheme or when the engine can't be reached.
    pub async fn open(uri: &str) -> Result<Self, OpenError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let engine = engine_of(uri).ok_or(OpenError::Scheme)?;
        let pool = match engine {
            Engine::Sqlite => open_sqlite(uri).await?,
            Engine::Postgres => options(24).connect(uri).await.map_err(OpenError::Connect)?,
        };
        Ok(Self { pool, engine, writer: Arc::default() })
    }

    /// Opens a part of a ledger that shares no table with it: a file beside it, or a schema in it. The part is
    /// named by a-z, 0-9 and _.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub async fn open_part(uri: &str, part: &str) -> Result<Self, OpenError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if part.is_empty() || !part.chars().all(plain) {
            return Err(OpenError::Part);
        }
        let (base, parameters) = uri.split_once('?').map_or((uri, ""), |(base, rest)| (base, rest));
        match engine_of(uri).ok_or(OpenError::Scheme)? {
            Engine::Sqlite => Self::open(&format!("{}-{part}.db", base.trim_end_matches(".db"))).await,
            Engine::Postgres => {
                let whole = options(1).connect(uri).await.map_err(OpenError::Connect)?;
                // Safe: made of the plain characters alone.
                let make = sqlx::AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS \"{part}\""));
                sqlx::raw_sql(make).execute(&whole).await.map_err(OpenError::Connect)?;
                whole.close().await;
                // Nothing but its own tables: a name it lacks must not be found elsewhere.
                let path = format!("{base}?{parameters}&options[search_path]={part}").replace("?&", "?");
                let pool = options(6).connect(&path).await.map_err(OpenError::Connect)?;
                Ok(Self { pool, engine: Engine::Postgres, writer: Arc::default() })
            }
        }
    }

    /// The engine behind it.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// For reading. Write through [`Ledger::write`].
    #[must_use]
    pub const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction that will write. Waits for its turn on SQLite.
    ///
    /// # Errors
    /// The engine's, when no connection or no lock is to be had in time.
    pub async fn write(&self) -> Result<WriteTx, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => {
                let turn = Arc::clone(&self.writer).lock_owned().await;
                let tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
                Ok(WriteTx { tx, _turn: Some(turn) })
            }
            Engine::Postgres => Ok(WriteTx { tx: self.pool.begin().await?, _turn: None }),
        }
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction that writes; undone unless [`WriteTx::commit`] returns.
pub struct WriteTx {
    tx: Transaction<'static, Any>,
    // Dropped after the transaction.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    /// Makes it durable.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}

impl Deref for WriteTx {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

fn engine_of(uri: &str) -> Option<Engine> {
    let (scheme, _) = uri.split_once("://")?;
    match scheme {
        "sqlite" => Some(Engine::Sqlite),
        "postgres" | "postgresql" => Some(Engine::Postgres),
        _ => None,
    }
}

fn options(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .after_release(|conn, _| Box::pin(is_out_of_transactions(conn)))
}

/// Whether a connection may be used again. SQLite ends a transaction by itself when the disk is full; the
/// driver then fails to end it, thinks it is in one for ever, and would begin no other.
async fn is_out_of_transactions(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    if conn.is_in_transaction() {
        conn.ping().await?; // a rollback may be on its way
    }
    Ok(!conn.is_in_transaction())
}

async fn open_sqlite(uri: &str) -> Result<AnyPool, OpenError> {
    let path = uri.strip_prefix("sqlite://").unwrap_or(uri);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if let Some(folder) = std::path::Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(OpenError::Folder)?;
    }
    let uri = if uri.contains('?') { uri.to_owned() } else { format!("{uri}?mode=rwc") };
    options(16)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|conn, _| {
            Box::pin(async move { sqlx::raw_sql(SQLITE_SETTINGS).execute(conn).await.map(drop) })
        })
        .connect(&uri)
        .await
        .map_err(OpenError::Connect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_engine() {
        assert_eq!(engine_of("sqlite:///var/lib/a.db"), Some(Engine::Sqlite));
        assert_eq!(engine_of("postgres://me@here/db"), Some(Engine::Postgres));
        assert_eq!(engine_of("mysql://me@here/db"), None);
        assert_eq!(engine_of("a.db"), None);
    }
}
