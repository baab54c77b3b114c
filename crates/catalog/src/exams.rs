//! The exams page: search as one types, one exam in full, where it came from.
//!
//! Without words, exams are listed by day, newest first, from a place on, with an exact count.
//! With words, up to [`MOST`] matches are found by index and sorted; where there are more, they are so
//! many that walking through the days soon meets a page of them, and the count is a lower bound.

use crate::Catalog;
use crate::fold;
use bytes::Bytes;
use dicom::{ReadOptions, TransferSyntax, read_data_set, tags};
use model::{StudyInstanceUid, Timestamp};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use store::Engine;

/// Matches of words that are sorted.
pub const MOST: usize = 2000;

/// What to look for; empty parts don't count. Words match anywhere in their text without case or
/// accents, of one or two characters at the beginning of a word of the name or of a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExamFilter {
    /// Words of the patient's name, patient ID, accession number, description; a modality; a date.
    pub text: String,
    /// Words of the patient's name or ID.
    pub patient: String,
    /// Part of the accession number.
    pub accession: String,
    /// Words of the description.
    pub description: String,
    /// A modality such as `CT`.
    pub modality: String,
    /// First day, as a number like 20260131.
    pub from: Option<i64>,
    /// Last day.
    pub to: Option<i64>,
}

/// An exam in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamSummary {
    /// (0020,000D)
    pub study: String,
    /// (0010,0020)
    pub patient_id: String,
    /// (0010,0021), who gave the patient that ID.
    pub issuer: String,
    /// (0010,0010) as written.
    pub patient_name: String,
    /// (0010,0040)
    pub patient_sex: String,
    /// (0010,0030) as a number like 20260131.
    pub birth_date: Option<i64>,
    /// (0008,0050)
    pub accession: String,
    /// (0008,0020) as a number like 20260131.
    pub date: Option<i64>,
    /// (0008,0030) in microseconds since midnight.
    pub time: Option<i64>,
    /// (0008,1030)
    pub description: String,
    /// The series' modalities.
    pub modalities: Vec<String>,
    /// How many series.
    pub series: i64,
    /// How many instances.
    pub instances: i64,
    /// When its first instance arrived.
    pub received_at: Timestamp,
    /// Whether one of its instances is a picture.
    pub has_picture: bool,
}

/// A page of exams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExamPage {
    /// The exams, newest first.
    pub exams: Vec<ExamSummary>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are in all, at least.
    pub total: i64,
    /// Whether that is all.
    pub exact: bool,
}

/// The text is not a cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one of ours")]
pub struct CursorError;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind this exam of this day.
    Behind(i64, i64),
    /// After so many matches.
    After(usize),
}

fn place(cursor: Option<&str>) -> Result<Option<Place>, CursorError> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let number = |text: &str| text.parse().map_err(|_| CursorError);
    match cursor.split_once('-') {
        Some((date, id)) => Ok(Some(Place::Behind(number(date)?, number(id)?))),
        None => Ok(Some(Place::After(usize::try_from(number(cursor)?).map_err(|_| CursorError)?))),
    }
}

