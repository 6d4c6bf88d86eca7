//! The receipt: what went, when, what stays until when, and how it was checked. Counts and dates, nothing personal.
//!
//! It says where the ledger holds its digest, and is signed ([`seal()`]): whoever has the file and our public keys can check
//! it without asking us ([`verify()`]). A key that signs no more stays published, for the receipts that it signed.

mod keys;
mod seal;
mod verify;

use serde::{Deserialize, Serialize};

pub use self::{
    keys::{KeySet, NewKeyError, PublishedKey, key_set, new_key},
    verify::{Genuine, LONGEST, VerifyError, verify},
};
pub(crate) use self::{
    keys::{ensure_key, learn_key},
    seal::{digest, seal},
};
use crate::{
    canonical::Digest, disconnection::Act, hold, manifest::Category, time::Timestamp,
    vault::Signature,
};

/// What a person keeps as proof.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The format's version.
    pub version: u32,
    /// What people quote.
    pub reference: String,
    /// Who erased.
    pub controller: String,
    /// When the deletion was confirmed.
    pub requested_at: Timestamp,
    /// When the read-back found nothing any more.
    pub completed_at: Timestamp,
    /// Each category of the product page.
    pub categories: Vec<CategoryReceipt>,
    /// What is kept, on which basis, until when.
    pub kept: Vec<KeptReceipt>,
    /// How each WhatsApp Business Account was disconnected.
    pub meta: Vec<MetaReceipt>,
    /// How it was checked.
    pub verification: Verification,
    /// When the last backup that may contain any of it is gone.
    pub backups_gone_by: Timestamp,
    /// How a legal hold kept it waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldReceipt>,
    /// What only the database's own journal may still hold; absent where that is cut to nothing as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<Journal>,
    /// Where the ledger holds this receipt's digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<LedgerPlace>,
    /// What proves that all of it is ours, and unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignedBy>,
}

/// A line of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerPlace {
    /// Its number.
    pub entry: i64,
    /// Its hash, and with it that of everything noted before.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub head: Digest,
}

/// A signature over the canonical text (RFC 8785) of everything else.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedBy {
    /// `Ed25519`.
    pub algorithm: String,
    /// The id of the key.
    pub key: String,
    /// The signature.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub value: Signature,
}

/// A category's numbers.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryReceipt {
    /// The category.
    pub category: Category,
    /// Records counted before anything was deleted, when nothing could be written any more.
    pub found: i64,
    /// Records deleted.
    pub erased: i64,
}

/// Something that is kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum KeptKind {
    /// Invoices, sealed.
    Billing,
    /// Security events, without identifiers.
    SecurityLogs,
    /// Backups, encrypted.
    Backups,
}

/// What is kept, and why.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptReceipt {
    /// What.
    pub what: KeptKind,
    /// On which basis.
    pub basis: String,
    /// How many records; absent where they are not counted.
    pub records: Option<i64>,
    /// Until when.
    pub until: Timestamp,
}

/// Something that was undone at Meta.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetaReceipt {
    /// What.
    pub act: Act,
    /// What it came to: `cleared`, `unsubscribed`, `deregistered`, `revoked`, `already_gone`, `no_access`, `not_connected`, `not_configured`,
    /// `still_used_by_another_organization`, `unconfirmed`, and afterwards perhaps `never_confirmed`.
    pub result: String,
}

/// A legal hold that is over.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldReceipt {
    /// Since when the erasure had to wait.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub basis: hold::Basis,
}

/// The read-back.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    /// Tables searched.
    pub tables: i64,
    /// Columns searched.
    pub columns: i64,
    /// Records found: always zero, or there would be no receipt.
    pub found: i64,
    /// When.
    pub at: Timestamp,
}

/// The write-ahead log of a database server. Erased text stays in it until it is overwritten, and nobody but the server's
/// administrators can read it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Journal {
    /// It is overwritten once so many bytes more were written, by anybody.
    pub overwritten_after_bytes: i64,
    /// Whether replicas that lag behind make it stay longer.
    pub held_for_replicas: bool,
    /// Whether copies of it are kept; they end with the backups.
    pub is_archived: bool,
}
