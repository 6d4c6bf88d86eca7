//! One search for many erasures: the tables that belong to no organization are gone through as a whole, however few texts are
//! looked for, and they grow with every erasure that there ever was. So whoever searches them does it for others that are
//! ready as well, and notes in their step when nothing was found. Where anything is found, each searches for itself.

use std::{collections::BTreeMap, time::Duration};

use super::Work;
use crate::{
    db::{
        Catalog, Db, Error, Statement, Value,
        value::{args, places},
    },
    engine::{identifiers, read_back::Seen, store, text_search::TextSearch},
    id::ErasureId,
    services::Services,
    time::Timestamp,
};

/// How far along the line others are looked for: their turn comes while the search is fresh.
const NEXT: i64 = 100;
/// Texts in one search: a statement with many more arguments takes longer to bind than to run.
const TEXTS: usize = 600;
/// What the step of an erasure says for which another has searched; behind it stands when.
const SEARCHED: &str = "searched";
/// How old that search may be.
const FRESH: Duration = Duration::from_mins(1);

/// Looks for the texts in the tables that belong to no organization, unless another erasure has done so.
pub(super) async fn search(
    work: &Work<'_>,
    catalog: &Catalog,
    texts: &[String],
    seen: &mut Seen,
) -> Result<(), Error> {
    let alone = TextSearch {
        services: work.services,
        catalog,
        erasures: &[&work.erasure.id],
        texts,
    };
    if was_searched(work) {
        alone.note_nothing(seen);
        return Ok(());
    }
    let others = others(work, texts.len()).await?;
    if others.is_empty() || !found_nothing(&alone, &others).await? {
        return alone.run(None, seen).await;
    }
    alone.note_nothing(seen);
    Ok(())
}

/// Searches for all of them at once; where nothing is found, that is noted for the others.
async fn found_nothing(
    alone: &TextSearch<'_>,
    others: &BTreeMap<ErasureId, Vec<String>>,
) -> Result<bool, Error> {
    let services = alone.services;
    let own = alone.erasures.iter().copied();
    let texts = alone.texts.iter().chain(others.values().flatten());
    let together = TextSearch {
        services,
        catalog: alone.catalog,
        erasures: &own.chain(others.keys()).collect::<Vec<_>>(),
        texts: &texts.cloned().collect::<Vec<_>>(),
    };
    let (began, mut seen) = (services.now(), Seen::default());
    together.run(None, &mut seen).await?;
    let is_nothing = seen.found_in.is_empty();
    if is_nothing {
        note_searched(services, others.keys(), began).await?;
    }
    Ok(is_nothing)
}

fn was_searched(work: &Work<'_>) -> bool {
    let [what, at] = work.step.reached.as_slice() else {
        return false;
    };
    let at = at.parse().map(Timestamp::from_millis);
    what == SEARCHED && at.is_ok_and(|at| work.services.now().since(at) < FRESH)
}

/// Other erasures that are ready to be searched for, with their texts: as many as one search bears.
async fn others(work: &Work<'_>, own: usize) -> Result<BTreeMap<ErasureId, Vec<String>>, Error> {
    let services = work.services;
    let ready = ready_to_read_back(&services.db, &work.erasure.id).await?;
    let known = identifiers::texts_of(services, &ready).await?;
    let mut count = own;
    let fitting = known.into_iter().take_while(|(_, texts)| {
        count += texts.len();
        count <= TEXTS
    });
    Ok(fitting.collect())
}

/// Of those whose turn is next, the others whose rows are gone and for which nobody has searched; none that was ever reopened.
async fn ready_to_read_back(db: &Db, but: &ErasureId) -> Result<Vec<ErasureId>, Error> {
    let rows: Vec<(String,)> = db
        .fetch_all(
            "-- ready_to_read_back
             SELECT v.erasure_id
             FROM   (SELECT subject FROM jobs WHERE kind = 'erasure' AND done_at IS NULL AND parked_at IS NULL
                     ORDER BY due_at, id LIMIT $2) AS next
                    JOIN erasure_steps AS v ON v.erasure_id = next.subject
             WHERE  v.erasure_id <> $1 AND v.stage = 'verify' AND v.done_at IS NULL AND v.reached IS NULL AND v.reopened = 0
               AND  NOT EXISTS (SELECT 1 FROM erasure_steps AS s
                                WHERE s.erasure_id = v.erasure_id AND s.done_at IS NULL AND s.stage NOT IN ('scrub', 'verify', 'receipt'))
             ORDER  BY v.erasure_id",
            args![but, NEXT],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| ErasureId::stored(id))
        .collect())
}

/// Notes in the read-back of these erasures that another has searched for them. One that was reopened since, or whose row
/// another worker holds just now, does it for itself.
async fn note_searched<'e>(
    services: &Services,
    erasures: impl Iterator<Item = &'e ErasureId>,
    at: Timestamp,
) -> Result<(), Error> {
    let db = &services.db;
    let when = at.as_millis().to_string();
    let mut args = args![store::key(&[SEARCHED.to_owned(), when])?];
    args.extend(erasures.map(Value::from));
    let text = format!(
        "-- note_searched
         UPDATE erasure_steps SET reached = $1
         WHERE  (erasure_id, position) IN (SELECT erasure_id, position FROM erasure_steps
                                           WHERE  stage = 'verify' AND done_at IS NULL AND reached IS NULL AND reopened = 0
                                             AND  erasure_id IN ({}) {})",
        places(2, args.len() - 1),
        db.backend().stepping_over_locked()
    );
    db.execute(Statement::from_checked_names(text), args)
        .await?;
    Ok(())
}
