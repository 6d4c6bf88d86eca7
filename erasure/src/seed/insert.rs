//! Many rows in few statements, and few commits.

use crate::{
    db::{Db, Error, Statement, Tx, Value},
    services::Services,
};

/// `SQLite` takes 32,766 parameters a statement; less is as quick and keeps the text short.
const PARAMETERS: usize = 4_000;
/// Rows between two commits: the log stays small, and readers are not kept waiting.
const ROWS_PER_COMMIT: u64 = 50_000;

/// Writes rows, committing now and then.
pub(super) struct Writer {
    db: Db,
    /// Absent only between two transactions: there is one writer, so one must end before the next begins.
    tx: Option<Tx>,
    since_commit: u64,
    pub(super) rows: u64,
}

impl Writer {
    pub(super) async fn begin(services: &Services) -> Result<Self, Error> {
        Ok(Self {
            db: services.db.clone(),
            tx: Some(services.db.begin().await?),
            since_commit: 0,
            rows: 0,
        })
    }

    /// The transaction, for what is not a row of a table.
    pub(super) fn tx(&mut self) -> Result<&mut Tx, Error> {
        self.tx
            .as_mut()
            .ok_or(Error::Corrupt("a seed that goes on after it failed"))
    }

    pub(super) async fn end(mut self) -> Result<u64, Error> {
        if let Some(tx) = self.tx.take() {
            tx.commit().await?;
        }
        Ok(self.rows)
    }

    async fn write(&mut self, text: String, values: Vec<Value>, rows: usize) -> Result<(), Error> {
        self.tx()?
            .execute(Statement::from_checked_names(text), values)
            .await?;
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        self.rows += rows;
        self.since_commit += rows;
        if self.since_commit >= ROWS_PER_COMMIT {
            self.since_commit = 0;
            if let Some(tx) = self.tx.take() {
                tx.commit().await?;
            }
            self.tx = Some(self.db.begin().await?);
        }
        Ok(())
    }
}

/// Rows of one table that wait to be written.
pub(super) struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    values: Vec<Value>,
}

impl Rows {
    pub(super) const fn of(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            table,
            columns,
            values: Vec::new(),
        }
    }

    /// Adds a row, and writes what has gathered when it is enough.
    pub(super) async fn push(&mut self, writer: &mut Writer, row: Vec<Value>) -> Result<(), Error> {
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.table);
        self.values.extend(row);
        if self.values.len() + self.columns.len() > PARAMETERS {
            self.flush(writer).await
        } else {
            Ok(())
        }
    }

    /// Writes the rest.
    pub(super) async fn flush(&mut self, writer: &mut Writer) -> Result<(), Error> {
        if self.values.is_empty() {
            return Ok(());
        }
        let rows = self.values.len() / self.columns.len();
        writer
            .write(self.text(rows), std::mem::take(&mut self.values), rows)
            .await
    }

    fn text(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<_> = (1..=width)
                .map(|column| format!("${}", row * width + column))
                .collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        format!(
            "INSERT INTO {} ({}) VALUES {}",
            self.table,
            self.columns.join(", "),
            rows.join(", ")
        )
    }
}
