//! The desk of releases on every ledger.

#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_release as release;

use model::Timestamp;
use release::Releases;
use release::checks::{Check, Severity};
use release::desk::{Fetch, FetchState, Fetching, KIND, KeptFile, Member, Pinned, StepError};
use release::letters::{About, Draft, Where};
use release::request::{Form, Recipient, ReleaseRequest};
use release::state::{Event, Forbidden, State};
use release::withdrawal::Step;
use store::Ledger;

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn request() -> ReleaseRequest {
    let recipient =
        Recipient { name: "Rita".into(), email: "rita@uni.example".into(), institution: String::new() };
    ReleaseRequest {
        frozen: "00aa".into(),
        project: "lung".into(),
        title: "Nodules".into(),
        purpose: "To learn".into(),
        recipients: vec![recipient],
        terms: true,
        expires: "2030-01-31".into(),
        ethics: String::new(),
        forms: vec![Form::Dicom],
    }
}

async fn open(ledger: Ledger) -> Releases {
    ledger.migrate_jobs().await.unwrap();
    Releases::open(ledger).await.unwrap()
}

async fn asked(releases: &Releases, needed: i64, checks: &[Check]) -> String {
    let pinned = Pinned { needed, patients: 3, ..Pinned::default() };
    releases.ask(&request(), &pinned, checks, "rita", at(1)).await.unwrap()
}

fn yes(by: &str) -> Event<'_> {
    Event::Decided { by, approve: true }
}

async fn every_change_is_written_down_and_work_begins_with_the_last_yes(ledger: Ledger) {
    let releases = open(ledger.clone()).await;
    let id = asked(&releases, 2, &[]).await;
    let own = releases.happen(&id, yes("rita"), ("rita", ""), at(2)).await;
    assert!(matches!(own, Err(StepError::Forbidden(Forbidden::Own))));
    assert_eq!(releases.happen(&id, yes("bob"), ("bob", "fine"), at(3)).await.unwrap(), State::Asked);
    let twice = releases.happen(&id, yes("bob"), ("bob", ""), at(4)).await;
    assert!(matches!(twice, Err(StepError::Forbidden(Forbidden::Twice))));
    assert!(ledger.claim(KIND, "worker", at(4)).await.unwrap().is_none());
    assert_eq!(releases.happen(&id, yes("carla"), ("carla", ""), at(5)).await.unwrap(), State::Making);
    assert_eq!(ledger.claim(KIND, "worker", at(5)).await.unwrap().unwrap().payload, id);
    let steps: Vec<_> =
        releases.steps(&id).await.unwrap().into_iter().map(|[by, _, became, _]| (by, became)).collect();
    let expected = [("rita", "asked"), ("bob", "asked"), ("carla", "making")];
    assert_eq!(steps, expected.map(|(by, became)| (by.to_owned(), became.to_owned())));
    let release = releases.one(&id).await.unwrap().unwrap();
    assert_eq!((release.request, release.decisions.len(), release.state), (request(), 2, State::Making));
    assert_eq!(release.decisions[1].at, at(5));
}

async fn what_stops_is_not_approved(ledger: Ledger) {
    let releases = open(ledger).await;
    let id = asked(&releases, 1, &[Check::new("policy", Severity::Stop, "changed", 1)]).await;
    let stopped = releases.happen(&id, yes("bob"), ("bob", ""), at(2)).await;
    assert!(matches!(stopped, Err(StepError::Forbidden(Forbidden::Stopped))));
}

async fn what_is_past_is_found_until_it_is_over(ledger: Ledger) {
    let releases = open(ledger).await;
    let id = asked(&releases, 1, &[]).await;
    assert!(releases.past("2030-01-31").await.unwrap().is_empty());
    assert_eq!(releases.past("2030-02-01").await.unwrap(), std::slice::from_ref(&id));
    releases.happen(&id, Event::TimeOver, ("worker:releases", ""), at(2)).await.unwrap();
    assert!(releases.past("2030-02-01").await.unwrap().is_empty());
    assert_eq!(releases.in_state(State::Expired).await.unwrap(), [id]);
}

