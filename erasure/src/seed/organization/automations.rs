//! What runs by itself: flows, templates and campaigns, messages that wait for their hour.

use serde_json::json;

use super::{Making, Rows, SeedError, args};

const MESSAGES_PER_FLOW_RUN: u64 = 33;
const MESSAGES_PER_RECIPIENT: u64 = 33;
const MESSAGES_PER_SCHEDULED_SEND: u64 = 100;

impl Making<'_> {
    pub(super) async fn flows(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "flows",
            "organization_id, id, name, definition, created_by_user_id, created_at",
        );
        let mut ids = Vec::new();
        for name in self.words.flows {
            let id = self.chance.id(self.created_at);
            let definition = json!({
                "trigger": "message_received",
                "steps": [
                    { "say": self.marked(self.chance.one_of(self.words.outbound)) },
                    { "ask": "first_name", "then": "assign" },
                ],
            });
            let row = args![
                self.org(),
                id.as_str(),
                self.marked(name),
                definition.to_string(),
                self.a_user(),
                self.created_at
            ];
            rows.push(&mut self.writer, row).await?;
            ids.push(id);
        }
        rows.flush(&mut self.writer).await?;
        self.flow_runs(&ids).await
    }

    async fn flow_runs(&mut self, flows: &[String]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "flow_runs",
            "organization_id, id, flow_id, contact_id, state, started_at",
        );
        let count = self.one_per(MESSAGES_PER_FLOW_RUN);
        for number in 0..count {
            let at = self.chance.moment(number, count);
            let (contact, said) = self.said(|words| words.inbound);
            let state = json!({ "step": self.chance.below(3), "answers": { "said": said } });
            let row = args![
                self.org(),
                self.chance.id(at),
                flows.get(self.index(flows.len())).cloned(),
                contact,
                state.to_string(),
                at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    /// The templates, and a campaign with each.
    pub(super) async fn campaigns(&mut self) -> Result<(), SeedError> {
        let mut templates = Rows::of(
            "message_templates",
            "organization_id, id, name, language, body, state, created_at",
        );
        let mut campaigns = Rows::of(
            "campaigns",
            "organization_id, id, template_id, name, state, created_by_user_id, created_at",
        );
        let mut ids = Vec::new();
        for (name, body) in self.words.templates {
            let template = self.chance.id(self.created_at);
            let row = args![
                self.org(),
                template.as_str(),
                self.marked(name),
                self.words.locale.as_str(),
                self.marked(body),
                self.chance
                    .one_of(&["approved", "approved", "pending", "rejected", "draft"]),
                self.created_at
            ];
            templates.push(&mut self.writer, row).await?;
            let campaign = self.chance.id(self.created_at);
            let row = args![
                self.org(),
                campaign.as_str(),
                template,
                self.marked(self.chance.one_of(self.words.campaigns)),
                self.chance
                    .one_of(&["finished", "finished", "running", "draft"]),
                self.a_user(),
                self.created_at
            ];
            campaigns.push(&mut self.writer, row).await?;
            ids.push(campaign);
        }
        templates.flush(&mut self.writer).await?;
        campaigns.flush(&mut self.writer).await?;
        ids.sort_unstable();
        self.campaign_recipients(&ids).await
    }

    /// Each campaign reaches the same share of the contacts, at the number they had when it was prepared.
    async fn campaign_recipients(&mut self, campaigns: &[String]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "campaign_recipients",
            "organization_id, campaign_id, contact_id, address, state",
        );
        let all = usize::try_from(self.one_per(MESSAGES_PER_RECIPIENT)).unwrap_or(usize::MAX);
        let each = all.div_ceil(campaigns.len().max(1));
        for campaign in campaigns {
            for contact in self.contacts.iter().take(each) {
                let row = args![
                    self.org(),
                    campaign.as_str(),
                    contact.id.as_str(),
                    contact.phone.as_str(),
                    self.chance
                        .one_of(&["sent", "sent", "sent", "queued", "failed"])
                ];
                rows.push(&mut self.writer, row).await?;
            }
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    pub(super) async fn scheduled_sends(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "scheduled_sends",
            "organization_id, id, contact_id, body, due_at",
        );
        let count = self.one_per(MESSAGES_PER_SCHEDULED_SEND);
        for number in 0..count {
            let (contact, body) = self.said(|words| words.reminders);
            let id = self.chance.id(self.chance.recent(1, number, count));
            let due_at = self.chance.soon(number, count);
            let row = args![self.org(), id, contact, body, due_at];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
