use sqlx::Row;
use store::{Ledger, MigrateError, Migration};

const FIRST: Migration =
    Migration::both(1, "CREATE TABLE thing (id {id}, name {text} NOT NULL, raw {bytes})");
const SECOND: Migration = Migration::both(2, "ALTER TABLE thing ADD COLUMN size BIGINT NOT NULL DEFAULT 7");

async fn migrations_run_once_and_in_order(ledger: Ledger) {
    ledger.migrate("room", &[FIRST]).await.unwrap();
    ledger.migrate("room", &[FIRST, SECOND]).await.unwrap();
    ledger.migrate("room", &[FIRST, SECOND]).await.unwrap();
    let mut tx = ledger.write().await.unwrap();
    let row = sqlx::query("INSERT INTO thing (name, raw) VALUES ($1, $2) RETURNING id, size, raw")
        .bind("a")
        .bind(vec![1_u8, 2])
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (1, 7));
    assert_eq!(row.get::<Vec<u8>, _>(2), [1, 2]);
}

async fn a_ledger_of_a_later_program_is_refused(ledger: Ledger) {
    ledger.migrate("room", &[FIRST, SECOND]).await.unwrap();
    let refused = ledger.migrate("room", &[FIRST]).await;
    assert!(matches!(refused, Err(MigrateError::Newer { found: 2, known: 1, .. })));
}

async fn a_failed_migration_changes_nothing(ledger: Ledger) {
    let broken = Migration::both(2, "CREATE TABLE other (id {id}); CREATE NONSENSE");
    assert!(ledger.migrate("room", &[FIRST, broken]).await.is_err());
    ledger.migrate("room", &[FIRST]).await.unwrap();
}

async fn an_uncommitted_transaction_is_undone(ledger: Ledger) {
    ledger.migrate("room", &[FIRST]).await.unwrap();
    let mut tx = ledger.write().await.unwrap();
    sqlx::query("INSERT INTO thing (name) VALUES ('lost')").execute(&mut *tx).await.unwrap();
    drop(tx);
    let mut tx = ledger.write().await.unwrap();
    sqlx::query("INSERT INTO thing (name) VALUES ('kept')").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let names = sqlx::query("SELECT name FROM thing").fetch_all(ledger.pool()).await.unwrap();
    assert_eq!(names.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), ["kept"]);
}

/// As SQLite does on a full disk: the transaction ends, and the driver doesn't know.
async fn a_transaction_the_engine_ended_by_itself_leaves_nothing_behind(ledger: Ledger) {
    ledger.migrate("room", &[FIRST]).await.unwrap();
    for _ in 0..40 {
        let mut tx = ledger.write().await.unwrap();
        sqlx::query("INSERT INTO thing (name) VALUES ('lost')").execute(&mut *tx).await.unwrap();
        sqlx::raw_sql("ROLLBACK").execute(&mut *tx).await.unwrap();
        drop(tx);
    }
    let mut tx = ledger.write().await.unwrap();
    sqlx::query("INSERT INTO thing (name) VALUES ('kept')").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let names = sqlx::query("SELECT name FROM thing").fetch_all(ledger.pool()).await.unwrap();
    assert_eq!(names.len(), 1);
}

async fn writers_take_turns(ledger: Ledger) {
    ledger.migrate("room", &[FIRST]).await.unwrap();
    let writers = (0..20).map(|writer| {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                let mut tx = ledger.write().await.unwrap();
                let insert = sqlx::query("INSERT INTO thing (name) VALUES ($1)").bind(writer.to_string());
                insert.execute(&mut *tx).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let row = sqlx::query("SELECT COUNT(*) FROM thing").fetch_one(ledger.pool()).await.unwrap();
    assert_eq!(row.get::<i64, _>(0), 100);
}

store::each_ledger!(
    migrations_run_once_and_in_order,
    a_ledger_of_a_later_program_is_refused,
    a_failed_migration_changes_nothing,
    an_uncommitted_transaction_is_undone,
    a_transaction_the_engine_ended_by_itself_leaves_nothing_behind,
    writers_take_turns,
);
