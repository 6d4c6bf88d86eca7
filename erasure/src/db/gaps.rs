//! Clearing what SQLite leaves behind in the middle of its pages.
//!
//! `secure_delete` overwrites every cell that is deleted and every page that is freed. But a page that grows too full gives
//! cells to its neighbours, and the copies that it gave away stay where they were: in the gap between its list of cells and
//! their content, until something else needs the room. So a row can be deleted and its bytes still be in the file, in a page
//! that belongs to somebody else by now. What lies in a gap belongs to nobody; here it is overwritten.
//!
//! SQLite itself looks: a page that came here to be looked at would cost ten times what looking does.
//!
//! The format of pages: <https://www.sqlite.org/fileformat2.html>, section 1.6.

use super::{
    Db, Error, Statement, Value,
    pages::{Shape, is_tree},
    value::{args, places},
};

/// Pages looked at in one go: 2 MiB, some milliseconds.
const SLICE: i64 = 512;
/// Pages overwritten in one transaction, for whose end others wait: some milliseconds at most.
const PORTION: usize = 64;

/// Where the header of a page begins: on the first one, the file's own comes before.
const HEADER: &str = "CASE pgno WHEN 1 THEN 100 ELSE 0 END";

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
        let unclear = self.unclear(shape, first, last).await?;
        for portion in unclear.chunks(PORTION) {
            self.clear(shape, portion).await?;
        }
        Ok(Some(first))
    }

    /// The pages of this stretch in whose gaps anything is left. The limits say nothing but keep the inner selects apart, each of
    /// which is worked out once for a page: a page that is asked for again is copied again.
    async fn unclear(&self, shape: Shape, first: i64, last: i64) -> Result<Vec<i64>, Error> {
        let Gap { begin, end } = Gap::of_page();
        let text = format!(
            "-- unclear_pages
             WITH RECURSIVE
                 wanted (number) AS (SELECT $4 UNION ALL SELECT number + 1 FROM wanted WHERE number < $5),
                 page AS (SELECT pgno, data FROM wanted CROSS JOIN sqlite_dbpage ON pgno = number LIMIT {SLICE}),
                 gap (pgno, data, starts, ends) AS (SELECT pgno, data, {begin}, {end} FROM page LIMIT {SLICE})
             SELECT pgno FROM gap WHERE {} AND {}",
            holds_anything("starts", "ends"),
            is_tree("gap.pgno")
        );
        let mut args = known(shape);
        args.extend(args![first, last]);
        let rows: Vec<(i64,)> = self
            .fetch_all(Statement::from_checked_names(text), args)
            .await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Overwrites the gaps of these pages: each is looked at again, under the writer's lock.
    async fn clear(&self, shape: Shape, numbers: &[i64]) -> Result<(), Error> {
        let Gap { begin, end } = Gap::of_page();
        let text = format!(
            "-- clear_pages
             UPDATE sqlite_dbpage SET data = {} WHERE pgno IN ({}) AND {} AND {}",
            filled_with_nothing(&begin, &end),
            places(4, numbers.len()),
            holds_anything(&begin, &end),
            is_tree("sqlite_dbpage.pgno")
        );
        let mut args = known(shape);
        args.extend(numbers.iter().copied().map(Value::from));
        self.execute(Statement::from_checked_names(text), args)
            .await?;
        Ok(())
    }
}

/// What all these statements know: the shape of the file, and every byte there is.
fn known(shape: Shape) -> Vec<Value> {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    shape.args().into_iter().chain([bytes.into()]).collect()
}

/// The bytes between a page's list of cells and their content, in SQL about `pgno` and `data`.
struct Gap {
    /// How many bytes stand before it; NULL: this is no page with cells.
    begin: String,
    /// How many to its end.
    end: String,
}

