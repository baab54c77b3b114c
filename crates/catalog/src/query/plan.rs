//! From keys to a statement that gives ids, in an order an index already has:
//! a few exams by an identifier; names by their beginning; pieces of text by trigrams;
//! everything else by day, newest first.

use super::columns::{Column, Kind, alias, column, is_only_returned};
use super::condition::{Arguments, bounds, combined, is_pattern, on_column, prefix_of};
use super::{Key, Level, Matching, Moments, Query, attribute};
use crate::fold;
use dicom::{Tag, tags};
use store::Engine;

/// A statement without its SELECT, LIMIT and OFFSET.
pub(super) struct Plan {
    pub arguments: Arguments,
    /// What is selected.
    pub id: String,
    pub from: String,
    pub conditions: Vec<String>,
    pub order: String,
    /// Set if nothing but these days of a modality is asked for.
    pub days: Option<Days>,
    /// Keys that have no column; rows must be checked for them.
    pub attributes: Vec<Key>,
}

/// Days of a modality ('' for all), as numbers like 20260131.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Days {
    pub modality: String,
    pub from: i64,
    pub to: i64,
}

/// A condition, and whether it leaves few enough rows to sort.
struct Condition {
    sql: String,
    selective: bool,
}

/// Dates and the times that go with them.
const PAIRS: [(Tag, Tag); 6] = [
    (tags::STUDY_DATE, tags::STUDY_TIME),
    (tags::SERIES_DATE, tags::SERIES_TIME),
    (tags::ACQUISITION_DATE, tags::ACQUISITION_TIME),
    (tags::CONTENT_DATE, tags::CONTENT_TIME),
    (tags::INSTANCE_CREATION_DATE, tags::INSTANCE_CREATION_TIME),
    (tags::PERFORMED_PROCEDURE_STEP_START_DATE, tags::PERFORMED_PROCEDURE_STEP_START_TIME),
];

/// What the exams are found by.
enum Driver {
    Few,
    Prefix(&'static str),
    Trigrams(String),
    Days,
}

struct Planner<'q> {
    query: &'q Query,
    arguments: Arguments,
    /// By level: patient, study, series, instance.
    conditions: [Vec<Condition>; 4],
    attributes: Vec<Key>,
    dates: Option<&'q Matching>,
    modality: Option<&'q Matching>,
    prefix: Option<&'static str>,
    run: String,
    /// What a name must have somewhere in it, when it is asked for like `*this*`.
    piece: Option<String>,
    /// A pattern of a name is asked for.
    named: bool,
}

impl Plan {
    pub(super) fn of(engine: Engine, query: &Query) -> Self {
        let mut planner = Planner {
            query,
            arguments: Arguments::new(engine),
            conditions: Default::default(),
            attributes: Vec::new(),
            dates: None,
            modality: None,
            prefix: None,
            run: String::new(),
            piece: None,
            named: false,
        };
        planner.take_keys();
        planner.lower_levels();
        if query.level == Level::Patient { planner.patients() } else { planner.exams() }
    }
}

impl<'q> Planner<'q> {
    fn take_keys(&mut self) {
        let query = self.query;
        let asked = query.keys.iter().filter(|key| !is_only_returned(key.tag) && restricts(&key.matching));
        let asked: Vec<&Key> = asked.collect();
        let below = |key: &&&Key| column(key.tag).is_none_or(|column| column.level >= Level::Series);
        let lone = asked.iter().filter(below).count() == 1;
        let together = if query.combined_date_time { self.combine(&asked) } else { Vec::new() };
        for key in asked {
            match key.tag {
                tag if together.contains(&tag) => {}
                tags::STUDY_DATE => self.dates = Some(&key.matching),
                tags::MODALITIES_IN_STUDY => self.modality = Some(&key.matching),
                tags::MODALITY if lone && query.level == Level::Study && key.matching != Matching::Empty => {
                    self.modality = Some(&key.matching);
                }
                _ => self.take(key),
            }
        }
    }

