//! How the simulated Meta misbehaves: everything that was seen at the real one, and what stands between us and it.

use std::str::FromStr;

/// A way to misbehave. Each has a name by which tests and the demo's page choose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outage {
    /// Not at all.
    #[default]
    None,
    /// Every call fails and nothing is done: code 2, transient, with 500.
    Down,
    /// A proxy's page with 503.
    Html,
    /// 200 and no body.
    Empty,
    /// 200 and something else than what was asked.
    WrongJson,
    /// 200 and half a body, then the line is cut.
    Half,
    /// 200 and a body that comes a byte at a time.
    Dripping,
    /// 200, success, and more bytes than anybody should read.
    Flood,
    /// The line is cut before anything is done.
    Reset,
    /// The call takes effect, and the answer is lost.
    AnswersLost,
    /// Nothing is ever answered.
    Silent,
    /// 302 to somebody else.
    Redirect,
    /// `{"success": false}`, or a list whose next page stands on somebody else's host.
    Refusing,
    /// Our app asks too much: code 4.
    RateLimited,
    /// The account was asked too much: code 80008, access again in 19 minutes.
    AccountRateLimited,
    /// The token was revoked: code 190/463.
    TokenRevoked,
    /// The permission was taken away: code 200/1349174.
    PermissionLost,
    /// This error, whatever is asked: a row of Meta's table.
    Error {
        /// The HTTP status.
        status: u16,
        /// `code`.
        code: i64,
        /// `error_subcode`.
        subcode: Option<i64>,
        /// `is_transient`.
        transient: bool,
    },
}

impl Outage {
    /// Those that a name is enough for.
    pub const NAMED: [(&'static str, Self); 17] = [
        ("none", Self::None),
        ("down", Self::Down),
        ("html", Self::Html),
        ("empty", Self::Empty),
        ("wrong_json", Self::WrongJson),
        ("half", Self::Half),
        ("dripping", Self::Dripping),
        ("flood", Self::Flood),
        ("reset", Self::Reset),
        ("answers_lost", Self::AnswersLost),
        ("silent", Self::Silent),
        ("redirect", Self::Redirect),
        ("refusing", Self::Refusing),
        ("rate_limited", Self::RateLimited),
        ("account_rate_limited", Self::AccountRateLimited),
        ("token_revoked", Self::TokenRevoked),
        ("permission_lost", Self::PermissionLost),
    ];

    /// An error of Meta's table.
    #[must_use]
    pub const fn error(status: u16, code: i64, subcode: Option<i64>) -> Self {
        Self::Error {
            status,
            code,
            subcode,
            transient: false,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = Self::NAMED.iter().find(|(_, outage)| *outage == self);
        named.map_or("error", |(name, _)| name)
    }
}

/// There is no such way to misbehave.
#[derive(Debug, thiserror::Error)]
#[error("no such outage: a name, or status/code, status/code/subcode")]
pub struct UnknownOutage;

impl FromStr for Outage {
    type Err = UnknownOutage;

    /// A name, or the numbers of an error: `400/368`, `403/200/1349174`.
    fn from_str(text: &str) -> Result<Self, UnknownOutage> {
        if let Some((_, outage)) = Self::NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*outage);
        }
        let mut parts = text.split('/');
        let (status, code, subcode) = (parts.next(), parts.next(), parts.next());
        let status = status.and_then(|text| text.parse().ok());
        let code = code.and_then(|text| text.parse().ok());
        let subcode = subcode
            .map(|text| text.parse().map_err(|_| UnknownOutage))
            .transpose()?;
        match (status, code, parts.next()) {
            (Some(status @ 200..=599), Some(code), None) => Ok(Self::error(status, code, subcode)),
            _ => Err(UnknownOutage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_to_misbehave_is_chosen_by_name_or_by_metas_numbers() {
        for (name, outage) in Outage::NAMED {
            assert_eq!(name.parse::<Outage>().unwrap(), outage);
            assert_eq!(outage.name(), name);
        }
        assert_eq!(
            "403/200/1349174".parse::<Outage>().unwrap(),
            Outage::error(403, 200, Some(1_349_174))
        );
        assert_eq!(
            "400/368".parse::<Outage>().unwrap(),
            Outage::error(400, 368, None)
        );
        for odd in ["", "up", "400", "400/x", "99/1", "400/1/2/3", "400/1/"] {
            assert!(odd.parse::<Outage>().is_err(), "{odd}");
        }
    }
}
