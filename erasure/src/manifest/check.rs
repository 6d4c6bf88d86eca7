//! Holding the manifest against the live catalog. Every difference is found at once.

use std::collections::BTreeSet;

use super::{Entry, Fate, Fault, draft::Draft, term};
use crate::db::{Catalog, Column, ForeignKey, Table};

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
            None if catalog.views.contains(&entry.name) => faults.push(Fault::View {
                view: entry.name.clone(),
            }),
            None => faults.push(Fault::UnknownTable {
                table: entry.name.clone(),
            }),
            Some(table) => {
                columns(entry, table, &mut faults);
                keys(entry, table, &mut faults);
                fates(entry, table, &mut faults);
                contacts(entry, draft, table, &mut faults);
                copies(entry, table, &mut faults);
                faults.extend(term::faults(entry, table, draft));
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
    let stored = catalog.stored_views.iter();
    faults.extend(stored.map(|view| Fault::StoredView { view: view.clone() }));
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
    let keys = entry.keys().map(|key| key.column.as_str());
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
    let json = table.columns.iter().filter(|column| column.is_json());
    for column in json.filter(|column| !entry.json.contains(&column.name)) {
        let (table, column) = fault(&column.name);
        faults.push(Fault::UnmarkedJson { table, column });
    }
    let written = named.iter().copied().chain([entry.name.as_str()]);
    faults.extend(
        written
            .filter(|name| name.contains(['"', '.']))
            .map(|name| Fault::UnusableName {
                name: name.to_owned(),
            }),
    );
}

