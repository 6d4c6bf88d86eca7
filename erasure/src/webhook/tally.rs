//! What became of events, counted. Never says whose.

use std::collections::BTreeMap;

/// What became of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A message was stored.
    Stored,
    /// A message came again that is there already.
    Repeated,
    /// A message proved an identity, or repeated such a proof.
    Proof,
    /// A message's fate was written down, or was known already.
    StatusTaken,
    /// Somebody's numbers and ids were brought up to date.
    IdentityLinked,
    /// Connections ended.
    Disconnected,
    /// The organization or the contact is being erased: dropped.
    Fenced,
    /// The person was erased after this was written: dropped.
    Suppressed,
    /// The number is not connected (any more): dropped.
    NotConnected,
    /// It names nobody: dropped.
    NoIdentity,
    /// It is about somebody or something that we do not know: nothing to do.
    NotKnown,
    /// A message of a kind that we do not know: stored without its content.
    UnknownType,
    /// An event of a kind that we do not know.
    UnknownField,
    /// It does not have the shape that Meta documents.
    Malformed,
}

impl Outcome {
    /// Every one of them.
    pub const ALL: [Self; 14] = [
        Self::Stored,
        Self::Repeated,
        Self::Proof,
        Self::StatusTaken,
        Self::IdentityLinked,
        Self::Disconnected,
        Self::Fenced,
        Self::Suppressed,
        Self::NotConnected,
        Self::NoIdentity,
        Self::NotKnown,
        Self::UnknownType,
        Self::UnknownField,
        Self::Malformed,
    ];

    /// The name that metrics use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Proof => "proof",
            Self::StatusTaken => "status_taken",
            Self::IdentityLinked => "identity_linked",
            Self::Disconnected => "disconnected",
            Self::Fenced => "fenced",
            Self::Suppressed => "suppressed",
            Self::NotConnected => "not_connected",
            Self::NoIdentity => "no_identity",
            Self::NotKnown => "not_known",
            Self::UnknownType => "unknown_type",
            Self::UnknownField => "unknown_field",
            Self::Malformed => "malformed",
        }
    }
}

/// How many events came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Outcome, u64>);

impl Tally {
    pub(super) fn count(&mut self, outcome: Outcome) {
        self.add(outcome, 1);
    }

    pub(super) fn add(&mut self, outcome: Outcome, events: usize) {
        if events > 0 {
            *self.0.entry(outcome).or_default() += u64::try_from(events).unwrap_or(u64::MAX);
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        for (outcome, events) in other.0 {
            *self.0.entry(outcome).or_default() += events;
        }
    }

    /// How many came to this.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0.get(&outcome).copied().unwrap_or_default()
    }

    /// Everything that happened at all.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, u64)> {
        self.0.iter().map(|(outcome, events)| (*outcome, *events))
    }
}