    /// Ranges of date and time that are one range of moments; gives the attributes that are done with.
    fn combine(&mut self, asked: &[&Key]) -> Vec<Tag> {
        let mut done = Vec::new();
        for (date, time) in PAIRS {
            let range_of = |tag| {
                let key = asked.iter().find(|key| key.tag == tag && key.creator.is_none())?;
                if let Matching::Range(from, to) = &key.matching { Some((from, to)) } else { None }
            };
            let (Some(dates), Some(times)) = (range_of(date), range_of(time)) else { continue };
            let is_done = match (column(date), column(time)) {
                (Some(date), Some(time)) => self.combine_columns((date, time), dates, times),
                _ => self.combine_attributes((date, time), dates, times),
            };
            if is_done {
                // A range of days alone is found by its index; the moments are looked at within it.
                done.extend([time].into_iter().chain((date != tags::STUDY_DATE).then_some(date)));
            }
        }
        done
    }

    fn combine_columns(
        &mut self,
        (date, time): (Column, Column),
        dates: (&String, &String),
        times: (&String, &String),
    ) -> bool {
        let dates = bounds(Kind::Date, dates.0, dates.1);
        let times = bounds(Kind::Time, times.0, times.1);
        let (Some(dates), Some(times)) = (dates, times) else { return false };
        let alias = alias(date.level);
        let names = (format!("{alias}.{}", date.name), format!("{alias}.{}", time.name));
        let sql = combined(&mut self.arguments, (&names.0, &names.1), dates, times);
        self.push(date.level, sql, false);
        true
    }

    fn combine_attributes(
        &mut self,
        (date, time): (Tag, Tag),
        dates: (&String, &String),
        times: (&String, &String),
    ) -> bool {
        if bounds(Kind::Date, dates.0, dates.1).is_none() || bounds(Kind::Time, times.0, times.1).is_none() {
            return false;
        }
        let owned = |pair: (&String, &String)| (pair.0.clone(), pair.1.clone());
        let moments = Moments { time, dates: owned(dates), times: owned(times) };
        self.attribute(&Key { tag: date, creator: None, matching: Matching::Moments(Box::new(moments)) });
        true
    }

    fn take(&mut self, key: &Key) {
        let Some(column) = column(key.tag).filter(|column| key.creator.is_none() && can_tell(*column, key))
        else {
            return self.attribute(key);
        };
        let table = if column.level == Level::Patient { self.patient_level() } else { column.level };
        if column.kind == Kind::Name && self.query.fuzzy {
            return self.fuzzy(&key.matching);
        }
        self.note_driver(column, &key.matching);
        let name = format!("{}.{}", alias(table), column.name);
        if let Some(sql) = on_column(&mut self.arguments, column.kind, &name, &key.matching) {
            self.push(table, sql, is_selective(column, &key.matching));
        }
    }

    /// Exams carry the patient's columns too.
    fn patient_level(&self) -> Level {
        if self.query.level == Level::Patient { Level::Patient } else { Level::Study }
    }

    fn push(&mut self, level: Level, sql: String, selective: bool) {
        self.conditions[level as usize].push(Condition { sql, selective });
    }

    fn attribute(&mut self, key: &Key) {
        if let Some(sql) = attribute::candidates(&mut self.arguments, key) {
            self.push(Level::Series, sql, true);
        }
        self.attributes.push(key.clone());
    }

