//! Who is who: identifiers, what joins and parts them, and whom somebody must decide about.
//!
//! A person is a connected component of identifiers; its number is the smallest of theirs. Identifiers that were
//! given together are joined, and so are those a merge names. Where one identifier was plainly given to two people
//! (another birth date and no name in common) the second has a variant of its own, and somebody is asked.

use clinical::Identifier;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};
use store::{Engine, WriteTx};

/// What tells people apart, folded; empty parts are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Demo {
    /// The birth date as FHIR writes it.
    pub birth: String,
    /// The words of the name, sorted.
    pub name: String,
    /// `male`, `female`, `other`.
    pub sex: String,
}

/// How two descriptions disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// Not at all.
    None,
    /// In the birth date alone: a correction, or a slip.
    Birth,
    /// In the birth date, and no name is shared: another person.
    Person,
}

impl Demo {
    /// Of a Patient resource.
    pub fn of(content: &Value) -> Self {
        let mut words = BTreeSet::new();
        for name in content["name"].as_array().into_iter().flatten() {
            let parts = name["given"].as_array().into_iter().flatten().chain([&name["family"]]);
            let mut any = false;
            for text in parts.filter_map(Value::as_str) {
                any = true;
                words.extend(words_of(text));
            }
            if !any {
                words.extend(words_of(name["text"].as_str().unwrap_or_default()));
            }
        }
        let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
        Self { birth: text("birthDate"), name: joined(words), sex: text("gender") }
    }

    /// Of a DICOM header: (0010,0010), (0010,0030) as a number like 20260131, (0010,0040).
    pub fn of_dicom(name: &str, birth: Option<i64>, sex: &str) -> Self {
        let birth = birth.filter(|day| *day > 0);
        let birth = birth.map(|day| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100));
        let sex = match sex {
            "M" => "male",
            "F" => "female",
            "O" => "other",
            _ => "",
        };
        Self { birth: birth.unwrap_or_default(), name: joined(words_of(name).collect()), sex: sex.into() }
    }

    pub fn clash(&self, other: &Self) -> Clash {
        let known = !self.birth.is_empty() && !other.birth.is_empty();
        if !known || self.birth == other.birth {
            return Clash::None;
        }
        let names = !self.name.is_empty() && !other.name.is_empty();
        if names && !self.shares_a_name(other) { Clash::Person } else { Clash::Birth }
    }

    fn shares_a_name(&self, other: &Self) -> bool {
        self.name.split(' ').any(|word| other.name.split(' ').any(|o| o == word))
    }

    /// Birth date and all names known and equal: middle names may be missing on one side.
    fn agrees(&self, other: &Self) -> bool {
        let birth = !self.birth.is_empty() && self.birth == other.birth;
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
        let (a, b) = (words(&self.name), words(&other.name));
        let name = a.len().min(b.len()) >= 2 && (a.is_subset(&b) || b.is_subset(&a));
        let sex = self.sex.is_empty() || other.sex.is_empty() || self.sex == other.sex;
        birth && name && sex
    }
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let folded = catalog::fold::fold(&text.replace(['^', '=', '-', '.', ',', '\''], " "));
    folded.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn joined(words: BTreeSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Kinds that name one person within who issued them (table 0203). Others, such as a social security or an account
/// number, are shared, mistyped and used again too often to decide by themselves.
pub(crate) fn decides(identifier: &Identifier) -> bool {
    let kind = identifier.kind.as_deref().unwrap_or("MR");
    matches!(
        kind,
        "MR" | "MRT" | "PI" | "PT" | "PN" | "PE" | "U" | "RI" | "MPI" | "EI" | "ANON" | "usual" | ""
    )
}

/// An identifier's names: as its system says, and as its assigner does.
fn names(identifier: &Identifier) -> Vec<(String, String)> {
    let other = identifier.assigner.iter().cloned();
    [identifier.system.clone()]
        .into_iter()
        .chain(other)
        .map(|system| (system, identifier.value.clone()))
        .collect()
}

/// Identifiers that look alike beyond which nobody is asked.
const MOST_ALIKE: usize = 20;
/// Identifiers of one birth date beyond which it is taken for a made-up one.
const MOST_BORN: usize = 300;

/// A node as it is kept.
struct Node {
    id: i64,
    person: i64,
    demo: Demo,
}

/// People in one transaction, and who was touched.
pub(crate) struct People<'a> {
    pub engine: Engine,
    pub tx: &'a mut WriteTx,
    pub touched: BTreeSet<i64>,
    pub now: i64,
}

