//! Signatures of evidence (Ed25519, RFC 8032), in hexadecimal.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// Bytes of a key, private or public.
pub const KEY_BYTES: usize = 32;

/// The public key to a private one.
#[must_use]
pub fn public_key(secret: &[u8; KEY_BYTES]) -> String {
    hex(SigningKey::from_bytes(secret).verifying_key().as_bytes())
}

/// The signature of a document.
#[must_use]
pub fn sign(document: &[u8], secret: &[u8; KEY_BYTES]) -> String {
    hex(&SigningKey::from_bytes(secret).sign(document).to_bytes())
}

/// Whether a signature of a document fits a public key.
#[must_use]
pub fn fits(document: &[u8], signature: &str, public: &str) -> bool {
    let key = unhex(public).and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = unhex(signature).map(|signature| Signature::from_bytes(&signature));
    key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(document, &signature).is_ok())
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `N` bytes from hexadecimal; white space around them does not count.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.trim();
    let pair = |at: usize| digits.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Vec<u8> = (0..N).map(pair).collect::<Option<_>>()?;
    if digits.len() == 2 * N { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_rfc() {
        // RFC 8032 §7.1, test 2.
        let secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let secret = unhex(secret).expect("32 bytes");
        assert_eq!(public_key(&secret), public);
        let signature = sign(&[0x72], &secret);
        assert!(signature.starts_with("92a009a9f0d4cab8720e820b5f642540"));
        assert!(fits(&[0x72], &signature, public));
        assert!(!fits(&[0x73], &signature, public));
        assert!(!fits(&[0x72], "", public) && !fits(&[0x72], &signature, "xy"));
    }
}