    /// Each word of the key begins a word of the name or sounds like one.
    fn fuzzy(&mut self, matching: &Matching) {
        let Matching::Values(values) = matching else { return };
        let folded = values.iter().map(|value| fold::fold(&value.replace(['*', '?'], " ")));
        for word in folded.collect::<Vec<_>>().iter().flat_map(|value| fold::words(value)) {
            let end = fold::after_prefix(word).unwrap_or_default();
            let (from, to) = (self.arguments.text(word), self.arguments.text(&end));
            let mut sql =
                format!("s.id IN (SELECT study FROM study_token WHERE token >= {from} AND token < {to}");
            if let Some(sound) = fold::sound(word) {
                let sound = self.arguments.text(&format!("~{sound}"));
                sql.push_str(&format!(" UNION SELECT study FROM study_token WHERE token = {sound}"));
            }
            sql.push(')');
            self.push(Level::Study, sql, true);
        }
    }

    /// Remembers what an index could begin with.
    fn note_driver(&mut self, column: Column, matching: &Matching) {
        let Matching::Values(values) = matching else { return };
        let [value] = values.as_slice() else { return };
        // The search text is the exam's: what its series are called is not in it.
        let of_exam = column.level <= Level::Study;
        let searched = matches!(column.name, "name_key" | "patient_id" | "accession" | "description");
        if !of_exam || !searched || (column.kind == Kind::Name && value.contains('=')) {
            return;
        }
        let folded = if column.kind == Kind::Name { fold::name_group(value) } else { fold::fold(value) };
        let begins = column.kind != Kind::Name || folded.is_ascii();
        if column.name != "description" && begins && !prefix_of(&folded).is_empty() {
            self.prefix = self.prefix.or(Some(column.name));
        }
        let longest = folded.split(['*', '?']).max_by_key(|run| run.chars().count()).unwrap_or_default();
        if longest.chars().count() > self.run.chars().count() {
            self.run = longest.to_owned();
        }
        self.named |= column.name == "name_key" && begins;
        if column.name == "name_key" && begins && folded == format!("*{longest}*") {
            self.piece = Some(longest.to_owned());
        }
    }

    /// Conditions below the query's level become one on the lowest level it has.
    fn lower_levels(&mut self) {
        const BELOW: [(Level, &str, &str); 3] = [
            (
                Level::Instance,
                "r.id {IN} (SELECT i.series FROM instance i WHERE i.deleted = 0",
                "i.series = r.id",
            ),
            (Level::Series, "s.id {IN} (SELECT r.study FROM series r WHERE r.live + 0 = 1", "r.study = s.id"),
            (
                Level::Study,
                "p.id {IN} (SELECT s.patient FROM study s WHERE s.live + 0 = 1",
                "s.patient = p.id",
            ),
        ];
        for (level, subquery, join) in BELOW.into_iter().filter(|below| below.0 > self.query.level) {
            let conditions = std::mem::take(&mut self.conditions[level as usize]);
            if conditions.is_empty() && !(level == Level::Study && self.asks_of_exams()) {
                continue;
            }
            let selective = conditions.iter().any(|condition| condition.selective);
            let mut all: Vec<String> = conditions.into_iter().map(|condition| condition.sql).collect();
            if level == Level::Study {
                all.extend(self.exam_conditions());
            }
            let sql = if selective {
                format!("{} AND {})", subquery.replace("{IN}", "IN"), all.join(" AND "))
            } else {
                let exists = subquery.split_once("{IN} ").map_or(subquery, |(_, rest)| rest);
                format!("EXISTS {exists} AND {join} AND {})", all.join(" AND "))
            };
            let upper = [Level::Patient, Level::Patient, Level::Study, Level::Series][level as usize];
            self.push(upper, sql, selective);
        }
    }

    const fn asks_of_exams(&self) -> bool {
        self.dates.is_some() || self.modality.is_some()
    }

    /// Date and modality where exams are not found by day.
    fn exam_conditions(&mut self) -> Vec<String> {
        let dates =
            self.dates.and_then(|dates| on_column(&mut self.arguments, Kind::Date, "s.study_date", dates));
        let modality = self
            .modality
            .and_then(|modality| on_column(&mut self.arguments, Kind::Modalities, "s.modalities", modality));
        dates.into_iter().chain(modality).collect()
    }

