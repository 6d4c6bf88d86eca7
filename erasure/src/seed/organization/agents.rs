//! AI agents: what they are told, what they know, and what was asked of them.

use super::{Making, Rows, SeedError, args};

const MESSAGES_PER_TRACE: u64 = 50;

impl Making<'_> {
    pub(super) async fn agents(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "ai_agents",
            "organization_id, id, name, instructions, model, created_at",
        );
        let mut ids = Vec::new();
        for (name, instructions) in self.words.agents {
            let id = self.chance.id(self.created_at);
            let row = args![
                self.org(),
                id.as_str(),
                self.marked(name),
                self.marked(instructions),
                self.chance.one_of(&["small-2", "large-2"]),
                self.created_at
            ];
            rows.push(&mut self.writer, row).await?;
            ids.push(id);
        }
        rows.flush(&mut self.writer).await?;
        self.agent_documents(&ids).await?;
        self.traces(&ids).await
    }

    async fn agent_documents(&mut self, agents: &[String]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "ai_agent_documents",
            "organization_id, id, agent_id, title, content",
        );
        for agent in agents {
            for (title, content) in self.words.documents {
                let content = self
                    .a_contact()
                    .map(|contact| self.phrase(content, contact));
                let id = self.chance.id(self.created_at);
                let title = self.marked(title);
                let row = args![self.org(), id, agent.as_str(), title, content];
                rows.push(&mut self.writer, row).await?;
            }
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    async fn traces(&mut self, agents: &[String]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "ai_traces",
            "organization_id, id, agent_id, contact_id, prompt, answer, created_at",
        );
        let count = self.one_per(MESSAGES_PER_TRACE);
        for number in 0..count {
            let at = self.chance.moment(number, count);
            let (contact, prompt) = self.said(|words| words.inbound);
            let (_, answer) = self.said(|words| words.outbound);
            let row = args![
                self.org(),
                self.chance.id(at),
                agents.get(self.index(agents.len())).cloned(),
                contact,
                prompt,
                answer,
                at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
