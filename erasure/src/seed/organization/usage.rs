//! How the platform is used: events of contacts and of users, and what is counted for the bill.

use serde_json::json;

use super::{Making, Rows, SeedError, args};
use crate::seed::chance::Month;

const MESSAGES_PER_EVENT: u64 = 10;
const MONTHS_COUNTED: i16 = 12;

impl Making<'_> {
    /// By turns of a contact and of a user; at least one of each.
    pub(super) async fn analytics_events(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "analytics_events",
            "organization_id, id, contact_id, user_id, name, properties, occurred_at",
        );
        let count = self.one_per(MESSAGES_PER_EVENT).max(2);
        for number in 0..count {
            let at = self.chance.moment(number, count);
            let (contact, user, name) = if number % 2 == 0 {
                let names = ["message_read", "link_clicked", "flow_finished"];
                (self.a_contact(), None, self.chance.one_of(&names))
            } else {
                let names = ["page_viewed", "campaign_sent", "export_started"];
                (None, self.a_user(), self.chance.one_of(&names))
            };
            let who = contact.map_or("team", |contact| contact.name.as_str());
            let page = self
                .chance
                .one_of(&["inbox", "flows", "contacts", "campaigns"]);
            let properties = json!({ "page": page, "who": self.marked(who) });
            let row = args![
                self.org(),
                self.chance.id(at),
                contact.map(|contact| contact.id.as_str()),
                user,
                name,
                properties.to_string(),
                at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    pub(super) async fn usage_counters(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of("usage_counters", "organization_id, metric, period, value");
        for metric in ["ai_tokens", "messages_in", "messages_out"] {
            for months in (0..MONTHS_COUNTED).rev() {
                let value = i64::from(self.chance.below(10_000));
                let period = Month::before_the_end(months).name();
                let row = args![self.org(), metric, period, value];
                rows.push(&mut self.writer, row).await?;
            }
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
