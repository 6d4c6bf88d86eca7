//! What people say: conversations, messages, files.

use super::{Making, Rows, SeedError, args, words};
use crate::time::Timestamp;

/// One message in so many carries a file …
const MESSAGES_PER_FILE: u64 = 50;
/// … but nobody needs more files than this to see them go.
const MOST_FILES: u64 = 2_000;

impl Making<'_> {
    pub(super) async fn conversations(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "conversations",
            &[
                "organization_id",
                "id",
                "contact_id",
                "profile_id",
                "assigned_user_id",
                "state",
                "last_message_at",
            ],
        );
        let mut talks = Vec::with_capacity(self.contacts.len());
        for index in 0..self.contacts.len() {
            let Some((contact, name, phone)) = self.contacts.get(index).cloned() else {
                continue;
            };
            let id = self.chance.id();
            let profile = self.profiles.first().cloned();
            let state = self.chance.one_of(&["open", "closed", "closed"], "open");
            let row = args![
                self.org(),
                id.as_str(),
                contact,
                profile,
                self.a_user(),
                state,
                self.chance.moment()
            ];
            rows.push(&mut self.writer, row).await?;
            talks.push((id, name, phone));
        }
        rows.flush(&mut self.writer).await?;
        self.messages(&talks).await
    }

    async fn messages(&mut self, talks: &[(String, String, String)]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "messages",
            &[
                "organization_id",
                "id",
                "conversation_id",
                "direction",
                "kind",
                "body",
                "whatsapp_message_id",
                "status",
                "sent_at",
            ],
        );
        let files = (self.plan.messages / MESSAGES_PER_FILE).clamp(5, MOST_FILES);
        let every = (self.plan.messages / files).max(1);
        let mut with_files = Vec::new();
        for number in 0..self.plan.messages {
            let talk = usize::try_from(number).unwrap_or(0) % talks.len().max(1);
            let Some((conversation, name, phone)) = talks.get(talk) else {
                continue;
            };
            let id = self.chance.id();
            let inbound = self.chance.below(2) == 0;
            let (direction, status) = if inbound {
                ("inbound", "received")
            } else {
                (
                    "outbound",
                    self.chance.one_of(&["delivered", "read"], "read"),
                )
            };
            let has_file = number % every == 0;
            let kind = if has_file { "image" } else { "text" };
            let sent_at = self.chance.moment();
            let row = args![
                self.org(),
                id.as_str(),
                conversation.as_str(),
                direction,
                kind,
                self.body(inbound, name),
                self.marked(&format!("wamid.{phone}.{number:x}")),
                status,
                sent_at,
            ];
            rows.push(&mut self.writer, row).await?;
            if has_file {
                with_files.push((id, sent_at));
            }
        }
        rows.flush(&mut self.writer).await?;
        self.media(&with_files).await
    }

    fn body(&self, inbound: bool, name: &str) -> String {
        let text = if inbound {
            self.chance.one_of(&words::TO_BUSINESS, "Bonjour")
        } else {
            self.chance.one_of(&words::FROM_BUSINESS, "Bonjour")
        };
        let first_name = name.split(' ').next().unwrap_or(name);
        self.marked(
            &text
                .replace("{name}", first_name)
                .replace("{n}", &self.chance.digits(5)),
        )
    }

    /// One file for each of these messages, and one of each kind in the library.
    async fn media(&mut self, messages: &[(String, Timestamp)]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "media_files",
            &[
                "organization_id",
                "id",
                "message_id",
                "kind",
                "content_type",
                "file_name",
                "object_key",
                "size_bytes",
                "created_at",
            ],
        );
        let organization = self
            .organization
            .parse()
            .map_err(|_| crate::db::Error::Corrupt("seed"))?;
        let library = words::FILES.iter().map(|_| (None, self.created_at));
        let sent = messages.iter().map(|(id, at)| (Some(id.as_str()), *at));
        for (number, (message, at)) in library.chain(sent).enumerate() {
            let Some((kind, content_type, ending, head)) =
                words::FILES.get(number % words::FILES.len())
            else {
                continue;
            };
            let id = self.chance.id();
            let mut content = head.to_vec();
            content.extend(self.marked("").into_bytes());
            content.extend(self.chance.bytes::<512>());
            self.services
                .media
                .put(&organization, &id, &content)
                .await?;
            let name = self.marked(&format!("IMG_{}", self.chance.digits(4)));
            let row = args![
                self.org(),
                id.as_str(),
                message,
                *kind,
                *content_type,
                format!("{name}.{ending}"),
                format!("{}/{id}", self.organization),
                i64::try_from(content.len()).unwrap_or(0),
                at,
            ];
            rows.push(&mut self.writer, row).await?;
            self.files += 1;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
