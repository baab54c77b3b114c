//! Identifiers and what joins or parts them, as far as a transaction concerns them.
//! Read in this order: this file, [`read`].

mod read;

use super::{Db, Numbers};
use crate::people::{Clash, Demo, Edge, components, decides, names};
use clinical::Identifier;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Identifiers that look alike beyond which nobody is asked.
const MOST_ALIKE: usize = 20;
/// Identifiers of one birth date beyond which it is taken for a made-up one.
const MOST_BORN: usize = 300;
/// Of a number that several people were given, where nobody says whose it is.
const WHOSE: &str = "?";

/// An identifier.
pub(super) struct Node {
    pub system: String,
    pub value: String,
    pub variant: String,
    pub kind: String,
    pub person: i64,
    pub demo: Demo,
    /// Whether it differs from what is written.
    pub changed: bool,
}

/// One word on a pair: when, why, whether it joins, by which source.
pub(super) type Word = (i64, String, bool, String);

/// What is known of them.
#[derive(Default)]
pub(crate) struct Crowd {
    pub(super) nodes: BTreeMap<i64, Node>,
    /// All that have a value, a birth date, a person: of those that were asked for.
    by_value: HashMap<String, BTreeSet<i64>>,
    by_birth: HashMap<String, BTreeSet<i64>>,
    by_person: HashMap<i64, BTreeSet<i64>>,
    words: BTreeMap<(i64, i64), Vec<Word>>,
    beside: HashMap<i64, BTreeSet<i64>>,
    /// Nodes all of whose pairs are known.
    paired: HashSet<i64>,
    /// Made in this transaction.
    made: HashSet<i64>,
    pub(super) said: Vec<((i64, i64), Word)>,
    pub(super) doubts: BTreeMap<(String, i64, i64), (Value, f64, i64)>,
    /// Persons whose members changed.
    pub touched: BTreeSet<i64>,
    /// The moment that doubts are raised at.
    pub now: i64,
    numbers: Numbers,
}

impl Crowd {
    /// The identifier that speaks for these, known from now on; none when none of them decides.
    pub async fn holder(
        &mut self,
        db: &mut Db<'_>,
        ids: &[Identifier],
        demo: &Demo,
    ) -> Result<Option<i64>, sqlx::Error> {
        let mut nodes: Vec<i64> = Vec::new();
        for identifier in ids.iter().filter(|identifier| decides(identifier)) {
            let kind = identifier.kind.as_deref().unwrap_or_default();
            for (system, value) in names(identifier) {
                nodes.push(self.node(db, (&system, &value, kind), demo).await?);
            }
        }
        let Some(first) = nodes.first().copied() else { return Ok(None) };
        let edge = Edge { why: "same-statement", joins: true, said_at: 0, source: "" };
        for other in nodes.into_iter().skip(1) {
            self.edge(db, first, other, &edge).await?;
        }
        Ok(Some(first))
    }

    async fn node(
        &mut self,
        db: &mut Db<'_>,
        name: (&str, &str, &str),
        demo: &Demo,
    ) -> Result<i64, sqlx::Error> {
        let (system, value, _) = name;
        let mut known = self.valued(db, value).await?;
        known.retain(|id| self.nodes.get(id).is_some_and(|node| node.system == system));
        let Some(id) = self.best(&known, demo) else { return self.new_node(db, name, demo, &known).await };
        let births = self.nodes.get(&id).filter(|node| node.demo.clash(demo) == Clash::Birth);
        if let Some(births) = births.map(|node| json!({"birthDates": [node.demo.birth, demo.birth]})) {
            self.doubt("birth-date", (id, id), births, 0.5);
        }
        self.learn(db, id, demo).await?;
        Ok(id)
    }

    /// Of the identifiers of one number the one that is meant: which agrees best. Where it was given to several and
    /// nothing is said of whose it is, none of theirs.
    fn best(&self, known: &[i64], demo: &Demo) -> Option<i64> {
        let nodes: Vec<_> = known.iter().filter_map(|id| Some((*id, self.nodes.get(id)?))).collect();
        let owned = nodes.iter().filter(|(_, node)| node.variant != WHOSE);
        let fits: Vec<_> = owned.filter(|(_, node)| node.demo.clash(demo) != Clash::Person).collect();
        if fits.len() > 1 && demo.is_unknown() {
            return nodes.iter().find(|(_, node)| node.variant == WHOSE).map(|(id, _)| *id);
        }
        let agreeing = |(id, node): &&&(i64, &Node)| {
            (node.demo.birth == demo.birth, node.demo.shares_a_name(demo), std::cmp::Reverse(*id))
        };
        fits.iter().max_by_key(agreeing).map(|(id, _)| *id)
    }

