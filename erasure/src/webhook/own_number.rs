//! The deployment's own number: it sends codes, and people may write to it to prove theirs. Nothing else is kept of it.

use super::{
    batch, messages,
    payload::{Message, Status},
    sender, statuses,
    tally::{Outcome, Tally},
};
use crate::{db::Error, person::Identity, proof, services::Services};

/// Whether Meta's id is that of our own number.
pub(super) fn is(services: &Services, number: &str) -> bool {
    let own = services.settings.meta.sender.as_ref();
    own.is_some_and(|sender| sender.phone_number_id.expose() == number)
}

/// Takes proofs, and news of codes.
pub(super) async fn apply(
    services: &Services,
    messages: &[Message],
    statuses: &[Status],
    tally: &mut Tally,
) -> Result<(), Error> {
    for some in messages.chunks(batch::SIZE) {
        let mut counted = Tally::default();
        let mut tx = services.db.begin().await?;
        for message in some {
            // An id that our own number gets means nothing to any organization.
            let number = message.from.as_ref().and_then(sender::phone);
            counted.count(match (messages::sent_at(message), number, &message.text) {
                (None, ..) => Outcome::Malformed,
                (_, None, _) => Outcome::NoIdentity,
                (_, _, None) => Outcome::NotKnown,
                (Some(sent_at), Some(number), Some(text)) => {
                    let identities: [Identity; 1] = [number];
                    let when = (None, sent_at);
                    let text = &text.body;
                    if proof::receive(&mut tx, services, text, &identities, when).await? {
                        Outcome::Proof
                    } else {
                        Outcome::NotKnown
                    }
                }
            });
        }
        tx.commit().await?;
        tally.join(counted);
    }
    for some in statuses.chunks(batch::SIZE) {
        let mut counted = Tally::default();
        let mut tx = services.db.begin().await?;
        for status in some {
            let is_ours = statuses::code_was_delivered(&mut tx, status).await?;
            counted.count(if is_ours {
                Outcome::Proof
            } else {
                Outcome::NotKnown
            });
        }
        tx.commit().await?;
        tally.join(counted);
    }
    Ok(())
}
