//! What an export reads: the manifest's tables, of whom, and which of their columns.

use std::fmt::Write as _;

use super::{GROUPS, Stop};
use crate::{
    db::{Catalog, Column, Error, Statement, Table, Value},
    engine::{self, Subject},
    id::UserId,
    manifest::{Entry, Fate, Group, Key},
    services::Services,
};

/// Everything that is read, file by file.
pub(super) struct Plan {
    pub(super) groups: Vec<(Group, Vec<Part>)>,
    pub(super) guard: Guard,
}

/// Some rows of one table.
pub(super) struct Part {
    pub(super) table: String,
    /// The columns that are given out.
    pub(super) columns: Vec<String>,
    /// Those columns and then the key, as they stand in the statement.
    selected: Vec<String>,
    key: Vec<String>,
    condition: String,
    args: Vec<Value>,
}

impl Plan {
    /// What this person takes along of these subjects.
    pub(super) async fn new(
        services: &Services,
        user: &UserId,
        subjects: Vec<Subject>,
    ) -> Result<Self, Error> {
        let catalog = services.db.catalog().await?;
        let groups = GROUPS
            .into_iter()
            .map(|group| {
                let entries = services.manifest.tables().iter();
                let parts = entries
                    .filter(|entry| entry.category == group)
                    .flat_map(|entry| parts(entry, &catalog, &subjects))
                    .collect();
                (group, parts)
            })
            .collect();
        let organizations = subjects
            .iter()
            .filter(|subject| is_organization(subject))
            .map(|organization| organization.id().into_owned())
            .collect();
        Ok(Self {
            groups,
            guard: Guard {
                organizations,
                user: user.as_str().to_owned(),
            },
        })
    }
}

const fn is_organization(subject: &Subject) -> bool {
    matches!(subject, Subject::Organization(_))
}

fn parts<'a>(
    entry: &'a Entry,
    catalog: &'a Catalog,
    subjects: &'a [Subject],
) -> impl Iterator<Item = Part> + 'a {
    let table = catalog.tables.get(&entry.name);
    subjects.iter().flat_map(move |subject| {
        let keys = engine::keys(entry, subject)
            .into_iter()
            .filter(|key| key.fate != Fate::Detach);
        keys.filter_map(move |key| Some(Part::new((entry, table?), key, subject, subjects)))
    })
}

impl Part {
    fn new(
        (entry, table): (&Entry, &Table),
        key: &Key,
        subject: &Subject,
        subjects: &[Subject],
    ) -> Self {
        let is_given = |column: &&Column| {
            !entry.secret.contains(&column.name)
                && (is_organization(subject) || !entry.third_party.contains(&column.name))
        };
        let given: Vec<&Column> = table.columns.iter().filter(is_given).collect();
        let key_columns: Vec<String> = entry
            .primary_key
            .iter()
            .filter_map(|name| table.column(name))
            .map(readable)
            .collect();
        let mut condition = format!("\"{}\" = $1", key.column);
        let mut args = vec![Value::from(subject.id())];
        if let (false, Some(organization)) = (is_organization(subject), &entry.organization) {
            // What lies in an organization that is taken along as a whole is there already.
            for other in subjects.iter().filter(|other| is_organization(other)) {
                args.push(Value::from(other.id()));
                let column = &organization.column;
                let _ = write!(condition, " AND \"{column}\" <> ${}", args.len());
            }
        }
        let mut selected: Vec<String> = given.iter().map(|column| readable(column)).collect();
        selected.extend(key_columns.iter().cloned());
        Self {
            table: entry.name.clone(),
            columns: given.iter().map(|column| column.name.clone()).collect(),
            selected,
            key: key_columns,
            condition,
            args,
        }
    }

    /// The next rows behind a key; each has the columns, then its key.
    pub(super) fn page(&self, behind: Option<&[Value]>, limit: i64) -> (Statement, Vec<Value>) {
        let mut args = self.args.clone();
        let key = self.key.join(", ");
        let mut text = format!(
            "SELECT {} FROM \"{}\" WHERE {}",
            self.selected.join(", "),
            self.table,
            self.condition
        );
        if let Some(behind) = behind {
            let places: Vec<_> = behind
                .iter()
                .map(|value| {
                    args.push(value.clone());
                    format!("${}", args.len())
                })
                .collect();
            let _ = write!(text, " AND ({key}) > ({})", places.join(", "));
        }
        args.push(Value::from(limit));
        let _ = write!(text, " ORDER BY {key} LIMIT ${}", args.len());
        (Statement::from_checked_names(text), args)
    }
}

/// A column as text, a whole number or bytes, whatever else an operator's table holds.
fn readable(column: &Column) -> String {
    match column.kind.as_str() {
        "text" | "integer" | "bigint" | "smallint" | "blob" | "bytea" => {
            format!("\"{}\"", column.name)
        }
        _ => format!("CAST(\"{}\" AS TEXT)", column.name),
    }
}

/// Watches that nothing is read of what is to be erased.
pub(super) struct Guard {
    organizations: Vec<String>,
    user: String,
}

impl Guard {
    /// The organizations that are taken along as a whole.
    pub(super) fn organizations(&self) -> impl Iterator<Item = &str> {
        self.organizations.iter().map(String::as_str)
    }

    /// Before each page and each file: is the account still there, and to stay?
    pub(super) async fn check(&self, services: &Services) -> Result<(), Stop> {
        let mut text = "-- is_still_readable
            SELECT (SELECT count(*) FROM users WHERE id = $1)
                 - (SELECT count(*) FROM erasure_subjects AS s JOIN erasures AS e ON e.id = s.erasure_id
                    WHERE  e.state IN ('waiting', 'held', 'erasing') AND s.subject_id IN ($1"
            .to_owned();
        let mut args = vec![Value::from(self.user.as_str())];
        for organization in &self.organizations {
            args.push(Value::from(organization.as_str()));
            let _ = write!(text, ", ${}", args.len());
        }
        text.push_str("))");
        let statement = Statement::from_checked_names(text);
        if services.db.number(statement, args).await? == 1 {
            Ok(())
        } else {
            Err(Stop::Erased)
        }
    }
}