fn keys(entry: &Entry, table: &Table, faults: &mut Vec<Fault>) {
    if entry.organization.is_none() && entry.user.is_empty() && entry.keep.is_none() {
        faults.push(Fault::NoFate {
            table: entry.name.clone(),
        });
    }
    let is_kept_whole = entry.organization.is_none() && entry.user.is_empty();
    if !is_kept_whole && table.primary_key().is_empty() {
        faults.push(Fault::NoPrimaryKey {
            table: entry.name.clone(),
        });
    }
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

/// Whether each fate can be carried out on its key.
fn fates(entry: &Entry, table: &Table, faults: &mut Vec<Fault>) {
    let is_unfit = |fate, of_user: bool| match fate {
        Fate::Erase => false,
        Fate::Archive => of_user || entry.is_own,
        Fate::Anonymize => entry.is_own,
        Fate::Detach => !of_user,
    };
    let keys = entry.organization.iter().map(|key| (key, false));
    for (key, of_user) in keys.chain(entry.user.iter().map(|key| (key, true))) {
        if is_unfit(key.fate, of_user) {
            faults.push(Fault::UnfitFate {
                table: entry.name.clone(),
                fate: key.fate,
            });
        }
        let Some(column) = table.column(&key.column) else {
            continue;
        };
        let (name, column_name) = (entry.name.clone(), key.column.clone());
        if !column.is_text() {
            faults.push(Fault::WrongKey {
                table: name,
                column: column_name,
                kind: column.kind.clone(),
            });
        } else if key.fate == Fate::Detach && !column.nullable {
            faults.push(Fault::CannotDetach {
                table: name,
                column: column_name,
            });
        }
    }
    if entry.is_own && entry.category.category().is_none() {
        faults.push(Fault::UnfitCategory {
            table: entry.name.clone(),
        });
    }
}

/// Whether a contact's rows can be found: they are an organization's, and what they go through is referred to and has a
/// contact itself.
fn contacts(entry: &Entry, draft: &Draft, table: &Table, faults: &mut Vec<Fault>) {
    let Some(key) = &entry.contact else {
        return;
    };
    let leads_to_contact = |through: &str| {
        let refers = table.foreign_keys.iter().any(|reference| {
            reference.to_table == through && reference.columns.contains(&key.column)
        });
        let mut named = draft.table.iter().filter(|other| other.name == through);
        refers && named.any(|other| other.contact.is_some() && other.name != entry.name)
    };
    let is_found = key.through.as_deref().is_none_or(leads_to_contact);
    if entry.organization.is_none() || key.fate != Fate::Erase || !is_found {
        faults.push(Fault::UnfitContact {
            table: entry.name.clone(),
        });
    }
}

/// Whether copies of identifiers can be found in what holds them: personal columns, walked by the primary key.
fn copies(entry: &Entry, table: &Table, faults: &mut Vec<Fault>) {
    let said = entry.json.iter().chain(&entry.free_text);
    faults.extend(
        said.filter(|column| !entry.personal.contains(column))
            .map(|column| Fault::NotPersonal {
                table: entry.name.clone(),
                column: column.clone(),
            }),
    );
    let key = table.primary_key();
    let is_walked = entry
        .organization
        .as_ref()
        .is_some_and(|owner| key.first() == Some(&owner.column.as_str()) && key.len() > 1);
    let is_text = |name: &&str| table.column(name).is_some_and(Column::is_text);
    let is_reached = is_walked && key.iter().all(is_text);
    if !entry.json.is_empty() && !is_reached {
        faults.push(Fault::JsonOutOfReach {
            table: entry.name.clone(),
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
        "contacts" => entry.contact.iter().any(|key| has(&key.column)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{LoadError, Manifest};

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
                            key_position: (name == "id").then_some(1),
                            kind: "text".to_owned(),
                            nullable: false,
                        })
                        .collect(),
                    is_search: false,
                    foreign_keys: refers_to
                        .into_iter()
                        .map(|(column, to)| ForeignKey {
                            columns: vec![column.to_owned()],
                            to_table: to.to_owned(),
                            to_columns: vec![],
                        })
                        .collect(),
                    is_apart: false,
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
    fn what_could_not_be_erased_is_named_before_anything_is() {
        let mut catalog = catalog();
        let contacts = catalog.tables.get_mut("contacts").unwrap();
        contacts.columns[1].key_position = None;
        contacts.columns[2].kind = "jsonb".to_owned();
        catalog.views.insert("everybody".to_owned());
        catalog.stored_views.insert("totals".to_owned());
        let changed = CONTACTS
            .replace("personal = [\"name\"]", "personal = []")
            .replace("plain = [", "plain = [\"name\", ")
            .replace(
                "organization = { column = \"organization_id\"",
                "user = [{ column = \"organization_id\", fate = \"detach\" }]\norganization = { column = \"name\"",
            );
        let view =
            "[[table]]\nname = \"everybody\"\ncategory = \"contacts\"\npersonal = []\nplain = []";

        let Err(LoadError::Faults(faults)) =
            Manifest::read(&[ORGANIZATIONS, &changed, view].concat(), &catalog)
        else {
            panic!("it was taken");
        };

        let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
        for begins in [
            "table \"contacts\" has no primary key",
            "column \"contacts.name\" holds JSON",
            "column \"contacts.name\" is no key: ids of organizations and users are text, and it is jsonb",
            "column \"contacts.organization_id\" cannot be detached: it is NOT NULL",
            "\"contacts.organization_id\" refers to organizations",
            "\"everybody\" is a view",
            "materialized view \"totals\" keeps a copy",
        ] {
            assert!(
                said.iter().any(|line| line.starts_with(begins)),
                "{begins}: {said:#?}"
            );
        }
    }

    #[test]
    fn copies_and_contacts_that_could_not_be_found_are_named() {
        let changed = CONTACTS.replace(
            "personal = [\"name\"]",
            "contact = { column = \"id\", through = \"organizations\", fate = \"erase\" }\njson = [\"name\", \"id\"]\n        personal = [\"name\"]",
        );

        let said = messages(&[ORGANIZATIONS, &changed].concat());

        for begins in [
            "table \"contacts\": `contact` needs",
            "column \"contacts.id\" is said to hold JSON",
            "table \"contacts\" holds JSON, but its primary key",
        ] {
            assert!(
                said.iter().any(|line| line.starts_with(begins)),
                "{begins}: {said:#?}"
            );
        }
    }

    #[test]
    fn tables_in_a_circle_have_no_order() {
        let mut catalog = catalog();
        let organizations = catalog.tables.get_mut("organizations").unwrap();
        organizations.foreign_keys.push(ForeignKey {
            columns: vec!["name".to_owned()],
            to_table: "contacts".to_owned(),
            to_columns: vec![],
        });

        let organizations = ORGANIZATIONS.replace(
            "personal = [\"name\"]",
            "contact = { column = \"name\", fate = \"erase\" }\npersonal = [\"name\"]",
        );

        let read = Manifest::read(&[&organizations, CONTACTS].concat(), &catalog);

        assert!(
            matches!(read, Err(LoadError::Faults(faults)) if matches!(faults[..], [Fault::Cycle { .. }]))
        );
    }
}
