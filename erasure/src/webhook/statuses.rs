//! What became of messages that were sent. News comes in any order, and a step back is no news.

use super::{
    batch::Stop,
    contacts,
    payload::Status,
    sender::Sender,
    store::{self, Connection},
    tally::Outcome,
};
use crate::{
    db::{Error, Tx},
    id::ContactId,
    proof::{self, Delivery},
    services::Services,
};

/// Writes the fate of one message down; a number and an id that come together are one person's.
pub(super) async fn take(
    tx: &mut Tx,
    services: &Services,
    connection: &Connection,
    status: &Status,
) -> Result<Outcome, Stop> {
    if code_was_delivered(tx, status).await? {
        return Ok(Outcome::Proof);
    }
    let organization = &connection.organization;
    let ids = [
        status.recipient_user_id.as_ref(),
        status.recipient_parent_user_id.as_ref(),
    ];
    let recipient = Sender::of(status.recipient_id.as_ref(), ids);
    let known = contacts::find(tx, organization, &recipient.0).await?;
    let mut people: Vec<ContactId> = known.iter().map(|one| one.contact.clone()).collect();
    people.dedup();
    if recipient.0.len() > 1 {
        let one = contacts::link(tx, services, organization, &recipient.0, known).await?;
        people = one.map_or(people, |one| vec![one]);
    }
    let fate = match status.status.as_str() {
        "sent" => return Ok(Outcome::StatusTaken), // as it was stored
        "delivered" => "delivered",
        "read" | "played" => "read",
        "failed" => "failed",
        _ => return Ok(Outcome::UnknownType),
    };
    let mut is_news = false;
    for contact in &people {
        is_news |= store::set_status(tx, organization, contact, (&status.id.0, fate)).await?;
    }
    Ok(if is_news {
        Outcome::StatusTaken
    } else {
        Outcome::NotKnown
    })
}

/// Takes news of a code that we sent ourselves; `false`: it is about something else.
pub(super) async fn code_was_delivered(tx: &mut Tx, status: &Status) -> Result<bool, Error> {
    let Some(reference) = &status.biz_opaque_callback_data else {
        return Ok(false);
    };
    let delivery = match status.status.as_str() {
        "delivered" | "read" => Delivery::Delivered,
        "failed" => Delivery::Failed,
        _ => return Ok(false),
    };
    proof::delivered(tx, reference, delivery).await
}
