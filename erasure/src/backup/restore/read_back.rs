//! Reading back, before a copy is opened: whoever was erased since it was made stands nowhere in it.
//!
//! Each erasure that was done again has read back for itself. This looks for all of them at once, also for those of whom the
//! copy seemed to hold nothing.

use std::collections::BTreeMap;

use super::CatchUpError;
use crate::{
    db::{Error, Statement, Value, value::places},
    engine::{self, Subject},
    ledger::Case,
    services::Services,
};

/// Ids in one statement: every database takes so many arguments.
const AT_ONCE: usize = 500;

/// Looks for everybody of these erasures, in every column that the live catalog suspects.
pub(super) async fn nobody_is_left(services: &Services, gone: &[Case]) -> Result<(), CatchUpError> {
    let catalog = services.db.present_catalog().await?;
    for subjects in by_kind(gone).into_values() {
        let Some(any) = subjects.first() else {
            continue;
        };
        for (name, table) in &catalog.tables {
            let entry = services.manifest.table(name);
            for column in engine::suspects(any, name, table, entry) {
                for some in subjects.chunks(AT_ONCE) {
                    if count(services, name, column, some).await? > 0 {
                        return Err(CatchUpError::StillThere(format!(
                            "somebody in {name}.{column}"
                        )));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The erased, each kind together: what is true of one's columns is true of all.
fn by_kind(gone: &[Case]) -> BTreeMap<&str, Vec<Subject>> {
    let mut kinds: BTreeMap<&str, Vec<Subject>> = BTreeMap::new();
    for subject in gone.iter().flat_map(|case| &case.subjects) {
        if let Some(known) = Subject::stored(&subject.kind, subject.id.clone()) {
            kinds.entry(&subject.kind).or_default().push(known);
        }
    }
    kinds
}

async fn count(
    services: &Services,
    table: &str,
    column: &str,
    subjects: &[Subject],
) -> Result<i64, Error> {
    let text = format!(
        "SELECT count(*) FROM \"{table}\" WHERE \"{column}\" IN ({})",
        places(1, subjects.len())
    );
    let args = subjects
        .iter()
        .map(|subject| match subject {
            Subject::Organization(id) => Value::from(id),
            Subject::User(id) => Value::from(id),
            Subject::Contact(contact) => Value::from(&contact.id),
        })
        .collect();
    services
        .db
        .number(Statement::from_checked_names(text), args)
        .await
}
