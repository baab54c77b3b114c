use crate::{at, only, open};
use govern::tokens::NewToken;
use govern::{Govern, Role, Roles, Secret};
use store::Ledger;

async fn with_ann(ledger: &Ledger) -> Govern {
    let govern = open(ledger).await;
    govern.accounts.create("ann", &only(Role::Broker), at(0)).await.unwrap();
    govern.accounts.create("root", &only(Role::Admin), at(0)).await.unwrap();
    govern
}

async fn a_session_ends_when_idle_and_at_its_end(ledger: Ledger) {
    let sessions = with_ann(&ledger).await.sessions;
    let idle = sessions.begin("ann", None, at(0)).await.unwrap();
    assert!(sessions.find(&idle, at(29)).await.unwrap().is_some());
    assert!(sessions.find(&idle, at(58)).await.unwrap().is_some(), "use keeps it alive");
    assert!(sessions.find(&idle, at(88)).await.unwrap().is_none());
    let busy = sessions.begin("ann", None, at(0)).await.unwrap();
    for minutes in (0..600).step_by(20) {
        assert!(sessions.find(&busy, at(minutes)).await.unwrap().is_some());
    }
    assert!(sessions.find(&busy, at(600)).await.unwrap().is_none());
}

async fn a_planted_session_is_not_continued(ledger: Ledger) {
    let sessions = with_ann(&ledger).await.sessions;
    let planted = sessions.begin("root", None, at(0)).await.unwrap();
    let own = sessions.begin("ann", Some(&planted), at(1)).await.unwrap();
    assert!(!own.matches(planted.reveal()));
    assert!(sessions.find(&planted, at(1)).await.unwrap().is_none());
    assert!(sessions.find(&Secret::presented("made up"), at(1)).await.unwrap().is_none());
}

async fn sessions_end_with_sign_out_password_and_account(ledger: Ledger) {
    let govern = with_ann(&ledger).await;
    let (sessions, accounts) = (&govern.sessions, &govern.accounts);
    let out = sessions.begin("ann", None, at(0)).await.unwrap();
    sessions.end(&out).await.unwrap();
    assert!(sessions.find(&out, at(0)).await.unwrap().is_none());
    let old = sessions.begin("ann", None, at(0)).await.unwrap();
    accounts.set_password("ann", "a new password").await.unwrap();
    assert!(sessions.find(&old, at(0)).await.unwrap().is_none());
    let last = sessions.begin("ann", None, at(0)).await.unwrap();
    accounts.set_enabled("ann", false, at(0)).await.unwrap();
    assert!(sessions.find(&last, at(0)).await.unwrap().is_none());
}

async fn a_token_has_at_most_its_owners_roles(ledger: Ledger) {
    let govern = with_ann(&ledger).await;
    let roles = Roles::from_iter([Role::Broker, Role::Admin]);
    let new = NewToken { label: "script".into(), roles, study: None, expires_at: at(100) };
    let (id, secret) = govern.tokens.create("ann", &new, at(0)).await.unwrap();
    let presented = govern.tokens.find(&secret, at(5)).await.unwrap().unwrap();
    assert_eq!(presented.principal.roles(), only(Role::Broker));
    assert_eq!(presented.id, id);
    let listed = govern.tokens.list("ann").await.unwrap();
    assert_eq!((listed[0].label.as_str(), listed[0].used_at), ("script", Some(at(5))));
    assert!(govern.tokens.find(&secret, at(100)).await.unwrap().is_none(), "expired");
    assert!(!govern.tokens.revoke("root", &id).await.unwrap(), "not theirs");
    assert!(govern.tokens.revoke("ann", &id).await.unwrap());
    assert!(govern.tokens.find(&secret, at(5)).await.unwrap().is_none(), "revoked");
}

async fn a_link_works_once_and_not_for_long(ledger: Ledger) {
    let links = with_ann(&ledger).await.links;
    let link = links.create("ann", at(60)).await.unwrap();
    assert_eq!(links.redeem(&link, at(1)).await.unwrap().as_deref(), Some("ann"));
    assert_eq!(links.redeem(&link, at(1)).await.unwrap(), None);
    let late = links.create("ann", at(60)).await.unwrap();
    assert_eq!(links.redeem(&late, at(60)).await.unwrap(), None);
}

store::each_ledger!(
    a_session_ends_when_idle_and_at_its_end,
    a_planted_session_is_not_continued,
    sessions_end_with_sign_out_password_and_account,
    a_token_has_at_most_its_owners_roles,
    a_link_works_once_and_not_for_long,
);
