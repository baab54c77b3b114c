//! The working set of one transaction: who and what it concerns is read in a few statements over many rows, changed in
//! memory, and written in a few statements at the end. What was not foreseen is read when it is asked for: that is
//! slower, never wrong.
//! Read in this order: this file, [`kept`], [`crowd`], [`shelf`], [`write`].

pub(crate) mod crowd;
mod kept;
pub(crate) mod shelf;
mod write;

use crate::people::Demo;
use clinical::Identifier;
use crowd::Crowd;
use kept::KeptNumbers;
use serde_json::Value;
use shelf::Shelf;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;
use store::{Engine, Statement, WriteTx};

/// The transaction.
pub(crate) struct Db<'t> {
    pub engine: Engine,
    pub tx: &'t mut WriteTx,
    kept: KeptNumbers,
}

impl<'t> Db<'t> {
    pub fn new(engine: Engine, tx: &'t mut WriteTx) -> Self {
        Self { engine, tx, kept: KeptNumbers::default() }
    }

    pub async fn fetch(&mut self, sql: Statement, rows: Vec<Value>) -> Result<Vec<AnyRow>, sqlx::Error> {
        sql.fetch(self.engine, self.tx, rows).await
    }

    pub async fn run(&mut self, sql: Statement, rows: Vec<Value>) -> Result<(), sqlx::Error> {
        sql.run(self.engine, self.tx, rows).await.map(drop)
    }

    /// Numbers for new rows of a table, never used before. The turn is ours: nobody else takes one meanwhile.
    async fn numbers(&mut self, table: &'static str, count: i64) -> Result<Vec<i64>, sqlx::Error> {
        let sql = self.engine.pick(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0), $2",
            "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)",
        );
        let rows = sqlx::query(sql).bind(table).bind(count).fetch_all(&mut **self.tx).await?;
        match self.engine {
            Engine::Postgres => rows.iter().map(|row| row.try_get(0)).collect(),
            Engine::Sqlite => {
                let last: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
                Ok((last + 1..=last + count).collect())
            }
        }
    }
}

/// Numbers that were set aside for new rows.
#[derive(Default)]
pub(crate) struct Numbers {
    free: Vec<i64>,
    last: i64,
}

impl Numbers {
    /// A new number of a table.
    async fn next(&mut self, db: &mut Db<'_>, table: &'static str) -> Result<i64, sqlx::Error> {
        if let (Engine::Sqlite, true) = (db.engine, self.last > 0) {
            self.last += 1;
            return Ok(self.last);
        }
        if self.free.is_empty() {
            let count = if db.engine == Engine::Sqlite { 1 } else { 100 };
            self.free = db.numbers(table, count).await?;
            self.free.reverse();
        }
        self.last = self.free.pop().unwrap_or_default();
        Ok(self.last)
    }
}

/// The working set.
pub(crate) struct Desk<'t> {
    pub db: Db<'t>,
    pub crowd: Crowd,
    pub shelf: Shelf,
}

impl<'t> Desk<'t> {
    pub fn new(engine: Engine, tx: &'t mut WriteTx) -> Self {
        Self { db: Db::new(engine, tx), crowd: Crowd::default(), shelf: Shelf::default() }
    }

    /// The identifier that speaks for these, known from now on.
    pub async fn holder(&mut self, ids: &[Identifier], demo: &Demo) -> Result<Option<i64>, sqlx::Error> {
        self.crowd.holder(&mut self.db, ids, demo).await
    }

    /// Whose a record is that was read.
    pub async fn person_of_record(&mut self, record: i64) -> Result<Option<i64>, sqlx::Error> {
        let Some(holder) = self.shelf.known_holder(record) else { return Ok(None) };
        self.crowd.person_of(&mut self.db, holder).await.map(Some)
    }

    /// The persons whose members changed or whose records that can be linked did.
    pub async fn concerned(&mut self) -> Result<(BTreeSet<i64>, BTreeSet<i64>), sqlx::Error> {
        let (mut persons, mut alone) = (self.crowd.touched.clone(), BTreeSet::new());
        for (record, holders) in self.shelf.linkable() {
            if holders.is_empty() {
                alone.insert(record);
            }
            for holder in holders {
                persons.insert(self.crowd.person_of(&mut self.db, holder).await?);
            }
        }
        Ok((persons, alone))
    }
}
