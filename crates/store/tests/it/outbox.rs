use store::{Ledger, outbox};

async fn say(ledger: &Ledger, payload: &str) {
    let mut tx = ledger.write().await.unwrap();
    outbox::append(ledger, &mut tx, "t", payload).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_consumer_sees_every_event_in_order(ledger: Ledger) {
    ledger.migrate_outbox().await.unwrap();
    say(&ledger, "1").await;
    say(&ledger, "2").await;
    let events = ledger.events("t", ledger.position("me").await.unwrap(), 10).await.unwrap();
    assert_eq!(events.iter().map(|e| e.payload.as_str()).collect::<Vec<_>>(), ["1", "2"]);

    let mut tx = ledger.write().await.unwrap();
    outbox::advance(&mut tx, "me", events[0].id).await.unwrap();
    tx.commit().await.unwrap();
    let rest = ledger.events("t", ledger.position("me").await.unwrap(), 10).await.unwrap();
    assert_eq!(rest, events[1..]);
    assert!(ledger.events("other", 0, 10).await.unwrap().is_empty());
}

async fn an_undone_transaction_says_nothing(ledger: Ledger) {
    ledger.migrate_outbox().await.unwrap();
    let mut tx = ledger.write().await.unwrap();
    outbox::append(&ledger, &mut tx, "t", "never").await.unwrap();
    drop(tx);
    assert!(ledger.events("t", 0, 10).await.unwrap().is_empty());
}

async fn no_event_appears_behind_a_cursor(ledger: Ledger) {
    ledger.migrate_outbox().await.unwrap();
    let writers = (0..8).map(|_| {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                say(&ledger, "x").await;
            }
        })
    });
    let writers = writers.collect::<Vec<_>>();
    let (mut seen, mut cursor) = (0, 0);
    while seen < 80 {
        // Asked before reading: what is written in between is in the next read.
        let writing = writers.iter().any(|writer| !writer.is_finished());
        let events = ledger.events("t", cursor, 100).await.unwrap();
        seen += events.len();
        cursor = events.last().map_or(cursor, |event| event.id);
        assert!(seen == 80 || writing || !events.is_empty());
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

store::each_ledger!(
    a_consumer_sees_every_event_in_order,
    an_undone_transaction_says_nothing,
    no_event_appears_behind_a_cursor,
);
