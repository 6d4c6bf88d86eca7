//! A connected number, and Meta telling what happens on it.

use erasure::{
    graph::simulated::{APP_SECRET, signature},
    webhook::{self, ReceiveError, Tally},
};
use serde_json::{Value, json};

use crate::harness::World;

/// 2026-11-24T11:55:00Z, five minutes before a world begins.
pub(crate) const BEFORE: i64 = 1_795_521_300;

/// A number of an organization.
pub(crate) struct Line {
    pub(crate) organization: String,
    pub(crate) profile: String,
    pub(crate) number: String,
    pub(crate) waba: String,
}

impl Line {
    pub(crate) async fn of(world: &World, slug: &str) -> Self {
        let organization = world.organization(slug).await;
        let row: (String, String, String) = world
            .services
            .db
            .fetch_one(
                "SELECT id, phone_number_id, waba_id FROM whatsapp_profiles
                 WHERE organization_id = (SELECT id FROM organizations WHERE slug = $1) ORDER BY id LIMIT 1",
                vec![erasure::db::Value::from(slug)],
            )
            .await
            .unwrap();
        Self {
            organization,
            profile: row.0,
            number: row.1,
            waba: row.2,
        }
    }

    /// A body that tells of messages.
    pub(crate) fn told(&self, messages: &[Value]) -> Value {
        let value = json!({ "messaging_product": "whatsapp", "metadata": self.metadata(), "messages": messages });
        self.change("messages", &value)
    }

    /// A body that tells what became of messages.
    pub(crate) fn fate(&self, statuses: &[Value]) -> Value {
        let value = json!({ "metadata": self.metadata(), "statuses": statuses });
        self.change("messages", &value)
    }

    pub(crate) fn change(&self, field: &str, value: &Value) -> Value {
        envelope(&self.waba, field, value)
    }

    pub(crate) fn metadata(&self) -> Value {
        json!({ "display_phone_number": "15550783881", "phone_number_id": self.number })
    }

    /// How many rows of the organization's there are in a table, under a condition.
    pub(crate) async fn count(&self, world: &World, table: &str, condition: &str) -> i64 {
        let organization = &self.organization;
        world
            .number(&format!(
                "SELECT count(*) FROM {table} WHERE organization_id = '{organization}' AND {condition}"
            ))
            .await
    }

    /// The contact who is known by this.
    pub(crate) async fn contact(&self, world: &World, value: &str) -> Option<String> {
        let organization = &self.organization;
        let sql = format!(
            "SELECT contact_id FROM contact_identities WHERE organization_id = '{organization}' AND value = '{value}'"
        );
        world.texts(&sql).await.into_iter().next()
    }
}

pub(crate) fn envelope(waba: &str, field: &str, value: &Value) -> Value {
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": waba, "changes": [{ "field": field, "value": value }] }],
    })
}

/// A text from a number.
pub(crate) fn text(from: &str, wamid: &str, seconds: i64, body: &str) -> Value {
    json!({ "from": from, "id": wamid, "timestamp": seconds.to_string(), "type": "text", "text": { "body": body } })
}

/// The same from somebody whose number and id, or only whose id, Meta tells.
pub(crate) fn from(mut message: Value, number: Option<&str>, id: Option<&str>) -> Value {
    let fields = message.as_object_mut().unwrap();
    fields.remove("from");
    for (name, value) in [("from", number), ("from_user_id", id)] {
        fields.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    message
}

impl World {
    pub(crate) async fn try_receive(&self, body: &Value) -> Result<Tally, ReceiveError> {
        let body = body.to_string();
        let signature = signature(APP_SECRET, body.as_bytes());
        webhook::receive(&self.services, Some(&signature), body.as_bytes()).await
    }

    pub(crate) async fn receive(&self, body: &Value) -> Tally {
        self.try_receive(body).await.unwrap()
    }
}
