//! Copies of somebody's number or address inside the JSON of other records: how they are recognized, and how they go.
//!
//! People write a number in many ways: `+33 6 12 34 56 78`, `0612345678`. A text counts as a copy when it holds the identifier
//! as it is, or when it is a telephone number that ends like it. Only the text goes, the record around it stays.

use serde_json::Value;

/// What stands where something was.
const ERASED: &str = "[erased]";
/// Digits at the end of a number by which it is recognized without its country code. Fewer would be shared by strangers.
const LAST_DIGITS: usize = 9;
/// Digits of the longest number (ITU-T E.164).
const LONGEST_NUMBER: usize = 15;

/// Somebody's identifiers, ready to be recognized.
pub(super) struct Mentions {
    texts: Vec<String>,
    numbers: Vec<String>,
}

impl Mentions {
    /// Of these identifiers, in small letters.
    pub(super) fn of(texts: &[String]) -> Self {
        let is_number = |text: &&String| {
            text.len() >= LAST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let ending = |text: &String| text.get(text.len() - LAST_DIGITS..).map(str::to_owned);
        Self {
            texts: texts.to_vec(),
            numbers: texts.iter().filter(is_number).filter_map(ending).collect(),
        }
    }

    /// Patterns for `LIKE` that only copies match, written as the identifier is.
    pub(super) fn exact_patterns(&self) -> Vec<String> {
        let inside = |text: &String| format!("%{}%", escape_like(text));
        self.texts.iter().map(inside).collect()
    }

    /// Patterns for `LIKE` that every copy matches; some rows match that hold none.
    pub(super) fn patterns(&self) -> Vec<String> {
        let spread = |digits: &String| {
            digits.chars().fold("%".to_owned(), |pattern, digit| {
                format!("{pattern}{digit}%")
            })
        };
        let mut patterns = self.exact_patterns();
        patterns.extend(self.numbers.iter().map(spread));
        patterns
    }

    /// The document without the copies; `None`: it holds none. What is no JSON after all is treated as one text.
    pub(super) fn taken_out_of(&self, document: &str) -> Option<String> {
        match serde_json::from_str::<Value>(document) {
            Ok(mut value) => self.take_out(&mut value).then(|| value.to_string()),
            Err(_) => self
                .is_copy(document)
                .then(|| Value::from(ERASED).to_string()),
        }
    }

    fn take_out(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) if self.is_copy(text) => {
                ERASED.clone_into(text);
                true
            }
            Value::Number(number) if self.is_copy(&number.to_string()) => {
                *value = Value::from(ERASED);
                true
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |found, item| self.take_out(item) | found),
            Value::Object(fields) => {
                let mut found = false;
                for (name, mut field) in std::mem::take(fields) {
                    found |= self.take_out(&mut field);
                    let is_copy = self.is_copy(&name);
                    found |= is_copy;
                    fields.insert(if is_copy { ERASED.to_owned() } else { name }, field);
                }
                found
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => false,
        }
    }

    fn is_copy(&self, text: &str) -> bool {
        let small = text.to_lowercase();
        if self
            .texts
            .iter()
            .any(|known| small.contains(known.as_str()))
        {
            return true;
        }
        let Some(digits) = telephone_digits(text) else {
            return false;
        };
        self.numbers.iter().any(|ending| digits.ends_with(ending))
    }
}

/// The digits of a text that is nothing but a telephone number, however it is set apart.
fn telephone_digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    for character in text.chars() {
        match character {
            '0'..='9' => digits.push(character),
            '+' | '-' | '.' | '/' | '(' | ')' => {}
            _ if character.is_whitespace() => {}
            _ => return None,
        }
    }
    (LAST_DIGITS..=LONGEST_NUMBER + 2) // "00" before a country code
        .contains(&digits.len())
        .then_some(digits)
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions() -> Mentions {
        Mentions::of(&["33612345678".to_owned(), "fr.134912086553".to_owned()])
    }

    #[test]
    fn a_number_is_recognized_however_it_is_written() {
        for text in [
            "33612345678",
            "+33 6 12 34 56 78",
            "06.12.34.56.78",
            "0033612345678",
            "(06) 12-34-56-78",
            "call 33612345678 back",
            "FR.134912086553",
        ] {
            let document = serde_json::json!({ "to": text, "kept": 1 }).to_string();
            let expected = r#"{"kept":1,"to":"[erased]"}"#;
            assert_eq!(
                mentions().taken_out_of(&document).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn copies_are_found_at_every_depth_also_as_names_and_numbers() {
        let document = r#"{"a":[{"b":33612345678}],"33612345678":{"c":"x"},"d":["+33612345678"]}"#;

        let left = mentions().taken_out_of(document).unwrap();

        assert!(!left.contains("612345678"), "{left}");
        assert!(left.contains(r#""c":"x""#));
    }

    #[test]
    fn another_number_and_a_moment_in_milliseconds_stay() {
        for document in [
            r#"{"to":"+33612345679"}"#,
            r#"{"at":1795521600000,"n":"06 12 34"}"#,
            r#"{"note":"order 61-23, 45678"}"#,
            "[]",
            "null",
        ] {
            assert_eq!(mentions().taken_out_of(document), None, "{document}");
        }
    }

    #[test]
    fn what_is_no_json_after_all_goes_as_a_whole() {
        assert_eq!(
            mentions().taken_out_of("{broken: +33612345678").as_deref(),
            Some("\"[erased]\"")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_copy_is_left_in_any_document(before in "[a-z ]{0,8}", after in "[a-z ]{0,8}", depth in 0_usize..5) {
            let mut value = Value::from(format!("{before}33612345678{after}"));
            for _ in 0..depth {
                value = serde_json::json!({ "x": [value, 1] });
            }
            let left = mentions().taken_out_of(&value.to_string()).unwrap();
            assert!(!left.contains("33612345678"));
            assert_eq!(mentions().taken_out_of(&left), None);
        }
    }
}
