//! The deletions that the staff begins, in English.

use erasure::{progress::State, staff::deletion::Basis};

use super::Deletions;

pub(in super::super) const DELETIONS: Deletions = Deletions {
    title: "Deletions",
    intro: "What the team has deleted without a request. It takes two officers: one proposes, another confirms within a week. Then there is no way back.",
    waiting: "Waiting for a second officer",
    nothing_waits: "Nothing is waiting.",
    whole: "the whole organization",
    contact: |number| {
        number.map_or_else(
            || "one contact, known by Meta’s id".to_owned(),
            |number| format!("one contact, {number}"),
        )
    },
    gone: "Gone already",
    frozen: "It is being deleted already: this can only be withdrawn.",
    proposed_by: |by, day| format!("Proposed by {by}; to be confirmed before {day}."),
    own: "You proposed this yourself: somebody else has to confirm it.",
    proposer_left: "Whoever proposed this is no officer any more: this can only be declined.",
    retype_slug: "Type the organization’s short name once more",
    retype_contact: "Type the contact’s whole number once more, or Meta’s id",
    confirm: "Delete for good",
    confirm_text: "Take the name or the number from the file, not from this page. Erasing begins at once, unless a legal hold keeps it waiting; the organization’s people are told.",
    decline: "Decline",
    withdraw: "Withdraw",
    propose: "Propose a deletion",
    propose_text: "An officer who is not you has a week to confirm it. Your reason is kept sealed; the second officer reads it.",
    organization: "Short name of the organization",
    identity: "One contact only: their number in international format, or Meta’s id",
    basis: "Legal ground",
    basis_name: |basis| match basis {
        Basis::Asked => "They asked, and showed who they are in another way",
        Basis::NoLongerNeeded => "No longer needed for its purpose",
        Basis::Unlawful => "Processed unlawfully",
        Basis::LegalObligation => "A law says that it has to go",
        Basis::Authority => "The supervisory authority ordered it",
    },
    reason: "Reason, with the file’s number",
    propose_submit: "Propose the deletion",
    begun: "What was confirmed",
    nothing_begun: "Nothing yet.",
    reference: "Reference",
    what: "What",
    one_organization: "An organization",
    one_contact: "A contact",
    proposed: "Proposed by",
    confirmed: "Confirmed by",
    unknown: "somebody who has left",
    day: "Confirmed on",
    state: "State",
    state_name: |state| match state {
        State::Waiting => "Waiting",
        State::Held => "Held by law",
        State::Erasing => "Erasing",
        State::Completed => "Done",
        State::Cancelled => "Cancelled",
    },
};
