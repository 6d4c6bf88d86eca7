//! The organization's customers, and what they are known by.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Contact, Making, Rows, SeedError, args};

/// One contact for so many messages: what an average conversation is long.
const MESSAGES_PER_CONTACT: u64 = 20;
/// One contact in so many writes under a user name: then Meta gives an id of theirs as well.
const ONE_IN_WITH_USER_NAME: u32 = 5;

impl Making<'_> {
    pub(super) async fn contacts(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "contacts",
            "organization_id, id, name, language, attributes, created_at",
        );
        let count = self.one_per(MESSAGES_PER_CONTACT);
        for number in 0..count {
            let words = if self.chance.once_in(4) {
                self.words.others()
            } else {
                self.words
            };
            let at = self.chance.moment(number, count);
            let contact = Contact {
                id: self.chance.id(at),
                name: self.person(words),
                phone: self.phone(words),
                since: at,
                words,
            };
            let attributes = json!({
                "address": self.postal_address(words),
                "note": self.phrase(self.chance.one_of(words.notes), &contact),
                "tags": [self.chance.one_of(&["vip", "new", "regular", "wholesale"])],
            });
            let row = args![
                self.org(),
                contact.id.as_str(),
                self.marked(&contact.name),
                words.locale.as_str(),
                attributes.to_string(),
                at
            ];
            rows.push(&mut self.writer, row).await?;
            self.contacts.push(contact);
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    /// Sorted, because that is the order of the table. Two contacts with the same number by chance become one identity:
    /// nobody could tell them apart.
    pub(super) async fn contact_identities(&mut self) -> Result<(), SeedError> {
        let mut identities = BTreeMap::new();
        for (number, contact) in self.contacts.iter().enumerate() {
            let has_user_name = self.chance.once_in(ONE_IN_WITH_USER_NAME);
            if has_user_name || number == 0 {
                let id = format!("{}.{}", self.country.code, self.chance.digits(20));
                identities.insert(("business_scoped_user_id", id), contact.id.as_str());
            }
            identities.insert(("phone", contact.phone.clone()), contact.id.as_str());
        }
        let mut rows = Rows::of(
            "contact_identities",
            "organization_id, kind, value, contact_id",
        );
        for ((kind, value), contact) in identities {
            let row = args![self.org(), kind, value, contact];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