impl People<'_> {
    /// The identifier that speaks for these, known from now on; none when none of them decides.
    pub async fn holder(&mut self, ids: &[Identifier], demo: &Demo) -> Result<Option<i64>, sqlx::Error> {
        let mut nodes: Vec<i64> = Vec::new();
        for identifier in ids.iter().filter(|identifier| decides(identifier)) {
            let kind = identifier.kind.as_deref().unwrap_or_default();
            for (system, value) in names(identifier) {
                nodes.push(self.node(&system, &value, kind, demo).await?);
            }
        }
        let Some(first) = nodes.first().copied() else { return Ok(None) };
        for other in nodes.into_iter().skip(1).filter(|other| *other != first) {
            self.edge(first, other, &Edge { why: "same-statement", joins: true, said_at: 0, source: "" })
                .await?;
        }
        let person = self.person_of(first).await?;
        self.touched.insert(person);
        Ok(Some(first))
    }

    async fn node(&mut self, system: &str, value: &str, kind: &str, demo: &Demo) -> Result<i64, sqlx::Error> {
        let known = self.nodes("system = $1 AND value = $2", &[system, value]).await?;
        let fits = known.iter().filter(|node| node.demo.clash(demo) != Clash::Person);
        // The one that agrees best: the same birth date before an unknown one.
        let best = fits.max_by_key(|node| (node.demo.birth == demo.birth, -node.id));
        let Some(node) = best else { return self.new_node(system, value, kind, demo, &known).await };
        if node.demo.clash(demo) == Clash::Birth {
            let evidence = json!({"birthDates": [node.demo.birth, demo.birth]});
            self.doubt("birth-date", node.id, node.id, &evidence, 0.5).await?;
        }
        self.learn(node, demo).await?;
        Ok(node.id)
    }

    /// Fills what was unknown of a node.
    async fn learn(&mut self, node: &Node, demo: &Demo) -> Result<(), sqlx::Error> {
        let better = |old: &str, new: &str| if old.is_empty() { new.to_owned() } else { old.to_owned() };
        let merged = Demo {
            birth: better(&node.demo.birth, &demo.birth),
            name: better(&node.demo.name, &demo.name),
            sex: better(&node.demo.sex, &demo.sex),
        };
        if merged == node.demo {
            return Ok(());
        }
        sqlx::query("UPDATE person_identifier SET birth = $2, name = $3, sex = $4 WHERE id = $1")
            .bind(node.id)
            .bind(&merged.birth)
            .bind(&merged.name)
            .bind(&merged.sex)
            .execute(&mut **self.tx)
            .await?;
        self.suggest(node.id, &merged).await
    }

    async fn new_node(
        &mut self,
        system: &str,
        value: &str,
        kind: &str,
        demo: &Demo,
        others: &[Node],
    ) -> Result<i64, sqlx::Error> {
        let variant = if others.is_empty() { String::new() } else { format!("{} {}", demo.birth, demo.name) };
        let row = sqlx::query(
            "INSERT INTO person_identifier (system, value, variant, kind, person, birth, name, sex) \
             VALUES ($1, $2, $3, $4, 0, $5, $6, $7) RETURNING id",
        )
        .bind(system)
        .bind(value)
        .bind(variant)
        .bind(kind)
        .bind(&demo.birth)
        .bind(&demo.name)
        .bind(&demo.sex)
        .fetch_one(&mut **self.tx)
        .await?;
        let id: i64 = row.try_get(0)?;
        sqlx::query("UPDATE person_identifier SET person = id WHERE id = $1")
            .bind(id)
            .execute(&mut **self.tx)
            .await?;
        for other in others {
            let evidence = json!({"birthDates": [other.demo.birth, demo.birth], "names": "none shared"});
            self.doubt("same-identifier", other.id, id, &evidence, 0.2).await?;
        }
        self.suggest(id, demo).await?;
        Ok(id)
    }

    /// Joins an identifier without an issuer to the same number of an issuer, where birth date and name agree
    /// too; asks about others who agree in those alone.
    async fn suggest(&mut self, id: i64, demo: &Demo) -> Result<(), sqlx::Error> {
        if demo.birth.is_empty() || demo.name.is_empty() {
            return Ok(());
        }
        let me = self.nodes("id = $1 AND $2 = $2", &[&id.to_string(), ""]).await?;
        let Some(mine) = me.first().map(|node| node.person) else { return Ok(()) };
        for other in self.same_number_without_issuer(id).await? {
            if other.demo.agrees(demo) {
                self.edge(id, other.id, &Edge { why: "no-issuer", joins: true, said_at: 0, source: "" })
                    .await?;
            }
        }
        let born = self.nodes("birth = $1 AND name <> $2", &[&demo.birth, ""]).await?;
        let all = born.len();
        let alike: Vec<Node> = born.into_iter().filter(|other| other.demo.agrees(demo)).collect();
        // A name that many have on one day tells nothing: `DOE^JANE` of a data set without identities.
        if all > MOST_BORN || alike.len() > MOST_ALIKE {
            return Ok(());
        }
        let mine = self.person_of(id).await.unwrap_or(mine);
        for other in alike.into_iter().filter(|other| other.person != mine) {
            let evidence = json!({"birthDate": "same", "name": "same", "sex": demo.sex == other.demo.sex});
            self.doubt("maybe-same", id.min(other.id), id.max(other.id), &evidence, 0.8).await?;
        }
        Ok(())
    }

    /// The same number from no issuer, where this one has one, and the other way round.
    async fn same_number_without_issuer(&mut self, id: i64) -> Result<Vec<Node>, sqlx::Error> {
        self.nodes(
            "id IN (SELECT b.id FROM person_identifier a JOIN person_identifier b ON a.value = b.value AND b.id <> a.id \
             WHERE a.id = $1 AND (a.system = '' OR b.system = '') AND a.system <> b.system) AND $2 = $2",
            &[&id.to_string(), ""],
        )
        .await
    }

    async fn nodes(&mut self, condition: &'static str, values: &[&str; 2]) -> Result<Vec<Node>, sqlx::Error> {
        // Safe: the conditions are constants of this file.
        let id_is_number = condition.starts_with("id ");
        let sql = format!(
            "SELECT id, person, birth, name, sex FROM person_identifier WHERE {condition} ORDER BY id LIMIT 301"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql));
        let query = if id_is_number {
            query.bind(values[0].parse::<i64>().unwrap_or(0))
        } else {
            query.bind(values[0])
        };
        let rows = query.bind(values[1]).fetch_all(&mut **self.tx).await?;
        rows.iter()
            .map(|row| {
                let demo = Demo { birth: row.try_get(2)?, name: row.try_get(3)?, sex: row.try_get(4)? };
                Ok(Node { id: row.try_get(0)?, person: row.try_get(1)?, demo })
            })
            .collect()
    }

    pub async fn person_of(&mut self, node: i64) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT person FROM person_identifier WHERE id = $1")
            .bind(node)
            .fetch_optional(&mut **self.tx)
            .await?;
        row.map_or(Ok(node), |row| row.try_get(0))
    }

    /// Notes that two identifiers are or aren't of one person, and follows it.
    pub async fn edge(&mut self, a: i64, b: i64, edge: &Edge<'_>) -> Result<(), sqlx::Error> {
        if a == b {
            return Ok(());
        }
        let (low, high) = (a.min(b), a.max(b));
        let written = sqlx::query(
            "INSERT INTO person_edge (low, high, said_at, why, joins, source) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT DO NOTHING",
        )
        .bind(low)
        .bind(high)
        .bind(edge.said_at)
        .bind(edge.why)
        .bind(i64::from(edge.joins))
        .bind(edge.source)
        .execute(&mut **self.tx)
        .await?;
        if written.rows_affected() == 0 {
            return Ok(());
        }
        let (one, other) = (self.person_of(low).await?, self.person_of(high).await?);
        self.touched.extend([one, other]);
        self.settle(&[one, other]).await
    }

    /// Works out again who is who among the identifiers of some persons.
    async fn settle(&mut self, persons: &[i64]) -> Result<(), sqlx::Error> {
        let mut members: BTreeMap<i64, i64> = BTreeMap::new();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for person in persons.iter().collect::<BTreeSet<_>>() {
            let rows = sqlx::query("SELECT id FROM person_identifier WHERE person = $1")
                .bind(person)
                .fetch_all(&mut **self.tx)
                .await?;
            for row in rows {
                members.insert(row.try_get(0)?, *person);
            }
            joined.extend(self.edges_of(*person).await?);
        }
        for (id, person) in components(members.keys().copied(), &joined) {
            if members.get(&id) != Some(&person) {
                sqlx::query("UPDATE person_identifier SET person = $2 WHERE id = $1")
                    .bind(id)
                    .bind(person)
                    .execute(&mut **self.tx)
                    .await?;
                self.touched.insert(person);
            }
        }
        Ok(())
    }

    /// The pairs that hold, of those with an end in a person.
    async fn edges_of(&mut self, person: i64) -> Result<Vec<(i64, i64)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT e.low, e.high, e.joins FROM person_edge e JOIN person_identifier p ON p.id = e.low OR p.id = e.high \
             WHERE p.person = $1 ORDER BY CASE e.why WHEN 'decision' THEN 1 ELSE 0 END, e.said_at, e.joins",
        )
        .bind(person)
        .fetch_all(&mut **self.tx)
        .await?;
        let mut last: BTreeMap<(i64, i64), bool> = BTreeMap::new();
        for row in rows {
            last.insert((row.try_get(0)?, row.try_get(1)?), row.try_get::<i64, _>(2)? == 1);
        }
        Ok(last.into_iter().filter(|(_, joins)| *joins).map(|(pair, _)| pair).collect())
    }

    /// Asks a person about two identifiers, or about one twice.
    async fn doubt(
        &mut self,
        kind: &str,
        low: i64,
        high: i64,
        evidence: &Value,
        score: f64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO person_doubt (kind, low, high, evidence, score, state, raised_at) \
             VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT DO NOTHING",
        )
        .bind(kind)
        .bind(low)
        .bind(high)
        .bind(evidence.to_string())
        .bind(score)
        .bind(self.now)
        .execute(&mut **self.tx)
        .await
        .map(drop)
    }
}