    /// Fills what was unknown of an identifier.
    async fn learn(&mut self, db: &mut Db<'_>, id: i64, demo: &Demo) -> Result<(), sqlx::Error> {
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        let merged = node.demo.filled(demo);
        if merged == node.demo {
            return Ok(());
        }
        node.demo = merged.clone();
        node.changed = true;
        self.note_birth(id, &merged);
        self.suggest(db, id, &merged).await
    }

    fn note_birth(&mut self, id: i64, demo: &Demo) {
        if let Some(known) = self.by_birth.get_mut(&demo.birth).filter(|_| !demo.name.is_empty()) {
            known.insert(id);
        }
    }

    async fn new_node(
        &mut self,
        db: &mut Db<'_>,
        (system, value, kind): (&str, &str, &str),
        demo: &Demo,
        others: &[i64],
    ) -> Result<i64, sqlx::Error> {
        let variant = match others {
            [] => String::new(),
            _ if demo.is_unknown() => WHOSE.into(),
            _ => format!("{} {}", demo.birth, demo.name),
        };
        let name = ("", value, system, variant.as_str());
        let id = match db.number_of(name).await? {
            Some(number) => number,
            None => self.numbers.next(db, "person_identifier").await?,
        };
        db.keep_number(name, id);
        let (system, value, kind) = (system.to_owned(), value.to_owned(), kind.to_owned());
        self.by_value.entry(value.clone()).or_default().insert(id);
        self.by_person.insert(id, BTreeSet::from([id]));
        self.paired.insert(id);
        self.made.insert(id);
        let node = Node { system, value, variant, kind, person: id, demo: demo.clone(), changed: true };
        self.nodes.insert(id, node);
        self.note_birth(id, demo);
        for other in others {
            let birth = self.nodes.get(other).map_or("", |node| node.demo.birth.as_str());
            let evidence = json!({"birthDates": [birth, demo.birth], "names": "none shared"});
            self.doubt("same-identifier", (*other, id), evidence, 0.2);
        }
        self.suggest(db, id, demo).await?;
        Ok(id)
    }

    /// Joins an identifier without an issuer to the same number of an issuer, where birth date and name agree
    /// too; asks about others who agree in those alone.
    async fn suggest(&mut self, db: &mut Db<'_>, id: i64, demo: &Demo) -> Result<(), sqlx::Error> {
        let Some(node) = self.nodes.get(&id) else { return Ok(()) };
        if demo.birth.is_empty() || demo.name.is_empty() {
            return Ok(());
        }
        let (value, nobodys) = (node.value.clone(), node.system.is_empty());
        let agrees = |crowd: &Self, other: i64| {
            other != id && crowd.nodes.get(&other).is_some_and(|node| node.demo.agrees(demo))
        };
        for other in self.valued(db, &value).await? {
            let without = self.nodes.get(&other).is_some_and(|node| node.system.is_empty());
            if without != nobodys && agrees(self, other) {
                let edge = Edge { why: "no-issuer", joins: true, said_at: 0, source: "" };
                self.edge(db, id, other, &edge).await?;
            }
        }
        self.read_births(db, [demo.birth.as_str()]).await?;
        let born = self.by_birth.get(&demo.birth).cloned().unwrap_or_default();
        let alike: Vec<i64> = born.iter().copied().filter(|other| agrees(self, *other)).collect();
        // A name that many have on one day tells nothing: `DOE^JANE` of a data set without identities.
        if born.len() > MOST_BORN || alike.len() > MOST_ALIKE {
            return Ok(());
        }
        let mine = self.known_person(id);
        for other in alike {
            let Some(node) = self.nodes.get(&other).filter(|node| node.person != mine) else { continue };
            let evidence = json!({"birthDate": "same", "name": "same", "sex": demo.sex == node.demo.sex});
            self.doubt("maybe-same", (id.min(other), id.max(other)), evidence, 0.8);
        }
        Ok(())
    }

