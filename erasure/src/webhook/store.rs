//! The platform's rows, as its own services would write them.

use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::{contacts::Known, content::Content};
use crate::{
    db::{Db, Error, Tx, value::args},
    id::{ContactId, OrganizationId, RowId, uuid_v7_of},
    person::Identity,
    services::Services,
    time::Timestamp,
};

/// A number that an organization has connected.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) organization: OrganizationId,
    pub(super) profile: RowId,
}

impl Connection {
    fn stored((organization, profile): (String, String)) -> Self {
        Self {
            organization: OrganizationId::stored(organization),
            profile: RowId::stored(profile),
        }
    }
}

pub(super) async fn connections_of_number(
    db: &Db,
    phone_number_id: &str,
) -> Result<Vec<Connection>, Error> {
    let rows: Vec<(String, String)> = db
        .fetch_all(
            "-- connections_of_number
             SELECT organization_id, id FROM whatsapp_profiles WHERE phone_number_id = $1 ORDER BY organization_id, id",
            args![phone_number_id],
        )
        .await?;
    Ok(rows.into_iter().map(Connection::stored).collect())
}

/// One connection of each organization that has numbers of this account.
pub(super) async fn connections_of_account(db: &Db, waba: &str) -> Result<Vec<Connection>, Error> {
    let rows: Vec<(String, String)> = db
        .fetch_all(
            "-- connections_of_account
             SELECT organization_id, MIN(id) FROM whatsapp_profiles
             WHERE  waba_id = $1 AND token_sealed IS NOT NULL
             GROUP  BY organization_id ORDER BY organization_id",
            args![waba],
        )
        .await?;
    Ok(rows.into_iter().map(Connection::stored).collect())
}

/// Whether events of a connection are taken.
pub(super) enum Door {
    Open,
    /// The organization is being erased.
    Fenced,
    /// The number is not connected any more.
    Closed,
}

pub(super) async fn door(tx: &mut Tx, connection: &Connection) -> Result<Door, Error> {
    let row: Option<(bool, bool)> = tx
        .fetch_optional(
            "-- door
             SELECT o.frozen_at IS NOT NULL, p.token_sealed IS NOT NULL
             FROM   whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
             WHERE  p.organization_id = $1 AND p.id = $2",
            args![&connection.organization, &connection.profile],
        )
        .await?;
    Ok(match row {
        Some((true, _)) => Door::Fenced,
        Some((false, true)) => Door::Open,
        Some((false, false)) | None => Door::Closed,
    })
}

/// Postgres stores no NUL in a text, and nobody means one.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

pub(super) async fn contact(
    tx: &mut Tx,
    organization: &OrganizationId,
    identity: &Identity,
) -> Result<Option<Known>, Error> {
    let row: Option<(String, i64, bool)> = tx
        .fetch_optional(
            "-- contact_of_identity
             SELECT i.contact_id, c.created_at, c.frozen_at IS NOT NULL
             FROM   contact_identities AS i
                    JOIN contacts AS c ON c.organization_id = i.organization_id AND c.id = i.contact_id
             WHERE  i.organization_id = $1 AND i.kind = $2 AND i.value = $3",
            args![organization, identity.kind(), identity.expose()],
        )
        .await?;
    Ok(row.map(|(contact, created_at, is_being_erased)| Known {
        contact: ContactId::stored(contact),
        identity: identity.clone(),
        created_at: Timestamp::from_millis(created_at),
        is_being_erased,
    }))
}

pub(super) async fn insert_contact(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    name: &str,
) -> Result<ContactId, Error> {
    let now = services.now();
    let id = ContactId::mint(now, services.random.as_ref());
    // `und`: a language that nobody knows (BCP 47).
    tx.execute(
        "-- insert_contact
         INSERT INTO contacts (organization_id, id, name, language, attributes, created_at)
         VALUES ($1, $2, $3, 'und', '{}', $4)",
        args![organization, &id, clean(name), now],
    )
    .await?;
    Ok(id)
}

