//! The end of a number's connection, at Meta's word: its token is destroyed, its owners are told, and no event of it is
//! taken any more. The organization's data stays: whoever wants it deleted says so.

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::{
    db::{Error, Tx, value::args},
    id::{OrganizationId, UserId},
    letter::{self, Facts},
    services::Services,
};

pub(crate) use crate::letter::Disconnection as Reason;

/// Whose connections end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// All numbers of a WhatsApp Business Account.
    Account(&'a str),
    /// The numbers that this person's Facebook Login connected.
    ConnectedBy(&'a UserId),
}

#[derive(FromRow)]
struct ConnectionRow {
    organization_id: String,
    organization_name: String,
    id: String,
    display_phone_number: String,
}

/// Ends these connections, and says how many there were. Organizations that are being erased are left to the engine, which
/// still needs the token; what is disconnected already stays so, and nobody is told twice.
pub(crate) async fn end(
    tx: &mut Tx,
    services: &Services,
    which: Which<'_>,
    reason: Reason,
) -> Result<i64, Error> {
    let mut ended = 0;
    for (organization, (name, numbers)) in connected(tx, which).await? {
        for (id, _) in &numbers {
            ended += 1;
            tx.execute(
                "-- destroy_token
                 UPDATE whatsapp_profiles SET token_sealed = NULL, token_digest = NULL WHERE organization_id = $1 AND id = $2",
                args![&organization, id.as_str()],
            )
            .await?;
        }
        let facts = Facts::WhatsappDisconnected {
            organization: name,
            numbers: numbers.into_iter().map(|(_, number)| number).collect(),
            reason,
        };
        tell_owners(tx, services, &organization, &facts).await?;
    }
    Ok(ended)
}

/// An organization's name, and the ids and numbers of its connections.
type Connected = (String, Vec<(String, String)>);

async fn connected(
    tx: &mut Tx,
    which: Which<'_>,
) -> Result<BTreeMap<OrganizationId, Connected>, Error> {
    let (account, user) = match which {
        Which::Account(waba) => (Some(waba), None),
        Which::ConnectedBy(user) => (None, Some(user)),
    };
    let rows: Vec<ConnectionRow> = tx
        .fetch_all(
            "-- connections_to_end
             SELECT p.organization_id, o.name AS organization_name, p.id, p.display_phone_number
             FROM   whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
             WHERE  (p.waba_id = $1 OR p.connected_by_user_id = $2) AND p.token_sealed IS NOT NULL AND o.frozen_at IS NULL
             ORDER  BY p.organization_id, p.id",
            args![account, user],
        )
        .await?;
    let mut connected: BTreeMap<_, Connected> = BTreeMap::new();
    for row in rows {
        let organization = OrganizationId::stored(row.organization_id);
        let (_, numbers) = connected
            .entry(organization)
            .or_insert_with(|| (row.organization_name, Vec::new()));
        numbers.push((row.id, row.display_phone_number));
    }
    Ok(connected)
}

async fn tell_owners(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    facts: &Facts,
) -> Result<(), Error> {
    let owners: Vec<(String, String, String)> = tx
        .fetch_all(
            "-- owners_to_tell
             SELECT u.id, u.email, u.locale FROM memberships AS m JOIN users AS u ON u.id = m.user_id
             WHERE  m.organization_id = $1 AND m.role = 'owner' ORDER BY u.id",
            args![organization],
        )
        .await?;
    for (id, email, locale) in owners {
        let email = email.parse().map_err(|_| Error::Corrupt("users.email"))?;
        let locale = locale.parse().map_err(|_| Error::Corrupt("users.locale"))?;
        let user = UserId::stored(id);
        let draft = letter::Draft {
            user: Some(&user),
            ..letter::Draft::new(&email, locale, facts)
        };
        letter::queue(tx, services, &draft).await?;
    }
    Ok(())
}