async fn files_members_and_receipts_are_kept(ledger: Ledger) {
    let releases = open(ledger).await;
    let id = asked(&releases, 1, &[]).await;
    let file = |path: &str, size| KeptFile {
        path: path.into(),
        size,
        sha256: "00".into(),
        form: "dicom".into(),
        subject: "S-1".into(),
        study: "1.2".into(),
    };
    releases.enter_files(&id, &[file("b", 1), file("a", 1)]).await.unwrap();
    releases.enter_files(&id, &[file("a", 2)]).await.unwrap();
    assert_eq!(releases.files(&id).await.unwrap(), [file("a", 2), file("b", 1)]);
    releases.forget_files(&id, &["b".into()]).await.unwrap();
    assert_eq!(releases.file(&id, "b").await.unwrap(), None);
    let member = Member { patient: 7, study: "1.2".into(), subject: "S-1".into(), named: "2.25.1".into() };
    releases.enter(&id, &member).await.unwrap();
    releases.enter(&id, &member).await.unwrap();
    assert_eq!(releases.members(&id).await.unwrap(), [member]);
    for (patient, study) in [(7, "9.9"), (8, "1.2")] {
        assert_eq!(releases.with(patient, &[study.to_owned()]).await.unwrap(), std::slice::from_ref(&id));
    }
    assert!(releases.with(8, &["9.9".to_owned()]).await.unwrap().is_empty());
    // The instances of the first making hold.
    let first = ["1.1".to_owned(), "1.2".to_owned()];
    assert_eq!(releases.instances(&id, "1.2", &first).await.unwrap(), first);
    assert_eq!(releases.instances(&id, "1.2", &["1.3".to_owned()]).await.unwrap(), first);
    // Within an hour it is one receipt.
    for (second, by) in [(10, "rita"), (20, "rita"), (30, "nora"), (9_000, "rita")] {
        releases.received(&id, by, (1, 100), at(second)).await.unwrap();
    }
    let told: Vec<_> =
        releases.receipts(&id).await.unwrap().into_iter().map(|one| (one.by, one.files)).collect();
    assert_eq!(told, [("rita".to_owned(), 2), ("nora".to_owned(), 1), ("rita".to_owned(), 1)]);
}

async fn recipients_are_told_once_of_what_they_can_receive_and_of_its_end(ledger: Ledger) {
    let releases = open(ledger).await;
    let told = async |id: &str| {
        let letters = releases.letters(id).await.unwrap();
        letters.into_iter().map(|one| (one.about, one.name, one.at)).collect::<Vec<_>>()
    };
    let waiting = |about| (about, "Rita".to_owned(), Where::Waiting(String::new()));
    let early = asked(&releases, 1, &[]).await;
    releases.happen(&early, yes("bob"), ("bob", ""), at(2)).await.unwrap();
    releases.happen(&early, Event::Recalled, ("bob", "by mistake"), at(3)).await.unwrap();
    assert_eq!(told(&early).await, [], "nobody had it");

    let id = asked(&releases, 1, &[]).await;
    releases.happen(&id, yes("bob"), ("bob", ""), at(2)).await.unwrap();
    for second in [3, 5] {
        releases.happen(&id, Event::Made, ("worker", ""), at(second)).await.unwrap();
        assert_eq!(told(&id).await, [waiting(About::Ready)], "made again, it is no news");
        releases.happen(&id, Event::Again, ("worker", ""), at(second + 1)).await.unwrap();
    }
    let first = releases.letters_to_send(at(6)).await.unwrap().remove(0);
    assert_eq!((first.email.as_str(), first.attempts, first.written), ("rita@uni.example", 0, at(3)));
    releases.note_letter(first.id, &Where::Waiting("refused".into()), at(60)).await.unwrap();
    assert_eq!(releases.letters_to_send(at(59)).await.unwrap(), []);
    assert_eq!(releases.letters_to_send(at(60)).await.unwrap()[0].attempts, 1);
    releases.note_letter(first.id, &Where::Sent(at(61)), at(61)).await.unwrap();
    assert_eq!(releases.letters_to_send(at(99)).await.unwrap(), []);
    releases.happen(&id, Event::Recalled, ("bob", "an error"), at(70)).await.unwrap();
    assert_eq!(
        told(&id).await,
        [waiting(About::Recalled), (About::Ready, "Rita".into(), Where::Sent(at(61)))]
    );
}

