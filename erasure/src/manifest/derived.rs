//! Holding the manifest against what is derived from rows: search indexes, samples, counters.

use std::collections::BTreeSet;

use super::{Entry, Fault, LoadError, draft::Draft};
use crate::db::{Catalog, Db, Derived, VirtualTable};

pub(super) fn faults(draft: &Draft, catalog: &Catalog) -> Vec<Fault> {
    let derived = &catalog.derived;
    let mut faults: Vec<_> = draft
        .table
        .iter()
        .flat_map(|entry| of_table(entry, catalog))
        .collect();
    for (name, table) in &derived.virtual_tables {
        faults.extend(of_virtual(name, table));
    }
    let indexes = derived.sampled_indexes.iter();
    faults.extend(indexes.map(|(index, position)| Fault::SampledIndex {
        index: index.clone(),
        position: *position,
    }));
    let together = derived.statistics.iter();
    faults.extend(together.map(|statistics| Fault::SampledTogether {
        statistics: statistics.clone(),
    }));
    faults.extend(of_sequences(draft, derived));
    faults
}

fn of_table(entry: &Entry, catalog: &Catalog) -> Vec<Fault> {
    let Some(table) = catalog.tables.get(&entry.name) else {
        return vec![];
    };
    let plain = entry.plain.iter().filter_map(|name| table.column(name));
    plain
        .filter(|column| column.is_words())
        .map(|column| Fault::PlainWords {
            table: entry.name.clone(),
            column: column.name.clone(),
        })
        .collect()
}

/// Lets Postgres keep no samples of personal columns, and forget those it has: its planner would remember what no erasure
/// reaches.
pub(super) async fn forget(entries: &[Entry], derived: &Derived, db: &Db) -> Result<(), LoadError> {
    let personal: Vec<_> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .personal
                .iter()
                .map(|column| (entry.name.clone(), column.clone()))
        })
        .filter(|place| derived.sampled.contains(place) || derived.samples.contains_key(place))
        .collect();
    if personal.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.alone().await?; // several processes may start at once
    for place in personal {
        let (table, column) = &place;
        if derived.sampled.contains(&place) {
            tx.sample_nothing_of(table, column).await?;
        }
        let Some(declared) = derived.samples.get(&place) else {
            continue;
        };
        if !tx.forget_samples_of(table, column, declared).await? {
            let (table, column) = place;
            return Err(LoadError::Faults(vec![Fault::Sampled { table, column }]));
        }
    }
    Ok(tx.commit().await?)
}

fn of_virtual(name: &str, table: &VirtualTable) -> Option<Fault> {
    let index = name.to_owned();
    match table {
        VirtualTable::Search { forgets: true }
        | VirtualTable::SearchOf {
            forgets: true,
            is_told: true,
            ..
        } => None,
        VirtualTable::SearchOf {
            table,
            is_told: false,
            ..
        } => Some(Fault::NotTold {
            index,
            table: table.clone(),
        }),
        VirtualTable::Search { .. } | VirtualTable::SearchOf { .. } => {
            Some(Fault::Remembers { index })
        }
        VirtualTable::Contentless => Some(Fault::Contentless { index }),
        VirtualTable::Other { module } => Some(Fault::UnknownModule {
            table: index,
            module: module.clone(),
        }),
    }
}

fn of_sequences(draft: &Draft, derived: &Derived) -> Vec<Fault> {
    let named: BTreeSet<_> = draft
        .sequence
        .iter()
        .map(|sequence| &sequence.name)
        .collect();
    let there: BTreeSet<_> = derived.sequences.iter().collect();
    let uncovered = there
        .difference(&named)
        .map(|name| Fault::UncoveredSequence {
            sequence: (*name).clone(),
        });
    let unknown = named.difference(&there).map(|name| Fault::UnknownSequence {
        sequence: (*name).clone(),
    });
    uncovered.chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_search_index_is_fit_or_says_what_it_needs() {
        let of = |forgets, is_told| VirtualTable::SearchOf {
            table: "articles".to_owned(),
            forgets,
            is_told,
        };
        for (table, words) in [
            (VirtualTable::Search { forgets: true }, None),
            (of(true, true), None),
            (
                VirtualTable::Search { forgets: false },
                Some("'secure-delete', 1"),
            ),
            (of(false, true), Some("'secure-delete', 1")),
            (
                of(true, false),
                Some("rows of \"articles\" go: add an AFTER DELETE"),
            ),
            (
                VirtualTable::Contentless,
                Some("make it anew with `content=`"),
            ),
            (
                VirtualTable::Other {
                    module: "rtree".to_owned(),
                },
                Some("of the module rtree"),
            ),
        ] {
            let said = of_virtual("search", &table).map(|fault| fault.to_string());
            match (&said, words) {
                (None, None) => {}
                (Some(said), Some(words)) => assert!(said.contains(words), "{said}"),
                _ => panic!("{table:?}: {said:?}"),
            }
        }
    }
}
