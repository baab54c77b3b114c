//! One day of a peer: asked for as a whole; hour by hour where it has more than it tells at once.

use super::ElsewhereError;
use super::hours::{days_to, iso};
use crate::App;
use crate::dimse::ask;
use catalog::ElsewhereExam;
use catalog::elsewhere::ASKED;
use dicom::{DataSet, tags};
use govern::Peer;
use model::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// Matches of one question, at most: they are in memory together.
const MOST: usize = 10_000;

/// Days since 1970-01-01 of a day written as 2020-01-31.
pub(super) fn of_iso(text: &str) -> Option<i64> {
    text.parse().ok().map(days_to)
}

/// A day as DICOM writes it: 20200131.
pub(super) fn as_da(day: i64) -> Option<String> {
    Some(iso(day)?.replace('-', ""))
}

/// Asks for a day and keeps what is told. How many exams changed.
pub(super) async fn ask(app: &App, peer: &Peer, day: i64, pause: Duration) -> Result<usize, ElsewhereError> {
    let Some(date) = as_da(day) else { return Ok(0) };
    let mut told = BTreeMap::new();
    if !part(app, peer, &date, "", &mut told).await? {
        for hour in 0..24 {
            tokio::time::sleep(pause).await;
            if !part(app, peer, &date, &format!("{hour:02}0000-{hour:02}5959.999999"), &mut told).await? {
                return Err(ElsewhereError::Many);
            }
        }
    }
    let told: Vec<ElsewhereExam> = told.into_values().collect();
    let number = date.parse().unwrap_or(0);
    Ok(app.catalog.take_elsewhere(&peer.name, number, &told, Timestamp::now().as_micros()).await?)
}

/// One question; whether its answer is all.
async fn part(
    app: &App,
    peer: &Peer,
    date: &str,
    time: &str,
    told: &mut BTreeMap<String, ElsewhereExam>,
) -> Result<bool, ElsewhereError> {
    let mut question = DataSet::new();
    for tag in ASKED {
        question.put_text(tag, "");
    }
    question.put_text(tags::QUERY_RETRIEVE_LEVEL, "STUDY");
    question.put_text(tags::STUDY_DATE, date);
    question.put_text(tags::STUDY_TIME, time);
    let matches = ask::query(app, peer, &question, MOST).await?;
    let exams = matches.data_sets.iter().filter_map(|one| ElsewhereExam::of(&peer.name, one));
    // A peer may tell of other days than it was asked for; those have their own turn.
    let of_day = exams.filter(|one| one.date.is_some_and(|day| day.to_string() == date));
    told.extend(of_day.map(|one| (one.study.clone(), one)));
    Ok(matches.complete)
}
