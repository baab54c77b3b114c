//! Passwords: argon2id (RFC 9106), in constant time, a few at once so that they can't exhaust memory.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and a core for tens of milliseconds.
static SEATS: Semaphore = Semaphore::const_new(4);

/// Verified against when there is no account, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// Why a password can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Short passwords are guessed.
    #[error("a password has at least 10 characters")]
    Short,
    /// Nobody types this much; hashing it would only cost time.
    #[error("a password has at most 256 characters")]
    Long,
    /// The hash failed, which it doesn't.
    #[error("the password can't be hashed")]
    Hash(#[source] argon2::password_hash::Error),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// Hashes a new password into the PHC string format.
pub(crate) async fn hash(password: &str) -> Result<String, PasswordError> {
    match password.chars().count() {
        0..10 => return Err(PasswordError::Short),
        10..=256 => {}
        _ => return Err(PasswordError::Long),
    }
    let password = password.to_owned();
    aside(move || hash_now(&password)).await?.map_err(PasswordError::Hash)
}

/// Whether the password belongs to the hash; without a hash it takes as long and says no.
pub(crate) async fn verify(password: &str, hash: Option<String>) -> bool {
    if password.len() > 4 * 256 {
        return false;
    }
    let password = password.to_owned();
    let known = hash.is_some();
    let check = move || {
        let hash = hash.as_deref().or(NOBODY.as_deref()).and_then(|hash| PasswordHash::new(hash).ok());
        hash.is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    };
    aside(check).await.unwrap_or(false) && known
}

fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Runs it on a thread made for blocking, when one of the seats is free.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
    let _seat = SEATS.acquire().await.map_err(|_| PasswordError::Stopping)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Stopping)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hashed = hash("correct horse").await.expect("long enough");
        assert!(hashed.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(hashed.clone())).await);
        assert!(!verify("correct horsf", Some(hashed)).await);
        assert!(!verify("nobody's password", None).await);
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        assert!(matches!(hash("short").await, Err(PasswordError::Short)));
        assert!(matches!(hash(&"x".repeat(257)).await, Err(PasswordError::Long)));
    }
}
