//! What the database derives from rows and keeps beside them: words in search indexes, samples for its planner, counters.
//!
//! None of it is a row that somebody could delete, and all of it can still say what was in one.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::{Backend, Db, Error, Statement, Tx, value::args};

/// What is derived from rows.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// `SQLite`'s virtual tables.
    pub virtual_tables: BTreeMap<String, VirtualTable>,
    /// Postgres's columns of which values are sampled for the planner, as table and column.
    pub sampled: BTreeSet<(String, String)>,
    /// Postgres's columns of which there are samples, as table and column, and the column's type as it is declared.
    pub samples: BTreeMap<(String, String), String>,
    /// Postgres's indexes on expressions of which values are sampled or were, as index and position.
    pub sampled_indexes: BTreeSet<(String, i64)>,
    /// Postgres's statistics over several columns that keep values.
    pub statistics: BTreeSet<String>,
    /// Postgres's sequences that belong to no column.
    pub sequences: BTreeSet<String>,
}

/// A table that a module keeps in tables of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VirtualTable {
    /// A full-text index that keeps the texts as well.
    Search {
        /// Whether words go from it with their row, and not some day later.
        forgets: bool,
    },
    /// A full-text index of another table's texts.
    SearchOf {
        /// The table.
        table: String,
        /// Whether words go from it with their row.
        forgets: bool,
        /// Whether a trigger tells it that a row went.
        is_told: bool,
    },
    /// A full-text index that no longer knows which words were whose.
    Contentless,
    /// Whatever another module keeps.
    Other {
        /// The module.
        module: String,
    },
}

/// Where Postgres keeps samples.
pub(super) const SAMPLES_RELATION: &str = "pg_catalog.pg_statistic";

#[derive(FromRow)]
struct VirtualRow {
    name: String,
    definition: String,
}

const VIRTUAL: &str = "-- virtual_tables
    SELECT m.name AS name, m.sql AS definition
    FROM   pragma_table_list AS l JOIN sqlite_master AS m ON m.name = l.name AND m.type = 'table'
    WHERE  l.schema = 'main' AND l.type = 'virtual'
    ORDER  BY m.name";

/// A partition's column may be told otherwise than its table's.
const SAMPLED: &str = "-- sampled_columns
    SELECT DISTINCT r.relname::text, a.attname::text
    FROM   pg_class AS c JOIN pg_class AS r ON r.oid = COALESCE(pg_partition_root(c.oid), c.oid)
           JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE  c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND  COALESCE(a.attstattarget, -1) <> 0
    ORDER  BY 1, 2";

/// What is sampled no more is still remembered as it was last.
const SAMPLES: &str = "-- samples
    SELECT DISTINCT r.relname::text, a.attname::text,
           format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation IN (0, t.typcollation) THEN ''
               ELSE ' COLLATE ' || a.attcollation::regcollation::text END
    FROM   pg_stats AS s JOIN pg_class AS c ON c.relname = s.tablename AND c.relnamespace = current_schema()::regnamespace
           JOIN pg_class AS r ON r.oid = COALESCE(pg_partition_root(c.oid), c.oid)
           JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = s.attname JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE  s.schemaname = current_schema() AND r.relkind IN ('r', 'p')
    ORDER  BY 1, 2";

const SAMPLED_INDEXES: &str = "-- sampled_expressions
    SELECT i.relname::text, a.attnum::bigint
    FROM   pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
           JOIN pg_attribute AS a ON a.attrelid = i.oid AND a.attnum > 0
    WHERE  i.relnamespace = current_schema()::regnamespace AND x.indkey[a.attnum - 1] = 0
      AND  (COALESCE(a.attstattarget, -1) <> 0
            OR EXISTS (SELECT 1 FROM pg_stats AS s
                       WHERE  s.schemaname = current_schema() AND s.tablename = i.relname AND s.attname = a.attname))
    ORDER  BY 1, 2";

