//! How far a database has followed the ledger. The row travels with every copy of it, which is how an older one is recognized.

use sqlx::FromRow;

use super::{Noted, Tip};
use crate::{
    db::{Db, Error, Tx, value::args},
    id::RowId,
};

/// What the row says.
#[derive(Clone, Debug)]
pub(crate) struct Bookmark {
    /// The ledger's name.
    pub(crate) ledger: String,
    /// The line up to which everything has come true in this database.
    pub(crate) line: Noted,
    /// How many restores it knows of.
    pub(crate) generation: i64,
    /// Set: a copy that was put in place and may not be opened yet.
    pub(crate) restore: Option<String>,
    /// … and the backup that it came from.
    pub(crate) backup: Option<String>,
}

/// In the row of a database whose place a copy has taken.
pub(crate) const REPLACED: &str = "replaced";

impl Bookmark {
    /// Whether it is a copy that was put in place and has not caught up.
    pub(crate) fn is_copy(&self) -> bool {
        self.restore
            .as_deref()
            .is_some_and(|restore| restore != REPLACED)
    }
}

#[derive(FromRow)]
struct BookmarkRow {
    ledger: String,
    sequence: i64,
    head: String,
    generation: i64,
    restore_id: Option<String>,
    backup_id: Option<String>,
}

impl TryFrom<BookmarkRow> for Bookmark {
    type Error = Error;

    fn try_from(row: BookmarkRow) -> Result<Self, Error> {
        Ok(Self {
            ledger: row.ledger,
            line: Noted {
                sequence: row.sequence,
                head: row
                    .head
                    .parse()
                    .map_err(|_| Error::Corrupt("ledger_bookmark.head"))?,
            },
            generation: row.generation,
            restore: row.restore_id,
            backup: row.backup_id,
        })
    }
}

/// The row, if this database ever met a ledger.
pub(crate) async fn find(db: &Db) -> Result<Option<Bookmark>, Error> {
    db.fetch_optional::<BookmarkRow>(
        "-- find_bookmark
         SELECT ledger, sequence, head, generation, restore_id, backup_id FROM ledger_bookmark WHERE id = 1",
        args![],
    )
    .await?
    .map(Bookmark::try_from)
    .transpose()
}

/// Everything up to the last line has come true: the database may be opened.
pub(crate) async fn put(tx: &mut Tx, tip: &Tip) -> Result<(), Error> {
    tx.execute(
        "-- put_bookmark
         INSERT INTO ledger_bookmark (id, ledger, sequence, head, generation) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET ledger = excluded.ledger, sequence = excluded.sequence, head = excluded.head,
                                        generation = excluded.generation, restore_id = NULL, backup_id = NULL",
        args![
            tip.ledger.clone(),
            tip.sequence,
            tip.head.to_string(),
            tip.generation
        ],
    )
    .await?;
    Ok(())
}

/// Marks a copy: nobody opens it before it has caught up. Says whether there was a row to mark.
pub(crate) async fn close(db: &Db, restore: &RowId, backup: Option<&str>) -> Result<bool, Error> {
    let rows = db
        .execute(
            "-- close_database
             UPDATE ledger_bookmark SET restore_id = $1, backup_id = $2 WHERE id = 1",
            args![restore, backup],
        )
        .await?;
    Ok(rows == 1)
}
