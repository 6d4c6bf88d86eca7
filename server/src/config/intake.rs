//! What is said about letters to the privacy address: the secret of the mail server that passes them on, the mailbox.

use std::path::PathBuf;

use erasure::intake::{MailboxAddress, MalformedMailbox};

use super::reader::Reader;

/// How letters come, as far as the configuration says it: secrets are in files.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The file with what a mail server shows; `None`: letters do not come over HTTP.
    pub secret_file: Option<PathBuf>,
    /// The mailbox that is looked into, and the file with its password; `None`: there is none.
    pub mailbox: Option<(MailboxAddress, PathBuf)>,
}

impl Intake {
    pub(super) fn effective(&self) -> [(&'static str, Option<String>); 3] {
        let shown = |path: &PathBuf| path.display().to_string();
        let mailbox = self.mailbox.as_ref();
        [
            ("intake_secret_file", self.secret_file.as_ref().map(shown)),
            (
                "intake_imap_url",
                mailbox.map(|(address, _)| address.to_string()),
            ),
            (
                "intake_imap_password_file",
                mailbox.map(|(_, file)| shown(file)),
            ),
        ]
    }
}

impl Reader {
    /// How letters come.
    pub(super) fn intake(&mut self) -> Intake {
        Intake {
            secret_file: self.text("intake_secret_file").map(PathBuf::from),
            mailbox: self.mailbox(),
        }
    }

    fn mailbox(&mut self) -> Option<(MailboxAddress, PathBuf)> {
        let file = self.text("intake_imap_password_file").map(PathBuf::from);
        let Some(text) = self.text("intake_imap_url") else {
            if file.is_some() && !self.is_set("intake_imap_url") {
                self.fault("intake_imap_url", "is missing: the password is for it");
            }
            return None;
        };
        let address: MailboxAddress = match text.parse() {
            Ok(address) => address,
            Err(error) => {
                let error: MalformedMailbox = error;
                self.fault("intake_imap_url", &error.to_string());
                return None;
            }
        };
        if file.is_none() && !self.is_set("intake_imap_password_file") {
            self.fault(
                "intake_imap_password_file",
                "is missing: the mailbox needs it",
            );
        }
        Some((address, file?))
    }
}
