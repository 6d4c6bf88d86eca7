//! Walking an owner's rows along the primary key, a stretch at a time: what lies behind is never looked at again.
//!
//! Keys are compared as rows, `(a, b) > ($2, $3)`, which both databases answer from the index of the key.

use crate::db::{Error, Source, Statement, Value, value::places};

/// The statements for stretches of one table whose primary key is its owner and one or two texts more.
pub(super) struct Stretch<'a> {
    table: &'a str,
    owner: &'a str,
    rest: &'a [String],
}

impl<'a> Stretch<'a> {
    pub(super) const fn new(table: &'a str, owner: &'a str, rest: &'a [String]) -> Self {
        Self { table, owner, rest }
    }

    /// Where to go on: behind what was reached, or before every text.
    pub(super) fn beginning(&self, reached: &[String]) -> Vec<String> {
        if reached.len() == self.rest.len() {
            reached.to_vec()
        } else {
            vec![String::new(); self.rest.len()]
        }
    }

    /// The key at the end of the next so many rows; `None`: nothing is left.
    pub(super) async fn end(
        &self,
        mut source: Source<'_>,
        owner: &str,
        after: &[String],
        rows: i64,
    ) -> Result<Option<Vec<String>>, Error> {
        let (statement, args) = self.find(owner, after, rows);
        Ok(if self.rest.len() == 1 {
            let row: Option<(String,)> = source.optional(statement, args).await?;
            row.map(|(one,)| vec![one])
        } else {
            let row: Option<(String, String)> = source.optional(statement, args).await?;
            row.map(|(one, two)| vec![one, two])
        })
    }

    /// Deletes a stretch.
    pub(super) fn delete(&self) -> Statement {
        Statement::from_checked_names(format!(
            "DELETE FROM \"{}\" WHERE {}",
            self.table,
            self.condition()
        ))
    }

    /// The rows of a stretch, for the arguments of [`Stretch::args`].
    ///
    /// That the first column lies between the two follows from the rest of it, but Postgres does not see that: it takes such
    /// a comparison of rows for a ninth of the table, and reads all of it.
    pub(super) fn condition(&self) -> String {
        let width = self.rest.len();
        let (rest, owner) = (quoted(self.rest, ""), self.owner);
        let (after, end) = (places(2, width), places(width + 2, width));
        let between = match self.rest {
            [first, _, ..] => format!("\"{first}\" BETWEEN $2 AND ${} AND ", width + 2),
            [] | [_] => String::new(),
        };
        format!("\"{owner}\" = $1 AND {between}({rest}) > ({after}) AND ({rest}) <= ({end})")
    }

    /// The owner, what lies behind, and the stretch's end.
    pub(super) fn args(owner: &str, after: &[String], end: &[String]) -> Vec<Value> {
        let keys = after.iter().chain(end).map(String::as_str);
        [owner].into_iter().chain(keys).map(Value::from).collect()
    }

    fn find(&self, owner: &str, after: &[String], rows: i64) -> (Statement, Vec<Value>) {
        let (width, table) = (self.rest.len(), self.table);
        let (rest, descending) = (quoted(self.rest, ""), quoted(self.rest, " DESC"));
        let text = format!(
            "SELECT {rest} FROM (SELECT {rest} FROM \"{table}\" WHERE \"{}\" = $1 AND ({rest}) > ({}) \
             ORDER BY {rest} LIMIT ${}) AS batch ORDER BY {descending} LIMIT 1",
            self.owner,
            places(2, width),
            width + 2
        );
        let mut args = Self::args(owner, after, &[]);
        args.push(Value::from(rows));
        (Statement::from_checked_names(text), args)
    }
}

/// `"a" DESC, "b" DESC`: columns of the catalog, whatever their names, each with what stands behind it.
pub(super) fn quoted(columns: &[String], each: &str) -> String {
    let columns: Vec<_> = columns
        .iter()
        .map(|column| format!("\"{column}\"{each}"))
        .collect();
    columns.join(", ")
}
