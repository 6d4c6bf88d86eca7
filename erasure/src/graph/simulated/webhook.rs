//! WhatsApp, played: somebody writes, and Meta tells the app by a signed webhook.
//!
//! It tells only while the app is subscribed to the account. The signature stands over the very bytes that are sent, in which
//! Meta writes everything outside ASCII as `\uXXXX` in lower case and each `/` as `\/`.

use std::{fmt::Write as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{APP_SECRET, Delivery, SimulatedMeta, world::World};
use crate::{graph::signature::sign, time::Timestamp};

/// Meta wants an answer at once; a receiver that takes longer has not received.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody on WhatsApp. Whoever hides their number behind a username is known by the second id only.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// The number as Meta writes it, digits only.
    pub wa_id: Option<String>,
    /// The id within the business's portfolio: `FR.13491208655302741918`.
    pub user_id: Option<String>,
    /// The name of the profile.
    pub name: String,
}

/// A text that somebody writes to a business.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// The business's account at Meta.
    pub waba_id: String,
    /// The business's number at Meta.
    pub phone_number_id: String,
    /// The business's number as people know it, digits only.
    pub display_phone_number: String,
    /// Who writes.
    pub from: Person,
    /// What.
    pub text: String,
    /// The id of the message; a known one is a delivery once more.
    #[serde(default)]
    pub message_id: Option<String>,
}

/// What Meta sends to the app.
#[derive(Clone)]
pub struct Webhook {
    /// Where to, if anybody has said.
    pub callback: Option<String>,
    /// The body, exactly as signed.
    pub body: Vec<u8>,
    /// `X-Hub-Signature-256`.
    pub signature: String,
    /// The id of the message in it.
    pub message_id: String,
}

impl SimulatedMeta {
    /// Somebody writes. `None`: our app is not told, because it is not subscribed, or the number is off the Cloud API.
    #[must_use]
    pub fn write(&self, inbound: &Inbound) -> Option<Webhook> {
        let now = self.clock.now();
        self.world().write(inbound, now)
    }

    /// Somebody writes, and the webhook is sent to where it belongs.
    pub async fn deliver(&self, inbound: &Inbound) -> Option<Delivery> {
        let webhook = self.write(inbound)?;
        let delivery = Delivery {
            at: self.clock.now(),
            message_id: webhook.message_id.clone(),
            status: send(&webhook).await,
        };
        self.world().deliveries.push(delivery.clone());
        Some(delivery)
    }
}

impl World {
    fn write(&mut self, inbound: &Inbound, now: Timestamp) -> Option<Webhook> {
        if self.unsubscribed.contains_key(&inbound.waba_id)
            || self.deregistered.contains(&inbound.phone_number_id)
        {
            return None;
        }
        let message_id = match &inbound.message_id {
            Some(known) => known.clone(),
            None => self.message_id(inbound.from.wa_id.as_deref().unwrap_or_default()),
        };
        let body = escaped(&payload(inbound, &message_id, now).to_string());
        let own = self.overrides.get(&inbound.phone_number_id);
        Some(Webhook {
            callback: own.or(self.callback.as_ref()).cloned(),
            signature: signature(APP_SECRET, body.as_bytes()),
            body: body.into_bytes(),
            message_id,
        })
    }

    /// Like Meta's, it contains the number.
    pub(super) fn message_id(&mut self, digits: &str) -> String {
        self.counter += 1;
        let content = format!("\u{1d}\u{6}{digits}\u{15}{:020}", self.counter);
        format!("wamid.{}", STANDARD_NO_PAD.encode(content))
    }
}

/// `X-Hub-Signature-256` of a body.
#[must_use]
pub fn signature(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", sign(&app_secret.into(), body))
}

