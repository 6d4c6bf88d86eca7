//! What names a subject: resolved behind the fence, before anything goes, and kept sealed until the proof.
//!
//! A read-back that asked the erased rows what to look for would find nothing and prove nothing. Numbers, addresses and
//! files are therefore written down first, sealed, and destroyed with the receipt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Subject, owned::Owned};
use crate::{
    contact::Contact,
    db::{
        Error, Source, Statement, Tx, Value,
        value::{args, places},
    },
    id::{ErasureId, OrganizationId, UserId},
    manifest::Manifest,
    services::Services,
    vault::{Place, Scope},
};

/// The table of media files, whose rows are named like the files.
const MEDIA_FILES: &str = "media_files";

/// What names a subject, beside the ids of its rows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Identifiers {
    /// Numbers, addresses, short names: in small letters.
    pub(super) texts: Vec<String>,
    /// The organizations that stay, and in whose records copies may stand.
    pub(super) within: Vec<String>,
    /// Files that go one by one, because their folder stays.
    pub(super) files: Vec<String>,
}

/// Writes down what names the subjects. The answer is those of whom copies may stand in records that stay.
pub(super) async fn keep<'a>(
    tx: &mut Tx,
    services: &Services,
    erasure: &ErasureId,
    subjects: &'a [Subject],
) -> Result<Vec<&'a Subject>, Error> {
    let mut copied = Vec::new();
    let now = services.now();
    let key = services.vault.data_key(tx, Scope::Deployment, now).await?;
    for subject in subjects {
        let identifiers = resolve(tx, &services.manifest, subject, subjects).await?;
        if !identifiers.within.is_empty() {
            copied.push(subject);
        }
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(&identifiers).map_err(|_| Error::Corrupt("identifiers"))?,
        );
        let row = row_name(erasure, &subject.id());
        let sealed = key.seal(place(&row), &plain, services.random.as_ref());
        tx.execute(
            "-- insert_identifiers
             INSERT INTO erasure_identifiers (erasure_id, kind, subject_id, sealed) VALUES ($1, $2, $3, $4)",
            args![erasure, subject.kind(), subject.id(), sealed],
        )
        .await?;
    }
    Ok(copied)
}

/// What was written down about a subject.
pub(super) async fn of(
    services: &Services,
    erasure: &ErasureId,
    subject: &Subject,
) -> Result<Identifiers, Error> {
    let row: Option<(Vec<u8>,)> = services
        .db
        .fetch_optional(
            "-- find_identifiers
             SELECT sealed FROM erasure_identifiers WHERE erasure_id = $1 AND kind = $2 AND subject_id = $3",
            args![erasure, subject.kind(), subject.id()],
        )
        .await?;
    let (sealed,) = row.ok_or(Error::Corrupt("an erasure without its identifiers"))?;
    open(services, &row_name(erasure, &subject.id()), &sealed).await
}

async fn open(services: &Services, row: &str, sealed: &[u8]) -> Result<Identifiers, Error> {
    let plain = services
        .vault
        .open(&services.db, place(row), sealed)
        .await?;
    serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("erasure_identifiers.sealed"))
}

/// The texts that were written down about all subjects of each of these erasures.
pub(super) async fn texts_of(
    services: &Services,
    erasures: &[ErasureId],
) -> Result<BTreeMap<ErasureId, Vec<String>>, Error> {
    let mut texts: BTreeMap<ErasureId, Vec<String>> = BTreeMap::new();
    if erasures.is_empty() {
        return Ok(texts);
    }
    let statement = format!(
        "-- identifiers_of_many
         SELECT erasure_id, subject_id, sealed FROM erasure_identifiers WHERE erasure_id IN ({})
         ORDER  BY erasure_id, kind, subject_id",
        places(1, erasures.len())
    );
    let args = erasures.iter().map(Value::from).collect();
    let rows: Vec<(String, String, Vec<u8>)> = services
        .db
        .fetch_all(Statement::from_checked_names(statement), args)
        .await?;
    for (erasure, subject, sealed) in rows {
        let erasure = ErasureId::stored(erasure);
        let known = open(services, &row_name(&erasure, &subject), &sealed).await?;
        texts.entry(erasure).or_default().extend(known.texts);
    }
    Ok(texts)
}