    fn is_selective(&self) -> bool {
        self.conditions.iter().flatten().any(|condition| condition.selective)
    }

    fn patients(mut self) -> Plan {
        let mut conditions =
            vec![if self.is_selective() { "p.live + 0 = 1" } else { "p.live = 1" }.to_owned()];
        let trigrams = trigrams(&self.run);
        if self.prefix.is_none() && !self.is_selective() && !trigrams.is_empty() {
            let found = match self.arguments.engine {
                Engine::Sqlite => {
                    let places = self.arguments.text(&trigrams);
                    format!("SELECT rowid FROM study_text WHERE study_text MATCH {places}")
                }
                Engine::Postgres => {
                    let place =
                        super::condition::like(&mut self.arguments, "search", &format!("*{}*", self.run));
                    format!("SELECT id FROM study WHERE {place}")
                }
            };
            conditions.push(format!("p.id IN (SELECT patient FROM study WHERE id IN ({found}))"));
        }
        conditions.extend(self.conditions.into_iter().flatten().map(|condition| condition.sql));
        Plan {
            arguments: self.arguments,
            id: "p.id".into(),
            from: "patient p".into(),
            conditions,
            order: "p.name_key, p.id".into(),
            days: None,
            attributes: self.attributes,
        }
    }

    fn driver(&self) -> Driver {
        let trigrams = trigrams(&self.run);
        match self.prefix {
            _ if self.is_selective() => Driver::Few,
            Some(column) => Driver::Prefix(column),
            None if !trigrams.is_empty() => Driver::Trigrams(trigrams),
            // One letter or two: all names, in their index, which is much narrower than exams are.
            None if self.named && !self.asks_of_exams() => Driver::Prefix("name_key"),
            None => Driver::Days,
        }
    }

    fn exams(mut self) -> Plan {
        if let Some(plan) = self.by_piece() {
            return plan;
        }
        let driver = self.driver();
        let days = self.days();
        let (mut from, mut conditions, mut order) = self.begin(&driver, days.as_ref());
        let others: Vec<String> = std::mem::take(&mut self.conditions)
            .into_iter()
            .flatten()
            .map(|condition| condition.sql)
            .collect();
        let by_day = matches!(driver, Driver::Days);
        let pure = by_day
            && days.is_some()
            && others.is_empty()
            && self.query.level == Level::Study
            && self.attributes.is_empty();
        if !(by_day && days.is_some()) {
            conditions.extend(self.exam_conditions());
        }
        conditions.extend(others);
        let join = if matches!(driver, Driver::Few) { "JOIN" } else { "CROSS JOIN" };
        self.join_lower(join, &mut from, &mut conditions, &mut order);
        Plan {
            arguments: self.arguments,
            id: format!("{}.id", alias(self.query.level)),
            from,
            conditions,
            order,
            days: days.filter(|_| pure),
            attributes: self.attributes,
        }
    }

    /// A piece of a name and nothing else: the index of names alone tells which exams have it, so that a page
    /// a hundred thousand exams deep is counted off without reading one.
    fn by_piece(&self) -> Option<Plan> {
        let piece = self.piece.as_deref().filter(|piece| !trigrams(piece).is_empty())?;
        let alone = self.conditions.iter().flatten().count() == 1 && self.attributes.is_empty();
        let here = self.arguments.engine == Engine::Sqlite && self.query.level == Level::Study;
        if !alone || !here || self.asks_of_exams() {
            return None;
        }
        let mut arguments = Arguments::new(Engine::Sqlite);
        let phrase = arguments.text(&format!("\"{}\"", piece.replace('"', "\"\"")));
        Some(Plan {
            arguments,
            id: "study_name.rowid".into(),
            from: "study_name".into(),
            conditions: vec![format!("study_name MATCH {phrase}")],
            order: "study_name.rowid DESC".into(),
            days: None,
            attributes: Vec::new(),
        })
    }

