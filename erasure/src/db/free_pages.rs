//! Giving SQLite's free pages back to the file system.
//!
//! `incremental_vacuum` takes the last page off the file. When that is a free one it looks for it in the list of free pages,
//! from the front: where very many were freed in any order, that takes time that grows with their square. So a long list is
//! sorted first: the pages at the end of the file stand at its front, and each is found at once.
//!
//! The list's format: <https://www.sqlite.org/fileformat2.html>, section 1.5. A trunk page holds the number of the next trunk
//! and the numbers of many leaves; nothing else is in any of them, and their order means nothing to SQLite.

use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};

use super::{
    Db, Error, Pools, Source, Tx,
    pages::{page, write},
};

/// Where the file's header has the number of the first trunk; the number of free pages stands behind it.
const FIRST_TRUNK: usize = 32;
const FREE: usize = 36;
/// Where it has the bytes at the end of each page that SQLite leaves alone.
const RESERVED: usize = 20;
/// A list of fewer pages is searched quickly, in whatever order it is.
const LONG_LIST: i64 = 4_096;
/// Pages of one portion at most: half of what SQLite holds in memory before it writes into its log what is about to vanish.
const PORTION: i64 = 256;

impl Db {
    /// Puts SQLite's list of free pages in order when it is long, so that they can be given back. Whoever wants to write waits
    /// for it: some 20 ms for half a gigabyte of free pages.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub(crate) async fn sort_free_pages(&self) -> Result<(), Error> {
        let Pools::Sqlite { writer, .. } = &self.pools else {
            return Ok(());
        };
        if free(&mut *writer.acquire().await?).await? < LONG_LIST {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let Some(mut header) = page(&mut Source::Tx(&mut tx), 1).await? else {
            return Ok(());
        };
        let Some(mut numbers) = listed(&mut tx, &header).await? else {
            return Ok(()); // no list that this code understands: SQLite's own way is slow and right
        };
        numbers.sort_unstable_by(|one, other| other.cmp(one));
        let Some(first) = rewrite(&mut tx, &numbers, leaves_of_trunk(&header)).await? else {
            return Ok(());
        };
        put(&mut header, FIRST_TRUNK, first);
        write(&mut tx, 1, header).await?;
        tx.commit().await
    }

    /// Gives some of SQLite's free pages back to the file system, no more than this many; says how many are left. Whoever wants
    /// to write waits for it. On Postgres none ever are.
    ///
    /// # Errors
    /// When a statement fails.
    pub(crate) async fn give_back(&self, pages: i64) -> Result<i64, Error> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => portion(writer, pages.min(PORTION)).await,
            Pools::Postgres { .. } => Ok(0),
        }
    }
}

/// The numbers of all free pages, trunks and leaves, in their order; `None`: they are not as many as the header says.
async fn listed(tx: &mut Tx, header: &[u8]) -> Result<Option<Vec<u32>>, Error> {
    let free = number_at(header, FREE).and_then(|free| usize::try_from(free).ok());
    let mut numbers = Vec::new();
    let mut next = number_at(header, FIRST_TRUNK).filter(|trunk| *trunk > 0);
    while let Some(trunk) = next {
        let Some(bytes) = page(&mut Source::Tx(tx), i64::from(trunk)).await? else {
            break;
        };
        numbers.push(trunk);
        let leaves = number_at(&bytes, 4).unwrap_or_default();
        let places = (8..)
            .step_by(4)
            .take(usize::try_from(leaves).unwrap_or_default());
        numbers.extend(places.map_while(|place| number_at(&bytes, place)));
        next = number_at(&bytes, 0).filter(|trunk| *trunk > 0);
        if Some(numbers.len()) > free {
            break; // a circle
        }
    }
    Ok((Some(numbers.len()) == free).then_some(numbers))
}

/// How many leaves a trunk has at most: some fewer than fit, for versions of SQLite before 3.6.0.
fn leaves_of_trunk(header: &[u8]) -> usize {
    let reserved = header.get(RESERVED).copied().map_or(0, usize::from);
    (header.len() - reserved) / 4 - 8
}

/// Writes the list anew in this order; says its first trunk, or `None` where a page is missing. A trunk is the last of its leaves
/// to go, so that no other has to take its place.
async fn rewrite(tx: &mut Tx, numbers: &[u32], leaves: usize) -> Result<Option<u32>, Error> {
    let mut next = 0;
    let groups: Vec<&[u32]> = numbers.chunks(leaves + 1).collect();
    for group in groups.into_iter().rev() {
        let Some((trunk, leaves)) = group.split_last() else {
            continue;
        };
        let Some(mut bytes) = page(&mut Source::Tx(tx), i64::from(*trunk)).await? else {
            return Ok(None);
        };
        bytes.fill(0);
        put(&mut bytes, 0, next);
        put(
            &mut bytes,
            4,
            u32::try_from(leaves.len()).unwrap_or_default(),
        );
        for (place, leaf) in (8..).step_by(4).zip(leaves) {
            put(&mut bytes, place, *leaf);
        }
        write(tx, i64::from(*trunk), bytes).await?;
        next = *trunk;
    }
    Ok(Some(next))
}

