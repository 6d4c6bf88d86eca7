//! Clearing what SQLite leaves behind in the middle of its pages.
//!
//! `secure_delete` overwrites every cell that is deleted and every page that is freed. But a page that grows too full gives
//! cells to its neighbours, and the copies that it gave away stay where they were: in the gap between its list of cells and
//! their content, until something else needs the room. So a row can be deleted and its bytes still be in the file, in a page
//! that belongs to somebody else by now. What lies in a gap belongs to nobody; here it is overwritten.
//!
//! The format of pages: <https://www.sqlite.org/fileformat2.html>, sections 1.6 and 1.8. Pages are read and written through
//! SQLite itself (`sqlite_dbpage`), under its locks and through its log, never behind its back.

use std::ops::Range;

use super::{Db, Error, Source, Tx, value::args};

/// Pages looked at in one go: 2 MiB, some milliseconds, and never more than that in one transaction.
const SLICE: i64 = 512;
/// The page in which SQLite keeps its locks and never any data lies at this byte.
const LOCK_BYTE: i64 = 0x4000_0000;
/// Bytes of an entry of the pointer map: what a page is, and who points to it.
const MAP_ENTRY: i64 = 5;

/// The shape of this file.
#[derive(Clone, Copy)]
struct Shape {
    page_bytes: i64,
    usable_bytes: i64,
    pages: i64,
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

    /// Overwrites the gaps of the pages before this one, or of the last ones of the file, on SQLite. Says which page it came
    /// to; `None`: there was none left.
    ///
    /// From the end to the beginning: whoever makes the file smaller meanwhile moves its last pages forward, so that one
    /// that has been seen is seen twice at worst, and none is missed.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub(crate) async fn clear_gaps(&self, before: Option<i64>) -> Result<Option<i64>, Error> {
        let shape = shape(self).await?;
        let last = before.map_or(shape.pages, |page| shape.pages.min(page - 1));
        if last < 1 {
            return Ok(None);
        }
        let first = (last - SLICE + 1).max(1);
        let mut unclear = Vec::new();
        for (number, page) in pages(self, first, last).await? {
            let has_remains = gap(&page, number)
                .and_then(|gap| page.get(gap))
                .is_some_and(|gap| gap.iter().any(|byte| *byte != 0));
            if has_remains && shape.is_tree(&mut Source::Db(self), number).await? {
                unclear.push(number);
            }
        }
        if !unclear.is_empty() {
            let mut tx = self.begin().await?;
            for number in unclear {
                clear(&mut tx, shape, number).await?;
            }
            tx.commit().await?;
        }
        Ok(Some(first))
    }
}

/// Looks at the page again, under the writer's lock, and overwrites its gap.
async fn clear(tx: &mut Tx, shape: Shape, number: i64) -> Result<(), Error> {
    let mut source = Source::Tx(tx);
    if !shape.is_tree(&mut source, number).await? {
        return Ok(());
    }
    let Some(mut page) = page(&mut source, number).await? else {
        return Ok(());
    };
    if let Some(remains) = gap(&page, number).and_then(|gap| page.get_mut(gap)) {
        remains.fill(0);
        tx.execute(
            "UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2",
            args![page, number],
        )
        .await?;
    }
    Ok(())
}

