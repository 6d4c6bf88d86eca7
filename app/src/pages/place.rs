//! The addresses that somebody may be sent to, and sent back to.

use erasure::locale::Locale;

/// A page with a fixed address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The sign-in.
    Login,
    /// The settings.
    Settings,
    /// What cannot be undone.
    DangerZone,
    /// The wizard: what will be deleted.
    Overview,
    /// The wizard: the password again.
    Identity,
    /// The wizard: the code.
    Code,
    /// Taking one's data along.
    Export,
    /// Where anybody can check a receipt.
    Receipt,
}

impl Place {
    /// Every one of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Login,
        Self::Settings,
        Self::DangerZone,
        Self::Overview,
        Self::Identity,
        Self::Code,
        Self::Export,
        Self::Receipt,
    ];

    /// The address without its language.
    pub(crate) const fn bare_path(self) -> &'static str {
        match self {
            Self::Login => "/login",
            Self::Settings => "/settings",
            Self::DangerZone => "/settings/danger-zone",
            Self::Overview => "/settings/danger-zone/delete-account",
            Self::Identity => "/settings/danger-zone/delete-account/identity",
            Self::Code => "/settings/danger-zone/delete-account/code",
            Self::Export => "/settings/export",
            Self::Receipt => "/receipt",
        }
    }

    /// The address.
    pub(crate) fn path(self, locale: Locale) -> String {
        format!("/{}{}", locale.as_str(), self.bare_path())
    }

    /// Whether it is a step of the wizard.
    pub(crate) const fn is_wizard(self) -> bool {
        matches!(self, Self::Overview | Self::Identity | Self::Code)
    }
}

/// Where a sign-in leads. It travels in an address that anybody can write, so it is one of a few, never a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next(Place);

impl Next {
    /// Leads to this place.
    pub(crate) const fn to(place: Place) -> Self {
        Self(place)
    }

    /// Reads what an address or a form says; whatever is not exactly one of our pages leads to the settings.
    pub(crate) fn parse(text: &str) -> Self {
        let asked = Place::ALL
            .into_iter()
            .find(|place| place.bare_path() == text);
        Self(match asked {
            None | Some(Place::Login) => Place::Settings,
            Some(place) => place,
        })
    }

    /// The text that [`Next::parse`] reads.
    pub(crate) const fn as_str(self) -> &'static str {
        self.0.bare_path()
    }

    /// The page it leads to.
    pub(crate) fn path(self, locale: Locale) -> String {
        self.0.path(locale)
    }

    /// The sign-in that leads there.
    pub(crate) fn login_path(self, locale: Locale) -> String {
        let login = Place::Login.path(locale);
        if self.0 == Place::Settings {
            login
        } else {
            format!("{login}?next={}", self.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_the_page_that_asked_for_it() {
        for place in Place::ALL
            .into_iter()
            .filter(|place| *place != Place::Login)
        {
            assert_eq!(Next::parse(Next::to(place).as_str()), Next::to(place));
        }
        assert_eq!(
            Next::to(Place::Code).login_path(Locale::Fr),
            "/fr/login?next=/settings/danger-zone/delete-account/code"
        );
    }

    #[test]
    fn a_sign_in_never_leads_elsewhere() {
        for text in [
            "",
            "/login",
            "//evil.example",
            "https://evil.example/settings",
            "/settings/../api/session/sign-out",
            "/settings?x=1",
            "/settings/",
            "/\\evil.example",
            "javascript:alert(1)",
            "/fr/settings",
        ] {
            assert_eq!(Next::parse(text), Next::to(Place::Settings), "{text:?}");
        }
    }
}