    fn begin(&mut self, driver: &Driver, days: Option<&Days>) -> (String, Vec<String>, String) {
        match driver {
            Driver::Few => {
                ("study s".into(), vec!["s.live + 0 = 1".into()], "s.study_date DESC, s.id DESC".into())
            }
            // The index by name begins with `live`; the others don't have it.
            Driver::Prefix("name_key") => {
                ("study s".into(), vec!["s.live = 1".into()], "s.name_key, s.id".into())
            }
            Driver::Prefix(column) => {
                ("study s".into(), vec!["s.live + 0 = 1".into()], format!("s.{column}, s.id"))
            }
            Driver::Trigrams(trigrams) => self.by_trigrams(trigrams),
            Driver::Days => {
                let all = Days { modality: String::new(), from: 0, to: i64::MAX };
                let days = days.unwrap_or(&all);
                let conditions = self.day_conditions(days);
                let mut joined = vec!["d.study = s.id".to_owned()];
                joined.extend(conditions);
                ("study_day d CROSS JOIN study s".into(), joined, "d.study_date DESC, d.study DESC".into())
            }
        }
    }

    fn by_trigrams(&mut self, trigrams: &str) -> (String, Vec<String>, String) {
        let live = "s.live + 0 = 1".to_owned();
        match self.arguments.engine {
            Engine::Sqlite => {
                let place = self.arguments.text(trigrams);
                let found = format!("study_text MATCH {place} AND s.id = study_text.rowid");
                ("study_text CROSS JOIN study s".into(), vec![found, live], "study_text.rowid DESC".into())
            }
            Engine::Postgres => {
                let pattern = format!("*{}*", self.run);
                let found = super::condition::like(&mut self.arguments, "s.search", &pattern);
                ("study s".into(), vec![found, live], "s.id DESC".into())
            }
        }
    }

    fn day_conditions(&mut self, days: &Days) -> Vec<String> {
        days.conditions(&mut self.arguments)
    }

    /// The one stretch of days and the one modality asked for, if it is that simple.
    fn days(&self) -> Option<Days> {
        let (from, to) = match self.dates {
            None => (0, i64::MAX),
            Some(Matching::Empty) => (0, 0),
            Some(Matching::Range(from, to)) => {
                let (from, to) = bounds(Kind::Date, from, to)?;
                (from.unwrap_or(1), to.unwrap_or(i64::MAX))
            }
            Some(Matching::Values(values)) => {
                let [value] = values.as_slice() else { return None };
                let day = crate::moment::date(value)?;
                (day, day)
            }
            Some(_) => return None,
        };
        let modality = match self.modality {
            None => String::new(),
            Some(Matching::Values(values)) => match values.as_slice() {
                [value] if !is_pattern(value) => value.clone(),
                _ => return None,
            },
            Some(_) => return None,
        };
        Some(Days { modality, from, to })
    }

    fn join_lower(&self, join: &str, from: &mut String, conditions: &mut Vec<String>, order: &mut String) {
        if self.query.level >= Level::Series {
            from.push_str(&format!(
                " {join} series r{}",
                if join == "JOIN" { " ON r.study = s.id" } else { "" }
            ));
            conditions.extend(["r.study = s.id".to_owned(), "r.live + 0 = 1".to_owned()]);
            order.push_str(", COALESCE(r.number, 0), r.id");
        }
        if self.query.level == Level::Instance {
            from.push_str(&format!(
                " {join} instance i{}",
                if join == "JOIN" { " ON i.series = r.id" } else { "" }
            ));
            conditions.extend(["i.series = r.id".to_owned(), "i.deleted = 0".to_owned()]);
            order.push_str(", COALESCE(i.number, 0), i.id");
        }
    }
}

impl Days {
    /// As conditions on `study_day d`.
    pub(super) fn conditions(&self, arguments: &mut Arguments) -> Vec<String> {
        vec![
            format!("d.modality = {}", arguments.text(&self.modality)),
            format!("d.study_date >= {}", arguments.int(self.from)),
            format!("d.study_date <= {}", arguments.int(self.to)),
        ]
    }
}

