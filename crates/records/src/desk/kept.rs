//! Numbers that names were given before: the same name gets the same number when all is made again.

use super::Db;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use store::Statement;

const READ: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b FROM {rows}) SELECT n.kind, n.value, n.system, n.variant, \
     n.number FROM asked CROSS JOIN record_number n WHERE n.kind = asked.a AND n.value = asked.b",
);
const WRITE: Statement = Statement(
    "INSERT INTO record_number (kind, value, system, variant, number, first) SELECT value->>0, value->>1, value->>2, \
     value->>3, CAST(value->>4 AS BIGINT), CAST(value->>4 AS BIGINT) FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);

/// A name: kind (none of an identifier of a person), value, system, and what tells two people under it apart.
pub(crate) type Name<'n> = (&'n str, &'n str, &'n str, &'n str);

/// The numbers, as far as they were asked for.
#[derive(Default)]
pub(crate) struct KeptNumbers {
    /// By kind and value, then by system and variant.
    known: HashMap<(String, String), BTreeMap<(String, String), i64>>,
    new: Vec<Value>,
}

impl Db<'_> {
    /// Reads the numbers of some names, by kind and value.
    pub async fn read_numbers<'n>(
        &mut self,
        asked: impl IntoIterator<Item = (&'n str, &'n str)>,
    ) -> Result<(), sqlx::Error> {
        let mut unknown = Vec::new();
        for (kind, value) in asked {
            if let Entry::Vacant(entry) = self.kept.known.entry((kind.to_owned(), value.to_owned())) {
                entry.insert(BTreeMap::new());
                unknown.push(json!([kind, value]));
            }
        }
        for row in self.fetch(READ, unknown).await? {
            let known = self.kept.known.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
            known.insert((row.try_get(2)?, row.try_get(3)?), row.try_get(4)?);
        }
        Ok(())
    }

    /// The number that a name was given.
    pub async fn number_of(
        &mut self,
        (kind, value, system, variant): Name<'_>,
    ) -> Result<Option<i64>, sqlx::Error> {
        self.read_numbers([(kind, value)]).await?;
        let known = self.kept.known.get(&(kind.to_owned(), value.to_owned()));
        Ok(known.and_then(|known| known.get(&(system.to_owned(), variant.to_owned()))).copied())
    }

    /// Gives a name its number, for ever; it may have one already.
    pub fn keep_number(&mut self, (kind, value, system, variant): Name<'_>, number: i64) {
        let known = self.kept.known.entry((kind.to_owned(), value.to_owned())).or_default();
        known.entry((system.to_owned(), variant.to_owned())).or_insert_with(|| {
            self.kept.new.push(json!([kind, value, system, variant, number]));
            number
        });
    }

    /// Two records are one: whatever was called by the number of the second goes by that of the first. All that was
    /// given is written.
    pub async fn join_numbers(&mut self, id: i64, other: i64) -> Result<(), sqlx::Error> {
        for number in self.kept.known.iter_mut().filter(|((kind, _), _)| !kind.is_empty()) {
            number.1.values_mut().filter(|number| **number == other).for_each(|number| *number = id);
        }
        let sql = "UPDATE record_number SET number = $1, kept = 0 WHERE number = $2 AND kind <> ''";
        sqlx::query(sql).bind(id).bind(other).execute(&mut **self.tx).await.map(drop)
    }

    /// Writes the numbers that were given.
    pub async fn write_numbers(&mut self) -> Result<(), sqlx::Error> {
        let new = std::mem::take(&mut self.kept.new);
        self.run(WRITE, new).await
    }
}
