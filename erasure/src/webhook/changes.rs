//! Somebody has another number or id now: what they were known by moves on with them.
//!
//! The old number is let go of, because WhatsApp may give it to somebody else; whoever gets it must not be taken for the
//! person who had it before.

use std::time::Duration;

use super::{
    batch::{self, Batch, Stop},
    contacts::{self, Known},
    payload::{self, Change, Message, UserIdUpdate, UserIdUpdates},
    sender::{self, Sender},
    store::{self, Connection},
    tally::{Outcome, Tally},
};
use crate::{
    db::{Error, Tx},
    person::Identity,
    services::Services,
    time::Timestamp,
};

/// Meta may repeat what it could not deliver for days, but news and messages of one person are rarely a day apart.
const LATELY: Duration = Duration::from_hours(24);

/// Applies the content of `user_id_update`.
pub(super) async fn apply(
    services: &Services,
    change: &Change<'_>,
    tally: &mut Tally,
) -> Result<(), Error> {
    let Ok(content) = serde_json::from_str::<UserIdUpdates<'_>>(change.value.get()) else {
        tally.count(Outcome::Malformed);
        return Ok(());
    };
    let updates: Vec<UserIdUpdate> = payload::parsed(&content.user_id_update, tally);
    let connections = match &content.metadata {
        Some(of) => store::connections_of_number(&services.db, &of.phone_number_id.0).await?,
        None => store::connections_of_account(&services.db, &change.entry_id).await?,
    };
    if connections.is_empty() {
        tally.add(Outcome::NotConnected, updates.len());
    }
    for connection in connections {
        for some in updates.chunks(batch::SIZE) {
            let batch = Batch::Changes(some);
            tally.join(batch::take(services, &connection, &batch).await?);
        }
    }
    Ok(())
}

/// Takes one update of somebody's ids.
pub(super) async fn take(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    update: &UserIdUpdate,
) -> Result<Outcome, Stop> {
    let ids = [update.user_id.as_ref(), update.parent_user_id.as_ref()];
    let old = ids.map(|id| id.and_then(|id| id.previous.as_ref()));
    let new = ids.map(|id| id.and_then(|id| id.current.as_ref()));
    let change = Becoming {
        before: Sender::of(update.wa_id.as_ref(), old),
        after: Sender::of(None, new),
        at: services.now(),
    };
    change.apply(tx, services, connection).await
}

/// Takes the message that WhatsApp itself writes when somebody changes their number.
pub(super) async fn take_from_message(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    (message, sent_at): (&Message, Timestamp),
) -> Result<Outcome, Stop> {
    let Some(system) = &message.system else {
        return Ok(Outcome::Malformed);
    };
    if !matches!(
        system.kind.as_str(),
        "user_changed_number" | "user_changed_user_id"
    ) {
        return Ok(Outcome::UnknownType);
    }
    let old = [
        message.from_user_id.as_ref(),
        message.from_parent_user_id.as_ref(),
    ];
    let new = [system.user_id.as_ref(), system.parent_user_id.as_ref()];
    let change = Becoming {
        before: Sender::of(message.from.as_ref(), old),
        after: Sender::of(system.wa_id.as_ref(), new),
        at: sent_at,
    };
    change.apply(tx, services, connection).await
}

/// Somebody who was known by one of these, and is known by those from now on.
struct Becoming {
    before: Sender,
    after: Sender,
    at: Timestamp,
}

impl Becoming {
    async fn apply(
        &self,
        tx: &mut Tx,
        services: &Services,
        connection: &Connection,
    ) -> Result<Outcome, Stop> {
        if self.before.is_nobody() || self.after.is_nobody() {
            return Ok(Outcome::NoIdentity);
        }
        let organization = &connection.organization;
        let mut known = contacts::find(tx, organization, &self.before.0).await?;
        if known.is_empty() {
            return Ok(Outcome::NotKnown);
        }
        let mut handed_on = Vec::new();
        for other in contacts::find(tx, organization, &self.after.0).await? {
            if self.is_handed_on(&other, &known) {
                handed_on.push(other.identity);
            } else {
                known.push(other);
            }
        }
        if known.iter().any(|one| one.is_being_erased) {
            return Ok(Outcome::Fenced);
        }
        for identity in self.replaced().chain(&handed_on) {
            store::forget_identity(tx, organization, identity).await?;
        }
        contacts::link(tx, services, organization, &self.after.0, known).await?;
        Ok(Outcome::IdentityLinked)
    }

    /// Whether a number was somebody else's until now. Whoever appeared under it lately is the person themselves, whose first
    /// message was quicker than the news.
    fn is_handed_on(&self, other: &Known, known: &[Known]) -> bool {
        matches!(other.identity, Identity::Phone(_))
            && !known.iter().any(|one| one.contact == other.contact)
            && other.created_at + LATELY < self.at
            && !other.is_being_erased
    }

    /// What the person is not known by any more.
    fn replaced(&self) -> impl Iterator<Item = &Identity> {
        let has_successor = |old: &Identity| {
            let mut after = self.after.0.iter();
            after.any(|new| sender::sort(new) == sender::sort(old))
        };
        let is_kept = |old: &Identity| self.after.0.contains(old);
        self.before
            .0
            .iter()
            .filter(move |old| has_successor(old) && !is_kept(old))
    }
}
