//! A row of which only the catalog knows the columns: what an export reads.

use sqlx::{
    Column as _, ColumnIndex, Decode, FromRow, Row as _, Type, TypeInfo as _, ValueRef as _,
    postgres::PgRow, sqlite::SqliteRow,
};

use super::Value;

/// The values of a row, in the order of the statement.
#[derive(Clone, Debug)]
pub(crate) struct Record(pub(crate) Vec<Value>);

impl FromRow<'_, SqliteRow> for Record {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let values = (0..row.len()).map(|place| {
            // Of the value, not of its column: SQLite's columns take what they are given unless they are STRICT.
            let kind = row.try_get_raw(place)?.type_info().name().to_owned();
            read(row, place, &kind)
        });
        Ok(Self(values.collect::<Result<_, _>>()?))
    }
}

impl FromRow<'_, PgRow> for Record {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let values = row.columns().iter().map(|column| {
            let place = column.ordinal();
            match column.type_info().name() {
                "INT4" => Ok(wide(row.try_get::<Option<i32>, _>(place)?)),
                "INT2" => Ok(wide(row.try_get::<Option<i16>, _>(place)?)),
                kind => read(row, place, kind),
            }
        });
        Ok(Self(values.collect::<Result<_, sqlx::Error>>()?))
    }
}

fn wide(number: Option<impl Into<i64>>) -> Value {
    Value::from(number.map(Into::into))
}

fn read<R>(row: &R, place: usize, kind: &str) -> Result<Value, sqlx::Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
{
    Ok(match kind {
        "INTEGER" | "INT8" => Value::from(row.try_get::<Option<i64>, _>(place)?),
        "BLOB" | "BYTEA" => Value::from(row.try_get::<Option<Vec<u8>>, _>(place)?),
        _ => Value::from(row.try_get::<Option<String>, _>(place)?),
    })
}
