//! The cookies of this site.
//!
//! All carry the `__Host-` prefix: only this very host can set them, only over a trustworthy connection, for every path.
//! `SameSite`: the flash and the answers of the request form are `Strict`, because only our own pages ever need them. The session is `Lax`: a link in one of our
//! letters must open a signed-in page, which `Strict` would hide from a mail program's browser. `Lax` is never sent with
//! a foreign POST, and every POST is checked for its origin besides. The console's session is `Strict`: nothing leads there from
//! outside but the set-up link, whose page keeps what it shows in a `Lax` cookie so that the link can be opened twice.

use http::{HeaderMap, HeaderValue, header};

/// How long a message waits for its page. The redirect takes milliseconds; a minute is for the slowest telephone.
const FLASH_SECONDS: u32 = 60;
/// How long a session that confirmed an erasure still leads to its progress page (back button, double submit).
const ENDED_SESSION_SECONDS: u32 = 3600;

/// How long a browser keeps the answers of a request form.
const REQUEST_SECONDS: u32 = 24 * 3600;

/// How long a browser keeps what it showed to somebody who enrols; the server forgets it at the same moment.
const ENROLMENT_SECONDS: u32 = 3600;
/// How long a challenge waits for its answer; the server refuses it at the same moment.
const PASSKEY_SECONDS: u32 = 300;

/// A cookie on its way to the browser.
#[derive(Debug)]
pub(crate) struct Cookie {
    name: &'static str,
    value: String,
    same_site: &'static str,
    max_age_seconds: Option<u32>,
}

impl Cookie {
    /// The name of the message for the next page.
    pub(crate) const FLASH: &'static str = "__Host-flash";
    /// The name of the request form's answers.
    pub(crate) const REQUEST: &'static str = "__Host-request";
    /// The name of the session token.
    pub(crate) const SESSION: &'static str = "__Host-session";
    /// The name of the console's session token.
    pub(crate) const STAFF: &'static str = "__Host-staff";
    /// The name of what somebody is shown while they enrol in the console.
    pub(crate) const ENROLMENT: &'static str = "__Host-enrolment";
    /// The name of a passkey's challenge.
    pub(crate) const PASSKEY: &'static str = "__Host-passkey";

    /// Keeps a sealed message for the next page.
    pub(crate) fn flash(sealed: &str) -> Self {
        Self {
            name: Self::FLASH,
            value: sealed.to_owned(),
            same_site: "Strict",
            max_age_seconds: Some(FLASH_SECONDS),
        }
    }

    /// Keeps the sealed answers of the request form. The server forgets them sooner; a browser that still has yesterday's can
    /// be told why they are gone.
    pub(crate) fn request(sealed: &str) -> Self {
        Self {
            name: Self::REQUEST,
            value: sealed.to_owned(),
            same_site: "Strict",
            max_age_seconds: Some(REQUEST_SECONDS),
        }
    }

    /// Keeps a session until the browser is closed; the server ends it sooner.
    pub(crate) fn session(token: &str) -> Self {
        Self {
            name: Self::SESSION,
            value: token.to_owned(),
            same_site: "Lax",
            max_age_seconds: None,
        }
    }

    /// Keeps the token of a session that an erasure has ended. It opens nothing any more; for an hour it leads a back
    /// button or a second click to the page that shows the erasure, instead of to a sign-in that cannot succeed.
    pub(crate) fn ended_session(token: &str) -> Self {
        Self {
            max_age_seconds: Some(ENDED_SESSION_SECONDS),
            ..Self::session(token)
        }
    }

    /// Keeps a console's session until the browser is closed; the server ends it sooner.
    pub(crate) fn staff(token: &str) -> Self {
        Self {
            name: Self::STAFF,
            value: token.to_owned(),
            same_site: "Strict",
            max_age_seconds: None,
        }
    }

    /// Keeps what somebody is shown while they enrol, sealed.
    pub(crate) fn enrolment(sealed: &str) -> Self {
        Self {
            name: Self::ENROLMENT,
            value: sealed.to_owned(),
            same_site: "Lax",
            max_age_seconds: Some(ENROLMENT_SECONDS),
        }
    }

    /// Keeps a passkey's challenge, sealed.
    pub(crate) fn passkey(sealed: &str) -> Self {
        Self {
            name: Self::PASSKEY,
            value: sealed.to_owned(),
            same_site: "Strict",
            max_age_seconds: Some(PASSKEY_SECONDS),
        }
    }

    /// Takes a cookie away.
    pub(crate) fn expired(name: &'static str) -> Self {
        Self {
            name,
            value: String::new(),
            same_site: "Strict",
            max_age_seconds: Some(0),
        }
    }

    /// The value of a `Set-Cookie` header.
    ///
    /// # Errors
    /// When the value holds something that no header may hold.
    pub(crate) fn to_header(&self) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
        let age = self
            .max_age_seconds
            .map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let Self {
            name,
            value,
            same_site,
            ..
        } = self;
        HeaderValue::from_str(&format!(
            "{name}={value}; Path=/; Secure; HttpOnly; SameSite={same_site}{age}"
        ))
    }
}

/// The value of the cookie of this name, as the browser sent it.
pub(crate) fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_cookie_is_out_of_reach_of_scripts_and_other_hosts() {
        let header = Cookie::session("abc").to_header().unwrap();

        assert_eq!(
            header,
            "__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn a_message_waits_one_minute() {
        let header = Cookie::flash("sealed").to_header().unwrap();

        assert_eq!(
            header,
            "__Host-flash=sealed; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60"
        );
    }

    #[test]
    fn a_cookie_is_taken_away_by_its_age() {
        let header = Cookie::expired(Cookie::FLASH).to_header().unwrap();

        assert!(header.to_str().unwrap().ends_with("; Max-Age=0"));
    }

    #[test]
    fn a_value_with_a_line_break_is_no_header() {
        assert!(Cookie::session("a\r\nb").to_header().is_err());
    }

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "x__Host-session=1; a=b;__Host-session=two=2"
                .parse()
                .unwrap(),
        );

        assert_eq!(find(&headers, "__Host-session").as_deref(), Some("two=2"));
        assert_eq!(find(&headers, "__Host-flash"), None);
    }

    #[test]
    fn an_emptied_cookie_counts_as_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "__Host-session=".parse().unwrap());

        assert_eq!(find(&headers, "__Host-session"), None);
    }
}