/// Why a page can't be given.
#[derive(Debug, thiserror::Error)]
pub enum ExamsError {
    /// The cursor.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The engine.
    #[error("the exams could not be searched")]
    Query(#[from] sqlx::Error),
}

/// A word and the texts it may be in.
struct Wanted {
    word: String,
    fields: &'static [usize],
}

/// Columns a match is checked on: name, other names, patient ID, accession number, description.
const CHECKED: &str = "s.name_key, s.name_other, s.patient_id, s.accession, s.description";

impl Catalog {
    /// A page of exams. `cursor` is [`ExamPage::next`] of the page before, or the number of exams to
    /// skip: those of whole days are skipped without looking at them.
    ///
    /// # Errors
    /// [`ExamsError`].
    pub async fn search_exams(
        &self,
        filter: &ExamFilter,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<ExamPage, ExamsError> {
        let place = place(cursor)?;
        let (filter, wanted) = self.wanted(filter).await?;
        let page = if wanted.is_empty() {
            self.exams_by_day(&filter, place, limit).await?
        } else {
            self.exams_by_word(&filter, &wanted, place, limit).await?
        };
        Ok(page)
    }

    /// The words to look for; one that is a modality or a date narrows the list instead.
    async fn wanted(&self, filter: &ExamFilter) -> Result<(ExamFilter, Vec<Wanted>), sqlx::Error> {
        let mut filter = filter.clone();
        let mut wanted = Vec::new();
        for word in fold::fold(&filter.text.clone()).split_whitespace() {
            // Names are shown, and so typed, with a comma behind the family name.
            let word = word.trim_end_matches(',');
            if word.is_empty() {
                continue;
            }
            let upper = word.to_uppercase();
            if filter.modality.is_empty() && upper.len() == 2 && self.has_modality(&upper).await? {
                filter.modality = upper;
            } else if let Some(day) = iso_date(word) {
                (filter.from, filter.to) = (Some(day), Some(day));
            } else {
                wanted.push(Wanted { word: word.to_owned(), fields: &[0, 1, 2, 3, 4] });
            }
        }
        let parts: [(&str, &'static [usize]); 3] =
            [(&filter.patient, &[0, 1, 2]), (&filter.accession, &[3]), (&filter.description, &[4])];
        for (text, fields) in parts {
            let words = fold::fold(text);
            wanted.extend(words.split_whitespace().map(|word| Wanted { word: word.to_owned(), fields }));
        }
        Ok((filter, wanted))
    }

    async fn has_modality(&self, modality: &str) -> Result<bool, sqlx::Error> {
        let row = sqlx::query("SELECT 1 FROM day_count WHERE modality = $1 LIMIT 1").bind(modality);
        Ok(row.fetch_optional(self.ledger.pool()).await?.is_some())
    }

    async fn exams_by_day(
        &self,
        filter: &ExamFilter,
        place: Option<Place>,
        limit: usize,
    ) -> Result<ExamPage, sqlx::Error> {
        let (from, to) = (filter.from.unwrap_or(0), filter.to.unwrap_or(i64::MAX));
        let (behind, skip) = match place {
            Some(Place::Behind(date, id)) => ((date, id), 0),
            Some(Place::After(count)) => self.day_after(filter, number(count)).await?,
            None => ((i64::MAX, i64::MAX), 0),
        };
        let rows = sqlx::query(
            "SELECT d.study, d.study_date FROM study_day d WHERE d.modality = $1 AND d.study_date >= $2 \
             AND d.study_date <= $3 AND (d.study_date, d.study) < ($4, $5) \
             ORDER BY d.study_date DESC, d.study DESC LIMIT $6 OFFSET $7",
        )
        .bind(filter.modality.as_str())
        .bind(from)
        .bind(to.min(behind.0))
        .bind(behind.0)
        .bind(behind.1)
        .bind(number(limit + 1))
        .bind(skip)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut found: Vec<(i64, i64)> = rows
            .iter()
            .map(|row| Ok((row.try_get(1)?, row.try_get(0)?)))
            .collect::<Result<_, sqlx::Error>>()?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(date, id)| format!("{date}-{id}"));
        let total = self.count_days(&filter.modality, from, to).await?;
        let exams = self.summaries(&found.iter().map(|(_, id)| *id).collect::<Vec<_>>()).await?;
        Ok(ExamPage { exams, next, total, exact: true })
    }

    /// The place before the day in which so many exams are passed, and how many of that day's are.
    async fn day_after(&self, filter: &ExamFilter, mut skip: i64) -> Result<((i64, i64), i64), sqlx::Error> {
        let days = sqlx::query(
            "SELECT study_date, studies FROM day_count WHERE modality = $1 AND study_date >= $2 \
             AND study_date <= $3 ORDER BY study_date DESC",
        )
        .bind(filter.modality.as_str())
        .bind(filter.from.unwrap_or(0))
        .bind(filter.to.unwrap_or(i64::MAX))
        .fetch_all(self.ledger.pool())
        .await?;
        for day in &days {
            let studies: i64 = day.try_get(1)?;
            if skip < studies {
                return Ok(((day.try_get(0)?, i64::MAX), skip));
            }
            skip -= studies;
        }
        // Behind the last day: nothing is left.
        Ok(((-1, -1), 0))
    }

    async fn count_days(&self, modality: &str, from: i64, to: i64) -> Result<i64, sqlx::Error> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(studies), 0) AS BIGINT) FROM day_count \
             WHERE modality = $1 AND study_date >= $2 AND study_date <= $3",
        )
        .bind(modality)
        .bind(from)
        .bind(to)
        .fetch_one(self.ledger.pool())
        .await?;
        row.try_get(0)
    }

    async fn exams_by_word(
        &self,
        filter: &ExamFilter,
        wanted: &[Wanted],
        place: Option<Place>,
        limit: usize,
    ) -> Result<ExamPage, sqlx::Error> {
        if let Some(Place::Behind(date, id)) = place {
            return self.exams_by_walk(filter, wanted, ((date, id), 0), limit).await;
        }
        let Some(mut matches) = self.matches(filter, wanted).await? else {
            let skip = if let Some(Place::After(count)) = place { number(count) } else { 0 };
            return self.exams_by_walk(filter, wanted, ((i64::MAX, i64::MAX), skip), limit).await;
        };
        matches.sort_unstable_by(|a, b| b.cmp(a));
        let start = match place {
            Some(Place::After(count)) => count.min(matches.len()),
            _ => 0,
        };
        let end = (start + limit).min(matches.len());
        let ids: Vec<i64> = matches[start..end].iter().map(|(_, id)| *id).collect();
        let next = (end < matches.len()).then(|| end.to_string());
        Ok(ExamPage { exams: self.summaries(&ids).await?, next, total: number(matches.len()), exact: true })
    }

    /// (date, id) of the exams that have all words; none if there are more than [`MOST`] to look at.
    async fn matches(
        &self,
        filter: &ExamFilter,
        wanted: &[Wanted],
    ) -> Result<Option<Vec<(i64, i64)>>, sqlx::Error> {
        let Some(narrow) = self.narrow(wanted).await? else { return Ok(None) };
        let mut bound: Vec<String> = Vec::new();
        let mut conditions = vec!["s.live + 0 = 1".to_owned()];
        conditions.extend(self.candidates(&narrow, &mut bound));
        if !filter.modality.is_empty() {
            bound.push(filter.modality.clone());
            let exact =
                "EXISTS (SELECT 1 FROM study_day d WHERE d.study_date = s.study_date AND d.study = s.id";
            conditions.push(format!("{exact} AND d.modality = ${})", bound.len()));
        }
        let (from, to) = (filter.from.unwrap_or(0), filter.to.unwrap_or(i64::MAX));
        let sql = format!(
            "SELECT s.id, s.study_date, {CHECKED} FROM study s WHERE {} AND s.study_date BETWEEN {from} AND {to} \
             LIMIT {}",
            conditions.join(" AND "),
            MOST + 1
        );
        // Safe: text is bound, the rest are numbers and constants.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for text in &bound {
            query = query.bind(text.as_str());
        }
        let rows = query.fetch_all(self.ledger.pool()).await?;
        if rows.len() > MOST {
            return Ok(None);
        }
        let mut found = Vec::new();
        for row in &rows {
            if has_all(row, wanted)? {
                found.push((row.try_get(1)?, row.try_get(0)?));
            }
        }
        Ok(Some(found))
    }

    /// The words worth asking the indexes for; none if only those are given that begin too much, such
    /// as the first letter of all accession numbers. The rest is checked on what is found.
    async fn narrow<'a>(&self, wanted: &'a [Wanted]) -> Result<Option<Vec<&'a Wanted>>, sqlx::Error> {
        let (short, long): (Vec<_>, Vec<_>) = wanted.iter().partition(|wanted| wanted.is_short());
        if !long.is_empty() {
            return Ok(Some(long));
        }
        for one in short {
            if self.begun_by(&one.word).await? <= MOST {
                return Ok(Some(vec![one]));
            }
        }
        Ok(None)
    }

    /// How many exams have something that begins with a word; counting ends beyond [`MOST`].
    async fn begun_by(&self, word: &str) -> Result<usize, sqlx::Error> {
        let mut bound: Vec<String> = Vec::new();
        let parts = beginnings(word, &mut |text| {
            bound.push(text);
            format!("${}", bound.len())
        });
        let most = MOST + 1;
        let parts = parts.map(|part| format!("SELECT 1 FROM ({part} LIMIT {most}) AS part"));
        let sql = format!("SELECT COUNT(*) FROM ({}) AS parts", parts.join(" UNION ALL "));
        // Safe: text is bound, the rest are numbers and constants.
        let mut query = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql));
        for text in &bound {
            query = query.bind(text.as_str());
        }
        Ok(usize::try_from(query.fetch_one(self.ledger.pool()).await?).unwrap_or(usize::MAX))
    }

    /// The conditions that leave every exam that can have the words.
    fn candidates(&self, wanted: &[&Wanted], bound: &mut Vec<String>) -> Vec<String> {
        let (short, long): (Vec<&Wanted>, Vec<&Wanted>) = wanted.iter().partition(|wanted| wanted.is_short());
        let mut place = |text: String| {
            bound.push(text);
            format!("${}", bound.len())
        };
        let mut conditions: Vec<String> =
            short.iter().map(|wanted| begins_with(&wanted.word, &mut place)).collect();
        match self.engine() {
            Engine::Sqlite if !long.is_empty() => {
                let all: Vec<String> = long.iter().flat_map(|wanted| trigrams(&wanted.word)).collect();
                let place = place(all.join(" AND "));
                conditions
                    .push(format!("s.id IN (SELECT rowid FROM study_text WHERE study_text MATCH {place})"));
            }
            _ => {
                conditions
                    .extend(long.iter().map(|wanted| contains(self.engine(), &wanted.word, &mut place)));
            }
        }
        conditions
    }

    /// Exams behind a place that have all words, met while walking through the days.
    async fn exams_by_walk(
        &self,
        filter: &ExamFilter,
        wanted: &[Wanted],
        (behind, skip): ((i64, i64), i64),
        limit: usize,
    ) -> Result<ExamPage, sqlx::Error> {
        let mut bound: Vec<String> = vec![filter.modality.clone()];
        let mut place = |text: String| {
            bound.push(text);
            format!("${}", bound.len())
        };
        let each = wanted.iter().map(|wanted| contains(self.engine(), &wanted.word, &mut place));
        let words = each.collect::<Vec<_>>().join(" AND ");
        let (from, to) = (filter.from.unwrap_or(0), filter.to.unwrap_or(i64::MAX).min(behind.0));
        let sql = format!(
            "SELECT s.id, s.study_date, {CHECKED} FROM study_day d CROSS JOIN study s WHERE d.study = s.id \
             AND d.modality = $1 AND d.study_date BETWEEN {from} AND {to} \
             AND (d.study_date, d.study) < ({}, {}) AND {words} \
             ORDER BY d.study_date DESC, d.study DESC LIMIT {} OFFSET {skip}",
            behind.0,
            behind.1,
            limit + 1
        );
        // Safe: text is bound, the rest are numbers and constants.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for text in &bound {
            query = query.bind(text.as_str());
        }
        let mut rows = query.fetch_all(self.ledger.pool()).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let mut ids = Vec::with_capacity(rows.len());
        for row in &rows {
            if has_all(row, wanted)? {
                ids.push(row.try_get(0)?);
            }
        }
        let next = match rows.last().filter(|_| more) {
            Some(row) => Some(format!("{}-{}", row.try_get::<i64, _>(1)?, row.try_get::<i64, _>(0)?)),
            None => None,
        };
        Ok(ExamPage { exams: self.summaries(&ids).await?, next, total: number(MOST), exact: false })
    }

    /// Exams by row id, in that order.
    pub(crate) async fn summaries(&self, ids: &[i64]) -> Result<Vec<ExamSummary>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let list = match self.engine() {
            Engine::Sqlite => "SELECT value FROM json_each($1)",
            Engine::Postgres => "SELECT CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)",
        };
        let sql = format!("SELECT {SUMMARY} FROM study s WHERE s.id IN ({list})");
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(Value::from(ids.to_vec()).to_string());
        let rows = query.fetch_all(self.ledger.pool()).await?;
        let mut exams = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) =
                rows.iter().find(|row| row.try_get::<i64, _>(0).is_ok_and(|found| found == *id))
            {
                exams.push(summary(row)?);
            }
        }
        Ok(exams)
    }

    /// One exam, if it is held and not deleted.
    ///
    /// # Errors
    /// The engine's.
    pub async fn exam(&self, study: &StudyInstanceUid) -> Result<Option<ExamSummary>, sqlx::Error> {
        let sql = format!("SELECT {SUMMARY} FROM study s WHERE s.uid = $1 AND s.live + 0 = 1");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(study.as_str());
        query.fetch_optional(self.ledger.pool()).await?.as_ref().map(summary).transpose()
    }
}

