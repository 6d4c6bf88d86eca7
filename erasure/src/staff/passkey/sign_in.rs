//! Signing in, and proving again who one is, with a passkey: no password, no code.

use serde::Deserialize;
use sqlx::FromRow;

use super::{Ceremony, Purpose, RelyingParty, verify};
use crate::{
    db::{Error, Tx, value::args},
    id::StaffId,
    network::Network,
    rate_limit::{Allowance, charge},
    services::Services,
    session::{SessionToken, SignInError},
    staff::{
        Act, Staff,
        audit::{About, Entry, append},
        session::{BY_NETWORK, SESSIONS, proved},
        store,
    },
};

/// What stands on the record beside the act.
const DETAIL: &str = "passkey";

/// What the browser says when a passkey was used, as the page's script sends it: JSON, bytes in base64url.
#[derive(Debug, Deserialize)]
pub struct Assertion {
    /// Which passkey.
    pub credential: String,
    /// What the browser signed for: `clientDataJSON`.
    pub client_data: String,
    /// What the authenticator says of itself.
    pub authenticator_data: String,
    /// Its signature over both.
    pub signature: String,
}

#[derive(FromRow)]
struct KnownRow {
    id: String,
    staff_id: String,
    role: String,
    public_key: Vec<u8>,
    algorithm: i64,
    uses: i64,
}

/// Signs in whoever's passkey it is.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    services: &Services,
    ceremony: &Ceremony,
    assertion: &Assertion,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    within_limits(services, network).await?;
    let known = known(services, assertion).await?;
    let mut tx = services.db.begin().await?;
    if let Some(known) = &known
        && ceremony.purpose() == &Purpose::SignIn
        && accept(&mut tx, services, known, ceremony, assertion).await?
    {
        let staff = StaffId::stored(known.staff_id.clone());
        let token = SESSIONS.open(&mut tx, services, staff.as_str()).await?;
        let entry = Entry {
            detail: Some(DETAIL),
            ..Entry::done(&staff, store::role(&known.role)?.as_str(), Act::SignIn)
        };
        append(&mut tx, services, &entry).await?;
        tx.commit().await?;
        return Ok(token);
    }
    refused(tx, services, known.as_ref(), Act::SignIn).await
}

/// Proves again who one is, and changes the token.
///
/// # Errors
/// See [`SignInError`].
pub async fn prove(
    services: &Services,
    staff: &Staff,
    ceremony: &Ceremony,
    assertion: &Assertion,
    network: &Network,
) -> Result<SessionToken, SignInError> {
    within_limits(services, network).await?;
    let known = known(services, assertion)
        .await?
        .filter(|known| known.staff_id == staff.id().as_str());
    let mut tx = services.db.begin().await?;
    if let Some(known) = &known
        && ceremony.purpose() == &Purpose::Prove(staff.id().clone())
        && accept(&mut tx, services, known, ceremony, assertion).await?
        && let Some(token) = proved(&mut tx, services, staff, Some(DETAIL)).await?
    {
        tx.commit().await?;
        return Ok(token);
    }
    refused(tx, services, known.as_ref(), Act::Prove).await
}

async fn known(services: &Services, assertion: &Assertion) -> Result<Option<KnownRow>, Error> {
    let Some(credential) = verify::decode(&assertion.credential) else {
        return Ok(None);
    };
    services
        .db
        .fetch_optional(
            "-- passkey_by_credential
             SELECT k.id, k.staff_id, p.role, k.public_key, k.algorithm, k.uses
             FROM   staff_passkeys AS k JOIN staff AS p ON p.id = k.staff_id
             WHERE  k.credential = $1 AND p.disabled_at IS NULL AND p.password_hash IS NOT NULL",
            args![credential],
        )
        .await
}

/// Whether the response is right, was not given before, and the authenticator's counter went on.
async fn accept(
    tx: &mut Tx,
    services: &Services,
    known: &KnownRow,
    ceremony: &Ceremony,
    assertion: &Assertion,
) -> Result<bool, Error> {
    let key = verify::Known {
        public_key: known.public_key.clone(),
        algorithm: known.algorithm,
        uses: known.uses,
    };
    let uses = RelyingParty::of(&services.settings)
        .and_then(|party| verify::assertion(assertion, &key, ceremony, &party));
    let Some(uses) = uses else {
        return Ok(false);
    };
    if !ceremony.spend(tx).await? {
        return Ok(false);
    }
    let rows = tx
        .execute(
            "-- use_passkey
             UPDATE staff_passkeys SET uses = $1, used_at = $2 WHERE id = $3 AND (uses < $1 OR (uses = 0 AND $1 = 0))",
            args![uses, services.now(), known.id.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

async fn refused(
    mut tx: Tx,
    services: &Services,
    known: Option<&KnownRow>,
    act: Act,
) -> Result<SessionToken, SignInError> {
    let staff = known.map(|known| StaffId::stored(known.staff_id.clone()));
    let entry = Entry {
        about: staff.as_ref().map(About::Staff),
        detail: Some(DETAIL),
        ..Entry::refused(None, act)
    };
    append(&mut tx, services, &entry).await?;
    tx.commit().await?;
    Err(SignInError::Refused)
}

async fn within_limits(services: &Services, network: &Network) -> Result<(), SignInError> {
    match charge(services, &[(BY_NETWORK, network.expose())]).await? {
        Allowance::Granted => Ok(()),
        Allowance::Exhausted { retry_at } => Err(SignInError::TooManyTries { retry_at }),
    }
}
