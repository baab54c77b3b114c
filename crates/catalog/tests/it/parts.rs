//! Catalogs that are parts of one database: each has all that makes it quick.

use catalog::Catalog;
use store::Ledger;
use store::testing::PrivatePostgres;

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_pieces_of_words_are_found_by_an_index_in_every_part() {
    let Some(server) = PrivatePostgres::start() else { return };
    let uri = server.new_database();
    let whole = Ledger::open(&uri).await.unwrap();
    Catalog::open(whole.clone()).await.unwrap();
    for part in ["project_one", "project_two"] {
        let part = Ledger::open_part(&uri, part).await.unwrap();
        Catalog::open(part).await.unwrap();
    }
    let indexes: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_indexes WHERE indexname = 'study_by_trigram'")
            .fetch_one(whole.pool())
            .await
            .unwrap();
    assert_eq!(indexes, 3);
}
