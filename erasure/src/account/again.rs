//! Confirming an erasure once more, on a copy of the database that has never heard of it: under the same id, reference and
//! link, on the word of the ledger.

use super::confirm::{end_sessions, people};
use crate::{
    db::{Error, Tx, value::args},
    engine::{self, Confirmation, Name, Origin, Subject},
    id::{Capability, ErasureId},
    ledger::Case,
    locale::Locale,
    person::EmailAddress,
    services::Services,
};

/// How far the erasure had come that is confirmed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It had ended: people were told, and Meta was asked.
    Ended,
    /// It had not: an owner is still waiting for the last letter.
    Begun,
}

/// Confirms an erasure again, of whoever of its people is in this copy; `false`: nobody is.
pub(crate) async fn confirm_again(
    services: &Services,
    case: &Case,
    again: Again,
) -> Result<bool, Error> {
    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    let subjects = still_there(&mut tx, case).await?;
    if subjects.is_empty() {
        return Ok(false);
    }
    let owner = match again {
        Again::Ended => None,
        Again::Begun => owner(&mut tx, &subjects).await?,
    };
    let confirmation = Confirmation {
        starts_at: match again {
            Again::Ended => services.now(),
            Again::Begun => case.starts_at,
        },
        locale: owner.as_ref().map_or(Locale::Fr, |(_, locale)| *locale),
        recipient: owner.map(|(address, _)| address),
        origin: Origin::Restore,
        session_hash: None,
        subjects,
    };
    // The secrets in the links that people have are known to nobody else: letters that are still to come carry another.
    let capability = Capability::mint(services.random.as_ref());
    let known = case.links.iter().map(|link| link.as_bytes().to_vec());
    let name = Name {
        id: case.erasure.clone(),
        reference: case.reference.clone(),
        links: known.chain([capability.digest()]).collect(),
        confirmed_at: case.confirmed_at,
    };
    engine::begin_as(&mut tx, services, &confirmation, (&name, &capability)).await?;
    if again == Again::Begun {
        engine::meet_holds(&mut tx, services, &confirmation, (&name, &capability)).await?;
    } else {
        leave_meta_alone(&mut tx, &case.erasure).await?;
    }
    end_sessions(&mut tx, &confirmation.subjects).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes out of an erasure's plan what Meta was asked for before it ended. One that has ended here keeps its plan.
pub(crate) async fn leave_meta_alone(tx: &mut Tx, erasure: &ErasureId) -> Result<(), Error> {
    tx.execute(
        "-- leave_meta_alone
         DELETE FROM erasure_steps WHERE erasure_id = $1 AND stage = 'meta' AND done_at IS NULL
           AND EXISTS (SELECT 1 FROM erasures WHERE id = $1 AND state <> 'completed')",
        args![erasure],
    )
    .await?;
    Ok(())
}

/// The subjects of whom something is here.
async fn still_there(tx: &mut Tx, case: &Case) -> Result<Vec<Subject>, Error> {
    let mut there = Vec::new();
    for subject in &case.subjects {
        let Some(known) = Subject::stored(&subject.kind, subject.id.clone()) else {
            return Err(Error::Corrupt(
                "the ledger names a kind of subject that this program does not know",
            ));
        };
        let row: Option<(String,)> = match &known {
            Subject::Organization(id) => {
                let text = "SELECT id FROM organizations WHERE id = $1 AND frozen_at IS NULL";
                tx.fetch_optional(text, args![id]).await?
            }
            Subject::User(id) => {
                let text = "SELECT id FROM users WHERE id = $1";
                tx.fetch_optional(text, args![id]).await?
            }
            Subject::Contact(contact) => {
                let text = "SELECT id FROM contacts WHERE organization_id = $1 AND id = $2 AND frozen_at IS NULL";
                tx.fetch_optional(text, args![&contact.organization, &contact.id])
                    .await?
            }
        };
        there.extend(row.map(|_| known));
    }
    Ok(there)
}

/// Who gets the last letter: whoever confirmed is known to the lost database alone.
async fn owner(tx: &mut Tx, subjects: &[Subject]) -> Result<Option<(EmailAddress, Locale)>, Error> {
    for subject in subjects {
        if let Subject::Organization(organization) = subject {
            let people = people(tx, organization, None).await?;
            if let Some(owner) = people.into_iter().find(|person| person.is_owner) {
                return Ok(Some((owner.email, owner.locale)));
            }
        }
    }
    Ok(None)
}
