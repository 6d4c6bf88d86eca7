//! What can be wrong between a manifest and a database. Each fault says what to add.

use super::Fate;

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
    #[error("table \"{table}\": the fate {} does not fit this key", .fate.as_str())]
    UnfitFate {
        /// The table.
        table: String,
        /// The fate.
        fate: Fate,
    },
    /// A view that keeps a copy of rows, which no erasure would reach.
    #[error(
        "materialized view \"{view}\" keeps a copy of rows: make it a plain view, or a table with a [[table]] of its own"
    )]
    StoredView {
        /// The view.
        view: String,
    },
    /// A plain view is named as if it stored anything.
    #[error("\"{view}\" is a view and stores nothing: remove its [[table]]")]
    View {
        /// The view.
        view: String,
    },
    /// Rows are to be deleted that cannot be told apart.
    #[error("table \"{table}\" has no primary key: add one, so that its rows can go in batches")]
    NoPrimaryKey {
        /// The table.
        table: String,
    },
    /// A key that can hold no organization or user.
    #[error(
        "column \"{table}.{column}\" is no key: ids of organizations and users are text, and it is {kind}"
    )]
    WrongKey {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type.
        kind: String,
    },
    /// A column is to be emptied that must not be empty.
    #[error(
        "column \"{table}.{column}\" cannot be detached: it is NOT NULL; allow NULL, or erase the row"
    )]
    CannotDetach {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column in which anything may stand is not searched for it.
    #[error(
        "column \"{table}.{column}\" holds JSON, in which anything may stand: name it in `personal` and in `json`"
    )]
    UnmarkedJson {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Only personal columns hold JSON or free text that matters.
    #[error(
        "column \"{table}.{column}\" is said to hold JSON or free text: name it in `personal` too"
    )]
    NotPersonal {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// JSON that cannot be walked in stretches.
    #[error(
        "table \"{table}\" holds JSON, but its primary key is not its organization and one or two texts: rows could not be \
         searched for copies of a number or an address"
    )]
    JsonOutOfReach {
        /// The table.
        table: String,
    },
    /// A contact's rows cannot be found by this key.
    #[error(
        "table \"{table}\": `contact` needs an `organization`, the fate erase and, with `through`, a reference to a table that \
         has a `contact` itself"
    )]
    UnfitContact {
        /// The table.
        table: String,
    },
    /// A name that cannot be written into a plan.
    #[error(
        "\"{name}\" cannot be erased under this name: rename it without quotation marks and dots"
    )]
    UnusableName {
        /// The table or column.
        name: String,
    },
    /// An operator's table counts as something that only the platform has.
    #[error(
        "table \"{table}\" is your own: its category is one of account, whatsapp_profiles, contacts, messages, \
         automations, analytics and media"
    )]
    UnfitCategory {
        /// The table.
        table: String,
    },
    /// Rows would be kept for ever, or end when they should not.
    #[error("table \"{table}\": {why}")]
    UnfitTerm {
        /// The table.
        table: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A column of words counts as plain.
    #[error(
        "column \"{table}.{column}\" holds the words of other columns, for a search: move it to `personal`"
    )]
    PlainWords {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Postgres keeps values of an index on an expression where no erasure reaches them.
    #[error(
        "index \"{index}\" is on an expression, and Postgres keeps samples of it: run `ALTER INDEX \"{index}\" ALTER COLUMN \
         {position} SET STATISTICS 0`, on a new index if this one was sampled already, and then `VACUUM FULL pg_statistic`"
    )]
    SampledIndex {
        /// The index.
        index: String,
        /// Which of its columns.
        position: i64,
    },
    /// Samples that are there already and that this program may not take away.
    #[error(
        "Postgres has samples of column \"{table}.{column}\", and another column, a view or the database's owner keeps this program \
         from taking them away: run, as a superuser, `DELETE FROM pg_statistic AS s USING pg_attribute AS a WHERE a.attrelid = s.starelid \
         AND a.attnum = s.staattnum AND a.attname = '{column}' AND COALESCE(pg_partition_root(a.attrelid), a.attrelid) = \
         '\"{table}\"'::regclass`, and then `VACUUM FULL pg_statistic`"
    )]
    Sampled {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The same of statistics over several columns.
    #[error(
        "statistics \"{statistics}\" keep values of rows where no erasure reaches them: drop them, or leave out the kind `mcv` and \
         expressions; then run `VACUUM FULL pg_statistic_ext_data`"
    )]
    SampledTogether {
        /// The statistics.
        statistics: String,
    },
    /// A full-text index lets words go some day only.
    #[error(
        "search index \"{index}\" keeps the words of deleted rows for a while: run `INSERT INTO \"{index}\" (\"{index}\", rank) \
         VALUES ('secure-delete', 1)` before it fills"
    )]
    Remembers {
        /// The index.
        index: String,
    },
    /// A full-text index is not told when a row goes.
    #[error(
        "search index \"{index}\" is not told when rows of \"{table}\" go: add an AFTER DELETE trigger that gives it \
         the command `delete`"
    )]
    NotTold {
        /// The index.
        index: String,
        /// The table.
        table: String,
    },
    /// A full-text index that cannot forget.
    #[error(
        "search index \"{index}\" has no content and cannot let go of words: make it anew with `content=` and the name of a table"
    )]
    Contentless {
        /// The index.
        index: String,
    },
    /// A virtual table of which nobody knows what it keeps.
    #[error(
        "virtual table \"{table}\" is of the module {module}, which may keep anything: move it to another database"
    )]
    UnknownModule {
        /// The table.
        table: String,
        /// The module.
        module: String,
    },
    /// A counter of which nobody knows what it counts.
    #[error(
        "sequence \"{sequence}\" belongs to no column: add a [[sequence]] with `keep` if it counts for everybody, or let it \
         belong to one (ALTER SEQUENCE … OWNED BY)"
    )]
    UncoveredSequence {
        /// The sequence.
        sequence: String,
    },
    /// The manifest names a sequence that the database does not have, or that belongs to a column.
    #[error(
        "sequence \"{sequence}\" does not exist or belongs to a column: remove its [[sequence]]"
    )]
    UnknownSequence {
        /// The sequence.
        sequence: String,
    },
}
