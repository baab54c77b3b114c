use crate::{at, only, open};
use govern::accounts::{AccountError, SignInError};
use govern::{Role, Roles};
use std::net::IpAddr;
use store::Ledger;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn an_account_is_made_once(ledger: Ledger) {
    let accounts = open(&ledger).await.accounts;
    accounts.create("ann", &only(Role::Broker), at(0)).await.unwrap();
    let again = accounts.create("ann", &only(Role::Admin), at(0)).await;
    assert!(matches!(again, Err(AccountError::Exists(name)) if name == "ann"));
    assert!(matches!(accounts.create("peer:x", &Roles::default(), at(0)).await, Err(AccountError::Name)));
    let ann = accounts.get("ann").await.unwrap().unwrap();
    assert!(ann.enabled && !ann.has_password && ann.roles.has(Role::Broker));
}

async fn a_password_opens_its_account_only(ledger: Ledger) {
    let accounts = open(&ledger).await.accounts;
    accounts.create("ann", &only(Role::Admin), at(0)).await.unwrap();
    accounts.create("bob", &only(Role::Broker), at(0)).await.unwrap();
    accounts.set_password("ann", "correct horse").await.unwrap();
    assert_eq!(accounts.check_password("ann", "correct horse", HERE, at(0)).await.unwrap().name, "ann");
    for (name, password) in [("ann", "wrong horse"), ("bob", "correct horse"), ("eve", "correct horse")] {
        let refused = accounts.check_password(name, password, HERE, at(0)).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{name}");
    }
    accounts.create("cleo", &only(Role::Admin), at(0)).await.unwrap();
    accounts.set_enabled("ann", false, at(0)).await.unwrap();
    let disabled = accounts.check_password("ann", "correct horse", HERE, at(0)).await;
    assert!(matches!(disabled, Err(SignInError::Wrong)));
}

async fn guessing_is_slowed_down(ledger: Ledger) {
    let accounts = open(&ledger).await.accounts;
    accounts.create("ann", &only(Role::Admin), at(0)).await.unwrap();
    accounts.set_password("ann", "correct horse").await.unwrap();
    for _ in 0..5 {
        let wrong = accounts.check_password("ann", "guess guess", HERE, at(0)).await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    // Even the right password has to wait now.
    let early = accounts.check_password("ann", "correct horse", HERE, at(0)).await;
    assert!(matches!(early, Err(SignInError::Throttled(1))));
    accounts.check_password("ann", "correct horse", HERE, at(1)).await.unwrap();
}

async fn the_last_administrator_stays(ledger: Ledger) {
    let accounts = open(&ledger).await.accounts;
    accounts.create("ann", &only(Role::Admin), at(0)).await.unwrap();
    let last = accounts.set_roles("ann", &only(Role::Broker)).await;
    assert!(matches!(last, Err(AccountError::LastAdmin(_))));
    assert!(matches!(accounts.set_enabled("ann", false, at(0)).await, Err(AccountError::LastAdmin(_))));
    accounts.create("bob", &only(Role::Admin), at(0)).await.unwrap();
    accounts.set_roles("ann", &only(Role::Broker)).await.unwrap();
    assert_eq!(accounts.get("ann").await.unwrap().unwrap().roles, only(Role::Broker));
}

store::each_ledger!(
    an_account_is_made_once,
    a_password_opens_its_account_only,
    guessing_is_slowed_down,
    the_last_administrator_stays,
);
