//! Many rows in few statements, and few commits.

use crate::{
    db::{
        Db, Error, Statement, Tx, Value,
        value::{PARAMETERS, rows_of_places},
    },
    services::Services,
};

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
    head: String,
    width: usize,
    /// The statement for as many rows as fit: nearly all are of this text.
    full: String,
    values: Vec<Value>,
}

impl Rows {
    /// Rows of a table with these columns, "a, b, c".
    pub(super) fn of(table: &'static str, columns: &'static str) -> Self {
        let width = columns.split(',').count();
        let head = format!("INSERT INTO {table} ({columns}) VALUES ");
        Self {
            full: head.clone() + &rows_of_places(1, width, PARAMETERS / width),
            values: Vec::with_capacity(PARAMETERS),
            head,
            width,
        }
    }

    /// Adds a row, and writes what has gathered when it is enough.
    pub(super) async fn push(&mut self, writer: &mut Writer, row: Vec<Value>) -> Result<(), Error> {
        debug_assert_eq!(row.len(), self.width, "{}", self.head);
        self.values.extend(row);
        if self.values.len() + self.width > PARAMETERS {
            self.flush(writer).await
        } else {
            Ok(())
        }
    }

    /// Writes the rest.
    pub(super) async fn flush(&mut self, writer: &mut Writer) -> Result<(), Error> {
        let rows = self.values.len() / self.width;
        if rows == 0 {
            return Ok(());
        }
        let text = if rows == PARAMETERS / self.width {
            self.full.clone()
        } else {
            self.head.clone() + &rows_of_places(1, self.width, rows)
        };
        let values = std::mem::replace(&mut self.values, Vec::with_capacity(PARAMETERS));
        writer.write(text, values, rows).await
    }
}
