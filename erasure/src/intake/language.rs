//! In which language somebody is answered who wrote a letter: what the letter says of itself, else its words.

use crate::locale::Locale;

/// Words that stand in nearly every French letter, and in no English one.
const FRENCH: [&str; 30] = [
    "bonjour",
    "bonsoir",
    "merci",
    "cordialement",
    "veuillez",
    "salutations",
    "je",
    "j",
    "vous",
    "mon",
    "ma",
    "mes",
    "votre",
    "vos",
    "le",
    "la",
    "les",
    "des",
    "du",
    "une",
    "est",
    "et",
    "pour",
    "que",
    "avec",
    "données",
    "suppression",
    "supprimer",
    "effacer",
    "compte",
];
/// The other way round.
const ENGLISH: [&str; 30] = [
    "hello",
    "hi",
    "dear",
    "thanks",
    "thank",
    "regards",
    "sincerely",
    "please",
    "i",
    "you",
    "my",
    "your",
    "the",
    "and",
    "of",
    "to",
    "is",
    "for",
    "that",
    "with",
    "have",
    "this",
    "would",
    "like",
    "data",
    "delete",
    "deletion",
    "erase",
    "account",
    "want",
];

/// The language of a letter: of its header if that names one we speak, else the one of which it holds more words. Between the two
/// the product's first language decides, as on its pages.
pub(super) fn guess<'t>(tags: impl Iterator<Item = &'t str>, text: &str) -> Locale {
    if let Some(named) = tags.flat_map(|tags| tags.split(',')).find_map(of_tag) {
        return named;
    }
    let (mut french, mut english) = (0_u32, 0_u32);
    let words = text.split(|one: char| !one.is_alphabetic());
    for word in words.map(str::to_lowercase) {
        french += u32::from(FRENCH.contains(&word.as_str()));
        english += u32::from(ENGLISH.contains(&word.as_str()));
    }
    match french.cmp(&english) {
        std::cmp::Ordering::Less => Locale::En,
        std::cmp::Ordering::Greater => Locale::Fr,
        std::cmp::Ordering::Equal => Locale::default(),
    }
}

/// `fr-CA;q=0.8` → French.
fn of_tag(tag: &str) -> Option<Locale> {
    let language = tag.split([';', '-', '_']).next().unwrap_or_default();
    language.trim().to_ascii_lowercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_letter_says_of_itself_counts_before_its_words() {
        for (tags, wanted) in [
            ("fr-FR", Locale::Fr),
            ("EN", Locale::En),
            ("de, en;q=0.5", Locale::En),
            (" fr_CA", Locale::Fr),
        ] {
            let text = "Hello, je vous écris, please.";
            assert_eq!(guess([tags].into_iter(), text), wanted, "{tags}");
        }
    }

    #[test]
    fn otherwise_its_words_decide() {
        for (text, wanted) in [
            (
                "Bonjour, je souhaite la suppression de mes données.",
                Locale::Fr,
            ),
            (
                "Hi, please delete my account and all of the data.",
                Locale::En,
            ),
            ("DELETE MY DATA", Locale::En),
            ("Guten Tag, bitte löschen Sie alles.", Locale::Fr),
            ("", Locale::Fr),
            ("\u{202e}atad ym eteled esaelp", Locale::Fr),
        ] {
            assert_eq!(guess(["de"].into_iter(), text), wanted, "{text}");
        }
    }
}