fn number_at(page: &[u8], place: usize) -> Option<u32> {
    let bytes = page.get(place..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*bytes))
}

fn put(page: &mut [u8], place: usize, number: u32) {
    if let Some(bytes) = page
        .get_mut(place..)
        .and_then(|rest| rest.first_chunk_mut::<4>())
    {
        *bytes = number.to_be_bytes();
    }
}

async fn portion(writer: &SqlitePool, pages: i64) -> Result<i64, Error> {
    let statement = format!("PRAGMA incremental_vacuum({pages})");
    let mut connection = writer.acquire().await?;
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut *connection)
        .await?;
    free(&mut connection).await
}

async fn free(connection: &mut SqliteConnection) -> Result<i64, Error> {
    let (pages,): (i64,) = sqlx::query_as("PRAGMA freelist_count")
        .fetch_one(connection)
        .await?;
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    async fn open(folder: &Path) -> Db {
        let url = format!("sqlite:{}", folder.join("test.db").display());
        Db::open(&url).await.unwrap()
    }

    /// A table of so many pages.
    async fn fill(db: &Db, table: &'static str, pages: i64) {
        for sql in [
            format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY, filler BLOB)"),
            format!(
                "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {pages})
                 INSERT INTO {table} (filler) SELECT zeroblob(3000) FROM number"
            ),
        ] {
            let sql = crate::db::Statement::from_checked_names(sql);
            db.execute(sql, vec![]).await.unwrap();
        }
    }

    async fn assert_sound(db: &Db) {
        let (sound,): (String,) = db
            .fetch_one("PRAGMA integrity_check", vec![])
            .await
            .unwrap();
        assert_eq!(sound, "ok");
    }

    async fn delete(db: &Db, from: &'static str) {
        db.execute(from, vec![]).await.unwrap();
    }

    /// Gives everything back; says in how many portions.
    async fn give_all_back(db: &Db) -> usize {
        let mut portions = 1;
        while db.give_back(i64::MAX).await.unwrap() > 0 {
            portions += 1;
        }
        portions
    }

    #[tokio::test]
    async fn a_sorted_list_is_as_sound_as_the_one_that_sqlite_made_and_goes_in_portions() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        fill(&db, "goes", 3_000).await;
        fill(&db, "stays", 300).await;
        fill(&db, "goes_too", 3_000).await;
        delete(&db, "DELETE FROM goes WHERE id % 2 = 0").await;
        delete(&db, "DELETE FROM goes_too").await;
        delete(&db, "DELETE FROM goes WHERE id % 3 = 0").await;

        db.sort_free_pages().await.unwrap();

        assert_sound(&db).await;
        assert_eq!(list(&db).await, sorted(list(&db).await));
        let portions = give_all_back(&db).await;
        assert!(portions > 15, "{portions}");
        assert_sound(&db).await;
        assert!(db.pages().await.unwrap() < 1_400);
        let kept = "SELECT count(*) FROM stays WHERE length(filler) = 3000";
        assert_eq!(db.number(kept, vec![]).await.unwrap(), 300);
        let kept = "SELECT count(*) FROM goes WHERE length(filler) = 3000";
        assert_eq!(db.number(kept, vec![]).await.unwrap(), 1_000);
    }

    #[tokio::test]
    async fn pages_are_used_again_from_a_sorted_list() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        fill(&db, "goes", LONG_LIST + 500).await;
        delete(&db, "DELETE FROM goes").await;
        db.sort_free_pages().await.unwrap();
        let pages = db.pages().await.unwrap();

        fill(&db, "comes", 2_000).await;

        assert_sound(&db).await;
        assert_eq!(db.pages().await.unwrap(), pages);
        give_all_back(&db).await;
        assert_sound(&db).await;
        let kept = "SELECT count(*) FROM comes WHERE length(filler) = 3000";
        assert_eq!(db.number(kept, vec![]).await.unwrap(), 2_000);
    }

    #[tokio::test]
    async fn a_short_list_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(folder.path()).await;
        fill(&db, "goes", 1_000).await;
        delete(&db, "DELETE FROM goes WHERE id % 2 = 0").await;
        delete(&db, "DELETE FROM goes").await;
        let before = list(&db).await;

        db.sort_free_pages().await.unwrap();

        assert_eq!(list(&db).await, before);
        assert_ne!(before, sorted(before.clone()));
    }

    /// The list, trunk by trunk, each with its leaves.
    async fn list(db: &Db) -> Vec<u32> {
        let mut tx = db.begin().await.unwrap();
        let header = page(&mut Source::Tx(&mut tx), 1).await.unwrap().unwrap();
        listed(&mut tx, &header).await.unwrap().unwrap()
    }

    /// The same as the code sorts it: a trunk is read before its leaves, and is the lowest of them.
    fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
        numbers.sort_unstable_by(|one, other| other.cmp(one));
        let groups = numbers.chunks(1_017).flat_map(|group| {
            let (trunk, leaves) = group.split_last().unwrap();
            [&[*trunk], leaves].concat()
        });
        groups.collect()
    }
}
