//! What a letter tells: the facts, before any words.

use serde::{Deserialize, Serialize};

use crate::{
    hold::Basis, manifest::Category, receipt::Receipt, request::letters::RequestFacts, staff::Role,
    time::Timestamp,
};

/// What a letter is about. Lies sealed in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Facts {
    /// The one-time code, and what it will delete.
    DeletionCode {
        /// Eight digits.
        code: String,
        /// The organizations that will be erased.
        organizations: Vec<String>,
        /// What will be deleted.
        counts: Vec<(Category, i64)>,
        /// Until when the code works.
        expires_at: Timestamp,
    },
    /// The deletion was confirmed: to whoever confirmed it.
    DeletionStarted {
        /// What people quote.
        reference: String,
        /// The organizations that are erased.
        organizations: Vec<String>,
        /// The private link.
        link: String,
        /// When the erasing starts, if other owners may cancel until then.
        starts_at: Option<Timestamp>,
    },
    /// The deletion was confirmed: to the other people of an organization.
    DeletionAnnounced {
        /// What people quote.
        reference: String,
        /// The organization.
        organization: String,
        /// The private link, for owners who may cancel.
        cancel: Option<CancelFacts>,
    },
    /// Two officers of ours decided the deletion of an organization: to its people.
    DeletionOrdered {
        /// What people quote.
        reference: String,
        /// The organization.
        organization: String,
    },
    /// The deletion was cancelled.
    DeletionCancelled {
        /// What people quote.
        reference: String,
        /// The organizations that stay.
        organizations: Vec<String>,
    },
    /// Everything is gone, and it was checked.
    DeletionCompleted {
        /// The private link.
        link: String,
        /// The receipt.
        receipt: Box<Receipt>,
    },
    /// The deletion is accepted, but a legal hold keeps it waiting.
    DeletionHeld {
        /// What people quote.
        reference: String,
        /// The private link.
        link: String,
        /// Why.
        basis: Basis,
        /// When it is looked at again.
        review_at: Timestamp,
    },
    /// The hold is over, and the deletion goes on.
    DeletionResumed {
        /// What people quote.
        reference: String,
        /// The private link.
        link: String,
    },
    /// Somebody took a copy of the account's data.
    DataExported {
        /// When.
        at: Timestamp,
    },
    /// About a request of somebody who has no account, or no access to it.
    Request(RequestFacts),
    /// Numbers of an organization are disconnected: to its owners.
    WhatsappDisconnected {
        /// The organization.
        organization: String,
        /// The numbers, as people write them.
        numbers: Vec<String>,
        /// What Meta said.
        reason: Disconnection,
    },
    /// What Facebook Login gave us is erased: to the account holder, who may want the rest to go as well.
    FacebookLoginErased {
        /// The wizard that deletes an account.
        wizard: String,
        /// How many numbers were disconnected by it.
        disconnected: i64,
    },
    /// Somebody may set up an account for the console.
    StaffInvited {
        /// What they will be.
        role: Role,
        /// The link that works once.
        link: String,
        /// Until when it works.
        expires_at: Timestamp,
    },
    /// Something happened to an account of the console.
    StaffNotice {
        /// What.
        event: StaffEvent,
        /// When.
        at: Timestamp,
    },
}

/// Why a number is disconnected without anybody having asked us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disconnection {
    /// Our app was taken off the WhatsApp Business Account.
    AppUninstalled,
    /// The account was deleted at Meta.
    AccountDeleted,
    /// Whoever connected it took our app off their Facebook account.
    LoginWithdrawn,
}

/// What somebody is told about their account of the console, in case it was not they.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffEvent {
    /// Too many wrong codes behind the right password: codes are not taken for a day.
    CodesClosed,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The password was changed.
    PasswordChanged,
    /// Another authenticator app was enrolled.
    AuthenticatorChanged,
    /// A passkey was added.
    PasskeyAdded,
}

/// How an owner can stop a deletion.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CancelFacts {
    /// The private link with the button.
    pub link: String,
    /// Until when.
    pub until: Timestamp,
}

impl Facts {
    /// The name that the database uses.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::DeletionCode { .. } => "deletion_code",
            Self::DeletionStarted { .. } => "deletion_started",
            Self::DeletionAnnounced { .. } => "deletion_announced",
            Self::DeletionOrdered { .. } => "deletion_ordered",
            Self::DeletionCancelled { .. } => "deletion_cancelled",
            Self::DeletionCompleted { .. } => "deletion_completed",
            Self::DeletionHeld { .. } => "deletion_held",
            Self::DeletionResumed { .. } => "deletion_resumed",
            Self::DataExported { .. } => "data_exported",
            Self::Request(facts) => facts.kind(),
            Self::WhatsappDisconnected { .. } => "whatsapp_disconnected",
            Self::FacebookLoginErased { .. } => "facebook_login_erased",
            Self::StaffInvited { .. } => "staff_invited",
            Self::StaffNotice { .. } => "staff_notice",
        }
    }
}
