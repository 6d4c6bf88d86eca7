//! Holding the manifest against the live catalog. Every difference is found at once and says what to add.

use std::collections::BTreeSet;

use super::{Entry, Fate, draft::Draft};
use crate::db::{Catalog, ForeignKey, Table};

/// A difference between the manifest and the database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The database has a table that the manifest does not name.
    #[error(
        "table \"{table}\" is not covered: add a [[table]] with its category, keys, personal and plain columns"
    )]
    UncoveredTable {
        /// The table.
        table: String,
    },
    /// The manifest names a table that the database does not have.
    #[error("table \"{table}\" does not exist: correct its name, or remove its [[table]]")]
    UnknownTable {
        /// The table.
        table: String,
    },
    /// The manifest names a table twice.
    #[error("table \"{table}\" is named twice: join the two")]
    TableTwice {
        /// The table.
        table: String,
    },
    /// A column is neither personal nor plain.
    #[error("column \"{table}.{column}\" is not covered: add it to `personal` or to `plain`")]
    UncoveredColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The manifest names a column that the table does not have.
    #[error("column \"{table}.{column}\" does not exist: correct its name, or remove it")]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column is named twice.
    #[error("column \"{table}.{column}\" is named twice: it is either personal or plain")]
    ColumnTwice {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Nothing says what becomes of the table's rows.
    #[error("table \"{table}\" has no fate: add `organization`, `user` or `keep`")]
    NoFate {
        /// The table.
        table: String,
    },
    /// Rows refer to an organization or user, but no key says what becomes of them when it goes.
    #[error(
        "\"{table}.{column}\" refers to {to_table}: add a key for it, or its rows would stand in the way"
    )]
    UncoveredReference {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it refers to.
        to_table: String,
    },
    /// Tables refer to each other in a circle.
    #[error("tables {tables:?} refer to each other in a circle: no order of erasing exists")]
    Cycle {
        /// The tables.
        tables: Vec<String>,
    },
    /// A fate that cannot be carried out on such a key.
    #[error("table \"{table}\": the fate {fate:?} does not fit this key")]
    UnfitFate {
        /// The table.
        table: String,
        /// The fate.
        fate: Fate,
    },
}

pub(super) fn faults(draft: &Draft, catalog: &Catalog) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut named = BTreeSet::new();
    for entry in &draft.table {
        if !named.insert(entry.name.as_str()) {
            faults.push(Fault::TableTwice {
                table: entry.name.clone(),
            });
        }
        match catalog.tables.get(&entry.name) {
            None => faults.push(Fault::UnknownTable {
                table: entry.name.clone(),
            }),
            Some(table) => {
                columns(entry, table, &mut faults);
                keys(entry, table, &mut faults);
            }
        }
    }
    for remote in &draft.remote {
        if !named.contains(remote.table.as_str()) {
            faults.push(Fault::UnknownTable {
                table: remote.table.clone(),
            });
        }
    }
    let uncovered = catalog
        .tables
        .keys()
        .filter(|table| !named.contains(table.as_str()));
    faults.extend(uncovered.map(|table| Fault::UncoveredTable {
        table: table.clone(),
    }));
    faults
}

fn columns(entry: &Entry, table: &Table, faults: &mut Vec<Fault>) {
    let fault = |column: &str| (entry.name.clone(), column.to_owned());
    let mut named = BTreeSet::new();
    for column in entry.personal.iter().chain(&entry.plain) {
        if !named.insert(column.as_str()) {
            let (table, column) = fault(column);
            faults.push(Fault::ColumnTwice { table, column });
        }
    }
    let keys = entry
        .organization
        .iter()
        .chain(&entry.user)
        .map(|key| key.column.as_str());
    for column in named
        .iter()
        .copied()
        .chain(keys)
        .filter(|column| !table.has(column))
    {
        let (table, column) = fault(column);
        faults.push(Fault::UnknownColumn { table, column });
    }
    for column in table
        .columns
        .iter()
        .filter(|column| !named.contains(column.name.as_str()))
    {
        let (table, column) = fault(&column.name);
        faults.push(Fault::UncoveredColumn { table, column });
    }
}

fn keys(entry: &Entry, table: &Table, faults: &mut Vec<Fault>) {
    if entry.organization.is_none() && entry.user.is_empty() && entry.keep.is_none() {
        faults.push(Fault::NoFate {
            table: entry.name.clone(),
        });
    }
    let unfit = entry
        .organization
        .iter()
        .filter(|key| key.fate == Fate::Detach)
        .map(|key| key.fate);
    let unfit = unfit.chain(
        entry
            .user
            .iter()
            .filter(|key| key.fate == Fate::Archive)
            .map(|key| key.fate),
    );
    faults.extend(unfit.map(|fate| Fault::UnfitFate {
        table: entry.name.clone(),
        fate,
    }));
    for reference in table
        .foreign_keys
        .iter()
        .filter(|reference| !is_covered(entry, reference))
    {
        faults.push(Fault::UncoveredReference {
            table: entry.name.clone(),
            column: reference.columns.join(", "),
            to_table: reference.to_table.clone(),
        });
    }
}

