//! SQLite's file, page by page: the few facts of its format that this product needs.
//!
//! <https://www.sqlite.org/fileformat2.html>, section 1.8 (the pointer map). Pages are read and written through SQLite itself
//! (`sqlite_dbpage`), under its locks and through its log, never behind its back.

use super::{Db, Error, Source, Tx, Value, value::args};

/// The page in which SQLite keeps its locks and never any data lies at this byte.
const LOCK_BYTE: i64 = 0x4000_0000;
/// Bytes of an entry of the pointer map: what a page is, and who points to it.
const MAP_ENTRY: i64 = 5;

/// The shape of this file.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    page_bytes: i64,
    usable_bytes: i64,
    pub(super) pages: i64,
}

impl Db {
    /// How many pages SQLite's file has.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn pages(&self) -> Result<u32, Error> {
        let pages = self
            .number("SELECT page_count FROM pragma_page_count", vec![])
            .await?;
        Ok(u32::try_from(pages).unwrap_or(u32::MAX))
    }
}

impl Shape {
    pub(super) async fn of(db: &Db) -> Result<Self, Error> {
        let (page_bytes, pages): (i64, i64) = db
            .fetch_one(
                "SELECT s.page_size, c.page_count FROM pragma_page_size AS s, pragma_page_count AS c",
                vec![],
            )
            .await?;
        let first = page(&mut Source::Db(db), 1).await?;
        let reserved = first.as_deref().and_then(|header| header.get(20)).copied();
        Ok(Self {
            page_bytes,
            usable_bytes: page_bytes - i64::from(reserved.unwrap_or_default()),
            pages,
        })
    }

    /// What [`is_tree`] has places for, `$1` and `$2`: how far apart two pages of the pointer map are, and the lock's page.
    pub(super) fn args(self) -> Vec<Value> {
        args![
            self.usable_bytes / MAP_ENTRY + 1,
            LOCK_BYTE / self.page_bytes + 1
        ]
    }
}

/// Whether a page holds cells, by the pointer map: other kinds of pages may begin with the same byte. A root of a tree is 1
/// there, and any other page of it 5. `number` is what the statement calls the page's number.
pub(super) fn is_tree(number: &str) -> String {
    let map = map_of(number);
    format!(
        "({number} = 1 OR ({number} <> $2 AND (SELECT substr(map.data, {MAP_ENTRY} * ({number} - map.pgno - 1) + 1, 1)
                                               FROM   sqlite_dbpage AS map
                                               WHERE  map.pgno = {map} AND map.pgno < {number}) IN (x'01', x'05')))"
    )
}

/// The page of the pointer map that describes this page, or that this page is. The lock's page is none: the next one is.
fn map_of(page: &str) -> String {
    let map = format!("(({page} - 2) / $1 * $1 + 2)");
    format!("({map} + ({map} = $2))")
}

pub(super) async fn page(source: &mut Source<'_>, number: i64) -> Result<Option<Vec<u8>>, Error> {
    let row: Option<(Vec<u8>,)> = source
        .optional(
            "SELECT data FROM sqlite_dbpage WHERE pgno = $1",
            args![number],
        )
        .await?;
    Ok(row.map(|(data,)| data))
}

/// Writes a page, under the lock of this transaction.
pub(super) async fn write(tx: &mut Tx, number: i64, bytes: Vec<u8>) -> Result<(), Error> {
    tx.execute(
        "UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2",
        args![bytes, number],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Statement;

    #[tokio::test]
    async fn the_pointer_map_is_where_the_format_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let db = Db::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap();
        let shape = Shape {
            page_bytes: 4_096,
            usable_bytes: 4_096,
            pages: 300_000,
        };
        let lock = LOCK_BYTE / 4_096 + 1;
        let described = 820;
        let maps_before_lock = (lock - 2) / described;
        for (page, map) in [
            (2, 2),
            (3, 2),
            (821, 2),
            (822, 822),
            (823, 822),
            (lock, maps_before_lock * described + 2),
        ] {
            let mut args = shape.args();
            args.push(Value::from(page));
            let asked = format!("SELECT {}", map_of("$3"));
            let found = db.number(Statement::from_checked_names(asked), args);
            assert_eq!(found.await.unwrap(), map, "{page}");
        }
    }
}
