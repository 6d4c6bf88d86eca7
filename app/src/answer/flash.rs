//! A message for the next page, and what the person had typed.
//!
//! It travels in a cookie, sealed, because what was typed is personal. Passwords are never in it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use erasure::vault::Vault;
use serde::{Deserialize, Serialize};

use crate::wire::{Notice, Trouble};

/// What separates this use of the vault's key from every other.
const PURPOSE: &str = "flash";
/// Longer text is dropped, not cut: a browser takes 4,096 bytes of a cookie, and base64 makes four of three.
const LONGEST_TYPED_BYTES: usize = 2_400;

/// What the next page begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Message {
    /// Something went wrong.
    Trouble(Trouble),
    /// Something went well.
    Notice(Notice),
}

/// A message for one page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flash {
    path: String,
    message: Message,
    typed: String,
}

impl Flash {
    /// A message for the page at `path`.
    pub(crate) fn new(path: &str, message: Message, typed: &str) -> Self {
        let typed = if typed.len() > LONGEST_TYPED_BYTES {
            ""
        } else {
            typed
        };
        Self {
            path: path.split('?').next().unwrap_or_default().to_owned(),
            message,
            typed: typed.to_owned(),
        }
    }

    /// The page it is for.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What it says.
    pub(crate) fn message(&self) -> Message {
        self.message
    }

    /// What was typed into the field that is worth keeping.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// What went wrong, if something did.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match self.message {
            Message::Trouble(trouble) => Some(trouble),
            Message::Notice(_) => None,
        }
    }

    /// The good news, if it is that.
    pub(crate) fn notice(&self) -> Option<Notice> {
        match self.message {
            Message::Notice(notice) => Some(notice),
            Message::Trouble(_) => None,
        }
    }

    /// The cookie's value.
    pub(crate) fn seal(&self, vault: &Vault) -> String {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(vault.seal_ephemeral(PURPOSE, &plain))
    }

    /// Reads a cookie's value; `None` for anything that this site did not write.
    pub(crate) fn open(vault: &Vault, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        serde_json::from_slice(&vault.open_ephemeral(PURPOSE, &sealed)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use erasure::random::{ChaChaRandom, Random};

    use super::*;

    fn vault() -> Vault {
        let random: Arc<dyn Random> = Arc::new(ChaChaRandom::from_number(1));
        Vault::detached(random)
    }

    #[test]
    fn a_message_arrives_whole_and_unreadable_on_its_way() {
        let vault = vault();
        let sent = Flash::new(
            "/fr/login?next=/fr/settings",
            Message::Trouble(Trouble::CodeWrong { tries_left: 3 }),
            "ada@example.org",
        );
        let cookie = sent.seal(&vault);

        assert!(!cookie.contains("ada"));
        assert!(cookie.len() < 1_000, "{} characters", cookie.len());
        let read = Flash::open(&vault, &cookie).unwrap();
        assert!(read == sent);
        assert_eq!(read.path(), "/fr/login");
        assert_eq!(read.trouble(), Some(Trouble::CodeWrong { tries_left: 3 }));
        assert_eq!(read.notice(), None);
        assert_eq!(read.typed(), "ada@example.org");
    }

    #[test]
    fn a_changed_or_foreign_message_is_no_message() {
        let vault = vault();
        let sealed = Flash::new("/fr/login", Message::Notice(Notice::SignedOut), "").seal(&vault);

        assert!(Flash::open(&vault, &sealed[1..]).is_none());
        assert!(Flash::open(&vault, "").is_none());
        assert!(Flash::open(&vault, "not base64!").is_none());
    }

    #[test]
    fn a_novel_in_the_e_mail_field_is_not_carried() {
        let novel = "x".repeat(10_000);
        let flash = Flash::new(
            "/fr/login",
            Message::Trouble(Trouble::SignInRefused),
            &novel,
        );

        assert_eq!(flash.typed(), "");
    }
}
