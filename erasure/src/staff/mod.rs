//! The console's people: who they are, what each may do, and the record of what they looked at and did.
//!
//! The tour, in the order in which somebody meets it:
//!
//! 1. An operator or an administrator adds a member ([`add`]); a link that works once, for a day, lets that person choose a
//!    password and enrol an authenticator app ([`set_up()`]).
//! 2. Signing in takes address, password and code in one go and answers every fault alike ([`sign_in()`]); a passkey does
//!    without all three ([`passkey`]). Either gives a [`Staff`]: nobody can make one without having proved it.
//! 3. Each use case of the console takes a [`Staff`] and begins by asking for its [`Act`]. The table of who may what is one
//!    `match` in `role`; what cannot be undone asks for a proof that is at most five minutes old besides.
//! 4. An act ends with an entry in the [`audit`] record, in the same transaction, or not at all.
//!
//! Staff are no customers: they have tables, sessions and a cookie of their own, and no erasure ever touches them.

mod account;
mod act;
pub mod audit;
pub mod deletion;
mod enrolment;
mod factor;
pub mod kept;
mod members;
pub mod passkey;
mod password;
mod recovery;
mod role;
mod session;
mod set_up;
mod store;
mod sweep;
mod totp;

use crate::{
    id::{SessionId, StaffId},
    person::EmailAddress,
    time::Timestamp,
};

pub(crate) use self::sweep::sweep;
pub use self::{
    account::{
        AccountError, Standing, change_authenticator, change_password, renew_recovery_codes,
        standing,
    },
    act::{ActError, Who},
    enrolment::Enrolment,
    members::{
        INVITATION, Member, MemberError, MemberState, Reset, add, change_role, disable, find, list,
        list_as_operator, reset, set_up_link,
    },
    password::Weakness,
    recovery::{NotARecoveryCode, RecoveryCode},
    role::{Act, Role},
    session::{ABSOLUTE, IDLE, PROOF_LIFETIME, StaffCredentials, prove, resume, sign_in, sign_out},
    set_up::{Invited, SetUp, SetUpError, invited, set_up},
};

/// Somebody who has proved to be a member of the staff. Only this module makes one.
#[derive(Clone, Debug)]
pub struct Staff {
    id: StaffId,
    email: EmailAddress,
    role: Role,
    session: SessionId,
    proved_at: Timestamp,
}

impl Staff {
    /// Who.
    #[must_use]
    pub const fn id(&self) -> &StaffId {
        &self.id
    }

    /// Their address.
    #[must_use]
    pub const fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// What they are.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether their last proof is recent enough for a decision.
    #[must_use]
    pub fn proof_is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.proved_at) < PROOF_LIFETIME
    }
}
