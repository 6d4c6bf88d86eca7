//! The forms of the deletions that the staff begins: what was typed becomes an act of the domain, or comes back with a sentence.

use erasure::{
    id::RowId,
    locale::Locale,
    person::Identity,
    reason::Reason,
    staff::{
        Act, Staff,
        deletion::{self, Basis, Confirmed, Wanted},
    },
};
use serde::{Deserialize, Serialize};

use super::{at_form, refuse};
use crate::{
    answer::{self, Outcome},
    context,
    pages::ConsolePlace,
    wire::{ConsoleNotice, ConsoleTrouble, Notice},
};

/// What a form of the page says, as typed. It comes back to the page when something is wrong, sealed like everything typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// Which form: the word of an act.
    pub(crate) act: String,
    /// The proposal it is about; empty: a new one.
    pub(crate) proposal: String,
    /// The organization's short name.
    pub(crate) organization: String,
    /// The number or id of one contact; empty: the whole organization.
    pub(crate) identity: String,
    /// On which ground.
    pub(crate) basis: String,
    /// Why.
    pub(crate) reason: String,
    /// What is to go, once more.
    pub(crate) retyped: String,
}

impl Draft {
    /// Reads what came back to a page.
    pub(crate) fn read(typed: &str) -> Self {
        serde_json::from_str(typed).unwrap_or_default()
    }

    fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether this is the form of this act about this proposal.
    pub(crate) fn is_of(&self, act: Act, proposal: &str) -> bool {
        self.act == act.as_str() && self.proposal == proposal
    }

    fn proposal(&self) -> Result<RowId, ConsoleTrouble> {
        let proposal = self.proposal.parse();
        proposal.map_err(|_| ConsoleTrouble::NoProposal)
    }

    fn wanted(&self) -> Result<Wanted, ConsoleTrouble> {
        let contact = match self.identity.trim() {
            "" => None,
            typed => Some(Identity::on_whatsapp(typed).ok_or(ConsoleTrouble::IdentityUnfit)?),
        };
        Ok(Wanted {
            organization: self.organization.trim().to_owned(),
            contact,
        })
    }

    fn basis(&self) -> Result<Basis, ConsoleTrouble> {
        let basis = self.basis.parse();
        basis.map_err(|_| ConsoleTrouble::ChoiceMissing)
    }

    fn reason(&self) -> Result<Reason, ConsoleTrouble> {
        let reason = self.reason.parse();
        reason.map_err(|_| ConsoleTrouble::ReasonUnfit)
    }
}

/// Does what a form of the page says.
pub(crate) async fn act_on_deletion(locale: Locale, draft: &Draft) {
    let place = ConsolePlace::Deletions;
    let Some(staff) = at_form(locale, place).await else {
        return;
    };
    match done(&staff, draft).await {
        Ok(notice) => answer::tell(&place.path(locale), Notice::Console(notice)),
        Err(outcome) => refuse(locale, place, outcome, &draft.kept()),
    }
}

async fn done(staff: &Staff, draft: &Draft) -> Result<ConsoleNotice, Outcome> {
    let services = &context::services();
    match draft.act.parse::<Act>() {
        Ok(Act::ProposeDeletion) => {
            let (wanted, why) = (draft.wanted()?, (draft.basis()?, &draft.reason()?));
            deletion::propose(services, staff, &wanted, why).await?;
            Ok(ConsoleNotice::DeletionProposed)
        }
        Ok(Act::ConfirmDeletion) => {
            let proposal = draft.proposal()?;
            match deletion::confirm(services, staff, &proposal, &draft.retyped).await? {
                Confirmed::Erasing => Ok(ConsoleNotice::DeletionBegun),
                Confirmed::Held => Ok(ConsoleNotice::DeletionHeld),
            }
        }
        Ok(Act::DeclineDeletion) => {
            deletion::decline(services, staff, &draft.proposal()?).await?;
            Ok(ConsoleNotice::DeletionDeclined)
        }
        _ => Err(ConsoleTrouble::ChoiceMissing.into()),
    }
}
