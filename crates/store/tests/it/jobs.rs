use model::Timestamp;
use std::collections::BTreeSet;
use store::Ledger;
use store::jobs::LEASE_MICROS;

const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

fn later(micros: i64) -> Timestamp {
    Timestamp::from_micros(NOW.as_micros() + micros)
}

async fn a_job_is_claimed_once(ledger: Ledger) {
    ledger.migrate_jobs().await.unwrap();
    for _ in 0..50 {
        ledger.enqueue("k", "{}", 3, NOW).await.unwrap();
    }
    let workers = (0..8).map(|worker: i32| {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            while let Some(job) = ledger.claim("k", &worker.to_string(), NOW).await.unwrap() {
                mine.push(job.id);
                ledger.finish(job.id, NOW).await.unwrap();
            }
            mine
        })
    });
    let mut claimed = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        claimed.extend(worker.await.unwrap());
    }
    assert_eq!(claimed.len(), 50);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 50);
}

async fn a_failed_job_waits_and_is_given_up_in_the_end(ledger: Ledger) {
    ledger.migrate_jobs().await.unwrap();
    ledger.enqueue("k", "{}", 2, NOW).await.unwrap();
    let job = ledger.claim("k", "w", NOW).await.unwrap().unwrap();
    ledger.fail(&job, "no disk", NOW).await.unwrap();
    assert_eq!(ledger.claim("k", "w", NOW).await.unwrap(), None);
    let job = ledger.claim("k", "w", later(60_000_000)).await.unwrap().unwrap();
    assert_eq!(job.attempts, 2);
    ledger.fail(&job, "no disk", NOW).await.unwrap();
    assert_eq!(ledger.job_counts("k").await.unwrap().failed, 1);
    assert_eq!(ledger.claim("k", "w", later(LEASE_MICROS * 9)).await.unwrap(), None);
}

async fn a_silent_workers_job_is_taken_over(ledger: Ledger) {
    ledger.migrate_jobs().await.unwrap();
    ledger.enqueue("k", "{}", 3, NOW).await.unwrap();
    let first = ledger.claim("k", "dead", NOW).await.unwrap().unwrap();
    assert_eq!(ledger.claim("k", "w", NOW).await.unwrap(), None);
    let again = ledger.claim("k", "w", later(LEASE_MICROS)).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (first.id, 2));
}

async fn what_a_worker_left_is_due_when_it_starts_again(ledger: Ledger) {
    ledger.migrate_jobs().await.unwrap();
    for _ in 0..2 {
        ledger.enqueue("k", "{}", 3, NOW).await.unwrap();
    }
    let first = ledger.claim("k", "mine", NOW).await.unwrap().unwrap();
    ledger.claim("k", "other", NOW).await.unwrap().unwrap();
    ledger.put_back("mine", NOW).await.unwrap();
    let again = ledger.claim("k", "mine", NOW).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (first.id, 2));
    assert_eq!(ledger.claim("k", "mine", NOW).await.unwrap(), None);
}

async fn a_job_that_waits_does_not_use_up_its_tries(ledger: Ledger) {
    ledger.migrate_jobs().await.unwrap();
    ledger.enqueue("k", "{}", 2, NOW).await.unwrap();
    let later = Timestamp::from_micros(NOW.as_micros() + 1_000_000);
    for _ in 0..5 {
        let job = ledger.claim("k", "w", later).await.unwrap().unwrap();
        assert_eq!(job.attempts, 1);
        ledger.put_off(job.id, later).await.unwrap();
    }
    assert_eq!(ledger.claim("k", "w", NOW).await.unwrap(), None, "it is not due before its moment");
    let mut tx = ledger.write().await.unwrap();
    store::jobs::hasten_in(&mut tx, "k", "{}", NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(ledger.claim("k", "w", NOW).await.unwrap().is_some());
}

store::each_ledger!(
    a_job_is_claimed_once,
    a_failed_job_waits_and_is_given_up_in_the_end,
    a_silent_workers_job_is_taken_over,
    what_a_worker_left_is_due_when_it_starts_again,
    a_job_that_waits_does_not_use_up_its_tries,
);
