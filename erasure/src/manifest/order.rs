//! The order of erasing: who refers goes before who is referred to.

use std::collections::BTreeSet;

use super::{Entry, Fault, Reference};
use crate::db::{Catalog, Column, Table};

/// Sorts the tables so that each stands before every table it refers to, and gives each its primary key.
pub(super) fn leaf_to_root(tables: Vec<Entry>, catalog: &Catalog) -> Result<Vec<Entry>, Fault> {
    let mut waiting = tables;
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let referred_to: BTreeSet<&str> = waiting
            .iter()
            .filter_map(|entry| Some((entry, catalog.tables.get(&entry.name)?)))
            .flat_map(|(entry, table)| {
                table
                    .foreign_keys
                    .iter()
                    .map(|key| key.to_table.as_str())
                    .filter(|to| *to != entry.name)
            })
            .collect();
        let (held_back, free): (Vec<_>, Vec<_>) = waiting
            .iter()
            .cloned()
            .partition(|entry| referred_to.contains(entry.name.as_str()));
        if free.is_empty() {
            let tables = held_back.into_iter().map(|entry| entry.name).collect();
            return Err(Fault::Cycle { tables });
        }
        waiting = held_back;
        ordered.extend(free);
    }
    for entry in &mut ordered {
        if let Some(table) = catalog.tables.get(&entry.name) {
            entry.primary_key = table.primary_key().into_iter().map(str::to_owned).collect();
            let mut key = table
                .columns
                .iter()
                .filter(|column| column.key_position.is_some());
            entry.text_key = key.all(Column::is_text);
            entry.is_search = table.is_search;
            entry.refers_to = references(table);
            entry.referred_by = referred_by(catalog, &entry.name, &entry.primary_key);
        }
    }
    Ok(ordered)
}

/// The foreign keys that refer to a table by its primary key; `None`: one does so otherwise, or the table refers to itself.
fn referred_by(catalog: &Catalog, name: &str, primary_key: &[String]) -> Option<Vec<Reference>> {
    let tables = catalog.tables.iter();
    let references =
        tables.flat_map(|(table, it)| it.foreign_keys.iter().map(move |key| (table, key)));
    references
        .filter(|(_, key)| key.to_table == name)
        .map(|(table, key)| {
            let by_key = key.to_columns.is_empty() || key.to_columns == primary_key;
            (by_key && table != name).then(|| Reference {
                table: table.clone(),
                columns: key.columns.clone(),
            })
        })
        .collect()
}

/// The tables referred to, each once.
fn references(table: &Table) -> Vec<String> {
    let names: BTreeSet<_> = table.foreign_keys.iter().map(|key| &key.to_table).collect();
    names.into_iter().cloned().collect()
}
