//! What the organization runs on: flows, campaigns, agents, numbers, bills, logs.

use serde_json::json;

use super::{Making, Rows, SeedError, args, words};
use crate::seed::chance::Chance;

impl Making<'_> {
    pub(super) async fn automations(&mut self) -> Result<(), SeedError> {
        let flow = self.chance.id();
        let definition =
            json!({"start": "greeting", "greeting": self.marked("Bonjour et bienvenue !")})
                .to_string();
        let mut flows = Rows::of(
            "flows",
            &[
                "organization_id",
                "id",
                "name",
                "definition",
                "created_by_user_id",
                "created_at",
            ],
        );
        let row = args![
            self.org(),
            flow.as_str(),
            self.marked("Accueil"),
            definition,
            self.a_user(),
            self.created_at
        ];
        flows.push(&mut self.writer, row).await?;
        flows.flush(&mut self.writer).await?;

        let mut runs = Rows::of(
            "flow_runs",
            &[
                "organization_id",
                "id",
                "flow_id",
                "contact_id",
                "state",
                "started_at",
            ],
        );
        for _ in 0..self.share(25) {
            let (contact, name, _) = self.a_contact();
            let state = json!({"step": "greeting", "answer": self.marked(&name)}).to_string();
            let row = args![
                self.org(),
                self.chance.id(),
                flow.as_str(),
                contact,
                state,
                self.chance.moment()
            ];
            runs.push(&mut self.writer, row).await?;
        }
        runs.flush(&mut self.writer).await?;
        self.campaign().await?;

        let mut sends = Rows::of(
            "scheduled_sends",
            &["organization_id", "id", "contact_id", "body", "due_at"],
        );
        for _ in 0..self.share(100) {
            let (contact, name, _) = self.a_contact();
            let body = self.marked(&format!("{name}, votre rendez-vous est demain à 10 h."));
            let row = args![
                self.org(),
                self.chance.id(),
                contact,
                body,
                self.chance.moment()
            ];
            sends.push(&mut self.writer, row).await?;
        }
        Ok(sends.flush(&mut self.writer).await?)
    }

    async fn campaign(&mut self) -> Result<(), SeedError> {
        let (template, campaign) = (self.chance.id(), self.chance.id());
        let mut templates = Rows::of(
            "message_templates",
            &[
                "organization_id",
                "id",
                "name",
                "language",
                "body",
                "state",
                "created_at",
            ],
        );
        let body = self.marked("Bonjour {{1}}, -20 % ce week-end.");
        let row = args![
            self.org(),
            template.as_str(),
            self.marked("soldes_hiver"),
            "fr",
            body,
            "approved",
            self.created_at
        ];
        templates.push(&mut self.writer, row).await?;
        templates.flush(&mut self.writer).await?;

        let mut campaigns = Rows::of(
            "campaigns",
            &[
                "organization_id",
                "id",
                "template_id",
                "name",
                "state",
                "created_by_user_id",
                "created_at",
            ],
        );
        let row = args![
            self.org(),
            campaign.as_str(),
            template,
            self.marked("Soldes d’hiver"),
            "running",
            self.a_user(),
            self.created_at
        ];
        campaigns.push(&mut self.writer, row).await?;
        campaigns.flush(&mut self.writer).await?;

        let mut recipients = Rows::of(
            "campaign_recipients",
            &[
                "organization_id",
                "campaign_id",
                "contact_id",
                "address",
                "state",
            ],
        );
        let reached = usize::try_from(self.share(33)).unwrap_or(usize::MAX);
        for index in 0..reached.min(self.contacts.len()) {
            let Some((contact, _, phone)) = self.contacts.get(index).cloned() else {
                continue;
            };
            let state = self
                .chance
                .one_of(&["sent", "sent", "queued", "failed"], "sent");
            let row = args![
                self.org(),
                campaign.as_str(),
                contact,
                self.marked(&phone),
                state
            ];
            recipients.push(&mut self.writer, row).await?;
        }
        Ok(recipients.flush(&mut self.writer).await?)
    }

    pub(super) async fn agents(&mut self) -> Result<(), SeedError> {
        let agent = self.chance.id();
        let mut agents = Rows::of(
            "ai_agents",
            &[
                "organization_id",
                "id",
                "name",
                "instructions",
                "model",
                "created_at",
            ],
        );
        let instructions = self.marked("Réponds poliment et propose un rendez-vous.");
        let row = args![
            self.org(),
            agent.as_str(),
            self.marked("Alba"),
            instructions,
            "small-2",
            self.created_at
        ];
        agents.push(&mut self.writer, row).await?;
        agents.flush(&mut self.writer).await?;

        let mut documents = Rows::of(
            "ai_agent_documents",
            &["organization_id", "id", "agent_id", "title", "content"],
        );
        for title in ["Horaires", "Tarifs", "Retours"] {
            let content = self.marked(&format!(
                "{title} : voir en boutique, ou demander à {}.",
                self.person()
            ));
            let row = args![
                self.org(),
                self.chance.id(),
                agent.as_str(),
                self.marked(title),
                content
            ];
            documents.push(&mut self.writer, row).await?;
        }
        documents.flush(&mut self.writer).await?;

        let mut traces = Rows::of(
            "ai_traces",
            &[
                "organization_id",
                "id",
                "agent_id",
                "contact_id",
                "prompt",
                "answer",
                "created_at",
            ],
        );
        for _ in 0..self.share(50) {
            let (contact, name, _) = self.a_contact();
            let prompt = self.marked(&format!(
                "{name} : {}",
                self.chance.one_of(&words::TO_BUSINESS, "Bonjour")
            ));
            let answer = self.marked(self.chance.one_of(&words::FROM_BUSINESS, "Bonjour"));
            let row = args![
                self.org(),
                self.chance.id(),
                agent.as_str(),
                contact,
                prompt,
                answer,
                self.chance.moment()
            ];
            traces.push(&mut self.writer, row).await?;
        }
        Ok(traces.flush(&mut self.writer).await?)
    }

    pub(super) async fn analytics(&mut self) -> Result<(), SeedError> {
        let mut events = Rows::of(
            "analytics_events",
            &[
                "organization_id",
                "id",
                "contact_id",
                "user_id",
                "name",
                "properties",
                "occurred_at",
            ],
        );
        for number in 0..self.share(10).max(2) {
            let properties = json!({"page": self.chance.one_of(&["inbox", "flows", "contacts"], "inbox"), "who": self.marked("")});
            let (contact, user) = if number % 2 == 0 {
                (None, self.a_user())
            } else {
                (Some(self.a_contact().0), None)
            };
            let name = self.chance.one_of(
                &["page_viewed", "message_read", "link_clicked"],
                "page_viewed",
            );
            let row = args![
                self.org(),
                self.chance.id(),
                contact,
                user,
                name,
                properties.to_string(),
                self.chance.moment()
            ];
            events.push(&mut self.writer, row).await?;
        }
        events.flush(&mut self.writer).await?;

        let mut counters = Rows::of(
            "usage_counters",
            &["organization_id", "metric", "period", "value"],
        );
        for metric in ["ai_tokens", "messages_in", "messages_out"] {
            for month in 1..=10 {
                let value = i64::from(self.chance.below(10_000));
                let row = args![self.org(), metric, format!("2026-{month:02}"), value];
                counters.push(&mut self.writer, row).await?;
            }
        }
        Ok(counters.flush(&mut self.writer).await?)
    }

    pub(super) async fn billing(&mut self) -> Result<(), SeedError> {
        let mut invoices = Rows::of(
            "invoices",
            &[
                "organization_id",
                "id",
                "number",
                "customer_name",
                "customer_address",
                "customer_email",
                "currency",
                "total_cents",
                "issued_at",
            ],
        );
        let mut lines = Rows::of(
            "invoice_lines",
            &[
                "organization_id",
                "invoice_id",
                "position",
                "description",
                "quantity",
                "unit_price_cents",
                "tax_percent",
            ],
        );
        for month in (0..24).rev() {
            let id = self.chance.id();
            let total = 4_900 + i64::from(self.chance.below(20_000));
            let email = self.address(&format!("compta@{}.example", self.plan.slug));
            let row = args![
                self.org(),
                id.as_str(),
                self.marked(&format!("F-{}", self.chance.digits(8))),
                self.marked(&self.person()),
                self.marked("12 rue des Lilas, 69003 Lyon"),
                email,
                "EUR",
                total * 12 / 10,
                Chance::month(month),
            ];
            invoices.push(&mut self.writer, row).await?;
            let line = args![
                self.org(),
                id,
                1_i64,
                self.marked("Abonnement Business"),
                1_i64,
                total,
                20_i64
            ];
            lines.push(&mut self.writer, line).await?;
        }
        invoices.flush(&mut self.writer).await?;
        Ok(lines.flush(&mut self.writer).await?)
    }

    pub(super) async fn events(&mut self) -> Result<(), SeedError> {
        let mut security = Rows::of(
            "security_events",
            &[
                "organization_id",
                "id",
                "user_id",
                "kind",
                "ip_address",
                "user_agent",
                "occurred_at",
            ],
        );
        for _ in 0..self.share(200).clamp(12, 2_000) {
            let address = format!(
                "203.0.{}.{}",
                self.chance.below(114),
                self.chance.below(255)
            );
            let agent = self.marked(self.chance.one_of(&words::USER_AGENTS, "Mozilla/5.0"));
            let kind = self.chance.one_of(
                &[
                    "sign_in",
                    "sign_in",
                    "sign_in_failed",
                    "token_used",
                    "export",
                ],
                "sign_in",
            );
            let row = args![
                self.org(),
                self.chance.id(),
                self.a_user(),
                kind,
                address,
                agent,
                self.chance.recent()
            ];
            security.push(&mut self.writer, row).await?;
        }
        security.flush(&mut self.writer).await?;

        let mut audit = Rows::of(
            "audit_events",
            &[
                "organization_id",
                "id",
                "user_id",
                "action",
                "details",
                "occurred_at",
            ],
        );
        for _ in 0..self.share(200).clamp(12, 2_000) {
            let details = json!({"field": "name", "to": self.marked(&self.person())}).to_string();
            let action = self.chance.one_of(
                &["contact.updated", "flow.published", "member.invited"],
                "contact.updated",
            );
            let row = args![
                self.org(),
                self.chance.id(),
                self.a_user(),
                action,
                details,
                self.chance.moment()
            ];
            audit.push(&mut self.writer, row).await?;
        }
        Ok(audit.flush(&mut self.writer).await?)
    }
}
