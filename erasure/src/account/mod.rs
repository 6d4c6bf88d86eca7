//! The owner's danger zone: see what a deletion would do, get a code, confirm, and within the window cancel.
//!
//! Who confirms decides what goes. The only owner of an organization takes the organization with them. Where there are
//! other owners, the organization goes as well, but they are told and have a window in which to stop it. Whoever is a
//! member or an administrator takes only themselves. One person may be all of these in different organizations; the plan
//! holds every consequence, and the code is bound to exactly that plan.

mod again;
mod cancel;
mod code;
mod confirm;
mod deregistration;
mod mailbox;
mod operator;
mod preview;
mod scope;
mod whole;

pub(crate) use self::{
    again::{Again, confirm_again, leave_meta_alone},
    cancel::cancel_again,
    scope::readable_of,
};
pub use self::{
    cancel::{CancelError, cancel},
    code::{CodeSent, SendCodeError, current_code, send_code},
    confirm::{ConfirmError, confirm},
    deregistration::choose_deregistrations,
    operator::{OperatorError, erase_as_operator},
    preview::{
        CategoryCount, ConnectedNumber, Consequence, ConsequenceKind, Kept, Preview, preview,
    },
    scope::PlanHash,
};
pub(crate) use self::{
    confirm::people,
    mailbox::{ByMailbox, erase_by_mailbox},
    whole::{by_slug, erase_whole},
};