/// Destroys what was written down, in the transaction that ends the erasure.
pub(crate) async fn destroy(tx: &mut Tx, erasure: &ErasureId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM erasure_identifiers WHERE erasure_id = $1",
        args![erasure],
    )
    .await?;
    Ok(())
}

fn row_name(erasure: &ErasureId, subject: &str) -> String {
    format!("{erasure}/{subject}")
}

fn place(row: &str) -> Place<'_> {
    Place {
        organization: "",
        table: "erasure_identifiers",
        column: "sealed",
        row,
    }
}

async fn resolve(
    tx: &mut Tx,
    manifest: &Manifest,
    subject: &Subject,
    subjects: &[Subject],
) -> Result<Identifiers, Error> {
    match subject {
        Subject::Organization(organization) => of_organization(tx, organization).await,
        Subject::User(user) => of_user(tx, user, subjects).await,
        Subject::Contact(contact) => of_contact(tx, manifest, subject, contact).await,
    }
}

/// What Meta calls it and what people dial: no other organization's record can be told by these by chance, as it could by a
/// short name.
async fn of_organization(tx: &mut Tx, organization: &OrganizationId) -> Result<Identifiers, Error> {
    let rows: Vec<(String, String)> = tx
        .fetch_all(
            "-- profiles_of_organization
             SELECT phone_number_id, display_phone_number FROM whatsapp_profiles WHERE organization_id = $1 ORDER BY id",
            args![organization],
        )
        .await?;
    Ok(Identifiers {
        texts: rows
            .into_iter()
            .flat_map(|(id, number)| [id, number])
            .collect(),
        ..Identifiers::default()
    })
}

async fn of_user(tx: &mut Tx, user: &UserId, subjects: &[Subject]) -> Result<Identifiers, Error> {
    let emails = texts(
        Source::Tx(tx),
        "SELECT email FROM users WHERE id = $1",
        user.as_str(),
    )
    .await?;
    let organizations = texts(
        Source::Tx(tx),
        "SELECT organization_id FROM memberships WHERE user_id = $1 ORDER BY organization_id",
        user.as_str(),
    )
    .await?;
    let goes = |organization: &String| {
        subjects.iter().any(
            |subject| matches!(subject, Subject::Organization(id) if id.as_str() == organization),
        )
    };
    Ok(Identifiers {
        texts: emails,
        within: organizations.into_iter().filter(|id| !goes(id)).collect(),
        files: vec![],
    })
}

async fn of_contact(
    tx: &mut Tx,
    manifest: &Manifest,
    subject: &Subject,
    contact: &Contact,
) -> Result<Identifiers, Error> {
    let rows: Vec<(String,)> = tx
        .fetch_all(
            "-- identities_of_contact
             SELECT value FROM contact_identities WHERE organization_id = $1 AND contact_id = $2 ORDER BY value",
            args![&contact.organization, &contact.id],
        )
        .await?;
    let mut files = Vec::new();
    if let Some((entry, key)) = manifest
        .table(MEDIA_FILES)
        .and_then(|entry| Some((entry, entry.contact.as_ref()?)))
    {
        let Owned { condition, args } = Owned::by(manifest, entry, key, subject);
        let statement = format!("SELECT id FROM {MEDIA_FILES} WHERE {condition} ORDER BY id");
        let rows: Vec<(String,)> = tx
            .fetch_all(Statement::from_checked_names(statement), args)
            .await?;
        files = rows.into_iter().map(|(id,)| id).collect();
    }
    Ok(Identifiers {
        texts: rows
            .into_iter()
            .map(|(value,)| value.to_lowercase())
            .collect(),
        within: vec![contact.organization.as_str().to_owned()],
        files,
    })
}

async fn texts(
    mut source: Source<'_>,
    statement: &'static str,
    id: &str,
) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = source.all(statement, args![id]).await?;
    Ok(rows
        .into_iter()
        .map(|(text,)| text.to_lowercase())
        .collect())
}
