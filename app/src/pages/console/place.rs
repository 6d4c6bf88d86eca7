//! The console's addresses that somebody may be sent to, and sent back to.

use std::borrow::Cow;

use erasure::{id::RequestId, locale::Locale, staff::Act};

/// The queue; a request is behind it.
const REQUESTS: &str = "/console/requests";

/// The id of a request in an address. It is passed around like a word, so it is copied like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestKey([u8; 36]);

impl RequestKey {
    /// The id in its one text form.
    pub(crate) fn of(id: &RequestId) -> Option<Self> {
        id.as_str().as_bytes().try_into().ok().map(Self)
    }

    fn parse(text: &str) -> Option<Self> {
        let id: RequestId = text.parse().ok()?;
        (id.as_str() == text).then(|| Self::of(&id)).flatten()
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The id.
    pub(crate) fn id(self) -> Option<RequestId> {
        self.as_str().parse().ok()
    }
}

/// A page of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsolePlace {
    /// The front page: leads to the first page that a role may see.
    Home,
    /// The sign-in.
    SignIn,
    /// Signing in, proving or adding with a passkey.
    Passkey,
    /// Proving again who one is.
    Prove,
    /// The own account.
    Account,
    /// Changing the own password.
    Password,
    /// Connecting another authenticator app.
    Authenticator,
    /// Getting other recovery codes.
    RecoveryCodes,
    /// Who the members are.
    Staff,
    /// The record.
    Audit,
    /// The queue of requests.
    Requests,
    /// One request.
    Request(RequestKey),
    /// The legal holds.
    Holds,
    /// The deletions that the staff begins.
    Deletions,
    /// The desk in figures.
    Figures,
    /// What is kept.
    Retention,
}

impl ConsolePlace {
    /// Every one of them that has one address.
    const ALL: [Self; 15] = [
        Self::Home,
        Self::SignIn,
        Self::Passkey,
        Self::Prove,
        Self::Account,
        Self::Password,
        Self::Authenticator,
        Self::RecoveryCodes,
        Self::Staff,
        Self::Audit,
        Self::Requests,
        Self::Holds,
        Self::Deletions,
        Self::Figures,
        Self::Retention,
    ];

    /// What the navigation offers, in this order, to whoever may see it.
    pub(crate) const NAVIGATION: [(Self, Act); 7] = [
        (Self::Requests, Act::ReadQueue),
        (Self::Holds, Act::ReadHolds),
        (Self::Deletions, Act::ReadDeletions),
        (Self::Figures, Act::ReadFigures),
        (Self::Retention, Act::ReadRetention),
        (Self::Audit, Act::ReadAudit),
        (Self::Staff, Act::ReadStaff),
    ];

    /// The address without its language.
    pub(crate) fn bare_path(self) -> Cow<'static, str> {
        let path = match self {
            Self::Home => "/console",
            Self::SignIn => "/console/sign-in",
            Self::Passkey => "/console/passkey",
            Self::Prove => "/console/prove",
            Self::Account => "/console/account",
            Self::Password => "/console/account/password",
            Self::Authenticator => "/console/account/authenticator",
            Self::RecoveryCodes => "/console/account/recovery-codes",
            Self::Staff => "/console/staff",
            Self::Audit => "/console/audit",
            Self::Requests => REQUESTS,
            Self::Request(key) => return Cow::Owned(format!("{REQUESTS}/{}", key.as_str())),
            Self::Holds => "/console/holds",
            Self::Deletions => "/console/deletions",
            Self::Figures => "/console/figures",
            Self::Retention => "/console/retention",
        };
        Cow::Borrowed(path)
    }

    /// The address.
    pub(crate) fn path(self, locale: Locale) -> String {
        format!("/{}{}", locale.as_str(), self.bare_path())
    }

    /// Reads an address without its language.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let behind = path
            .strip_prefix(REQUESTS)
            .and_then(|rest| rest.strip_prefix('/'));
        if let Some(id) = behind {
            return RequestKey::parse(id).map(Self::Request);
        }
        Self::ALL
            .into_iter()
            .find(|place| place.bare_path() == path)
    }
}

/// Where a sign-in or a proof leads. It travels in an address that anybody can write, so it is a page, never a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConsoleNext(ConsolePlace);

impl ConsoleNext {
    /// Leads to this page.
    pub(crate) const fn to(place: ConsolePlace) -> Self {
        Self(place)
    }

    /// Reads what an address or a form says; whatever is not exactly one of our pages leads to the front page.
    pub(crate) fn parse(text: &str) -> Self {
        match ConsolePlace::parse(text) {
            None | Some(ConsolePlace::SignIn | ConsolePlace::Passkey | ConsolePlace::Prove) => {
                Self(ConsolePlace::Home)
            }
            Some(place) => Self(place),
        }
    }

    /// The page it leads to.
    pub(crate) const fn place(self) -> ConsolePlace {
        self.0
    }

    /// The text that [`ConsoleNext::parse`] reads.
    pub(crate) fn as_text(self) -> Cow<'static, str> {
        self.0.bare_path()
    }

    /// Its address.
    pub(crate) fn path(self, locale: Locale) -> String {
        self.0.path(locale)
    }

    /// The page of the door that leads there.
    pub(crate) fn through(self, door: ConsolePlace, locale: Locale) -> String {
        let path = door.path(locale);
        if self.0 == ConsolePlace::Home {
            path
        } else {
            format!("{path}?next={}", self.as_text())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_the_page_that_asked_for_it() {
        let request = "/console/requests/01890000-0000-7000-8000-000000000000";
        let request = ConsolePlace::parse(request).unwrap();
        for place in ConsolePlace::ALL.into_iter().chain([request]) {
            let next = ConsoleNext::parse(&place.bare_path());
            let is_door = matches!(
                place,
                ConsolePlace::SignIn | ConsolePlace::Passkey | ConsolePlace::Prove
            );
            let expected = if is_door { ConsolePlace::Home } else { place };
            assert_eq!(next, ConsoleNext::to(expected));
        }
        assert_eq!(
            ConsoleNext::to(ConsolePlace::Audit).through(ConsolePlace::Prove, Locale::Fr),
            "/fr/console/prove?next=/console/audit"
        );
    }

    #[test]
    fn a_sign_in_never_leads_elsewhere() {
        for text in [
            "",
            "//evil.example",
            "https://evil.example/console",
            "/console/../api/console/sign-out",
            "/console/staff/",
            "/console/requests/",
            "/console/requests/1",
            "/console/requests/01890000000070008000000000000000",
            "/console/requests/01890000-0000-7000-8000-000000000000/x",
            "/console/requestsx",
            "/console/staff?x=1",
            "/\\evil.example",
            "/settings",
            "javascript:alert(1)",
        ] {
            assert_eq!(
                ConsoleNext::parse(text),
                ConsoleNext::to(ConsolePlace::Home),
                "{text:?}"
            );
        }
    }
}
