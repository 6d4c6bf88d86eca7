//! Where a mailbox is: `imaps://privacy%40example.com@imap.example.com/INBOX`.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Url};

/// The port of IMAP over TLS (RFC 8314).
const PORT: u16 = 993;
/// The port without.
const PLAIN_PORT: u16 = 143;

/// What may stand in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// A mailbox: the server, who we are there, the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxAddress {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_protected: bool,
    pub(super) user: String,
    pub(super) folder: String,
}

/// The text is no address of a mailbox that could be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedMailbox {
    /// Something is missing, or too much.
    #[error("is not imaps:// with a user, a host and a folder, and without a password")]
    Malformed,
    /// The password would travel in the clear.
    #[error("is imap: a password goes unprotected to this machine only; elsewhere it is imaps:")]
    Unprotected,
}

impl FromStr for MailboxAddress {
    type Err = MalformedMailbox;

    fn from_str(text: &str) -> Result<Self, MalformedMailbox> {
        let url = Url::parse(text).map_err(|_| MalformedMailbox::Malformed)?;
        let is_protected = match url.scheme() {
            "imaps" => true,
            "imap" => false,
            _ => return Err(MalformedMailbox::Malformed),
        };
        let host = url.host_str().unwrap_or_default();
        let user = decoded(url.username());
        let folder = decoded(url.path().trim_start_matches('/'));
        let (Some(user), Some(folder)) = (user, folder) else {
            return Err(MalformedMailbox::Malformed);
        };
        let has_more =
            url.password().is_some() || url.query().is_some() || url.fragment().is_some();
        if host.is_empty() || has_more {
            return Err(MalformedMailbox::Malformed);
        }
        if !is_protected && !is_this_machine(host) {
            return Err(MalformedMailbox::Unprotected);
        }
        let usual = if is_protected { PORT } else { PLAIN_PORT };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
            is_protected,
            user,
            folder,
        })
    }
}

impl fmt::Display for MailboxAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_protected { "imaps" } else { "imap" };
        let user = utf8_percent_encode(&self.user, PLAIN);
        let folder = utf8_percent_encode(&self.folder, PLAIN);
        let (host, port) = (&self.host, self.port);
        if host.contains(':') {
            write!(formatter, "{scheme}://{user}@[{host}]:{port}/{folder}")
        } else {
            write!(formatter, "{scheme}://{user}@{host}:{port}/{folder}")
        }
    }
}

/// What stands in an address; `None`: nothing, or what no command may hold.
fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.is_empty() && !text.contains(char::is_control)).then(|| text.into_owned())
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_who() {
        let address: MailboxAddress = "imaps://privacy%40example.com@imap.example.com/INBOX"
            .parse()
            .unwrap();
        assert_eq!(address.user, "privacy@example.com");
        assert_eq!(
            (address.host.as_str(), address.port, address.folder.as_str()),
            ("imap.example.com", 993, "INBOX")
        );
        assert_eq!(address.to_string().parse(), Ok(address));

        let local: MailboxAddress = "imap://me@127.0.0.1:10143/Letters%20in".parse().unwrap();
        assert_eq!((local.port, local.folder.as_str()), (10143, "Letters in"));
        assert_eq!(local.to_string(), "imap://me@127.0.0.1:10143/Letters%20in");
        let sixth: MailboxAddress = "imap://me@[::1]/INBOX".parse().unwrap();
        assert_eq!((sixth.host.as_str(), sixth.port), ("::1", 143));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "",
            "imap.example.com",
            "https://me@imap.example.com/INBOX",
            "imaps://imap.example.com/INBOX",
            "imaps://me@imap.example.com",
            "imaps://me@imap.example.com/",
            "imaps://me:secret@imap.example.com/INBOX",
            "imaps://me@imap.example.com/INBOX?x",
            "imaps://me@/INBOX",
            "imaps://me@imap.example.com/INBOX%0d%0aA1%20LOGOUT",
        ] {
            let refused = text.parse::<MailboxAddress>();
            assert_eq!(refused, Err(MalformedMailbox::Malformed), "{text}");
        }
        let far = "imap://me@imap.example.com/INBOX".parse::<MailboxAddress>();
        assert_eq!(far, Err(MalformedMailbox::Unprotected));
    }
}
