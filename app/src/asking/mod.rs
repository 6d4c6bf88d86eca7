//! The public request form: what has been answered so far, which question comes next, and what an answer is worth.
//!
//! The answers lie sealed in a cookie of the person's own browser until the form is sent: nothing is stored here that nobody
//! asked us to keep. See `docs/decisions/0032-answers-stay-in-the-browser.md`.

mod draft;
mod forms;
mod letter;
mod parse;
mod step;

pub(crate) use self::{
    draft::{Answers, Draft, Kept},
    forms::{
        find, object, opened, proof_path, save, send, send_code, show_message_code, verify,
        withdraw,
    },
    letter::go_on,
    parse::{IdentityField, identity_field},
    step::Step,
};
