//! The live catalog: what the database really holds, not what the code believes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sqlx::FromRow;
use tokio::sync::Mutex;

use super::{Backend, Db, Derived, Error, Pools, VirtualTable};

/// Every table of the database by name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The tables, without the database's and the migrations' own.
    pub tables: BTreeMap<String, Table>,
    /// The views: they store nothing.
    pub views: BTreeSet<String>,
    /// The views that keep a copy of what they show.
    pub stored_views: BTreeSet<String>,
    /// What is derived from rows and kept beside them.
    pub derived: Derived,
}

/// A table as the database describes it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// What it refers to.
    pub foreign_keys: Vec<ForeignKey>,
    /// Whether it stands in the archive's schema, where normal statements do not reach.
    pub is_apart: bool,
    /// Whether it is a full-text index that holds texts of its own: it has no key but the number of a row.
    pub is_search: bool,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its position in the primary key, from 1; `None` outside.
    pub key_position: Option<i64>,
    /// Its type as the database calls it, in small letters.
    pub kind: String,
    /// Whether it may be empty.
    pub nullable: bool,
}

impl Column {
    /// Whether it holds text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind == "text"
    }

    /// Whether it holds JSON, in which anything may stand.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.kind.as_str(), "json" | "jsonb")
    }

    /// Whether it holds the words of other columns, for a search.
    #[must_use]
    pub fn is_words(&self) -> bool {
        self.kind == "tsvector"
    }
}

/// A reference to another table.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The columns on this side, in order.
    pub columns: Vec<String>,
    /// The table referred to.
    pub to_table: String,
    /// The columns there; none: its primary key.
    pub to_columns: Vec<String>,
}

impl Table {
    /// The primary key's columns in their order.
    #[must_use]
    pub fn primary_key(&self) -> Vec<&str> {
        if self.is_search {
            return vec!["rowid"];
        }
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
        self.column(column).is_some()
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[derive(FromRow)]
struct ColumnRow {
    table_name: String,
    name: String,
    key_position: i64,
    kind: String,
    nullable: bool,
    is_apart: bool,
}

#[derive(FromRow)]
struct ViewRow {
    name: String,
    is_stored: bool,
}

#[derive(FromRow)]
struct ReferenceRow {
    table_name: String,
    id: i64,
    column_name: String,
    to_table: String,
    to_column: Option<String>,
}

/// The catalog as it was read last, by the number that SQLite gives a schema when it changes.
pub(super) type KnownCatalog = Mutex<Option<(i64, Arc<Catalog>)>>;

impl Db {
    /// The live catalog, for whoever asks for it again and again: SQLite says whether its schema has changed since it was read,
    /// Postgres is read each time.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) async fn present_catalog(&self) -> Result<Arc<Catalog>, Error> {
        let Pools::Sqlite { catalog, .. } = &self.pools else {
            return Ok(Arc::new(self.catalog().await?));
        };
        let version = "SELECT schema_version FROM pragma_schema_version";
        let version = self.number(version, vec![]).await?;
        let mut known = catalog.lock().await;
        if let Some((_, catalog)) = known.as_ref().filter(|(read, _)| *read == version) {
            return Ok(Arc::clone(catalog));
        }
        let catalog = Arc::new(self.catalog().await?);
        *known = Some((version, Arc::clone(&catalog)));
        Ok(catalog)
    }

    /// Reads the live catalog: what tables, columns and references really exist.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub async fn catalog(&self) -> Result<Catalog, Error> {
        let (columns, references, views) = match self.backend() {
            Backend::Sqlite => (SQLITE_COLUMNS, SQLITE_REFERENCES, SQLITE_VIEWS),
            Backend::Postgres => (POSTGRES_COLUMNS, POSTGRES_REFERENCES, POSTGRES_VIEWS),
        };
        let mut catalog = Catalog::default();
        catalog.add_columns(self.fetch_all(columns, vec![]).await?);
        catalog.add_references(self.fetch_all(references, vec![]).await?);
        catalog.add_views(self.fetch_all(views, vec![]).await?);
        catalog.add_derived(self.derived().await?);
        Ok(catalog)
    }
}

/// What a virtual table keeps in tables of its own is that table's.
const SQLITE_COLUMNS: &str = "-- catalog_columns
    SELECT l.name AS table_name, c.name AS name, c.pk AS key_position, lower(c.type) AS kind,
           c.\"notnull\" = 0 AS nullable, FALSE AS is_apart
    FROM   pragma_table_list AS l JOIN pragma_table_info(l.name) AS c
    WHERE  l.schema = 'main' AND l.type IN ('table', 'virtual')
      AND  l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND l.name <> '_sqlx_migrations'
    ORDER  BY l.name, c.cid";