/// Columns of a summary. Videos (transfer syntaxes 1.2.840.10008.1.2.4.100 to 108) are no pictures:
/// nothing here decodes them.
pub(crate) const SUMMARY: &str = "s.id, s.uid, s.patient_id, s.sex, s.birth_date, s.accession, s.study_date, \
     s.study_time, s.description, s.modalities, s.series_count, s.instance_count, s.received_at, s.head, \
     CASE WHEN EXISTS (SELECT 1 FROM series r JOIN instance i ON i.series = r.id WHERE r.study = s.id \
     AND i.deleted = 0 AND i.height IS NOT NULL AND i.width IS NOT NULL \
     AND i.transfer_syntax NOT LIKE '1.2.840.10008.1.2.4.10_%') THEN 1 ELSE 0 END, s.issuer";

/// Reads [`SUMMARY`].
pub(crate) fn summary(row: &AnyRow) -> Result<ExamSummary, sqlx::Error> {
    let day = |at: usize| row.try_get::<i64, _>(at).map(|day| Some(day).filter(|day| *day > 0));
    let modalities: String = row.try_get(9)?;
    Ok(ExamSummary {
        study: row.try_get(1)?,
        patient_id: row.try_get(2)?,
        patient_name: patient_name(row.try_get(13)?),
        patient_sex: row.try_get(3)?,
        birth_date: day(4)?,
        accession: row.try_get(5)?,
        date: day(6)?,
        time: row.try_get(7)?,
        description: row.try_get(8)?,
        modalities: modalities.split('\\').filter(|m| !m.is_empty()).map(str::to_owned).collect(),
        series: row.try_get(10)?,
        instances: row.try_get(11)?,
        received_at: Timestamp::from_micros(row.try_get(12)?),
        has_picture: row.try_get::<i64, _>(14)? == 1,
        issuer: row.try_get(15)?,
    })
}