/// `false`: somebody else is known by it.
pub(super) async fn insert_identity(
    tx: &mut Tx,
    organization: &OrganizationId,
    identity: &Identity,
    contact: &ContactId,
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- insert_identity
             INSERT INTO contact_identities (organization_id, kind, value, contact_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT (organization_id, kind, value) DO NOTHING",
            args![organization, identity.kind(), identity.expose(), contact],
        )
        .await?;
    Ok(rows == 1)
}

pub(super) async fn forget_identity(
    tx: &mut Tx,
    organization: &OrganizationId,
    identity: &Identity,
) -> Result<(), Error> {
    tx.execute(
        "-- forget_identity
         DELETE FROM contact_identities WHERE organization_id = $1 AND kind = $2 AND value = $3",
        args![organization, identity.kind(), identity.expose()],
    )
    .await?;
    Ok(())
}

/// Gives a contact the name and the notes of another, where it has none of its own.
pub(super) async fn merge_notes(
    tx: &mut Tx,
    organization: &OrganizationId,
    from: &ContactId,
    to: &ContactId,
) -> Result<(), Error> {
    let from = notes(tx, organization, from).await?;
    let (name, attributes) = notes(tx, organization, to).await?;
    let mut all = from.1;
    all.extend(attributes);
    tx.execute(
        "-- merge_notes
         UPDATE contacts SET name = $1, attributes = $2 WHERE organization_id = $3 AND id = $4",
        args![
            if name.is_empty() { from.0 } else { name },
            Json::Object(all).to_string(),
            organization,
            to
        ],
    )
    .await?;
    Ok(())
}

async fn notes(
    tx: &mut Tx,
    organization: &OrganizationId,
    contact: &ContactId,
) -> Result<(String, Map<String, Json>), Error> {
    let row: Option<(String, String)> = tx
        .fetch_optional(
            "SELECT name, attributes FROM contacts WHERE organization_id = $1 AND id = $2",
            args![organization, contact],
        )
        .await?;
    let (name, attributes) = row.unwrap_or_default();
    Ok((name, serde_json::from_str(&attributes).unwrap_or_default()))
}

pub(super) async fn delete_contact(
    tx: &mut Tx,
    organization: &OrganizationId,
    contact: &ContactId,
) -> Result<(), Error> {
    tx.execute(
        "-- delete_merged_contact
         DELETE FROM contacts WHERE organization_id = $1 AND id = $2",
        args![organization, contact],
    )
    .await?;
    Ok(())
}

/// The conversation with a contact over a number, opened again or made now.
pub(super) async fn conversation(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    contact: &ContactId,
    sent_at: Timestamp,
) -> Result<RowId, Error> {
    let latest: Option<(String,)> = tx
        .fetch_optional(
            "-- latest_conversation
             SELECT id FROM conversations
             WHERE  organization_id = $1 AND contact_id = $2 AND profile_id = $3
             ORDER  BY last_message_at DESC, id DESC LIMIT 1",
            args![&connection.organization, contact, &connection.profile],
        )
        .await?;
    if let Some((id,)) = latest {
        return Ok(RowId::stored(id));
    }
    let id = RowId::mint(services.now(), services.random.as_ref());
    tx.execute(
        "-- insert_conversation
         INSERT INTO conversations (organization_id, id, contact_id, profile_id, state, last_message_at)
         VALUES ($1, $2, $3, $4, 'open', $5)",
        args![&connection.organization, &id, contact, &connection.profile, sent_at],
    )
    .await?;
    Ok(id)
}

/// A message that arrived.
pub(super) struct Arrived<'m> {
    pub(super) id: &'m RowId,
    pub(super) wamid: &'m str,
    pub(super) sent_at: Timestamp,
    pub(super) content: &'m Content<'m>,
}