    /// How many people are known to have an identifier.
    pub async fn owners(&mut self, db: &mut Db<'_>, id: &Identifier) -> Result<usize, sqlx::Error> {
        let known = self.valued(db, &id.value).await?;
        let nodes = known.iter().filter_map(|one| self.nodes.get(one));
        Ok(nodes.filter(|node| node.system == id.system && node.variant != WHOSE).count())
    }

    /// All identifiers that were read or made.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.nodes.keys().copied()
    }

    /// Whether an identifier was made in this transaction.
    pub fn is_new(&self, id: i64) -> bool {
        self.made.contains(&id)
    }

    /// Whose an identifier is.
    pub async fn person_of(&mut self, db: &mut Db<'_>, id: i64) -> Result<i64, sqlx::Error> {
        self.read_nodes(db, &[id]).await?;
        Ok(self.known_person(id))
    }

    /// The person of an identifier that was read; its own number else.
    pub fn known_person(&self, id: i64) -> i64 {
        self.nodes.get(&id).map_or(id, |node| node.person)
    }

    /// Notes that two identifiers are or aren't of one person, and follows it.
    pub async fn edge(
        &mut self,
        db: &mut Db<'_>,
        a: i64,
        b: i64,
        edge: &Edge<'_>,
    ) -> Result<(), sqlx::Error> {
        if a == b {
            return Ok(());
        }
        let pair = (a.min(b), a.max(b));
        self.read_pairs(db, &[pair.0]).await?;
        let known = self.words.entry(pair).or_default();
        if known
            .iter()
            .any(|one| (one.0, one.1.as_str(), one.3.as_str()) == (edge.said_at, edge.why, edge.source))
        {
            return Ok(());
        }
        let word: Word = (edge.said_at, edge.why.into(), edge.joins, edge.source.into());
        known.push(word.clone());
        self.said.push((pair, word));
        self.put_beside(pair);
        self.settle_pairs(db, &[pair]).await
    }

    fn put_beside(&mut self, (low, high): (i64, i64)) {
        self.beside.entry(low).or_default().insert(high);
        self.beside.entry(high).or_default().insert(low);
    }

    /// Works out again who is who around some pairs of which something was said, or taken back.
    pub async fn settle_pairs(&mut self, db: &mut Db<'_>, pairs: &[(i64, i64)]) -> Result<(), sqlx::Error> {
        let ends: Vec<i64> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
        self.read_nodes(db, &ends).await?;
        let persons: BTreeSet<i64> = ends.iter().map(|id| self.known_person(*id)).collect();
        self.touched.extend(&persons);
        self.settle(db, &persons.into_iter().collect::<Vec<_>>()).await
    }

    /// Works out again who is who among the identifiers of some persons.
    async fn settle(&mut self, db: &mut Db<'_>, persons: &[i64]) -> Result<(), sqlx::Error> {
        self.read_persons(db, persons).await?;
        let members: BTreeSet<i64> =
            persons.iter().filter_map(|person| self.by_person.get(person)).flatten().copied().collect();
        let ids: Vec<i64> = members.iter().copied().collect();
        self.read_pairs(db, &ids).await?;
        let joined = self.joined(&members);
        for person in persons {
            self.by_person.insert(*person, BTreeSet::new());
        }
        for (id, person) in components(ids.into_iter(), &joined) {
            self.by_person.entry(person).or_default().insert(id);
            let Some(node) = self.nodes.get_mut(&id).filter(|node| node.person != person) else { continue };
            node.person = person;
            node.changed = true;
            self.touched.insert(person);
        }
        Ok(())
    }

    /// The pairs among these that hold.
    fn joined(&self, members: &BTreeSet<i64>) -> Vec<(i64, i64)> {
        let beside = |one: &i64| self.beside.get(one).into_iter().flatten().copied().collect::<Vec<_>>();
        let pairs = members.iter().flat_map(|one| {
            beside(one).into_iter().filter(move |other| one < other).map(move |other| (*one, other))
        });
        pairs.filter(|pair| self.words.get(pair).is_some_and(|words| join(words))).collect()
    }

    /// Asks a person about two identifiers, or about one twice.
    fn doubt(&mut self, kind: &str, (low, high): (i64, i64), evidence: Value, score: f64) {
        self.doubts.entry((kind.into(), low, high)).or_insert((evidence, score, self.now));
    }
}

/// Whether the latest word on a pair joins it; a person's stands above all.
fn join(words: &[Word]) -> bool {
    words.iter().max_by_key(|word| (word.1 == "decision", word.0, word.2)).is_some_and(|word| word.2)
}
