//! `qliento intake-mail`: one letter to the privacy address from a mail server's pipe.
//!
//! Mail servers go by the exit code, as sendmail's sysexits.h names them: whatever may be better in an hour is 75, and the letter
//! is delivered again; 65 gives it back to its sender.

use std::{
    io::{Read, copy, sink, stdin},
    process::ExitCode,
};

use erasure::intake::{self, BEGINNING_BYTES, Incoming, LIMIT_BYTES, TakeError};

use super::open;
use crate::out;

/// `EX_DATAERR`: this letter will never be taken.
const GIVE_BACK: u8 = 65;
/// `EX_TEMPFAIL`: deliver it again.
const AGAIN: u8 = 75;

pub(super) async fn run() -> ExitCode {
    // A panic would end with a code that mail servers take for final.
    let code = match tokio::spawn(take()).await {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) if error.is::<intake::Unreadable>() => {
            out::error(&format!("{error:#}"));
            GIVE_BACK
        }
        Ok(Err(error)) => {
            out::error(&format!("{error:#}"));
            AGAIN
        }
        Err(_) => AGAIN,
    };
    ExitCode::from(code)
}

async fn take() -> anyhow::Result<()> {
    let (raw, is_whole) = tokio::task::spawn_blocking(|| read(stdin().lock())).await??;
    let (_, services) = open().await?;
    let now = services.now();
    let incoming = if is_whole {
        Incoming::new(&raw, now)
    } else {
        Incoming::beginning(&raw, now)
    };
    let taken = intake::take(&services, &incoming).await;
    services.db.close().await;
    match taken {
        Ok(taken) => {
            tracing::info!(what = taken.as_str(), "the letter is taken");
            Ok(())
        }
        Err(TakeError::Unreadable(why)) => Err(why.into()),
        Err(TakeError::Internal(error)) => Err(error.into()),
    }
}

/// The letter; of one that is too large the beginning, and the rest is read so that no mail server finds its pipe broken.
fn read(mut letter: impl Read) -> std::io::Result<(Vec<u8>, bool)> {
    let mut raw = Vec::new();
    let limit = u64::try_from(LIMIT_BYTES).unwrap_or(u64::MAX);
    letter.by_ref().take(limit + 1).read_to_end(&mut raw)?;
    if raw.len() <= LIMIT_BYTES {
        return Ok((raw, true));
    }
    copy(&mut letter, &mut sink())?;
    raw.truncate(BEGINNING_BYTES);
    Ok((raw, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_letter_that_is_too_large_the_beginning_is_kept_and_all_is_read() {
        for (bytes, kept, whole) in [
            (10, 10, true),
            (LIMIT_BYTES, LIMIT_BYTES, true),
            (LIMIT_BYTES + 1, BEGINNING_BYTES, false),
            (40 * 1024 * 1024, BEGINNING_BYTES, false),
        ] {
            let letter = vec![b'x'; bytes];
            let mut rest = letter.as_slice();

            let (raw, is_whole) = read(&mut rest).unwrap();

            assert_eq!((raw.len(), is_whole, rest.len()), (kept, whole, 0));
        }
    }
}
