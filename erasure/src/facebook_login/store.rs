//! The rows behind Meta's callbacks.

use sqlx::FromRow;

use super::ConfirmationCode;
use crate::{
    db::{Db, Error, Tx, value::args},
    id::UserId,
    locale::Locale,
    person::{AppScopedUserId, EmailAddress},
    time::Timestamp,
};

/// The customer behind an app-scoped user id.
pub(super) struct Customer {
    pub(super) id: UserId,
    pub(super) email: EmailAddress,
    pub(super) locale: Locale,
}

#[derive(FromRow)]
struct CustomerRow {
    id: String,
    email: String,
    locale: String,
}

pub(super) async fn customer(
    tx: &mut Tx,
    user: &AppScopedUserId,
) -> Result<Option<Customer>, Error> {
    let row: Option<CustomerRow> = tx
        .fetch_optional(
            "-- customer_of_facebook_login
             SELECT id, email, locale FROM users WHERE app_scoped_user_id = $1",
            args![user.expose()],
        )
        .await?;
    row.map(|row| {
        Ok(Customer {
            id: UserId::stored(row.id),
            email: row
                .email
                .parse()
                .map_err(|_| Error::Corrupt("users.email"))?,
            locale: row
                .locale
                .parse()
                .map_err(|_| Error::Corrupt("users.locale"))?,
        })
    })
    .transpose()
}

/// Forgets who this customer is on Facebook.
pub(super) async fn forget(tx: &mut Tx, customer: &UserId) -> Result<(), Error> {
    tx.execute(
        "-- forget_facebook_login
         UPDATE users SET app_scoped_user_id = NULL WHERE id = $1",
        args![customer],
    )
    .await?;
    Ok(())
}

/// Writes a deletion request down; `false`: it was written down before.
pub(super) async fn insert(
    tx: &mut Tx,
    code: &ConfirmationCode,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- insert_meta_deletion
             INSERT INTO meta_deletions (code_hash, disconnected, received_at) VALUES ($1, 0, $2)
             ON CONFLICT (code_hash) DO NOTHING",
            args![code.digest(), now],
        )
        .await?;
    Ok(rows == 1)
}

/// Writes down what came of it.
pub(super) async fn settle(
    tx: &mut Tx,
    code: &ConfirmationCode,
    customer: &UserId,
    disconnected: i64,
) -> Result<(), Error> {
    tx.execute(
        "-- settle_meta_deletion
         UPDATE meta_deletions SET account_id = $1, disconnected = $2 WHERE code_hash = $3",
        args![customer, disconnected, code.digest()],
    )
    .await?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct StatusRow {
    pub(super) received_at: i64,
    pub(super) disconnected: i64,
    pub(super) found: bool,
    pub(super) exists: bool,
    pub(super) under_way: bool,
}

pub(super) async fn status(db: &Db, code: &ConfirmationCode) -> Result<Option<StatusRow>, Error> {
    db.fetch_optional(
        "-- status_of_meta_deletion
         SELECT d.received_at, d.disconnected, d.account_id IS NOT NULL AS found,
                EXISTS (SELECT 1 FROM users AS u WHERE u.id = d.account_id) AS \"exists\",
                EXISTS (SELECT 1 FROM erasure_subjects AS s JOIN erasures AS e ON e.id = s.erasure_id
                        WHERE  s.subject_id = d.account_id AND e.state IN ('waiting', 'held', 'erasing')) AS under_way
         FROM   meta_deletions AS d
         WHERE  d.code_hash = $1",
        args![code.digest()],
    )
    .await
}
