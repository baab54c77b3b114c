use crate::{at, open};
use govern::audit::{Fault, Head};
use govern::{Audit, Entry, Govern, Outcome, Principal};
use sqlx::AssertSqlSafe;
use store::{Engine, Ledger};

fn entry(number: i64) -> Entry {
    let who = Principal::operator("ann");
    Entry::event(&who, "test", "command-line", Outcome::Done, at(number)).with("number", number)
}

async fn with_entries(ledger: &Ledger, count: i64) -> Audit {
    let audit = open(ledger).await.audit;
    for number in 1..=count {
        audit.record(entry(number)).await.unwrap();
    }
    audit
}

/// Changes the log as someone with the database's password would: past the triggers.
async fn tamper(ledger: &Ledger, sql: &str) {
    let off = ledger.engine().pick(
        "DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;",
        "ALTER TABLE audit DISABLE TRIGGER ALL;",
    );
    let mut tx = ledger.write().await.unwrap();
    sqlx::raw_sql(off).execute(&mut *tx).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn faults(audit: &Audit, recorded: &[Head]) -> Vec<Fault> {
    audit.verify(recorded).await.unwrap().faults
}

async fn an_untouched_log_is_whole(ledger: Ledger) {
    let audit = with_entries(&ledger, 5).await;
    let verdict = audit.verify(&[]).await.unwrap();
    assert_eq!((verdict.rows, verdict.head.seq, verdict.faults), (5, 5, vec![]));
}

async fn an_edited_row_is_named(ledger: Ledger) {
    let audit = with_entries(&ledger, 5).await;
    tamper(&ledger, "UPDATE audit SET actor = 'eve' WHERE seq = 3").await;
    assert_eq!(faults(&audit, &[]).await, [Fault::Edited(3)]);
}

async fn an_edited_row_with_its_hash_remade_is_named(ledger: Ledger) {
    let audit = with_entries(&ledger, 5).await;
    let mut row = audit.rows_after(2, 1).await.unwrap().remove(0);
    row.actor = "eve".into();
    let hash = row.expected_hash();
    tamper(&ledger, &format!("UPDATE audit SET actor = 'eve', hash = '{hash}' WHERE seq = 3")).await;
    assert_eq!(faults(&audit, &[]).await, [Fault::Unlinked(4)]);
}

async fn a_deleted_row_is_named(ledger: Ledger) {
    let audit = with_entries(&ledger, 6).await;
    tamper(&ledger, "DELETE FROM audit WHERE seq IN (3, 4)").await;
    assert_eq!(faults(&audit, &[]).await, [Fault::Missing(3, 4)]);
}

async fn swapped_rows_are_named(ledger: Ledger) {
    let audit = with_entries(&ledger, 4).await;
    let swap = "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; \
                UPDATE audit SET seq = 3 WHERE seq = 99;";
    tamper(&ledger, swap).await;
    let found = faults(&audit, &[]).await;
    assert!(found.contains(&Fault::Edited(2)) && found.contains(&Fault::Edited(3)), "{found:?}");
}

async fn a_cut_end_shows_against_an_earlier_head(ledger: Ledger) {
    let audit = with_entries(&ledger, 5).await;
    let recorded = audit.head().await.unwrap();
    let row = audit.rows_after(2, 1).await.unwrap().remove(0);
    tamper(&ledger, "DELETE FROM audit WHERE seq > 3").await;
    assert_eq!(faults(&audit, &[]).await, [Fault::CutAfter(3)]);
    // A careful forger sets the head back too. Only what was recorded elsewhere tells.
    tamper(&ledger, &format!("UPDATE audit_head SET seq = 3, hash = '{}'", row.hash)).await;
    assert_eq!(faults(&audit, &[]).await, []);
    assert_eq!(faults(&audit, &[recorded]).await, [Fault::CutAfter(3)]);
    // Writing on doesn't hide it.
    for number in 6..9 {
        audit.record(entry(number)).await.unwrap();
    }
    assert_eq!(faults(&audit, &[recorded]).await, [Fault::Remade(5)]);
}

async fn the_database_refuses_changes(ledger: Ledger) {
    let _audit = with_entries(&ledger, 2).await;
    let mut refused = vec!["UPDATE audit SET actor = 'eve'", "DELETE FROM audit WHERE seq = 2"];
    if ledger.engine() == Engine::Postgres {
        refused.push("TRUNCATE audit");
    }
    for sql in refused {
        let error = sqlx::query(sql).execute(ledger.pool()).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
}

async fn writers_at_once_make_one_chain(ledger: Ledger) {
    // Two rooms on one ledger are what two processes are.
    let rooms: [Govern; 2] = [open(&ledger).await, open(&ledger).await];
    let tasks: Vec<_> = (0..200_i64)
        .map(|number| {
            let audit = rooms[number as usize % 2].audit.clone();
            tokio::spawn(async move {
                match number % 3 {
                    0 => audit.record_soon(entry(number)).await,
                    _ => audit.record(entry(number)).await,
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    for room in &rooms {
        room.audit.close().await;
    }
    let verdict = rooms[0].audit.verify(&[]).await.unwrap();
    assert_eq!((verdict.rows, verdict.faults), (200, vec![]));
}

store::each_ledger!(
    an_untouched_log_is_whole,
    an_edited_row_is_named,
    an_edited_row_with_its_hash_remade_is_named,
    a_deleted_row_is_named,
    swapped_rows_are_named,
    a_cut_end_shows_against_an_earlier_head,
    the_database_refuses_changes,
    writers_at_once_make_one_chain,
);