/// What somebody says of two identifiers.
pub(crate) struct Edge<'a> {
    pub why: &'a str,
    pub joins: bool,
    pub said_at: i64,
    pub source: &'a str,
}

/// Each member with the smallest member of its component.
fn components(members: impl Iterator<Item = i64>, pairs: &[(i64, i64)]) -> BTreeMap<i64, i64> {
    let mut leader: BTreeMap<i64, i64> = members.map(|id| (id, id)).collect();
    let mut moved = true;
    while moved {
        moved = false;
        for (a, b) in pairs {
            let (Some(one), Some(other)) = (leader.get(a).copied(), leader.get(b).copied()) else { continue };
            let least = one.min(other);
            moved |= one != other;
            leader.insert(*a, least);
            leader.insert(*b, least);
        }
    }
    leader
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo(name: &str, birth: i64) -> Demo {
        Demo::of_dicom(name, Some(birth), "F")
    }

    #[test]
    fn another_birth_date_is_a_slip_only_under_a_shared_name() {
        let one = demo("Sample^Anna", 19_700_101);
        assert_eq!(one.clash(&demo("Sample^Anna", 19_700_110)), Clash::Birth);
        assert_eq!(one.clash(&demo("Muster^Bea", 19_800_101)), Clash::Person);
        assert_eq!(one.clash(&demo("Muster^Bea", 19_700_101)), Clash::None);
    }

    #[test]
    fn twins_do_not_agree() {
        assert!(!demo("Sample^Anna", 1).agrees(&demo("Sample^Bea", 1)));
        assert!(demo("Sample^Anna^Maria", 1).agrees(&demo("SAMPLE^ANNA", 1)));
    }

    #[test]
    fn a_component_goes_by_its_smallest() {
        let found = components([1, 2, 3, 9].into_iter(), &[(3, 9), (2, 3)]);
        assert_eq!(found, BTreeMap::from([(1, 1), (2, 2), (3, 2), (9, 2)]));
    }
}
