//! Who did what: sign-ins and the like for security, changes for the audit.

use serde_json::json;

use super::{Making, Rows, SeedError, args};
use crate::seed::words::USER_AGENTS;

const MESSAGES_PER_ENTRY: u64 = 200;
/// Logs grow with people, not with messages.
const ENTRIES: (u64, u64) = (12, 2_000);
/// Security events are kept for ninety days: the seed's are younger at its end.
const SECURITY_DAYS: u32 = 80;

impl Making<'_> {
    fn log_entries(&self) -> u64 {
        let (fewest, most) = ENTRIES;
        self.one_per(MESSAGES_PER_ENTRY).clamp(fewest, most)
    }

    pub(super) async fn security_events(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "security_events",
            "organization_id, id, user_id, kind, ip_address, user_agent, occurred_at",
        );
        let kinds = [
            "sign_in",
            "sign_in",
            "sign_in",
            "sign_in_failed",
            "password_changed",
            "token_used",
            "export",
        ];
        let count = self.log_entries();
        for number in 0..count {
            let at = self.chance.recent(SECURITY_DAYS, number, count);
            let row = args![
                self.org(),
                self.chance.id(at),
                self.a_user(),
                self.chance.one_of(&kinds),
                self.ip_address(),
                self.marked(self.chance.one_of(USER_AGENTS)),
                at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    /// From the blocks that are kept for documentation (RFC 5737, RFC 3849): nobody's.
    fn ip_address(&self) -> String {
        if self.chance.once_in(4) {
            return format!(
                "2001:db8:{:x}::{:x}",
                self.chance.below(0xffff),
                1 + self.chance.below(0xffff)
            );
        }
        let block = self.chance.one_of(&["192.0.2", "198.51.100", "203.0.113"]);
        format!("{block}.{}", 1 + self.chance.below(254))
    }

    pub(super) async fn audit_events(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "audit_events",
            "organization_id, id, user_id, action, details, occurred_at",
        );
        let actions = [
            "contact.updated",
            "contact.exported",
            "flow.published",
            "campaign.sent",
            "member.invited",
        ];
        let count = self.log_entries();
        for number in 0..count {
            let at = self.chance.moment(number, count);
            let who = self.a_contact().map_or("", |contact| contact.name.as_str());
            let details = json!({ "field": "name", "to": self.marked(who) });
            let row = args![
                self.org(),
                self.chance.id(at),
                self.a_user(),
                self.chance.one_of(&actions),
                details.to_string(),
                at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
