//! Tables of which there is nothing: of a small organization most.

use std::collections::BTreeSet;

use super::{
    super::inventory::{Target, by_subject},
    expected,
};
use crate::{
    db::{Error, Source, Tx},
    engine::{count::numbers, owned::Owned, step::Step},
    manifest::{Key, Manifest},
};

/// Steps for which there is no row: of a small organization most. They are asked for all at once, when the first of them is met
/// for which none was counted.
#[derive(Default)]
pub(super) struct Empty(Option<BTreeSet<i64>>);

impl Empty {
    /// Whether there is nothing for this step to take, as far as that is known.
    pub(super) async fn has(
        &mut self,
        tx: &mut Tx,
        (manifest, targets): (&Manifest, &[Target<'_>]),
        (step, key): (&Step, &Key),
    ) -> Result<bool, Error> {
        if expected(key, step) > 0 || step.erased > 0 {
            return Ok(false);
        }
        let positions = match self.0.take() {
            Some(positions) => positions,
            None => without_rows(tx, manifest, targets).await?,
        };
        Ok(self.0.insert(positions).contains(&step.position))
    }
}

async fn without_rows(
    tx: &mut Tx,
    manifest: &Manifest,
    targets: &[Target<'_>],
) -> Result<BTreeSet<i64>, Error> {
    let mut empty = BTreeSet::new();
    let found_by_key = targets
        .iter()
        .copied()
        .filter(|(_, (entry, ..))| !entry.is_search);
    for group in by_subject(found_by_key) {
        let (mut asked, mut args) = (Vec::new(), Vec::new());
        for (entry, key) in group.owned {
            let owned = Owned::by(manifest, entry, key, group.subject);
            asked.push(format!(
                "SELECT count(*) FROM (SELECT 1 FROM \"{}\" WHERE {} LIMIT 1) AS found",
                entry.name, owned.condition
            ));
            args = owned.args; // the same for each
        }
        let rows = numbers(&mut Source::Tx(tx), "", &asked, args).await?;
        let found = group.positions.into_iter().zip(rows);
        empty.extend(
            found
                .filter(|(_, rows)| *rows == 0)
                .map(|(position, _)| position),
        );
    }
    Ok(empty)
}
