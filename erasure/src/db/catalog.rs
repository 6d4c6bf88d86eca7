//! The live catalog: what the database really holds, not what the code believes.

use std::collections::BTreeMap;

use sqlx::{FromRow, SqlitePool};

use super::Error;

/// Every table of the database by name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The tables, without SQLite's and the migrations' own.
    pub tables: BTreeMap<String, Table>,
}

/// A table as the database describes it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// What it refers to.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its position in the primary key, from 1; `None` outside.
    pub key_position: Option<i64>,
}

/// A reference to another table.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The columns on this side, in order.
    pub columns: Vec<String>,
    /// The table referred to.
    pub to_table: String,
}

impl Table {
    /// The primary key's columns in their order.
    #[must_use]
    pub fn primary_key(&self) -> Vec<&str> {
        let mut key: Vec<_> = self
            .columns
            .iter()
            .filter_map(|column| Some((column.key_position?, column.name.as_str())))
            .collect();
        key.sort_unstable();
        key.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether there is a column of that name.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known.name == column)
    }
}

#[derive(FromRow)]
struct ColumnRow {
    table_name: String,
    name: String,
    key_position: i64,
}

#[derive(FromRow)]
struct ReferenceRow {
    table_name: String,
    id: i64,
    column_name: String,
    to_table: String,
}

pub(super) async fn read(readers: &SqlitePool) -> Result<Catalog, Error> {
    let columns: Vec<ColumnRow> = sqlx::query_as(
        "-- catalog_columns
         SELECT m.name AS table_name, c.name AS name, c.pk AS key_position
         FROM   sqlite_master AS m JOIN pragma_table_info(m.name) AS c
         WHERE  m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '_sqlx_migrations'
         ORDER  BY m.name, c.cid",
    )
    .fetch_all(readers)
    .await?;
    let references: Vec<ReferenceRow> = sqlx::query_as(
        "-- catalog_references
         SELECT m.name AS table_name, f.id AS id, f.\"from\" AS column_name, f.\"table\" AS to_table
         FROM   sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
         WHERE  m.type = 'table'
         ORDER  BY m.name, f.id, f.seq",
    )
    .fetch_all(readers)
    .await?;
    Ok(assemble(columns, references))
}

fn assemble(columns: Vec<ColumnRow>, references: Vec<ReferenceRow>) -> Catalog {
    let mut catalog = Catalog::default();
    for row in columns {
        catalog
            .tables
            .entry(row.table_name)
            .or_default()
            .columns
            .push(Column {
                name: row.name,
                key_position: (row.key_position > 0).then_some(row.key_position),
            });
    }
    let mut last = None;
    for row in references {
        let Some(table) = catalog.tables.get_mut(&row.table_name) else {
            continue;
        };
        let this = (row.table_name, row.id);
        if last.as_ref() == Some(&this) {
            if let Some(key) = table.foreign_keys.last_mut() {
                key.columns.push(row.column_name);
            }
        } else {
            table.foreign_keys.push(ForeignKey {
                columns: vec![row.column_name],
                to_table: row.to_table,
            });
        }
        last = Some(this);
    }
    catalog
}
