//! Passkeys: an authenticator that signs a challenge, and asks for a finger, a face or a PIN before it does. Nothing to phish.
//!
//! The protocol is W3C Web Authentication Level 3, without attestation: we do not ask who made an authenticator, so what a
//! registration says is believed as far as the session that brings it. What has to be checked of a response is in
//! [`verify`], step by step as in the specification; signatures are checked by the library that checks those of TLS.
//! `docs/decisions/0035-passkeys-without-a-framework.md` says why it is written here.
//!
//! A challenge travels sealed in a cookie and is answered once: its digest is kept until it has expired.

mod ceremony;
mod sign_in;
mod verify;

use serde::Deserialize;
use sqlx::FromRow;

pub use self::{
    ceremony::{Ceremony, Purpose, RelyingParty},
    sign_in::{Assertion, prove, sign_in},
    verify::ALGORITHMS,
};
use super::{Act, ActError, Staff, store};
use crate::{
    db::{self, Error, value::args},
    id::RowId,
    letter::StaffEvent,
    services::Services,
    time::Timestamp,
};

/// Longer names are cut: they only have to tell a few apart.
const LONGEST_LABEL: usize = 60;

/// A passkey, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// Its id.
    pub id: RowId,
    /// What its owner calls it.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// What the browser says when a passkey was made, as the page's script sends it: JSON, bytes in base64url.
#[derive(Debug, Deserialize)]
pub struct Registration {
    /// What the browser signed for: `clientDataJSON`.
    pub client_data: String,
    /// What the authenticator says of itself and of the new key.
    pub authenticator_data: String,
    /// The new public key: `SubjectPublicKeyInfo`.
    pub public_key: String,
    /// Its algorithm: a COSE number.
    pub algorithm: i64,
}

/// Why a passkey was not added or taken away.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The response is not one to our challenge, or comes too late.
    #[error("the passkey was not accepted")]
    Refused,
    /// They may not, or not now.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<db::Error> for PasskeyError {
    fn from(error: db::Error) -> Self {
        Self::Act(error.into())
    }
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    label: String,
    created_at: i64,
    used_at: Option<i64>,
}

/// Somebody's own passkeys.
///
/// # Errors
/// When the database fails.
pub(super) async fn list(services: &Services, staff: &Staff) -> Result<Vec<Passkey>, Error> {
    let rows: Vec<ListedRow> = services
        .db
        .fetch_all(
            "-- passkeys_of_member
             SELECT id, label, created_at, used_at FROM staff_passkeys WHERE staff_id = $1 ORDER BY created_at, id",
            args![staff.id()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Passkey {
            id: RowId::stored(row.id),
            label: row.label,
            created_at: Timestamp::from_millis(row.created_at),
            used_at: row.used_at.map(Timestamp::from_millis),
        })
        .collect())
}

/// Adds a passkey to the own account, under the name that its owner gives it.
///
/// # Errors
/// See [`PasskeyError`].
pub async fn add(
    services: &Services,
    staff: &Staff,
    ceremony: &Ceremony,
    registration: &Registration,
    typed_label: &str,
) -> Result<(), PasskeyError> {
    staff.check(services, Act::AddPasskey).await?;
    if ceremony.purpose() != &Purpose::Add(staff.id().clone()) {
        return Err(PasskeyError::Refused);
    }
    let party = RelyingParty::of(&services.settings).ok_or(PasskeyError::Refused)?;
    let made = verify::registration(registration, ceremony, &party).ok_or(PasskeyError::Refused)?;
    let member = store::by_id(&services.db, staff.id())
        .await?
        .ok_or(ActError::Ended)?;
    let now = services.now();
    let id = RowId::mint(now, services.random.as_ref());
    let mut acting = staff.begin(services, Act::AddPasskey).await?;
    if !ceremony.spend(acting.tx()).await? {
        return Err(PasskeyError::Refused);
    }
    let rows = acting
        .tx()
        .execute(
            "-- insert_passkey
             INSERT INTO staff_passkeys (id, staff_id, credential, public_key, algorithm, label, uses, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (credential) DO NOTHING",
            args![
                &id,
                staff.id(),
                made.credential,
                made.public_key,
                made.algorithm,
                label(typed_label),
                i64::from(made.uses),
                now
            ],
        )
        .await?;
    if rows == 0 {
        return Err(PasskeyError::Refused);
    }
    member
        .notify(acting.tx(), services, StaffEvent::PasskeyAdded)
        .await?;
    Ok(acting.commit(None, None).await?)
}

/// Takes one of the own passkeys away. One that is gone already, or another's, changes nothing.
///
/// # Errors
/// See [`PasskeyError`].
pub async fn remove(services: &Services, staff: &Staff, id: &RowId) -> Result<(), PasskeyError> {
    let mut acting = staff.begin(services, Act::RemovePasskey).await?;
    let rows = acting
        .tx()
        .execute(
            "-- delete_passkey
             DELETE FROM staff_passkeys WHERE id = $1 AND staff_id = $2",
            args![id, staff.id()],
        )
        .await?;
    if rows == 1 {
        acting.commit(None, None).await?;
    }
    Ok(())
}

fn label(typed: &str) -> String {
    let label: String = typed
        .trim()
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_LABEL)
        .collect();
    if label.is_empty() {
        "Passkey".to_owned()
    } else {
        label
    }
}