fn payload(inbound: &Inbound, message_id: &str, now: Timestamp) -> Value {
    let Person {
        wa_id,
        user_id,
        name,
    } = &inbound.from;
    let with = |mut content: Map<String, Value>, names: [&str; 2]| {
        for (name, value) in names.into_iter().zip([wa_id, user_id]) {
            content.extend(value.clone().map(|value| (name.to_owned(), value.into())));
        }
        Value::Object(content)
    };
    let contact = Map::from_iter([("profile".to_owned(), json!({ "name": name }))]);
    let message = Map::from_iter([
        ("id".to_owned(), message_id.into()),
        (
            "timestamp".to_owned(),
            (now.as_millis() / 1_000).to_string().into(),
        ),
        ("type".to_owned(), "text".into()),
        ("text".to_owned(), json!({ "body": inbound.text })),
    ]);
    json!({
        "object": "whatsapp_business_account",
        "entry": [{
            "id": inbound.waba_id,
            "changes": [{
                "field": "messages",
                "value": {
                    "messaging_product": "whatsapp",
                    "metadata": {
                        "display_phone_number": inbound.display_phone_number,
                        "phone_number_id": inbound.phone_number_id,
                    },
                    "contacts": [with(contact, ["wa_id", "user_id"])],
                    "messages": [with(message, ["from", "from_user_id"])],
                },
            }],
        }],
    })
}

/// JSON as Meta writes it.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '/' => text.push_str("\\/"),
            ascii if ascii.is_ascii() => text.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text
}

async fn send(webhook: &Webhook) -> Option<u16> {
    let client = reqwest::Client::builder().timeout(PATIENCE).build().ok()?;
    let request = client
        .post(webhook.callback.as_ref()?)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", &webhook.signature)
        .body(webhook.body.clone());
    let answer = request.send().await.ok()?;
    Some(answer.status().as_u16())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        graph::{Graph as _, Waba},
        time::ManualClock,
    };

    fn inbound(text: &str) -> Inbound {
        Inbound {
            waba_id: "102290129340398".to_owned(),
            phone_number_id: "106540352242922".to_owned(),
            display_phone_number: "33186760000".to_owned(),
            from: Person {
                wa_id: Some("33612345678".to_owned()),
                user_id: Some("FR.13491208655302741918".to_owned()),
                name: "Zoé 🌊".to_owned(),
            },
            text: text.to_owned(),
            message_id: None,
        }
    }

    fn meta() -> Arc<SimulatedMeta> {
        let clock = ManualClock::at(Timestamp::from_millis(1_795_521_600_000));
        Arc::new(SimulatedMeta::new(Arc::new(clock)))
    }

    #[test]
    fn a_webhook_is_signed_over_the_bytes_as_meta_escapes_them() {
        let webhook = meta().write(&inbound("déjà/vu")).unwrap();

        let body = String::from_utf8(webhook.body.clone()).unwrap();
        assert!(
            body.is_ascii() && body.contains(r"d\u00e9j\u00e0\/vu"),
            "{body}"
        );
        assert!(body.contains(r"Zo\u00e9 \ud83c\udf0a"), "{body}");
        assert_eq!(webhook.signature, signature(APP_SECRET, &webhook.body));
        let read: Value = serde_json::from_slice(&webhook.body).unwrap();
        let value = &read["entry"][0]["changes"][0]["value"];
        assert_eq!(value["messages"][0]["text"]["body"], "déjà/vu");
        assert_eq!(value["messages"][0]["from"], "33612345678");
        assert_eq!(value["messages"][0]["timestamp"], "1795521600");
        assert_eq!(value["contacts"][0]["user_id"], "FR.13491208655302741918");
    }

    #[test]
    fn whoever_hides_the_number_is_known_by_the_other_id_only() {
        let mut hidden = inbound("hello");
        hidden.from.wa_id = None;

        let webhook = meta().write(&hidden).unwrap();

        let read: Value = serde_json::from_slice(&webhook.body).unwrap();
        let message = &read["entry"][0]["changes"][0]["value"]["messages"][0];
        assert_eq!(message["from"], Value::Null);
        assert_eq!(message["from_user_id"], "FR.13491208655302741918");
    }

    #[tokio::test]
    async fn nobody_is_told_after_the_app_unsubscribed() {
        let meta = meta();
        let waba = Waba {
            id: "102290129340398".parse().unwrap(),
            token: "EAAJ".into(),
        };

        meta.client().unsubscribe(&waba).await.unwrap();

        assert!(meta.write(&inbound("hello")).is_none());
    }

    #[test]
    fn a_numbers_own_callback_comes_before_the_apps() {
        let meta = meta();
        meta.set_callback("https://app.example/webhook");
        assert_eq!(
            meta.write(&inbound("1")).unwrap().callback.unwrap(),
            "https://app.example/webhook"
        );

        meta.set_override("106540352242922", "https://own.example");

        assert_eq!(
            meta.write(&inbound("2")).unwrap().callback.unwrap(),
            "https://own.example"
        );
    }
}
