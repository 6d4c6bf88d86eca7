//! SQLite's file, page by page: the few facts of its format that this product needs.
//!
//! <https://www.sqlite.org/fileformat2.html>, section 1.8 (the pointer map). Pages are read and written through SQLite itself
//! (`sqlite_dbpage`), under its locks and through its log, never behind its back.

use super::{Db, Error, Source, Tx, value::args};

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

    /// Whether the page holds cells, by the pointer map: other kinds of pages may begin with the same byte.
    pub(super) async fn is_tree(self, source: &mut Source<'_>, number: i64) -> Result<bool, Error> {
        const ROOT: u8 = 1;
        const TREE: u8 = 5;
        if number == 1 {
            return Ok(true); // the schema
        }
        let Some(map) = self.map_of(number) else {
            return Ok(false);
        };
        let place = usize::try_from(MAP_ENTRY * (number - map - 1)).unwrap_or(usize::MAX);
        let entry = page(source, map).await?;
        let kind = entry.as_deref().and_then(|map| map.get(place));
        Ok(matches!(kind, Some(&(ROOT | TREE))))
    }

    /// The page of the pointer map that describes this page; `None`: it is one itself, or the lock's.
    fn map_of(self, number: i64) -> Option<i64> {
        let described = self.usable_bytes / MAP_ENTRY + 1;
        let lock = LOCK_BYTE / self.page_bytes + 1;
        let map = (number - 2) / described * described + 2;
        let map = if map == lock { map + 1 } else { map };
        (number > map && number != lock).then_some(map)
    }
}

pub(super) async fn pages(db: &Db, first: i64, last: i64) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    db.fetch_all(
        "-- pages
         WITH RECURSIVE wanted (number) AS (SELECT $1 UNION ALL SELECT number + 1 FROM wanted WHERE number < $2)
         SELECT p.pgno, p.data FROM wanted CROSS JOIN sqlite_dbpage AS p ON p.pgno = wanted.number",
        args![first, last],
    )
    .await
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

    #[test]
    fn the_pointer_map_is_where_the_format_says() {
        let shape = Shape {
            page_bytes: 4_096,
            usable_bytes: 4_096,
            pages: 300_000,
        };

        assert_eq!(shape.map_of(2), None);
        assert_eq!(shape.map_of(3), Some(2));
        assert_eq!(shape.map_of(821), Some(2));
        assert_eq!(shape.map_of(822), None);
        assert_eq!(shape.map_of(823), Some(822));
        assert_eq!(shape.map_of(LOCK_BYTE / 4_096 + 1), None);
    }
}