impl Gap {
    fn of_page() -> Self {
        let kind = format!("substr(data, {HEADER} + 1, 1)");
        // An inner page of an index or a table, or a leaf of one.
        let bytes_of_header = format!(
            "CASE WHEN {kind} IN (x'02', x'05') THEN 12 WHEN {kind} IN (x'0a', x'0d') THEN 8 END"
        );
        let (cells, content) = (number_at(3), number_at(5));
        Self {
            begin: format!("({HEADER} + {bytes_of_header} + 2 * {cells})"),
            end: format!("COALESCE(NULLIF({content}, 0), 65536)"),
        }
    }
}

/// Whether anything is left in the gap that begins and ends there.
fn holds_anything(begin: &str, end: &str) -> String {
    format!(
        "{begin} < {end} AND {end} <= length(data) AND substr(data, {begin} + 1, {end} - {begin}) <> zeroblob({end} - {begin})"
    )
}

/// The page with nothing in its gap.
fn filled_with_nothing(begin: &str, end: &str) -> String {
    format!(
        "CAST(substr(data, 1, {begin}) || zeroblob({end} - {begin}) || substr(data, {end} + 1) AS BLOB)"
    )
}

/// The number in the two bytes at this place of a page's header. A byte is told by its place among all of them (`$3`): SQLite
/// has no other way to say which it is.
fn number_at(place: u32) -> String {
    let byte = |place| format!("instr($3, substr(data, {HEADER} + {place} + 1, 1))");
    format!("(256 * {} + {} - 257)", byte(place), byte(place + 1))
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

    /// The gap of a page by the format's own words; [`Gap`] says the same in SQL.
    fn gap(page: &[u8], number: i64) -> Option<(usize, usize)> {
        let number_at = |place: usize| {
            let bytes = page.get(place..)?.first_chunk::<2>()?;
            Some(usize::from(u16::from_be_bytes(*bytes)))
        };
        let header = if number == 1 { 100 } else { 0 };
        let bytes_of_header = match page.get(header)? {
            2 | 5 => 12,
            10 | 13 => 8,
            _ => return None,
        };
        let begin = header + bytes_of_header + 2 * number_at(header + 3)?;
        let end = match number_at(header + 5)? {
            0 => 65_536,
            content => content,
        };
        (begin < end && end <= page.len()).then_some((begin, end))
    }

    #[tokio::test]
    async fn the_gap_of_any_page_is_found_and_nothing_but_it_is_overwritten() {
        use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        let kinds = prop::sample::select(vec![2_u8, 5, 10, 13, 0]);
        let pages = (
            kinds,
            0_u8..3,
            prop::collection::vec(0_u8..=255, 112..1_400),
            1_i64..3,
        );
        let mut runner = TestRunner::deterministic();
        let mut gaps = 0;
        for _ in 0..512 {
            let (kind, small, mut page, number) = pages.new_tree(&mut runner).unwrap().current();
            let header = if number == 1 { 100 } else { 0 };
            page[header] = kind;
            page[header + 3] = 0; // few cells, or hardly any page would have a gap
            page[header + 5] = small;
            let Gap { begin, end } = Gap::of_page();
            let asked = format!(
                "SELECT {}, {} FROM (SELECT $1 AS pgno, $2 AS data)",
                holds_anything(&begin, &end),
                filled_with_nothing(&begin, &end)
            );
            let args = args![number, page.clone(), (0..=u8::MAX).collect::<Vec<u8>>()];
            let (is_unclear, cleared): (Option<bool>, Option<Vec<u8>>) = db
                .fetch_one(Statement::from_checked_names(asked), args)
                .await
                .unwrap();

            let Some((begin, end)) = gap(&page, number) else {
                assert!(!is_unclear.unwrap_or_default());
                continue;
            };
            gaps += 1;
            let is_clear = page[begin..end].iter().all(|byte| *byte == 0);
            assert_eq!(is_unclear, Some(!is_clear));
            page[begin..end].fill(0);
            assert_eq!(cleared, Some(page));
        }
        assert!(gaps > 100);
    }
}
