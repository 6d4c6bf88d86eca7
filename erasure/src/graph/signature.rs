//! The one signature that Meta uses: HMAC-SHA256 under the app's secret, in lower-case hex.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};

use crate::vault::AppSecret;

/// Signs a message.
pub(super) fn sign(app_secret: &SecretString, message: &[u8]) -> String {
    let mut hex = String::new();
    for byte in AppSecret::new(app_secret.clone()).sign(message) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// `appsecret_proof`, by which a question shows that it comes from our server: Meta's "Securing Graph API Requests".
pub(super) fn proof(app_secret: &SecretString, token: &SecretString) -> SecretString {
    sign(app_secret, token.expose_secret().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_documented_digest() {
        // RFC 4231, test case 2.
        let digest = proof(&"Jefe".into(), &"what do ya want for nothing?".into());

        assert_eq!(
            digest.expose_secret(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
