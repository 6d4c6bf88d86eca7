//! Messages that people sent, and what became of those that were sent to them.

use super::{
    batch::{self, Batch, Stop},
    changes, contacts, content, own_number,
    payload::{self, Change, Loose, Message, Messages, Profile, Status},
    sender::Sender,
    store::{self, Connection},
    tally::{Outcome, Tally},
};
use crate::{
    db::{Error, Tx},
    proof,
    services::Services,
    suppression::{self, Verdict},
    time::Timestamp,
};

/// 2100-01-01: a message from later is a slip in somebody's units.
const LATEST_SECONDS: i64 = 4_102_444_800;
/// Longer than any of Meta's.
const LONGEST_ID: usize = 512;

/// Applies the content of `messages`: to every organization that has connected the number.
pub(super) async fn apply(
    services: &Services,
    change: &Change<'_>,
    tally: &mut Tally,
) -> Result<(), Error> {
    let Ok(content) = serde_json::from_str::<Messages<'_>>(change.value.get()) else {
        tally.count(Outcome::Malformed);
        return Ok(());
    };
    let messages: Vec<Message> = payload::parsed(&content.messages, tally);
    let profiles: Vec<Profile> = payload::parsed(&content.contacts, tally);
    let statuses: Vec<Status> = payload::parsed(&content.statuses, tally);
    let number = &content.metadata.phone_number_id.0;
    let connections = store::connections_of_number(&services.db, number).await?;
    if connections.is_empty() && own_number::is(services, number) {
        return own_number::apply(services, &messages, &statuses, tally).await;
    }
    if connections.is_empty() {
        tally.add(Outcome::NotConnected, messages.len() + statuses.len());
    }
    for connection in connections {
        for some in messages.chunks(batch::SIZE) {
            let batch = Batch::Messages(some, &profiles);
            tally.join(batch::take(services, &connection, &batch).await?);
        }
        for some in statuses.chunks(batch::SIZE) {
            let batch = Batch::Statuses(some);
            tally.join(batch::take(services, &connection, &batch).await?);
        }
    }
    Ok(())
}

/// Stores one message as the platform does, unless it is not for the organization to keep.
pub(super) async fn take(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    message: &Message,
    profiles: &[Profile],
) -> Result<Outcome, Stop> {
    let Some(sent_at) = sent_at(message) else {
        return Ok(Outcome::Malformed);
    };
    if message.kind == "system" {
        return changes::take_from_message(tx, services, connection, (message, sent_at)).await;
    }
    if message.group_id.is_some() {
        return Ok(Outcome::NotKnown);
    }
    let profile = profile_of(message, profiles);
    let sender = sender(message, profile);
    if sender.is_nobody() {
        return Ok(Outcome::NoIdentity);
    }
    let organization = &connection.organization;
    let id = store::message_id(services, organization, &message.id.0, sent_at);
    // Before anything is made for it: who sent it may be known by other names since.
    if store::has_message(tx, services, organization, (&id, sent_at)).await? {
        return Ok(Outcome::Repeated);
    }
    let known = contacts::find(tx, organization, &sender.0).await?;
    let content = content::of(message);
    let where_and_when = (Some(organization), sent_at);
    if proof::receive(tx, services, &content.body, &sender.0, where_and_when).await? {
        contacts::link(tx, services, organization, &sender.0, known).await?;
        return Ok(Outcome::Proof);
    }
    if known.iter().any(|one| one.is_being_erased) {
        return Ok(Outcome::Fenced);
    }
    let verdict = suppression::judge(tx, services, organization, &sender.0, sent_at).await?;
    if verdict == Verdict::Refused {
        return Ok(Outcome::Suppressed);
    }
    let name = profile.and_then(Profile::name).unwrap_or_default();
    let contact = contacts::meet(tx, services, organization, &sender.0, (known, &name)).await?;
    let conversation = store::conversation(tx, services, connection, &contact, sent_at).await?;
    let arrived = store::Arrived {
        id: &id,
        wamid: &message.id.0,
        sent_at,
        content: &content,
    };
    if !store::insert_message(tx, services, connection, &conversation, &arrived).await? {
        return Ok(Outcome::Repeated);
    }
    Ok(if content.is_known {
        Outcome::Stored
    } else {
        Outcome::UnknownType
    })
}

/// When it was sent, if it says so in a form that can be meant; and if it has an id by which a repetition is known.
pub(super) fn sent_at(message: &Message) -> Option<Timestamp> {
    let seconds: i64 = message.timestamp.0.parse().ok()?;
    let is_meant = (0..=LATEST_SECONDS).contains(&seconds)
        && (1..=LONGEST_ID).contains(&message.id.0.len())
        && message.id.0.bytes().all(|byte| byte.is_ascii_graphic());
    is_meant.then(|| Timestamp::from_millis(seconds * 1_000))
}

/// What WhatsApp shows of the sender.
fn profile_of<'p>(message: &Message, profiles: &'p [Profile]) -> Option<&'p Profile> {
    let same = |one: &Option<Loose>, other: &Option<Loose>| one.is_some() && one == other;
    profiles.iter().find(|profile| {
        same(&profile.wa_id, &message.from) || same(&profile.user_id, &message.from_user_id)
    })
}

/// The sender as the message and the profile name them together.
fn sender(message: &Message, profile: Option<&Profile>) -> Sender {
    let number = message.from.as_ref();
    let id = message.from_user_id.as_ref();
    let number = number.or(profile.and_then(|profile| profile.wa_id.as_ref()));
    let id = id.or(profile.and_then(|profile| profile.user_id.as_ref()));
    Sender::of(number, [id, message.from_parent_user_id.as_ref()])
}