/// Whether a matching leaves anything out.
pub(super) fn restricts(matching: &Matching) -> bool {
    match matching {
        Matching::Universal => false,
        Matching::Items(keys) => keys.iter().any(|key| restricts(&key.matching)),
        _ => true,
    }
}

/// Whether the column tells all there is to match: of some names it has the first group alone.
fn can_tell(column: Column, key: &Key) -> bool {
    let Matching::Values(values) = &key.matching else { return true };
    column.kind != Kind::PlainName || values.iter().all(|value| value.is_ascii() && !value.contains('='))
}

fn is_selective(column: Column, matching: &Matching) -> bool {
    let Matching::Values(values) = matching else { return false };
    match column.name {
        "uid" | "sop_uid" => true,
        "patient_id" | "accession" => !values.iter().any(|value| is_pattern(value)),
        _ => false,
    }
}

/// The trigrams of a run, as the full-text index is asked for them; empty for less than three characters.
fn trigrams(run: &str) -> String {
    let characters: Vec<char> = run.chars().collect();
    let each = characters.windows(3).take(12).map(|three| three.iter().collect::<String>());
    let quoted = each.map(|three| format!("\"{}\"", three.replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(level: Level, keys: &[(dicom::Tag, &str)]) -> Plan {
        let query = keys.iter().fold(Query::all(level), |query, (tag, value)| query.with(*tag, value));
        Plan::of(Engine::Sqlite, &query)
    }

    #[test]
    fn exams_are_found_by_what_leaves_the_fewest() {
        let by = |keys: &[(dicom::Tag, &str)]| plan(Level::Study, keys);
        assert!(by(&[]).days.is_some());
        let days = by(&[(tags::STUDY_DATE, "20260101-20260131"), (tags::MODALITY, "CT")]).days;
        assert_eq!(days, Some(Days { modality: "CT".into(), from: 20_260_101, to: 20_260_131 }));
        assert_eq!(by(&[(tags::PATIENT_ID, "7")]).order, "s.study_date DESC, s.id DESC");
        assert_eq!(by(&[(tags::PATIENT_NAME, "Doe*")]).order, "s.name_key, s.id");
        assert_eq!(by(&[(tags::PATIENT_NAME, "*oe^J*")]).from, "study_name");
        assert!(by(&[(tags::PATIENT_NAME, "*oe^J")]).from.starts_with("study_text"));
        let both = [(tags::PATIENT_NAME, "*oe^J*"), (tags::STUDY_DATE, "20260131")];
        assert!(by(&both).from.starts_with("study_text"));
        assert_eq!(by(&[(tags::PATIENT_NAME, "*oe*")]).order, "s.name_key, s.id");
        let both = [(tags::PATIENT_NAME, "*oe*"), (tags::STUDY_DATE, "20260131")];
        assert!(by(&both).from.starts_with("study_day"));
    }

    #[test]
    fn keys_of_lower_levels_must_match_in_one_series() {
        let plan = plan(Level::Study, &[(tags::MODALITY, "CT"), (tags::SERIES_DESCRIPTION, "Lung*")]);
        let exists = plan.conditions.iter().find(|sql| sql.starts_with("EXISTS")).expect("a subquery");
        assert!(exists.contains("r.modality") && exists.contains("r.description"));
        assert!(plan.days.is_none());
    }

    #[test]
    fn no_value_stands_in_a_statement() {
        let plan =
            plan(Level::Study, &[(tags::PATIENT_NAME, "x' OR 1=1 --*"), (tags::ACCESSION_NUMBER, "9'")]);
        let text = format!("{} {}", plan.from, plan.conditions.join(" "));
        assert!(!text.contains("--") && !text.contains("9'"));
    }
}
