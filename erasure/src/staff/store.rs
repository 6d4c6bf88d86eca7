//! The members' rows.

use sqlx::FromRow;

use super::{Role, totp::Secret};
use crate::{
    db::{Db, Error, Statement, Tx, Value, value::args},
    id::StaffId,
    letter::{self, Draft, Facts, StaffEvent},
    locale::Locale,
    person::EmailAddress,
    services::Services,
    vault::{Place, Scope},
};

/// What a member signs in with. A member who is disabled or not set up has none.
pub(super) struct Credentials {
    pub(super) id: StaffId,
    pub(super) email: EmailAddress,
    pub(super) role: Role,
    pub(super) locale: Locale,
    pub(super) password_hash: String,
    totp_sealed: Vec<u8>,
}

#[derive(FromRow)]
struct CredentialsRow {
    id: String,
    email: String,
    role: String,
    locale: String,
    password_hash: String,
    totp_sealed: Vec<u8>,
}

impl TryFrom<CredentialsRow> for Credentials {
    type Error = Error;

    fn try_from(row: CredentialsRow) -> Result<Self, Error> {
        Ok(Self {
            email: email(&row.email)?,
            role: role(&row.role)?,
            locale: locale(&row.locale)?,
            id: StaffId::stored(row.id),
            password_hash: row.password_hash,
            totp_sealed: row.totp_sealed,
        })
    }
}

impl Credentials {
    /// The secret that their authenticator app shares with us.
    pub(super) async fn secret(&self, services: &Services) -> Result<Secret, Error> {
        let bytes = services
            .vault
            .open(&services.db, totp_place(&self.id), &self.totp_sealed)
            .await?;
        Secret::from_bytes(&bytes).ok_or(Error::Corrupt("staff.totp_sealed"))
    }

    /// Writes to them about their account.
    pub(super) async fn notify(
        &self,
        tx: &mut Tx,
        services: &Services,
        event: StaffEvent,
    ) -> Result<(), Error> {
        let facts = Facts::StaffNotice {
            event,
            at: services.now(),
        };
        letter::queue(tx, services, &Draft::new(&self.email, self.locale, &facts)).await?;
        Ok(())
    }
}

pub(super) async fn by_email(db: &Db, email: &str) -> Result<Option<Credentials>, Error> {
    credentials(db, "email = $1", args![email]).await
}

pub(super) async fn by_id(db: &Db, id: &StaffId) -> Result<Option<Credentials>, Error> {
    credentials(db, "id = $1", args![id]).await
}

async fn credentials(
    db: &Db,
    condition: &'static str,
    values: Vec<Value>,
) -> Result<Option<Credentials>, Error> {
    let row: Option<CredentialsRow> = db
        .fetch_optional(
            Statement::from_checked_names(format!(
                "-- credentials_of_member
                 SELECT id, email, role, locale, password_hash, totp_sealed FROM staff
                 WHERE  password_hash IS NOT NULL AND totp_sealed IS NOT NULL AND disabled_at IS NULL AND {condition}"
            )),
            values,
        )
        .await?;
    row.map(Credentials::try_from).transpose()
}

/// Where the secret of somebody's authenticator app belongs.
fn totp_place(staff: &StaffId) -> Place<'_> {
    Place {
        organization: "",
        table: "staff",
        column: "totp_sealed",
        row: staff.as_str(),
    }
}

/// Puts a secret, whose code of this step was just shown, in the place of the earlier one.
pub(super) async fn set_secret(
    tx: &mut Tx,
    services: &Services,
    staff: &StaffId,
    secret: &Secret,
    step: i64,
) -> Result<(), Error> {
    let key = services
        .vault
        .data_key(tx, Scope::Deployment, services.now())
        .await?;
    let sealed = key.seal(totp_place(staff), secret.bytes(), services.random.as_ref());
    tx.execute(
        "-- set_totp_secret
         UPDATE staff SET totp_sealed = $1, totp_step = $2, failures = 0 WHERE id = $3",
        args![sealed, step, staff],
    )
    .await?;
    Ok(())
}

/// Takes away everything that opens the console for a member: sessions, password, second factors, an open invitation.
pub(super) async fn take_everything(tx: &mut Tx, staff: &StaffId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM staff_sessions WHERE staff_id = $1",
        "DELETE FROM staff_passkeys WHERE staff_id = $1",
        "DELETE FROM staff_recovery_codes WHERE staff_id = $1",
        "DELETE FROM staff_invitations WHERE staff_id = $1",
        "UPDATE staff SET password_hash = NULL, totp_sealed = NULL, totp_step = 0, failures = 0 WHERE id = $1",
    ] {
        tx.execute(statement, args![staff]).await?;
    }
    Ok(())
}

/// Ends a member's sessions, but for one.
pub(super) async fn end_sessions(
    tx: &mut Tx,
    staff: &StaffId,
    except: Option<&crate::id::SessionId>,
) -> Result<(), Error> {
    tx.execute(
        "-- end_sessions_of_member
         DELETE FROM staff_sessions WHERE staff_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id <> $2)",
        args![staff, except],
    )
    .await?;
    Ok(())
}

pub(super) fn email(text: &str) -> Result<EmailAddress, Error> {
    text.parse().map_err(|_| Error::Corrupt("staff.email"))
}

pub(super) fn role(text: &str) -> Result<Role, Error> {
    text.parse().map_err(|_| Error::Corrupt("staff.role"))
}

pub(super) fn locale(text: &str) -> Result<Locale, Error> {
    text.parse().map_err(|_| Error::Corrupt("staff.locale"))
}

/// Nobody works any more on what this member worked on.
pub(super) async fn give_up_requests(tx: &mut Tx, id: &StaffId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM request_assignments WHERE staff_id = $1",
        args![id],
    )
    .await?;
    Ok(())
}
