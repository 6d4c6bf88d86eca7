//! Codes that people read out, retype and quote: 32 characters of which no two can be mistaken for each other (Crockford's
//! alphabet, five bits each).

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One character for each byte, of which five bits are used.
pub(crate) fn spell(bytes: &[u8]) -> String {
    let symbol = |byte: &u8| {
        ALPHABET
            .get(usize::from(byte % 32))
            .copied()
            .unwrap_or(b'0')
    };
    bytes.iter().map(symbol).map(char::from).collect()
}

/// The same code as it was spelled, whichever case it was typed in, and with O for 0 or I and L for 1; `None`: there is
/// something else in it.
pub(crate) fn read(typed: &str) -> Option<String> {
    typed
        .chars()
        .map(|character| match character.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            upper => u8::try_from(upper)
                .is_ok_and(|byte| ALPHABET.contains(&byte))
                .then_some(upper),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spelled_is_read_however_it_is_typed() {
        let code = spell(&[0, 1, 31, 32, 255, 18, 19, 20]);

        assert_eq!(code, "01Z0ZJKM");
        assert_eq!(read("o1zOzjkm").as_deref(), Some("01Z0ZJKM"));
        assert_eq!(read("0lZ0ZJKM").as_deref(), Some("01Z0ZJKM"));
        for wrong in ["0-1", "U", "é", "0 1", "０"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_code_reads_back(bytes in proptest::collection::vec(0_u8..=255, 0..40)) {
            let code = spell(&bytes);
            assert_eq!(read(&code.to_lowercase()), Some(code));
        }
    }
}
