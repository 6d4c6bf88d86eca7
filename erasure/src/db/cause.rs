//! What to say of a database that fails: to the log in its own words, to whoever watches in ours.

use super::Error;

/// What the database said, in its own words, for the log; it never contains values.
pub(crate) fn cause(error: &Error) -> String {
    match error {
        Error::Sqlx(sqlx::Error::Database(database)) => format!("{error}: {}", database.message()),
        Error::Sqlx(other) => format!("{error}: {other}"),
        Error::Corrupt(_) | Error::Vault(_) => error.to_string(),
    }
}

/// Why a job waits, in words that an operator can act on and that are the same for each such failure.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the driver has many errors, and operators can act on a few"
)]
pub(crate) fn reason(error: &Error) -> &'static str {
    let Error::Sqlx(error) = error else {
        return "a stored value cannot be read";
    };
    match error {
        sqlx::Error::Database(database) => {
            of_code(&database.code().unwrap_or_default()).unwrap_or("the database failed")
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::PoolClosed => "the connection to the database was lost",
        sqlx::Error::PoolTimedOut => "no connection to the database was free",
        _ => "the database failed",
    }
}

/// By SQLite's primary result code, which is a number, or Postgres's five characters:
/// <https://www.sqlite.org/rescode.html>, <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn of_code(code: &str) -> Option<&'static str> {
    if code.len() == 5 && !code.starts_with("00") {
        return match code {
            "55P03" | "40P01" => Some("another program holds a lock in the database"),
            "53100" => Some("the database's disk is full"),
            "25006" => Some("the database is read-only"),
            "57P01" | "57P02" | "57P03" => Some("the connection to the database was lost"),
            _ if code.starts_with("08") => Some("the connection to the database was lost"),
            _ => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xff {
        5 | 6 => Some("another program holds a lock in the database"),
        8 => Some("the database is read-only"),
        10 => Some("the database's disk does not answer as it should"),
        13 => Some("the database's disk is full"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_operator_can_act_on_is_told_apart() {
        for (code, words) in [
            ("5", "holds a lock"),
            ("261", "holds a lock"),
            ("55P03", "holds a lock"),
            ("13", "is full"),
            ("53100", "is full"),
            ("1032", "is read-only"),
            ("25006", "is read-only"),
            ("57P01", "was lost"),
            ("08006", "was lost"),
            ("4874", "does not answer"),
        ] {
            assert!(
                of_code(code).is_some_and(|said| said.contains(words)),
                "{code}"
            );
        }
        assert_eq!((of_code("19"), of_code("23505")), (None, None));
        assert_eq!(
            reason(&Error::Sqlx(sqlx::Error::WorkerCrashed)),
            "the connection to the database was lost"
        );
    }
}
