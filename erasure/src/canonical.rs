//! One text for one JSON value, so that a digest or a signature over it can be checked anywhere.
//!
//! The text is that of RFC 8785 (keys sorted, no white space), for the JSON that this product writes: objects, lists, texts,
//! whole numbers, true, false, null. A value with a fraction has no canonical text here, and an object that names a key twice
//! is not read at all: two programs could read two different things in it.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

/// The largest whole number that every JSON reader keeps exactly: 2⁵³ − 1.
const LARGEST: u64 = 9_007_199_254_740_991;

/// The text is not JSON, or JSON that could be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not JSON that can be read in one way only")]
pub struct NotCanonical;

/// Reads JSON in which every key stands once.
///
/// # Errors
/// When it is not that.
pub fn parse(text: &[u8]) -> Result<Value, NotCanonical> {
    let Once(value) = serde_json::from_slice(text).map_err(|_| NotCanonical)?;
    Ok(value)
}

/// The canonical text of a value.
///
/// # Errors
/// When it holds a number that is not whole, or too large to be read everywhere.
pub fn text(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

/// SHA-256 of the canonical text.
///
/// # Errors
/// As [`text()`].
pub fn digest(value: &Value) -> Result<Digest, NotCanonical> {
    Ok(Digest::of(text(value)?.as_bytes()))
}

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What comes before the first: nothing.
    pub const NOTHING: Self = Self([0; 32]);

    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest that was computed elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Digest {
    type Err = NotCanonical;

    fn from_str(text: &str) -> Result<Self, NotCanonical> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 64 || !text.bytes().all(is_digit) {
            return Err(NotCanonical);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| NotCanonical)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotCanonical)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

fn write(value: &Value, text: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&whole(number)?),
        Value::String(words) => quote(words, text),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut keys: Vec<_> = members.keys().collect();
            // RFC 8785 sorts by UTF-16 code units, which is not the order of the bytes.
            keys.sort_unstable_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (position, key) in keys.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                quote(key, text);
                text.push(':');
                write(members.get(key).unwrap_or(&Value::Null), text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn whole(number: &Number) -> Result<String, NotCanonical> {
    let magnitude = number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs))
        .ok_or(NotCanonical)?;
    if magnitude > LARGEST {
        return Err(NotCanonical);
    }
    Ok(number.to_string())
}

/// A text in quotes. What `serde_json` escapes is exactly what RFC 8785 escapes.
fn quote(words: &str, text: &mut String) {
    text.push_str(&Value::from(words).to_string());
}

/// A value each of whose objects names its keys once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Self)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_and_white_space_make_no_difference() {
        let one = parse(br#"{"b":[1,-2,true,null],"a":"caf\u00e9 \"x\"\n"}"#).unwrap();
        let other =
            parse("{ \"a\" : \"café \\\"x\\\"\\n\" , \"b\" : [1, -2, true, null] }".as_bytes())
                .unwrap();

        assert_eq!(
            text(&one).unwrap(),
            "{\"a\":\"café \\\"x\\\"\\n\",\"b\":[1,-2,true,null]}"
        );
        assert_eq!(digest(&one), digest(&other));
    }

    #[test]
    fn keys_are_sorted_as_the_rfc_sorts_them() {
        // The example of RFC 8785, section 3.2.3.
        let value = parse("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}".as_bytes()).unwrap();

        let order: Vec<_> = text(&value)
            .unwrap()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();

        // "\r" 2, "1" 4, U+0080 6, ö 7, € 1, 😀 5, U+FB33 3; the key "1" itself is a digit.
        assert_eq!(order.into_iter().collect::<String>(), "21467153");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for text in [
            &br#"{"a":1,"a":2}"#[..],
            br#"{"a":{"b":1,"b":1}}"#,
            b"",
            b"{",
            b"{} {}",
            b"\xff",
        ] {
            assert_eq!(parse(text), Err(NotCanonical));
        }
    }

    #[test]
    fn a_number_that_readers_round_has_no_canonical_text() {
        for number in ["1.5", "1e300", "9007199254740992", "-9007199254740992"] {
            assert_eq!(
                text(&parse(number.as_bytes()).unwrap()),
                Err(NotCanonical),
                "{number}"
            );
        }
        assert_eq!(
            text(&parse(b"9007199254740991").unwrap()).unwrap(),
            "9007199254740991"
        );
    }

    proptest::proptest! {
        #[test]
        fn a_canonical_text_is_its_own(words in ".*", number in 0_u32.., key in "[a-z]{1,8}") {
            let value = serde_json::json!({ key: [words, number], "z": null });
            let once = text(&value).unwrap();
            assert_eq!(text(&parse(once.as_bytes()).unwrap()).unwrap(), once);
        }
    }
}
