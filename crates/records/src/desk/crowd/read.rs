//! Reading identifiers and pairs, many at once.

use super::super::Db;
use super::{Crowd, Node, Word};
use crate::people::Demo;
use clinical::Identifier;
use serde_json::json;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;
use store::Statement;

macro_rules! nodes {
    ($from:literal) => {
        concat!(
            "WITH asked AS (SELECT value->>0 AS a FROM {rows}) SELECT p.id, p.system, p.value, p.variant, p.kind, \
             p.person, p.birth, p.name, p.sex FROM ",
            $from
        )
    };
}

const BY_VALUE: Statement = Statement(nodes!("asked CROSS JOIN person_identifier p WHERE p.value = asked.a"));
const BY_ID: Statement =
    Statement(nodes!("asked CROSS JOIN person_identifier p WHERE p.id = CAST(asked.a AS BIGINT)"));
const BY_PERSON: Statement =
    Statement(nodes!("asked CROSS JOIN person_identifier p WHERE p.person = CAST(asked.a AS BIGINT)"));
const BY_BIRTH: Statement = Statement(nodes!(
    "(SELECT q.*, ROW_NUMBER() OVER (PARTITION BY q.birth ORDER BY q.id) AS place FROM asked \
     CROSS JOIN person_identifier q WHERE q.birth = asked.a AND q.name <> '') p WHERE p.place <= 301"
));
const EDGES: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) \
     SELECT e.low, e.high, e.said_at, e.why, e.joins, e.source FROM asked CROSS JOIN person_edge e WHERE e.low = asked.a \
     UNION SELECT e.low, e.high, e.said_at, e.why, e.joins, e.source FROM asked CROSS JOIN person_edge e \
     WHERE e.high = asked.a",
);

impl Crowd {
    /// Reads what these need, so that nothing is asked for one by one.
    pub async fn foresee<'i>(
        &mut self,
        db: &mut Db<'_>,
        told: &[(&'i Identifier, Option<&'i Demo>)],
    ) -> Result<(), sqlx::Error> {
        self.read_values(db, told.iter().map(|(one, _)| one.value.as_str())).await?;
        let unknown =
            told.iter().filter(|(one, _)| self.by_value.get(&one.value).is_none_or(BTreeSet::is_empty));
        db.read_numbers(unknown.map(|(one, _)| ("", one.value.as_str()))).await?;
        let mut births = BTreeSet::new();
        for (one, demo) in told {
            let Some(demo) = demo.filter(|demo| !demo.birth.is_empty()) else { continue };
            let known = self.by_value.get(&one.value).into_iter().flatten();
            let mut known =
                known.filter_map(|id| self.nodes.get(id)).filter(|node| node.system == one.system);
            if !known.any(|node| node.demo == *demo) {
                births.insert(demo.birth.as_str());
            }
        }
        self.read_births(db, births).await?;
        let ids: Vec<i64> = self.nodes.keys().copied().collect();
        self.read_pairs(db, &ids).await
    }

    pub(super) async fn valued(&mut self, db: &mut Db<'_>, value: &str) -> Result<Vec<i64>, sqlx::Error> {
        self.read_values(db, [value]).await?;
        Ok(self.by_value.get(value).into_iter().flatten().copied().collect())
    }

    async fn read_values<'v>(
        &mut self,
        db: &mut Db<'_>,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<(), sqlx::Error> {
        let mut asked = Vec::new();
        for value in values {
            if !self.by_value.contains_key(value) {
                self.by_value.insert(value.into(), BTreeSet::new());
                asked.push(json!([value]));
            }
        }
        let rows = db.fetch(BY_VALUE, asked).await?;
        for id in self.put(&rows)? {
            if let Some(node) = self.nodes.get(&id) {
                self.by_value.entry(node.value.clone()).or_default().insert(id);
            }
        }
        Ok(())
    }

    pub(super) async fn read_births<'v>(
        &mut self,
        db: &mut Db<'_>,
        births: impl IntoIterator<Item = &'v str>,
    ) -> Result<(), sqlx::Error> {
        let mut asked = Vec::new();
        for birth in births {
            if self.by_birth.contains_key(birth) {
                continue;
            }
            let unwritten = self
                .nodes
                .iter()
                .filter(|(_, node)| node.changed && node.demo.birth == birth && !node.demo.name.is_empty());
            self.by_birth.insert(birth.into(), unwritten.map(|(id, _)| *id).collect());
            asked.push(json!([birth]));
        }
        let rows = db.fetch(BY_BIRTH, asked).await?;
        for id in self.put(&rows)? {
            if let Some(node) = self.nodes.get(&id) {
                self.by_birth.entry(node.demo.birth.clone()).or_default().insert(id);
            }
        }
        Ok(())
    }

    /// Reads identifiers by their numbers.
    pub async fn read_nodes(&mut self, db: &mut Db<'_>, ids: &[i64]) -> Result<(), sqlx::Error> {
        let unknown: BTreeSet<_> = ids.iter().filter(|id| !self.nodes.contains_key(id)).collect();
        let rows = db.fetch(BY_ID, unknown.into_iter().map(|id| json!([id])).collect()).await?;
        self.put(&rows).map(drop)
    }

    pub(super) async fn read_persons(&mut self, db: &mut Db<'_>, persons: &[i64]) -> Result<(), sqlx::Error> {
        let unknown: BTreeSet<i64> =
            persons.iter().copied().filter(|person| !self.by_person.contains_key(person)).collect();
        let rows = db.fetch(BY_PERSON, unknown.iter().map(|person| json!([person])).collect()).await?;
        self.put(&rows)?;
        for person in unknown {
            // Some may have come or gone since they were written.
            let members = self.nodes.iter().filter(|(_, node)| node.person == person);
            let members = members.map(|(id, _)| *id).collect();
            self.by_person.insert(person, members);
        }
        Ok(())
    }

    pub(super) async fn read_pairs(&mut self, db: &mut Db<'_>, ids: &[i64]) -> Result<(), sqlx::Error> {
        let unknown: Vec<i64> = ids.iter().copied().filter(|id| self.paired.insert(*id)).collect();
        let rows = db.fetch(EDGES, unknown.iter().map(|id| json!([id])).collect()).await?;
        for row in &rows {
            let pair = (row.try_get(0)?, row.try_get(1)?);
            let joins = row.try_get::<i64, _>(4)? == 1;
            let word: Word = (row.try_get(2)?, row.try_get(3)?, joins, row.try_get(5)?);
            let known = self.words.entry(pair).or_default();
            if !known.contains(&word) {
                known.push(word);
            }
            self.put_beside(pair);
        }
        Ok(())
    }

    /// Takes rows in; what is known already is newer than what was written.
    fn put(&mut self, rows: &[AnyRow]) -> Result<Vec<i64>, sqlx::Error> {
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            let id: i64 = row.try_get(0)?;
            ids.push(id);
            if self.nodes.contains_key(&id) {
                continue;
            }
            let demo = Demo { birth: row.try_get(6)?, name: row.try_get(7)?, sex: row.try_get(8)? };
            let node = Node {
                system: row.try_get(1)?,
                value: row.try_get(2)?,
                variant: row.try_get(3)?,
                kind: row.try_get(4)?,
                person: row.try_get(5)?,
                demo,
                changed: false,
            };
            self.nodes.insert(id, node);
        }
        Ok(ids)
    }
}
