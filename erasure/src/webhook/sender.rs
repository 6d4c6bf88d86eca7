//! Who an event is about: a number, ids, or both.

use super::payload::Loose;
use crate::person::{Identity, PhoneNumber};

/// What Meta said somebody is known by. What is no number and no id is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sender(pub(super) Vec<Identity>);

impl Sender {
    /// A number and any ids of the same person.
    pub(super) fn of(number: Option<&Loose>, ids: [Option<&Loose>; 2]) -> Self {
        let number = number.and_then(phone);
        let ids = ids.into_iter().flatten().filter_map(user_id);
        Self(number.into_iter().chain(ids).collect())
    }

    pub(super) const fn is_nobody(&self) -> bool {
        self.0.is_empty()
    }
}

/// The number that Meta wrote.
pub(super) fn phone(text: &Loose) -> Option<Identity> {
    PhoneNumber::from_wa_id(&text.0).ok().map(Identity::Phone)
}

/// The id that Meta wrote.
pub(super) fn user_id(text: &Loose) -> Option<Identity> {
    text.0.parse().ok().map(Identity::BusinessScopedUserId)
}

/// What sort of name it is: a person has one number and one id of each sort at a time.
pub(super) fn sort(identity: &Identity) -> u8 {
    match identity {
        Identity::Phone(_) => 0,
        Identity::BusinessScopedUserId(id) if id.expose().contains(".ENT.") => 1,
        Identity::BusinessScopedUserId(_) => 2,
        Identity::Email(_) => 3,
    }
}
