//! Clearing what SQLite leaves behind in the middle of its pages.
//!
//! `secure_delete` overwrites every cell that is deleted and every page that is freed. But a page that grows too full gives
//! cells to its neighbours, and the copies that it gave away stay where they were: in the gap between its list of cells and
//! their content, until something else needs the room. So a row can be deleted and its bytes still be in the file, in a page
//! that belongs to somebody else by now. What lies in a gap belongs to nobody; here it is overwritten.
//!
//! The format of pages: <https://www.sqlite.org/fileformat2.html>, section 1.6.

use std::ops::Range;

use super::{
    Db, Error, Source, Tx,
    pages::{Shape, page, pages, write},
};

/// Pages looked at in one go: 2 MiB, some milliseconds.
const SLICE: i64 = 512;
/// Pages overwritten in one transaction, for whose end others wait: three statements for each, some milliseconds too.
const PORTION: usize = 64;

impl Db {
    /// Overwrites the gaps of the pages before this one, or of the last ones of the file, on SQLite. Says which page it came
    /// to; `None`: there was none left.
    ///
    /// From the end to the beginning: whoever makes the file smaller meanwhile moves its last pages forward, so that one
    /// that has been seen is seen twice at worst, and none is missed.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub(crate) async fn clear_gaps(&self, before: Option<i64>) -> Result<Option<i64>, Error> {
        let shape = Shape::of(self).await?;
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
        for portion in unclear.chunks(PORTION) {
            let mut tx = self.begin().await?;
            for number in portion {
                clear(&mut tx, shape, *number).await?;
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
        write(tx, number, page).await?;
    }
    Ok(())
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
    use crate::db::value::args;

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

    proptest::proptest! {
        #[test]
        fn whatever_a_page_holds_its_gap_lies_within_it(page in proptest::collection::vec(0_u8..=255, 0..600), number in 1_i64..3) {
            if let Some(gap) = gap(&page, number) {
                assert!(gap.start <= gap.end && page.get(gap).is_some());
            }
        }
    }
}