const SQLITE_REFERENCES: &str = "-- catalog_references
    SELECT m.name AS table_name, f.id AS id, f.\"from\" AS column_name, f.\"table\" AS to_table, f.\"to\" AS to_column
    FROM   sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
    WHERE  m.type = 'table'
    ORDER  BY m.name, f.id, f.seq";

/// Partitions are their parent's storage, not tables of their own. The archive's schema is looked at like our own.
const POSTGRES_COLUMNS: &str = "-- catalog_columns
    SELECT c.relname::text AS table_name, a.attname::text AS name,
           COALESCE(array_position(k.indkey::smallint[], a.attnum) + 1, 0)::bigint AS key_position,
           format_type(a.atttypid, NULL) AS kind, NOT a.attnotnull AS nullable,
           c.relnamespace::regnamespace::text = 'qliento_archive' AS is_apart
    FROM   pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           LEFT JOIN pg_index AS k ON k.indrelid = c.oid AND k.indisprimary
    WHERE  c.relnamespace::regnamespace::text IN (quote_ident(current_schema()), 'qliento_archive') AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
      AND  c.relname <> '_sqlx_migrations'
    ORDER  BY c.relname, a.attnum";

const POSTGRES_REFERENCES: &str = "-- catalog_references
    SELECT c.relname::text AS table_name, f.oid::bigint AS id, a.attname::text AS column_name, t.relname::text AS to_table,
           r.attname::text AS to_column
    FROM   pg_constraint AS f JOIN pg_class AS c ON c.oid = f.conrelid JOIN pg_class AS t ON t.oid = f.confrelid
           CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (attnum, to_attnum, place)
           JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
           JOIN pg_attribute AS r ON r.attrelid = t.oid AND r.attnum = k.to_attnum
    WHERE  f.contype = 'f' AND f.conparentid = 0
      AND  c.relnamespace::regnamespace::text IN (quote_ident(current_schema()), 'qliento_archive') AND NOT c.relispartition
    ORDER  BY c.relname, f.oid, k.place";

const SQLITE_VIEWS: &str = "-- catalog_views
    SELECT name, FALSE AS is_stored FROM sqlite_master WHERE type = 'view'";

const POSTGRES_VIEWS: &str = "-- catalog_views
    SELECT relname::text AS name, relkind = 'm' AS is_stored
    FROM   pg_class
    WHERE  relnamespace::regnamespace::text IN (quote_ident(current_schema()), 'qliento_archive') AND relkind IN ('v', 'm')";

impl Catalog {
    fn add_columns(&mut self, rows: Vec<ColumnRow>) {
        for row in rows {
            let table = self.tables.entry(row.table_name).or_default();
            table.is_apart = row.is_apart;
            table.columns.push(Column {
                name: row.name,
                key_position: (row.key_position > 0).then_some(row.key_position),
                kind: row.kind,
                nullable: row.nullable,
            });
        }
    }

    fn add_references(&mut self, rows: Vec<ReferenceRow>) {
        let mut last = None;
        for row in rows {
            let Some(table) = self.tables.get_mut(&row.table_name) else {
                continue;
            };
            let this = (row.table_name, row.id);
            if last.as_ref() == Some(&this) {
                if let Some(key) = table.foreign_keys.last_mut() {
                    key.columns.push(row.column_name);
                    key.to_columns.extend(row.to_column);
                }
            } else {
                table.foreign_keys.push(ForeignKey {
                    columns: vec![row.column_name],
                    to_table: row.to_table,
                    to_columns: row.to_column.into_iter().collect(),
                });
            }
            last = Some(this);
        }
    }

    /// An index that holds texts is a table like any other; one that only points to rows of another has none.
    fn add_derived(&mut self, derived: Derived) {
        for (name, kind) in &derived.virtual_tables {
            let Some(table) = self.tables.get_mut(name) else {
                continue;
            };
            if matches!(kind, VirtualTable::Search { .. }) {
                table.is_search = true;
                for column in &mut table.columns {
                    "text".clone_into(&mut column.kind); // whatever was written, words are taken from it
                }
            } else {
                self.tables.remove(name);
            }
        }
        self.derived = derived;
    }

    fn add_views(&mut self, rows: Vec<ViewRow>) {
        for view in rows {
            if view.is_stored {
                self.stored_views.insert(view.name);
            } else {
                self.views.insert(view.name);
            }
        }
    }
}