/// Whether the rows behind this reference go when what they refer to goes.
fn is_covered(entry: &Entry, reference: &ForeignKey) -> bool {
    let has = |column: &String| reference.columns.contains(column);
    match reference.to_table.as_str() {
        "organizations" => entry
            .organization
            .as_ref()
            .is_some_and(|key| has(&key.column)),
        "users" => entry.user.iter().any(|key| has(&key.column)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::Column,
        manifest::{LoadError, Manifest},
    };

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        for (name, columns, refers_to) in [
            ("organizations", vec!["id", "name"], None),
            (
                "contacts",
                vec!["organization_id", "id", "name"],
                Some(("organization_id", "organizations")),
            ),
        ] {
            catalog.tables.insert(
                name.to_owned(),
                Table {
                    columns: columns
                        .into_iter()
                        .map(|name| Column {
                            name: name.to_owned(),
                            key_position: None,
                            is_text: true,
                        })
                        .collect(),
                    foreign_keys: refers_to
                        .into_iter()
                        .map(|(column, to)| ForeignKey {
                            columns: vec![column.to_owned()],
                            to_table: to.to_owned(),
                        })
                        .collect(),
                },
            );
        }
        catalog
    }

    const ORGANIZATIONS: &str = r#"
        [[table]]
        name = "organizations"
        category = "account"
        organization = { column = "id", fate = "erase" }
        personal = ["name"]
        plain = ["id"]
    "#;
    const CONTACTS: &str = r#"
        [[table]]
        name = "contacts"
        category = "contacts"
        organization = { column = "organization_id", fate = "erase" }
        personal = ["name"]
        plain = ["organization_id", "id"]
    "#;

    fn messages(text: &str) -> Vec<String> {
        match Manifest::read(text, &catalog()) {
            Ok(_) => vec![],
            Err(LoadError::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
            Err(other) => vec![other.to_string()],
        }
    }

    #[test]
    fn a_manifest_that_covers_everything_is_ordered_leaf_to_root() {
        let manifest = Manifest::read(&[ORGANIZATIONS, CONTACTS].concat(), &catalog()).unwrap();

        let names: Vec<_> = manifest
            .tables()
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(names, ["contacts", "organizations"]);
    }

    #[test]
    fn a_table_that_nobody_added_stops_the_start_by_name() {
        assert!(messages(ORGANIZATIONS)[0].starts_with("table \"contacts\" is not covered"));
    }

    #[test]
    fn a_column_that_nobody_classified_stops_the_start_by_name() {
        let text = [ORGANIZATIONS, &CONTACTS.replace("[\"name\"]", "[]")].concat();

        assert!(messages(&text)[0].starts_with("column \"contacts.name\" is not covered"));
    }

    #[test]
    fn a_typo_a_double_and_a_missing_fate_are_each_named() {
        let typo = [ORGANIZATIONS, &CONTACTS.replace("[\"name\"]", "[\"nmae\"]")].concat();
        let twice = [ORGANIZATIONS, CONTACTS, CONTACTS].concat();
        let nothing = [
            ORGANIZATIONS,
            &CONTACTS.replace(
                "organization = { column = \"organization_id\", fate = \"erase\" }",
                "",
            ),
        ]
        .concat();

        assert!(
            messages(&typo)
                .iter()
                .any(|line| line.starts_with("column \"contacts.nmae\" does not exist"))
        );
        assert!(
            messages(&twice)
                .iter()
                .any(|line| line.starts_with("table \"contacts\" is named twice"))
        );
        assert!(
            messages(&nothing)
                .iter()
                .any(|line| line.starts_with("table \"contacts\" has no fate"))
        );
        assert!(
            messages(&nothing)
                .iter()
                .any(|line| line.contains("refers to organizations"))
        );
        assert!(messages("[[tabel]]")[0].starts_with("the manifest file is not understood"));
    }

    #[test]
    fn tables_in_a_circle_have_no_order() {
        let mut catalog = catalog();
        let organizations = catalog.tables.get_mut("organizations").unwrap();
        organizations.foreign_keys.push(ForeignKey {
            columns: vec!["name".to_owned()],
            to_table: "contacts".to_owned(),
        });

        let read = Manifest::read(&[ORGANIZATIONS, CONTACTS].concat(), &catalog);

        assert!(
            matches!(read, Err(LoadError::Faults(faults)) if matches!(faults[..], [Fault::Cycle { .. }]))
        );
    }
}