/// The name as it is written, from the exam's head.
pub(crate) fn patient_name(head: Vec<u8>) -> String {
    let set = read_data_set(&Bytes::from(head), &TransferSyntax::EXPLICIT_LE, &ReadOptions::default());
    set.ok().and_then(|set| set.text(tags::PATIENT_NAME)).unwrap_or_default()
}

impl Wanted {
    /// Too short for trigrams.
    fn is_short(&self) -> bool {
        self.word.chars().count() < 3
    }
}

/// Quoted for the full-text index.
fn trigrams(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let each = characters.windows(3).take(12).map(|three| three.iter().collect::<String>());
    each.map(|three| format!("\"{}\"", three.replace('"', "\"\""))).collect()
}

/// Exams whose name has a word, or whose number, that begins so.
fn begins_with(word: &str, place: &mut impl FnMut(String) -> String) -> String {
    format!("s.id IN ({})", beginnings(word, place).join(" UNION "))
}

/// The exams that a word begins something of, a SELECT for each index.
fn beginnings(word: &str, place: &mut impl FnMut(String) -> String) -> [String; 5] {
    let mut range = |column: &str, from: &str| {
        let end = fold::after_prefix(from).unwrap_or_default();
        format!("{column} >= {} AND {column} < {}", place(from.to_owned()), place(end))
    };
    // Numbers are kept as received: their letters may be large or small.
    let upper = word.to_uppercase();
    let token = range("token", word);
    let id = [range("patient_id", word), range("patient_id", &upper)];
    let accession = [range("accession", word), range("accession", &upper)];
    let [small_id, large_id, small_accession, large_accession] =
        [&id[0], &id[1], &accession[0], &accession[1]]
            .map(|range| format!("SELECT id FROM study WHERE {range}"));
    let token = format!("SELECT study FROM study_token WHERE {token}");
    [token, small_id, large_id, small_accession, large_accession]
}