async fn a_withdrawal_tells_recipients_whom_to_delete(ledger: Ledger) {
    let releases = open(ledger).await;
    let release = asked(&releases, 1, &[]).await;
    let by_account = Recipient { name: "Nora".into(), email: "nora".into(), institution: String::new() };
    let asked_for = request();
    let draft = |to| Draft { release: &release, about: About::Withdrawn, to, subjects: "S-1" };
    let drafts = [draft(&asked_for.recipients[0]), draft(&by_account)];
    let id = releases.withdraw(7, &[], &drafts, "bob", "by letter", at(1)).await.unwrap();
    let letters = releases.withdrawal(&id).await.unwrap().unwrap().letters;
    let told: Vec<_> = letters.iter().map(|one| (one.name.as_str(), one.subjects.as_str())).collect();
    assert_eq!(told, [("Rita", "S-1")], "who is known by an account alone is told by a person");
    releases.note_letter(letters[0].id, &Where::Failed("refused".into()), at(2)).await.unwrap();
    assert_eq!(releases.letters_to_send(at(9)).await.unwrap(), []);
    assert_eq!(releases.letters(&release).await.unwrap()[0].at, Where::Failed("refused".into()));
}

async fn what_waits_in_a_withdrawal_is_done_once(ledger: Ledger) {
    let releases = open(ledger).await;
    let steps = [Step::done("facts", "facts", "made again"), Step::waits("recipient", "Rita", "ask them")];
    let id = releases.withdraw(7, &steps, &[], "bob", "by letter", at(1)).await.unwrap();
    assert!(!releases.done(&id, 1, ("bob", ""), at(2)).await.unwrap());
    assert!(releases.done(&id, 2, ("carla", "answered"), at(3)).await.unwrap());
    assert!(!releases.done(&id, 2, ("carla", "answered"), at(4)).await.unwrap());
    let told = releases.withdrawals().await.unwrap().remove(0);
    assert_eq!((told.patient, told.steps.len()), (7, 2));
    assert_eq!(told.steps[1].done, Some(("carla".into(), at(3))));
    assert!(told.steps[1].says.ends_with("answered") && !told.steps[1].waits);
}

async fn what_is_fetched_is_planned_once_and_counted_for_its_peer(ledger: Ledger) {
    let releases = open(ledger).await;
    let id = asked(&releases, 1, &[]).await;
    assert!(!releases.make_without(&id, "bob", at(2)).await.unwrap(), "nobody approved it");
    releases.happen(&id, yes("bob"), ("bob", ""), at(3)).await.unwrap();
    let planned = Fetch {
        study: "1.2".into(),
        patient: 7,
        peer: "pacs".into(),
        told: 4,
        transfer: None,
        state: FetchState::Waiting,
        why: String::new(),
        again_at: at(0),
    };
    releases.plan_fetches(&id, std::slice::from_ref(&planned)).await.unwrap();
    let running = Fetch { state: FetchState::Running, transfer: Some(9), again_at: at(5), ..planned.clone() };
    releases.put_fetch(&id, &running).await.unwrap();
    // Planned again, it is what it was.
    releases.plan_fetches(&id, &[planned]).await.unwrap();
    assert_eq!(releases.fetches(&id).await.unwrap(), [running]);
    assert_eq!(releases.fetching_from("pacs").await.unwrap(), 1);
    assert_eq!(releases.fetching_from("other").await.unwrap(), 0);
    let fetching = Fetching { wanted: 1, ..Fetching::default() };
    releases.set_fetching(&id, &fetching).await.unwrap();
    assert!(releases.make_without(&id, "bob", at(6)).await.unwrap());
    let release = releases.one(&id).await.unwrap().unwrap();
    assert_eq!((release.fetching, release.without.as_str()), (Some(fetching), "bob"));
    // What is not made any more fetches nothing; made again, it looks anew, and stays without.
    releases.happen(&id, Event::GaveUp, ("worker:releases", ""), at(7)).await.unwrap();
    assert_eq!(releases.fetching_from("pacs").await.unwrap(), 0);
    releases.happen(&id, Event::Again, ("bob", ""), at(8)).await.unwrap();
    let release = releases.one(&id).await.unwrap().unwrap();
    assert_eq!((release.fetching, release.without.as_str()), (None, "bob"));
}

store::each_ledger!(
    every_change_is_written_down_and_work_begins_with_the_last_yes,
    what_stops_is_not_approved,
    what_is_past_is_found_until_it_is_over,
    files_members_and_receipts_are_kept,
    recipients_are_told_once_of_what_they_can_receive_and_of_its_end,
    a_withdrawal_tells_recipients_whom_to_delete,
    what_waits_in_a_withdrawal_is_done_once,
    what_is_fetched_is_planned_once_and_counted_for_its_peer
);
