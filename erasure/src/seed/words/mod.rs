//! What people are called and what they write: enough of it that a page looks like somebody's real account.
//!
//! **To add a language**: a file with its [`Words`], and an arm in [`Words::of`].

mod en;
mod fr;

use crate::locale::Locale;

/// One language's names and phrases. In phrases `{…}` stands for what changes: see [`fill`].
pub(super) struct Words {
    pub(super) locale: Locale,
    pub(super) first_names: &'static [&'static str],
    pub(super) last_names: &'static [&'static str],
    /// A company is called by one of the first and one of the second.
    pub(super) companies: (&'static [&'static str], &'static [&'static str]),
    pub(super) streets: &'static [&'static str],
    pub(super) cities: &'static [&'static str],
    pub(super) days: &'static [&'static str],
    pub(super) products: &'static [&'static str],
    /// What customers write to a business.
    pub(super) inbound: &'static [&'static str],
    /// What a business answers.
    pub(super) outbound: &'static [&'static str],
    /// What stands under a picture.
    pub(super) captions: &'static [&'static str],
    /// What a business notes about a person.
    pub(super) notes: &'static [&'static str],
    /// Approved templates: a name and a body.
    pub(super) templates: &'static [(&'static str, &'static str)],
    pub(super) flows: &'static [&'static str],
    pub(super) campaigns: &'static [&'static str],
    pub(super) reminders: &'static [&'static str],
    /// Agents: a name and its instructions.
    pub(super) agents: &'static [(&'static str, &'static str)],
    /// What agents know: a title and a text.
    pub(super) documents: &'static [(&'static str, &'static str)],
    pub(super) api_keys: &'static [&'static str],
    pub(super) file_names: &'static [&'static str],
    pub(super) subscription: &'static str,
    pub(super) usage: &'static str,
    /// Dialling prefixes without the plus, each with how many digits follow.
    pub(super) numbers: &'static [(&'static str, u32)],
    pub(super) countries: &'static [Country],
}

/// Where an organization is, and what that means for its bills.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    pub(super) code: &'static str,
    /// ISO 4217.
    pub(super) currency: &'static str,
    pub(super) tax_percent: i64,
}

impl Words {
    pub(super) const fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Fr => &fr::WORDS,
            Locale::En => &en::WORDS,
        }
    }

    /// The other language: every business has customers who write in another one.
    pub(super) const fn others(&self) -> &'static Self {
        match self.locale {
            Locale::Fr => &en::WORDS,
            Locale::En => &fr::WORDS,
        }
    }
}

/// Fills a phrase: each `{name}` becomes what `slot` says for that name.
pub(super) fn fill(phrase: &str, mut slot: impl FnMut(&str) -> String) -> String {
    let mut filled = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(&slot(name));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

pub(super) const USER_AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "QlientoApp/4.12 (Android 15; SM-A546B)",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_filled_at_every_brace() {
        let filled = fill("{a}, {b} et {a}.", str::to_uppercase);

        assert_eq!(filled, "A, B et A.");
    }

    #[test]
    fn numbers_are_as_long_as_numbers_are() {
        for words in [&fr::WORDS, &en::WORDS] {
            for (prefix, digits) in words.numbers {
                let length = prefix.len() + usize::try_from(*digits).unwrap();
                assert!((10..=15).contains(&length), "+{prefix}");
            }
        }
    }
}