const STATISTICS: &str = "-- statistics_with_values
    SELECT stxname::text FROM pg_statistic_ext
    WHERE  stxnamespace = current_schema()::regnamespace AND (stxkind && ARRAY['m', 'e']::\"char\"[])
    ORDER  BY 1";

const SEQUENCES: &str = "-- free_sequences
    SELECT c.relname::text FROM pg_class AS c
    WHERE  c.relkind = 'S' AND c.relnamespace = current_schema()::regnamespace
      AND  NOT EXISTS (SELECT 1 FROM pg_depend AS d
                       WHERE  d.classid = 'pg_class'::regclass AND d.objid = c.oid
                         AND  d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
    ORDER  BY 1";

impl Db {
    /// Reads what is derived from rows.
    pub(super) async fn derived(&self) -> Result<Derived, Error> {
        let mut derived = Derived::default();
        if self.backend() == Backend::Sqlite {
            for VirtualRow { name, definition } in self.fetch_all(VIRTUAL, vec![]).await? {
                let table = self.virtual_table(&name, &definition).await?;
                derived.virtual_tables.insert(name, table);
            }
            return Ok(derived);
        }
        let names = |rows: Vec<(String,)>| rows.into_iter().map(|(name,)| name).collect();
        derived.sampled = self.fetch_all(SAMPLED, vec![]).await?.into_iter().collect();
        let samples: Vec<(String, String, String)> = self.fetch_all(SAMPLES, vec![]).await?;
        let samples = samples.into_iter();
        derived.samples = samples
            .map(|(table, column, declared)| ((table, column), declared))
            .collect();
        let indexes = self.fetch_all(SAMPLED_INDEXES, vec![]).await?;
        derived.sampled_indexes = indexes.into_iter().collect();
        derived.statistics = names(self.fetch_all(STATISTICS, vec![]).await?);
        derived.sequences = names(self.fetch_all(SEQUENCES, vec![]).await?);
        Ok(derived)
    }

    async fn virtual_table(&self, name: &str, definition: &str) -> Result<VirtualTable, Error> {
        let Some(options) = full_text(definition) else {
            let module = module(definition).to_owned();
            return Ok(VirtualTable::Other { module });
        };
        let content = option(options, "content");
        if content.as_deref() == Some("") {
            return Ok(VirtualTable::Contentless);
        }
        let set = format!(
            "SELECT count(*) FROM \"{name}_config\" WHERE k = 'secure-delete' AND CAST(v AS INTEGER) = 1"
        );
        let forgets = self
            .number(Statement::from_checked_names(set), vec![])
            .await?
            > 0;
        let Some(table) = content else {
            return Ok(VirtualTable::Search { forgets });
        };
        let is_told = self
            .number(
                "-- trigger_on_delete
                 SELECT count(*) FROM sqlite_master
                 WHERE  type = 'trigger' AND tbl_name = $1 AND instr(upper(sql), ' DELETE ') > 0 AND instr(sql, $2) > 0",
                args![table.as_str(), name],
            )
            .await?
            > 0;
        Ok(VirtualTable::SearchOf {
            table,
            forgets,
            is_told,
        })
    }
}

impl Tx {
    /// Lets Postgres keep no samples of this column's values for its planner, from the next `ANALYZE` on.
    pub(crate) async fn sample_nothing_of(
        &mut self,
        table: &str,
        column: &str,
    ) -> Result<(), Error> {
        let text = format!("ALTER TABLE \"{table}\" ALTER COLUMN \"{column}\" SET STATISTICS 0");
        self.execute(Statement::from_checked_names(text), vec![])
            .await?;
        Ok(())
    }

    /// Takes away what samples of this column Postgres has, by giving it the type that it has; says whether that is allowed.
    /// The samples' bytes stay in the file until that is written anew, which is noted for the next erasure.
    pub(crate) async fn forget_samples_of(
        &mut self,
        table: &str,
        column: &str,
        declared: &str,
    ) -> Result<bool, Error> {
        let owned: Option<(String,)> = self
            .fetch_optional(
                "-- owned_database
                 SELECT datname::text FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')",
                vec![],
            )
            .await?;
        if owned.is_none() {
            return Ok(false); // nobody else may write the catalog anew
        }
        let text = format!("ALTER TABLE \"{table}\" ALTER COLUMN \"{column}\" TYPE {declared}");
        match self
            .execute(Statement::from_checked_names(text), vec![])
            .await
        {
            Err(error) if error.is_unsupported() => return Ok(false), // another column or a view is made of it
            altered => altered?,
        };
        self.execute(
            "-- owe_rewrite
             INSERT INTO storage_rewrites (relation, began_at, horizon) VALUES ($1, 0, 0)
             ON CONFLICT (relation) DO UPDATE SET began_at = 0, horizon = 0",
            args![SAMPLES_RELATION],
        )
        .await?;
        Ok(true)
    }
}

/// The module's name in `CREATE VIRTUAL TABLE … USING module(…)`.
fn module(definition: &str) -> &str {
    let words = definition.to_ascii_lowercase();
    let Some(at) = words.find(" using ") else {
        return "";
    };
    let rest = definition.get(at + " using ".len()..).unwrap_or_default();
    rest.split(['(', ' '])
        .find(|word| !word.is_empty())
        .unwrap_or_default()
}

/// What stands between the brackets, when it is SQLite's full-text module of today.
fn full_text(definition: &str) -> Option<&str> {
    let (_, options) = definition.split_once('(')?;
    module(definition)
        .eq_ignore_ascii_case("fts5")
        .then(|| options.trim_end().trim_end_matches(')'))
}

/// An option's value without its quotation marks.
fn option(options: &str, name: &str) -> Option<String> {
    options.split(',').find_map(|option| {
        let (key, value) = option.split_once('=')?;
        let quotes = ['\'', '"', '`', '[', ']'];
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches(quotes).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_table_is_known_by_its_module_and_where_its_texts_are() {
        let index = "CREATE VIRTUAL TABLE \"search\" USING FTS5 (title, body, content = 'articles', tokenize=\"porter ascii\")";
        assert_eq!(module(index), "FTS5");
        let options = full_text(index).unwrap();
        assert_eq!(option(options, "content").unwrap(), "articles");
        assert_eq!(option(options, "content_rowid"), None);

        let contentless = full_text("create virtual table a using fts5(b, content='')").unwrap();
        assert_eq!(option(contentless, "content").unwrap(), "");
        assert_eq!(
            full_text("CREATE VIRTUAL TABLE a USING rtree(id, x, y)"),
            None
        );
        assert_eq!(
            module("CREATE VIRTUAL TABLE a USING rtree(id, x, y)"),
            "rtree"
        );
    }
}