/// Exams whose searched text has a word in it.
fn contains(engine: Engine, word: &str, place: &mut impl FnMut(String) -> String) -> String {
    match engine {
        Engine::Sqlite => format!("instr(s.search, {}) > 0", place(word.to_owned())),
        Engine::Postgres => {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("s.search LIKE {}", place(format!("%{escaped}%")))
        }
    }
}

fn has_all(row: &AnyRow, wanted: &[Wanted]) -> Result<bool, sqlx::Error> {
    let mut texts = Vec::with_capacity(5);
    for at in 2..7 {
        texts.push(fold::fold(&row.try_get::<String, _>(at)?));
    }
    Ok(wanted.iter().all(|wanted| {
        wanted.fields.iter().any(|field| match (wanted.is_short(), *field) {
            (true, 0 | 1 | 4) => fold::words(&texts[*field]).any(|word| word.starts_with(&wanted.word)),
            (true, _) => texts[*field].starts_with(&wanted.word),
            (false, _) => texts[*field].contains(&wanted.word),
        })
    }))
}

/// A date as people type it, 2026-01-31, as a number like 20260131.
fn iso_date(word: &str) -> Option<i64> {
    let parts: Vec<&str> = word.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let lengths = (year.len(), month.len(), day.len());
    (lengths == (4, 2, 2)).then(|| crate::moment::date(&parts.concat())).flatten()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_ours_or_refused() {
        assert_eq!(place(None), Ok(None));
        assert_eq!(place(Some("20260131-7")), Ok(Some(Place::Behind(20_260_131, 7))));
        assert_eq!(place(Some("50")), Ok(Some(Place::After(50))));
        assert_eq!(place(Some("x' OR 1=1")), Err(CursorError));
        assert_eq!(place(Some("-5")), Err(CursorError));
    }

    #[test]
    fn dates_are_typed_with_hyphens() {
        assert_eq!(iso_date("2026-01-31"), Some(20_260_131));
        assert_eq!(iso_date("20260131"), None);
        assert_eq!(iso_date("2026-13-31"), None);
    }
}