/// Stores a message, with a row for its file; `false`: it is there already.
pub(super) async fn insert_message(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    conversation: &RowId,
    arrived: &Arrived<'_>,
) -> Result<bool, Error> {
    let organization = &connection.organization;
    // Nobody can have sent it later than now, whatever their telephone says.
    let sent_at = arrived.sent_at.min(services.now());
    let rows = tx
        .execute(
            "-- insert_message
             INSERT INTO messages (organization_id, id, conversation_id, direction, kind, body, whatsapp_message_id, status, sent_at)
             VALUES ($1, $2, $3, 'inbound', $4, $5, $6, 'received', $7)
             ON CONFLICT (organization_id, conversation_id, id) DO NOTHING",
            args![
                organization,
                arrived.id,
                conversation,
                arrived.content.kind,
                clean(&arrived.content.body),
                arrived.wamid,
                sent_at
            ],
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    tx.execute(
        "-- message_in_conversation
         UPDATE conversations SET state = 'open', last_message_at = CASE WHEN last_message_at < $1 THEN $1 ELSE last_message_at END
         WHERE  organization_id = $2 AND id = $3",
        args![sent_at, organization, conversation],
    )
    .await?;
    insert_file(tx, services, organization, conversation, arrived).await?;
    Ok(true)
}

/// A message's id follows from Meta's: when it comes again, it is the same. Meta's own contains the sender's number, so the
/// digest is keyed.
pub(super) fn message_id(
    services: &Services,
    organization: &OrganizationId,
    wamid: &str,
    sent_at: Timestamp,
) -> RowId {
    let parts = [organization.as_str().as_bytes(), wamid.as_bytes()];
    let digest = services.vault.keyed_digest("message id", &parts);
    RowId::stored(uuid_v7_of(sent_at, &digest))
}

/// How far our clock may be behind Meta's.
const CLOCKS_APART: Duration = Duration::from_mins(5);

/// Whether a message is there already, in any conversation: whose it is may have changed. It lies where something was said since
/// it was sent.
pub(super) async fn has_message(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    (id, sent_at): (&RowId, Timestamp),
) -> Result<bool, Error> {
    let since = sent_at.min(services.now()) - CLOCKS_APART;
    let row: Option<(i64,)> = tx
        .fetch_optional(
            "-- has_message
             SELECT m.sent_at
             FROM   conversations AS t
             JOIN   messages AS m ON m.organization_id = t.organization_id AND m.conversation_id = t.id AND m.id = $3
             WHERE  t.organization_id = $1 AND t.last_message_at >= $2",
            args![organization, since, id],
        )
        .await?;
    Ok(row.is_some())
}

async fn insert_file(
    tx: &mut Tx,
    services: &Services,
    organization: &OrganizationId,
    conversation: &RowId,
    arrived: &Arrived<'_>,
) -> Result<(), Error> {
    let Some(file) = &arrived.content.file else {
        return Ok(());
    };
    let now = services.now();
    let id = RowId::mint(now, services.random.as_ref());
    tx.execute(
        "-- insert_file
         INSERT INTO media_files (organization_id, id, conversation_id, message_id, kind, content_type, file_name, object_key, size_bytes, meta_media_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)",
        args![
            organization,
            &id,
            conversation,
            arrived.id,
            file.kind,
            clean(file.content_type()),
            clean(file.name()),
            format!("{organization}/{id}"),
            clean(&file.media.id.0),
            now
        ],
    )
    .await?;
    Ok(())
}

/// Writes down what became of a message to this contact; `false`: it is unknown, or further already.
pub(super) async fn set_status(
    tx: &mut Tx,
    organization: &OrganizationId,
    contact: &ContactId,
    (wamid, fate): (&str, &'static str),
) -> Result<bool, Error> {
    let rows = tx
        .execute(
            "-- set_message_status
             UPDATE messages SET status = $1
             WHERE  organization_id = $2
               AND  conversation_id IN (SELECT id FROM conversations WHERE organization_id = $2 AND contact_id = $3)
               AND  whatsapp_message_id = $4 AND status IN ('sent', 'delivered') AND status <> $1",
            args![fate, organization, contact, clean(wamid)],
        )
        .await?;
    Ok(rows > 0)
}
