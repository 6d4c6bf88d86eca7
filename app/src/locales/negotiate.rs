//! Which language somebody gets who did not say.

use erasure::locale::Locale;
use http::HeaderValue;

/// The language that an address names in its first segment.
pub(crate) fn of_path(path: &str) -> Option<Locale> {
    path.trim_start_matches('/').split('/').next()?.parse().ok()
}

/// The language that a form carries along; forms are ours, so anything else is a forgery and gets the default.
pub(crate) fn of_form(lang: &str) -> Locale {
    lang.parse().unwrap_or_default()
}

/// The language that a browser likes best among ours (RFC 9110 §12.5.4); French when it likes none of them.
pub(crate) fn negotiate(accept_language: Option<&HeaderValue>) -> Locale {
    let Some(wishes) = accept_language.and_then(|value| value.to_str().ok()) else {
        return Locale::default();
    };
    let mut best = (Locale::default(), 0.0);
    for (range, weight) in wishes.split(',').map(wish) {
        let locale = match range {
            "*" => Some(Locale::default()),
            _ => range
                .split('-')
                .next()
                .and_then(|tag| tag.to_ascii_lowercase().parse().ok()),
        };
        // Strictly greater: among equals, the first one named wins.
        if let Some(locale) = locale
            && weight > best.1
        {
            best = (locale, weight);
        }
    }
    best.0
}

/// One wish: a language range and how much it is wanted.
fn wish(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts
        .find_map(|part| part.strip_prefix("q="))
        .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
    (range, weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(wishes: &str) -> Locale {
        negotiate(Some(&wishes.parse().unwrap()))
    }

    #[test]
    fn the_best_liked_language_wins() {
        assert_eq!(negotiated("en-GB,en;q=0.9,fr;q=0.8"), Locale::En);
        assert_eq!(negotiated("fr-CA, en;q=0.5"), Locale::Fr);
        assert_eq!(negotiated("en;q=0.3, fr;q=0.7"), Locale::Fr);
        assert_eq!(negotiated("de, EN-us;q=0.4"), Locale::En);
        assert_eq!(negotiated("en, fr"), Locale::En);
    }

    #[test]
    fn french_for_everybody_else() {
        assert_eq!(negotiate(None), Locale::Fr);
        for wishes in ["", "de", "*", "en;q=0", "en;q=abc", ";;;,,,", "zh-Hans-CN"] {
            assert_eq!(negotiated(wishes), Locale::Fr, "{wishes:?}");
        }
    }

    #[test]
    fn an_address_names_its_language_exactly() {
        assert_eq!(of_path("/en/login"), Some(Locale::En));
        assert_eq!(of_path("/fr"), Some(Locale::Fr));
        for path in ["/", "/login", "/EN/login", "/french/login", ""] {
            assert_eq!(of_path(path), None, "{path:?}");
        }
    }
}
