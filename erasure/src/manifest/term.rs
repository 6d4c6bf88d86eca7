//! When rows end: the part of the manifest that one sweep reads.
//!
//! Each table of this product says it, so that nothing is kept for ever by being forgotten. What is tied to an organization or a
//! person goes with them besides.

use serde::{Deserialize, Serialize};

use super::{Entry, Fault, Group, draft::Draft};
use crate::db::Table;

/// When the rows of a table end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Term {
    /// So many days after the moment in a column; never while that is empty.
    After {
        /// The column.
        column: String,
        /// How many days.
        days: u32,
    },
    /// With the row that a column refers to.
    With {
        /// The table of that row.
        with: String,
        /// The column.
        through: String,
    },
    /// By code that does more than delete.
    By {
        /// The module that ends them.
        by: String,
    },
    /// Never by time.
    Never {
        /// Why that is right.
        never: String,
    },
}

/// Columns that end before their row does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emptied {
    /// The columns.
    pub columns: Vec<String>,
    /// The column whose moment they are counted from.
    pub after: String,
    /// How many days.
    pub days: u32,
}

/// What is wrong with a table's terms.
pub(super) fn faults(entry: &Entry, table: &Table, draft: &Draft) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut unfit = |why| {
        faults.push(Fault::UnfitTerm {
            table: entry.name.clone(),
            why,
        });
    };
    match &entry.term {
        None if entry.category == Group::Internal => {
            unfit("it is this product's own, and nothing says when its rows end: add `term`");
        }
        Some(Term::After { column, .. }) if !is_moment(table, column) => {
            unfit("its `term` counts from a column that is no moment");
        }
        Some(Term::With { with, through }) => {
            let parent = draft.table.iter().find(|other| other.name == *with);
            let ends = parent.is_some_and(|parent| matches!(parent.term, Some(Term::After { .. })));
            let refers = table
                .foreign_keys
                .iter()
                .any(|key| key.columns == [through.clone()] && key.to_table == *with);
            if !ends || !refers {
                unfit("its `term` is that of a row which it does not refer to, or which has none");
            }
        }
        Some(Term::Never { .. }) if !entry.personal.is_empty() => {
            unfit("it holds something personal, so it must end");
        }
        _ => {}
    }
    if entry
        .emptied
        .iter()
        .any(|emptied| !can_be_emptied(emptied, table))
    {
        unfit("it empties a column that is NOT NULL, or counts from one that is no moment");
    }
    if entry
        .secret
        .iter()
        .chain(&entry.third_party)
        .any(|column| !entry.personal.contains(column) && !entry.plain.contains(column))
    {
        unfit("what is `secret` or `third_party` must stand in `personal` or `plain`, too");
    }
    faults
}

fn is_moment(table: &Table, column: &str) -> bool {
    table
        .column(column)
        .is_some_and(|column| matches!(column.kind.as_str(), "integer" | "bigint"))
}

fn can_be_emptied(emptied: &Emptied, table: &Table) -> bool {
    let nullable = |name: &String| table.column(name).is_some_and(|column| column.nullable);
    is_moment(table, &emptied.after) && emptied.columns.iter().all(nullable)
}
