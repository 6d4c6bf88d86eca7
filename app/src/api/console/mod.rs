//! The console's forms: parse, call the domain, say where to go next.

mod account;
#[expect(
    clippy::too_many_arguments,
    reason = "each is a field of a page's forms, which one address takes"
)]
mod deletions;
#[expect(
    clippy::too_many_arguments,
    reason = "each is a field of a page's forms, which one address takes"
)]
mod desk;
mod members;
mod passkey;
mod session;

pub use self::{
    account::{ChangeAuthenticator, ChangeStaffPassword, ConsoleSetUp, RenewRecoveryCodes},
    deletions::ActOnDeletion,
    desk::{ActOnHold, ActOnRequest},
    members::{AddMember, ChangeMember},
    passkey::{AddPasskey, RemovePasskey, UsePasskey},
    session::{ConsoleProve, ConsoleSignIn, ConsoleSignOut},
};
