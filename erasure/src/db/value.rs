//! The few kinds of values that both databases know.

use std::borrow::Cow;

use sqlx::{
    Arguments as _, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo, types::Oid},
    sqlite::SqliteArguments,
};

use crate::{
    id::{
        CaseId, ContactId, ErasureId, LetterId, OrganizationId, RequestId, RowId, SessionId,
        StaffId, UserId,
    },
    time::Timestamp,
};

/// An argument of a statement.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number, a time, a truth value.
    Integer(i64),
    /// Bytes.
    Blob(Vec<u8>),
    /// Nothing.
    Null,
}

pub(super) fn for_sqlite(values: Vec<Value>) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Blob(bytes) => arguments.add(bytes),
            Value::Null => arguments.add(None::<String>),
        };
        debug_assert!(added.is_ok(), "text, numbers and bytes can always be bound");
    }
    arguments
}

pub(super) fn for_postgres(values: Vec<Value>) -> PgArguments {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Blob(bytes) => arguments.add(bytes),
            Value::Null => arguments.add(Untyped),
        };
        debug_assert!(added.is_ok(), "text, numbers and bytes can always be bound");
    }
    arguments
}

/// NULL, of whatever type the statement has use for. Postgres would refuse a text's NULL where a number stands.
struct Untyped;

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        const UNKNOWN: Oid = Oid(705); // pg_type.dat
        PgTypeInfo::with_oid(UNKNOWN)
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

/// Parameters of one statement that writes many rows. The driver looks up each of them by name, which takes longer the more
/// there are: with 4,000 of them that was two thirds of all time; with this many it is a few percent.
pub(crate) const PARAMETERS: usize = 128;

/// `$2, $3`: so many places from that one on.
pub(crate) fn places(first: usize, count: usize) -> String {
    let places: Vec<_> = (first..first + count)
        .map(|place| format!("${place}"))
        .collect();
    places.join(", ")
}

/// `($2, $3), ($4, $5)`: the places of so many rows of that width, from the first place on.
pub(crate) fn rows_of_places(first: usize, width: usize, rows: usize) -> String {
    let rows: Vec<_> = (0..rows)
        .map(|row| format!("({})", places(first + row * width, width)))
        .collect();
    rows.join(", ")
}

/// The arguments of a statement: `args![id, now]` is `vec![Value::from(id), Value::from(now)]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use args;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.as_millis())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Lets ids be arguments: `impl From<&Id> for Value`.
macro_rules! id_values {
    ($($id:ty),+) => {$(
        impl From<&$id> for Value {
            fn from(id: &$id) -> Self {
                Self::from(id.as_str())
            }
        }
    )+};
}
id_values!(
    OrganizationId,
    UserId,
    ContactId,
    SessionId,
    ErasureId,
    LetterId,
    RequestId,
    CaseId,
    RowId,
    StaffId
);
