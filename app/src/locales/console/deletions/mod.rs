//! The words of the deletions that the staff begins.

pub(super) mod en;
pub(super) mod fr;

use erasure::{progress::State, staff::deletion::Basis};

/// What waits for a second officer, what is proposed, what has begun.
pub(crate) struct Deletions {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) nothing_waits: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) contact: fn(Option<&str>) -> String,
    pub(crate) gone: &'static str,
    pub(crate) frozen: &'static str,
    pub(crate) proposed_by: fn(&str, &str) -> String,
    pub(crate) own: &'static str,
    pub(crate) proposer_left: &'static str,
    pub(crate) retype_slug: &'static str,
    pub(crate) retype_contact: &'static str,
    pub(crate) confirm: &'static str,
    pub(crate) confirm_text: &'static str,
    pub(crate) decline: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) propose: &'static str,
    pub(crate) propose_text: &'static str,
    pub(crate) organization: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) basis_name: fn(Basis) -> &'static str,
    pub(crate) reason: &'static str,
    pub(crate) propose_submit: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) nothing_begun: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) what: &'static str,
    pub(crate) one_organization: &'static str,
    pub(crate) one_contact: &'static str,
    pub(crate) proposed: &'static str,
    pub(crate) confirmed: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) day: &'static str,
    pub(crate) state: &'static str,
    pub(crate) state_name: fn(State) -> &'static str,
}
