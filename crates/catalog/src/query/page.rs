//! The ids of one page.

use super::condition::Arguments;
use super::plan::{Days, Plan};
use super::{Query, attribute};
use crate::Catalog;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Ids in the answer's order.
pub(super) struct Page {
    pub ids: Vec<i64>,
    pub more: bool,
}

/// Beyond this offset counts by day find the place.
const WALKED: usize = 512;
/// Candidates checked at a time.
const STRIDE: usize = 256;

pub(super) async fn ids(catalog: &Catalog, query: &Query) -> Result<Page, sqlx::Error> {
    let plan = Plan::of(catalog.engine(), query);
    let wanted = query.limit.unwrap_or(usize::MAX - 1);
    let mut ids = match &plan.days {
        _ if !plan.attributes.is_empty() => checked(catalog, query, &plan, wanted.saturating_add(1)).await?,
        Some(days) => by_day(catalog, days, wanted.saturating_add(1), query.offset).await?,
        None => slice(catalog, &plan, wanted.saturating_add(1), query.offset).await?,
    };
    let more = ids.len() > wanted;
    ids.truncate(wanted);
    Ok(Page { ids, more })
}

fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

async fn slice(catalog: &Catalog, plan: &Plan, limit: usize, offset: usize) -> Result<Vec<i64>, sqlx::Error> {
    let mut arguments = plan.arguments.clone();
    let (limit, offset) = (arguments.int(number(limit)), arguments.int(number(offset)));
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {limit} OFFSET {offset}",
        plan.id,
        plan.from,
        plan.conditions.join(" AND "),
        plan.order
    );
    first_column(&arguments.fetch(catalog.ledger.pool(), sql).await?)
}

fn first_column(rows: &[AnyRow]) -> Result<Vec<i64>, sqlx::Error> {
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// A page deep in a list of days: whole days are skipped by their counts.
async fn by_day(
    catalog: &Catalog,
    days: &Days,
    limit: usize,
    offset: usize,
) -> Result<Vec<i64>, sqlx::Error> {
    let mut days = days.clone();
    let mut offset = offset;
    if offset > WALKED {
        let Some((day, before)) = day_at(catalog, &days, offset).await? else { return Ok(Vec::new()) };
        days.to = day;
        offset -= usize::try_from(before).unwrap_or(0).min(offset);
    }
    let mut arguments = Arguments::new(catalog.engine());
    let conditions = days.conditions(&mut arguments).join(" AND ");
    let (limit, offset) = (arguments.int(number(limit)), arguments.int(number(offset)));
    let sql = format!(
        "SELECT d.study FROM study_day d WHERE {conditions} \
         ORDER BY d.study_date DESC, d.study DESC LIMIT {limit} OFFSET {offset}"
    );
    first_column(&arguments.fetch(catalog.ledger.pool(), sql).await?)
}

/// The day the `offset`th exam is on, and how many exams are on later days.
async fn day_at(catalog: &Catalog, days: &Days, offset: usize) -> Result<Option<(i64, i64)>, sqlx::Error> {
    let mut arguments = Arguments::new(catalog.engine());
    let conditions = days.conditions(&mut arguments).join(" AND ");
    let offset = arguments.int(number(offset));
    let sql = format!(
        "SELECT study_date, CAST(upto - studies AS BIGINT) FROM (SELECT d.study_date, d.studies, \
         SUM(d.studies) OVER (ORDER BY d.study_date DESC) AS upto FROM day_count d WHERE {conditions}) AS sums \
         WHERE upto > {offset} ORDER BY study_date DESC LIMIT 1"
    );
    let rows = arguments.fetch(catalog.ledger.pool(), sql).await?;
    rows.first().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

/// Rows that also pass the check of their attributes; those before the offset must be checked too.
async fn checked(
    catalog: &Catalog,
    query: &Query,
    plan: &Plan,
    limit: usize,
) -> Result<Vec<i64>, sqlx::Error> {
    let (mut found, mut skipped, mut at) = (Vec::new(), 0, 0);
    while found.len() < limit {
        let candidates = slice(catalog, plan, STRIDE, at).await?;
        for id in &candidates {
            if !attribute::matches(catalog, query.level, *id, &plan.attributes).await? {
                continue;
            }
            if skipped < query.offset {
                skipped += 1;
            } else {
                found.push(*id);
            }
            if found.len() >= limit {
                break;
            }
        }
        if candidates.len() < STRIDE {
            break;
        }
        at += STRIDE;
    }
    Ok(found)
}
