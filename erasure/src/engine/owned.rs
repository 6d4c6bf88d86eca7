//! Which rows of a table are a subject's: the condition that counting, erasing and reading back share.

use crate::{
    contact::Contact,
    db::Value,
    manifest::{Entry, Key, Manifest},
};

use super::Subject;

/// The keys by which a table's rows belong to a subject.
pub(crate) fn keys<'m>(entry: &'m Entry, subject: &Subject) -> Vec<&'m Key> {
    match subject {
        Subject::Organization(_) => entry.organization.iter().collect(),
        Subject::User(_) => entry.user.iter().collect(),
        Subject::Contact(_) => entry.contact.iter().collect(),
    }
}

/// A condition on the rows of one table, with `$1`, `$2` … for its arguments.
pub(super) struct Owned {
    pub(super) condition: String,
    pub(super) args: Vec<Value>,
}

impl Owned {
    /// The rows that belong to the subject by this key.
    pub(super) fn by(manifest: &Manifest, entry: &Entry, key: &Key, subject: &Subject) -> Self {
        match subject {
            Subject::Organization(id) => Self {
                condition: format!("\"{}\" = $1", key.column),
                args: vec![Value::from(id)],
            },
            Subject::User(id) => Self {
                condition: format!("\"{}\" = $1", key.column),
                args: vec![Value::from(id)],
            },
            Subject::Contact(Contact { organization, id }) => Self {
                condition: of_contact(manifest, entry, key),
                args: vec![Value::from(organization), Value::from(id)],
            },
        }
    }

    /// The place of the next argument.
    pub(super) fn next_place(&self) -> usize {
        self.args.len() + 1
    }
}

/// `"organization_id" = $1 AND "contact_id" = $2`, or the same of the rows that the key goes through.
fn of_contact(manifest: &Manifest, entry: &Entry, key: &Key) -> String {
    let owner = entry
        .organization
        .as_ref()
        .map_or("", |key| key.column.as_str());
    let column = &key.column;
    let through = key.through.as_deref().and_then(|name| {
        let other = manifest.table(name)?;
        Some((other, other.contact.as_ref()?, other.primary_key.last()?))
    });
    match through {
        None => format!("\"{owner}\" = $1 AND \"{column}\" = $2"),
        Some((other, of_other, id)) => format!(
            "\"{owner}\" = $1 AND \"{column}\" IN (SELECT \"{id}\" FROM \"{}\" WHERE {})",
            other.name,
            of_contact(manifest, other, of_other)
        ),
    }
}