impl Shape {
    /// Whether the page holds cells, by the pointer map: other kinds of pages may begin with the same byte.
    async fn is_tree(self, source: &mut Source<'_>, number: i64) -> Result<bool, Error> {
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

async fn shape(db: &Db) -> Result<Shape, Error> {
    let (page_bytes, pages): (i64, i64) = db
        .fetch_one(
            "SELECT s.page_size, c.page_count FROM pragma_page_size AS s, pragma_page_count AS c",
            vec![],
        )
        .await?;
    let first = page(&mut Source::Db(db), 1).await?;
    let reserved = first.as_deref().and_then(|header| header.get(20)).copied();
    Ok(Shape {
        page_bytes,
        usable_bytes: page_bytes - i64::from(reserved.unwrap_or_default()),
        pages,
    })
}

async fn pages(db: &Db, first: i64, last: i64) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    db.fetch_all(
        "-- pages
         WITH RECURSIVE wanted (number) AS (SELECT $1 UNION ALL SELECT number + 1 FROM wanted WHERE number < $2)
         SELECT p.pgno, p.data FROM wanted CROSS JOIN sqlite_dbpage AS p ON p.pgno = wanted.number",
        args![first, last],
    )
    .await
}

async fn page(source: &mut Source<'_>, number: i64) -> Result<Option<Vec<u8>>, Error> {
    let row: Option<(Vec<u8>,)> = source
        .optional(
            "SELECT data FROM sqlite_dbpage WHERE pgno = $1",
            args![number],
        )
        .await?;
    Ok(row.map(|(data,)| data))
}

/// The bytes between a page's list of cells and their content; `None`: this is no page with cells.
fn gap(page: &[u8], number: i64) -> Option<Range<usize>> {
    let header = if number == 1 { 100 } else { 0 }; // the file's own comes first
    let bytes_of_header = match page.get(header)? {
        2 | 5 => 12,  // an inner page of an index or a table
        10 | 13 => 8, // a leaf of one
        _ => return None,
    };
    let cells = number_at(page, header + 3)?;
    let content = match number_at(page, header + 5)? {
        0 => 65_536,
        start => start,
    };
    let begin = header + bytes_of_header + 2 * cells;
    (begin <= content && content <= page.len()).then_some(begin..content)
}

fn number_at(page: &[u8], place: usize) -> Option<usize> {
    let bytes = page.get(place..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*bytes)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    async fn open(folder: &Path) -> Db {
        let db = Db::open(&format!("sqlite:{}", folder.join("test.db").display()))
            .await
            .unwrap();
        db.execute(
            "CREATE TABLE notes (owner TEXT, id INTEGER, note TEXT, PRIMARY KEY (id, owner)) STRICT, WITHOUT ROWID",
            vec![],
        )
        .await
        .unwrap();
        db
    }

    fn copies(folder: &Path, text: &str) -> usize {
        let bytes = std::fs::read(folder.join("test.db")).unwrap();
        bytes
            .windows(text.len())
            .filter(|window| *window == text.as_bytes())
            .count()
    }

    async fn clear_all(db: &Db) {
        let mut reached = db.clear_gaps(None).await.unwrap();
        while reached.is_some() {
            reached = db.clear_gaps(reached).await.unwrap();
        }
        assert!(db.truncate_log().await.unwrap());
    }

    /// Rows of two owners, neighbours in every page, written in sizes and an order that split pages.
    async fn fill(db: &Db) {
        for number in 0..400_usize {
            for owner in ["ada", "bob"] {
                let id = i64::try_from((number * 7_919) % 400).unwrap();
                let note = format!("NOTE-{owner}-{}", "x".repeat((number * 37) % 600));
                db.execute(
                    "INSERT INTO notes VALUES ($1, $2, $3)",
                    args![owner, id, note],
                )
                .await
                .unwrap();
            }
        }
    }

    #[tokio::test]
    async fn copies_that_a_split_page_left_behind_are_overwritten_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        fill(&db).await;
        db.execute("DELETE FROM notes WHERE owner = 'ada'", vec![])
            .await
            .unwrap();
        assert!(db.truncate_log().await.unwrap());
        assert!(
            copies(folder.path(), "NOTE-ada") > 0,
            "SQLite overwrites everything by itself: this file is not needed any more"
        );

        clear_all(&db).await;

        assert_eq!(copies(folder.path(), "NOTE-ada"), 0);
        let sound: (String,) = db
            .fetch_one("PRAGMA integrity_check", vec![])
            .await
            .unwrap();
        assert_eq!(sound.0, "ok");
        let left = "SELECT count(*) FROM notes WHERE note LIKE 'NOTE-bob-%'";
        assert_eq!(db.number(left, vec![]).await.unwrap(), 400);
    }

    #[tokio::test]
    async fn a_page_that_moves_meanwhile_is_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        db.execute(
            "CREATE TABLE filler (id INTEGER PRIMARY KEY, filler BLOB)",
            vec![],
        )
        .await
        .unwrap();
        db.execute(
            "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1100)
             INSERT INTO filler (filler) SELECT zeroblob(3000) FROM number",
            vec![],
        )
        .await
        .unwrap();
        fill(&db).await;
        for sql in [
            "DELETE FROM notes WHERE owner = 'ada'",
            "DELETE FROM filler WHERE id > 20",
        ] {
            db.execute(sql, vec![]).await.unwrap();
        }

        let mut reached = db.clear_gaps(None).await.unwrap();
        while db.give_back(50).await.unwrap() > 0 {}
        while reached.is_some() {
            reached = db.clear_gaps(reached).await.unwrap();
        }

        assert!(db.truncate_log().await.unwrap());
        assert_eq!(copies(folder.path(), "NOTE-ada"), 0);
    }

    #[tokio::test]
    async fn a_file_without_remains_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        fill(&db).await;
        clear_all(&db).await;
        let before = pages_of(folder.path());

        clear_all(&db).await;

        assert!(before == pages_of(folder.path()));
    }

    /// The file, without the two counters that SQLite keeps in its header for its own use.
    fn pages_of(folder: &Path) -> Vec<u8> {
        let mut bytes = std::fs::read(folder.join("test.db")).unwrap();
        bytes[24..28].fill(0);
        bytes[92..96].fill(0);
        bytes
    }

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

    proptest::proptest! {
        #[test]
        fn whatever_a_page_holds_its_gap_lies_within_it(page in proptest::collection::vec(0_u8..=255, 0..600), number in 1_i64..3) {
            if let Some(gap) = gap(&page, number) {
                assert!(gap.start <= gap.end && page.get(gap).is_some());
            }
        }
    }
}
