//! Doing once more, on a copy, what was confirmed and done since it was made: by the same engine, under the same ids, so that
//! people's links and references go on working.

use crate::{
    account::{self, Again},
    db::{Error, value::args},
    hold, job,
    ledger::{Case, compare::Difference},
    services::Services,
};

/// Lets go of erasures that a legal hold keeps waiting in the copy, though they had ended: the hold had, before. Meta had been
/// asked by then, and is not asked twice.
pub(super) async fn let_go(services: &Services, gone: &[Case]) -> Result<(), Error> {
    let now = services.now();
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    for case in gone {
        let rows = tx
            .execute(
                "-- let_ended_erasure_go
                 UPDATE erasures SET state = 'waiting', starts_at = $1 WHERE id = $2 AND state = 'held'",
                args![now, &case.erasure],
            )
            .await?;
        if rows == 1 {
            hold::release_cancelled(&mut tx, &case.erasure).await?;
            job::move_to(&mut tx, case.erasure.as_str(), now).await?;
        }
        account::leave_meta_alone(&mut tx, &case.erasure).await?;
    }
    tx.commit().await
}

/// Confirms every erasure again that the copy has never heard of; says how many of those that had ended, and of those that
/// had not, concern somebody who is in the copy.
pub(super) async fn replay(
    services: &Services,
    difference: &Difference,
) -> Result<(usize, usize), Error> {
    let (mut erased, mut confirmed) = (0, 0);
    for case in &difference.erased {
        erased += usize::from(account::confirm_again(services, case, Again::Ended).await?);
        fail::fail_point!("restore::replaying");
    }
    for case in &difference.confirmed {
        confirmed += usize::from(account::confirm_again(services, case, Again::Begun).await?);
    }
    Ok((erased, confirmed))
}
