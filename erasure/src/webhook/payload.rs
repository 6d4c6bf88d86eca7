//! What is in a body, as Meta documents it, read part by part.
//!
//! Nothing here insists: fields that are not ours are passed over unread, ids and times may be texts or numbers, and a part
//! that has another shape is counted as malformed while the others are taken. Parts stay raw until their turn comes, so that
//! a large body costs no more memory than its bytes.

#![expect(
    clippy::struct_field_names,
    reason = "what Meta sends is called here as Meta calls it"
)]

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use super::tally::{Outcome, Tally};

#[derive(Deserialize)]
struct Body<'b> {
    object: Loose,
    #[serde(borrow)]
    entry: Vec<&'b RawValue>,
}

#[derive(Deserialize)]
struct Entry<'b> {
    id: Loose,
    #[serde(borrow)]
    changes: Vec<&'b RawValue>,
}

#[derive(Deserialize)]
struct RawChange<'b> {
    field: String,
    #[serde(borrow)]
    value: &'b RawValue,
}

/// One thing that happened to an account or a number.
pub(super) struct Change<'b> {
    /// The WhatsApp Business Account; of `Partner…` events the business portfolio.
    pub(super) entry_id: String,
    /// What kind of thing.
    pub(super) field: String,
    /// Its content.
    pub(super) value: &'b RawValue,
}

/// Everything that a body tells.
pub(super) fn changes<'b>(body: &'b [u8], tally: &mut Tally) -> Vec<Change<'b>> {
    let mut changes = Vec::new();
    let Ok(body) = serde_json::from_slice::<Body<'_>>(body) else {
        tally.count(Outcome::Malformed);
        return changes;
    };
    if body.object.0 != "whatsapp_business_account" {
        tally.count(Outcome::UnknownField);
        return changes;
    }
    for entry in parsed::<Entry<'_>>(&body.entry, tally) {
        for change in parsed::<RawChange<'_>>(&entry.changes, tally) {
            changes.push(Change {
                entry_id: entry.id.0.clone(),
                field: change.field,
                value: change.value,
            });
        }
    }
    changes
}

/// Those parts that have this shape; the others are counted.
pub(super) fn parsed<'b, T: Deserialize<'b>>(parts: &[&'b RawValue], tally: &mut Tally) -> Vec<T> {
    let mut whole = Vec::with_capacity(parts.len());
    for part in parts {
        match serde_json::from_str(part.get()) {
            Ok(value) => whole.push(value),
            Err(_) => tally.count(Outcome::Malformed),
        }
    }
    whole
}

/// A text, which a number may stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Loose(pub(super) String);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Loose;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text or a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose(number.to_string()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The content of `messages`.
#[derive(Deserialize)]
pub(super) struct Messages<'b> {
    pub(super) metadata: Metadata,
    #[serde(default, borrow)]
    pub(super) contacts: Vec<&'b RawValue>,
    #[serde(default, borrow)]
    pub(super) messages: Vec<&'b RawValue>,
    #[serde(default, borrow)]
    pub(super) statuses: Vec<&'b RawValue>,
}

/// Which of the connected numbers.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) phone_number_id: Loose,
}

/// Somebody, as WhatsApp shows them.
#[derive(Deserialize)]
pub(super) struct Profile {
    pub(super) wa_id: Option<Loose>,
    pub(super) user_id: Option<Loose>,
    pub(super) profile: Option<ProfileName>,
}

impl Profile {
    /// The name, if they show one.
    pub(super) fn name(&self) -> Option<String> {
        self.profile.as_ref()?.name.clone()
    }
}

#[derive(Deserialize)]
pub(super) struct ProfileName {
    pub(super) name: Option<String>,
}

/// A message that somebody sent.
#[derive(Default, Deserialize)]
pub(super) struct Message {
    pub(super) from: Option<Loose>,
    pub(super) from_user_id: Option<Loose>,
    pub(super) from_parent_user_id: Option<Loose>,
    pub(super) group_id: Option<Loose>,
    pub(super) id: Loose,
    pub(super) timestamp: Loose,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) text: Option<Text>,
    pub(super) button: Option<Button>,
    pub(super) interactive: Option<Interactive>,
    pub(super) reaction: Option<Reaction>,
    pub(super) location: Option<Location>,
    pub(super) image: Option<Media>,
    pub(super) sticker: Option<Media>,
    pub(super) audio: Option<Media>,
    pub(super) video: Option<Media>,
    pub(super) document: Option<Media>,
    pub(super) system: Option<System>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    pub(super) body: String,
}

#[derive(Deserialize)]
pub(super) struct Button {
    pub(super) text: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Interactive {
    pub(super) button_reply: Option<Reply>,
    pub(super) list_reply: Option<Reply>,
}

#[derive(Deserialize)]
pub(super) struct Reply {
    pub(super) title: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Reaction {
    pub(super) emoji: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Location {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) latitude: Option<f64>,
    pub(super) longitude: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Media {
    pub(super) id: Loose,
    pub(super) mime_type: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) filename: Option<String>,
}

/// Somebody has another number or id now.
#[derive(Deserialize)]
pub(super) struct System {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) wa_id: Option<Loose>,
    pub(super) user_id: Option<Loose>,
    pub(super) parent_user_id: Option<Loose>,
}

/// What became of a message that was sent.
#[derive(Deserialize)]
pub(super) struct Status {
    pub(super) id: Loose,
    pub(super) status: String,
    pub(super) recipient_id: Option<Loose>,
    pub(super) recipient_user_id: Option<Loose>,
    pub(super) recipient_parent_user_id: Option<Loose>,
    pub(super) biz_opaque_callback_data: Option<String>,
}

/// The content of `user_id_update`.
#[derive(Deserialize)]
pub(super) struct UserIdUpdates<'b> {
    pub(super) metadata: Option<Metadata>,
    #[serde(borrow)]
    pub(super) user_id_update: Vec<&'b RawValue>,
}

/// Somebody's ids have changed.
#[derive(Deserialize)]
pub(super) struct UserIdUpdate {
    pub(super) wa_id: Option<Loose>,
    pub(super) user_id: Option<Replaced>,
    pub(super) parent_user_id: Option<Replaced>,
}

#[derive(Deserialize)]
pub(super) struct Replaced {
    pub(super) previous: Option<Loose>,
    pub(super) current: Option<Loose>,
}

/// The content of `account_update`.
#[derive(Deserialize)]
pub(super) struct AccountUpdate {
    pub(super) event: String,
    pub(super) waba_info: Option<WabaInfo>,
}

#[derive(Deserialize)]
pub(super) struct WabaInfo {
    pub(super) waba_id: Option<Loose>,
    pub(super) partner_app_id: Option<Loose>,
}

#[cfg(test)]
mod tests;
