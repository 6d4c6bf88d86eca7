//! Recovery codes: for the day on which the telephone is gone. Each opens once.
//!
//! 125 random bits, more than the 112 from which on NIST SP 800-63B asks for no slow hash. The database keeps a keyed digest.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use crate::{
    db::{Error, Tx, value::args},
    id::StaffId,
    random::Random,
    services::Services,
};

/// How many somebody gets at once.
pub(super) const COUNT: usize = 8;
/// Crockford's alphabet: no letter that is taken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 25;
const GROUP: usize = 5;

/// A code, without its hyphens.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

/// The text is not a recovery code.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recovery code")]
pub struct NotARecoveryCode;

impl RecoveryCode {
    pub(super) fn mint(random: &dyn Random) -> Self {
        let letter = |_| {
            let drawn = usize::try_from(random.below(32)).unwrap_or_default();
            ALPHABET.get(drawn).copied().map_or('0', char::from)
        };
        Self(Zeroizing::new((0..LETTERS).map(letter).collect()))
    }

    /// As people write it down: five groups of five.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups = self.0.as_bytes().chunks(GROUP);
        let groups = groups.map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join("-")
    }

    fn digest(&self, services: &Services, staff: &StaffId) -> Vec<u8> {
        let parts = [staff.as_str().as_bytes(), self.0.as_bytes()];
        services.vault.keyed_digest("staff recovery code", &parts)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode([redacted])")
    }
}

impl FromStr for RecoveryCode {
    type Err = NotARecoveryCode;

    /// Hyphens, spaces, small letters and the letters that look like digits are forgiven.
    fn from_str(text: &str) -> Result<Self, NotARecoveryCode> {
        let mut code = Zeroizing::new(String::with_capacity(LETTERS));
        for character in text.chars() {
            match character.to_ascii_uppercase() {
                'O' => code.push('0'),
                'I' | 'L' => code.push('1'),
                letter if u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte)) => {
                    code.push(letter);
                }
                '-' => {}
                other if other.is_whitespace() => {}
                _ => return Err(NotARecoveryCode),
            }
        }
        if code.len() == LETTERS {
            Ok(Self(code))
        } else {
            Err(NotARecoveryCode)
        }
    }
}

/// Puts these codes in the place of all earlier ones.
pub(super) async fn replace(
    tx: &mut Tx,
    services: &Services,
    staff: &StaffId,
    codes: &[RecoveryCode],
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM staff_recovery_codes WHERE staff_id = $1",
        args![staff],
    )
    .await?;
    for code in codes {
        tx.execute(
            "INSERT INTO staff_recovery_codes (staff_id, digest) VALUES ($1, $2)",
            args![staff, code.digest(services, staff)],
        )
        .await?;
    }
    Ok(())
}

/// Uses a code up; says whether it was one.
pub(super) async fn spend(
    tx: &mut Tx,
    services: &Services,
    staff: &StaffId,
    code: &RecoveryCode,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "DELETE FROM staff_recovery_codes WHERE staff_id = $1 AND digest = $2",
            args![staff, code.digest(services, staff)],
        )
        .await?;
    Ok(rows == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    #[test]
    fn a_code_is_read_as_it_was_written_down() {
        let code = RecoveryCode::mint(&ChaChaRandom::from_number(1));
        let written = code.grouped();

        assert_eq!(written.len(), 29);
        assert_eq!(written.to_lowercase().parse(), Ok(code.clone()));
        assert_eq!(written.replace('-', " ").parse(), Ok(code.clone()));
        assert_eq!(
            written.replace('0', "o").replace('1', "l").parse(),
            Ok(code)
        );
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in ["", "123456", "ABCDE-ABCDE-ABCDE-ABCDE-ABCDU", "ABCDE-ABCDE"] {
            assert_eq!(
                text.parse::<RecoveryCode>(),
                Err(NotARecoveryCode),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,60}") {
            if let Ok(code) = typed.parse::<RecoveryCode>() {
                assert_eq!(code.grouped().parse(), Ok(code));
            }
        }
    }
}
