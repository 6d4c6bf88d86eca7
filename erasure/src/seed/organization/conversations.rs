//! What people say to each other.
//!
//! A conversation lasts some days: its messages lie near each other in time, and hundreds of others lie between them.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Contact, Making, Rows, SeedError, args, media::KINDS};
use crate::{db::Value, seed::chance::Chance, time::Timestamp};

/// How many conversations go on at the same time: one in so many, which is four days of the four hundred.
const ONE_IN_OPEN: usize = 100;
/// One message in so many carries a file …
const MESSAGES_PER_FILE: u64 = 50;
/// … but nobody needs more files than this to see them go, nor fewer than this to see each kind.
const FILES: (u64, u64) = (5, 2_000);

/// Which conversation each message belongs to, and when it was sent. The same number gives the same course, so that it can
/// be walked twice: once to learn when a conversation ended, once to write.
struct Course {
    chance: Chance,
    next: u64,
    messages: u64,
    /// When each conversation begins: not before its contact is there.
    beginnings: Vec<Timestamp>,
    newest: usize,
}

impl Iterator for Course {
    type Item = (usize, Timestamp);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.messages {
            return None;
        }
        let sent_at = self.chance.moment(self.next, self.messages);
        self.next += 1;
        let has_begun = |conversation| {
            let beginning = self.beginnings.get(conversation);
            beginning.is_some_and(|beginning| *beginning <= sent_at)
        };
        while has_begun(self.newest + 1) {
            self.newest += 1;
        }
        let open = (self.beginnings.len() / ONE_IN_OPEN).clamp(1, self.newest + 1);
        let back = self.chance.below(u32::try_from(open).unwrap_or(u32::MAX));
        Some((self.newest - usize::try_from(back).unwrap_or(0), sent_at))
    }
}

impl Making<'_> {
    fn course(&self, number: u64) -> Course {
        Course {
            chance: Chance::from_number(number),
            next: 0,
            messages: self.plan.messages,
            beginnings: self.contacts.iter().map(|contact| contact.since).collect(),
            newest: 0,
        }
    }

    /// One conversation for each contact, and their messages.
    pub(super) async fn conversations(&mut self) -> Result<(), SeedError> {
        let course = self.chance.number();
        let mut ended_at: Vec<_> = self.contacts.iter().map(|contact| contact.since).collect();
        for (conversation, sent_at) in self.course(course) {
            if let Some(ended_at) = ended_at.get_mut(conversation) {
                *ended_at = sent_at;
            }
        }
        let mut rows = Rows::of(
            "conversations",
            "organization_id, id, contact_id, profile_id, assigned_user_id, state, last_message_at",
        );
        let closed = self.contacts.len() - self.contacts.len().div_ceil(ONE_IN_OPEN);
        let mut ids = Vec::with_capacity(self.contacts.len());
        for (number, (contact, ended_at)) in self.contacts.iter().zip(ended_at).enumerate() {
            let id = self.chance.id(contact.since);
            let row = args![
                self.org(),
                id.as_str(),
                contact.id.as_str(),
                self.profiles.get(self.index(self.profiles.len())).cloned(),
                self.a_user(),
                if number < closed { "closed" } else { "open" },
                ended_at
            ];
            rows.push(&mut self.writer, row).await?;
            ids.push(id);
        }
        rows.flush(&mut self.writer).await?;
        self.messages(course, &ids).await
    }

    async fn messages(&mut self, course: u64, conversations: &[String]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "messages",
            "organization_id, id, conversation_id, direction, kind, body, whatsapp_message_id, status, sent_at",
        );
        let (fewest, most) = FILES;
        let files = (self.plan.messages / MESSAGES_PER_FILE).clamp(fewest, most);
        let messages_per_file = (self.plan.messages / files).max(1);
        let mut with_files = Vec::new();
        for (number, (talk, sent_at)) in (0_u64..).zip(self.course(course)) {
            let (Some(contact), Some(conversation)) =
                (self.contacts.get(talk), conversations.get(talk))
            else {
                continue;
            };
            let id = self.chance.id(sent_at);
            let file = number
                .is_multiple_of(messages_per_file)
                .then(|| KINDS.get(with_files.len() % KINDS.len()))
                .flatten();
            let mut row = args![self.org(), id.as_str(), conversation.as_str()];
            row.extend(self.message(contact, file.map(|file| file.name)));
            row.push(Value::from(sent_at));
            rows.push(&mut self.writer, row).await?;
            with_files.extend(file.map(|file| (file, (conversation.clone(), id), talk, sent_at)));
        }
        rows.flush(&mut self.writer).await?;
        self.media_files(&with_files).await
    }

    /// Direction, kind, body, Meta's id and status.
    fn message(&self, contact: &Contact, file: Option<&'static str>) -> [Value; 5] {
        let words = contact.words;
        let inbound = self.chance.once_in(2);
        let (direction, status) = if inbound {
            ("inbound", "received")
        } else {
            let statuses = ["read", "read", "read", "delivered", "delivered", "sent"];
            let failed = self.chance.once_in(60);
            (
                "outbound",
                if failed {
                    "failed"
                } else {
                    self.chance.one_of(&statuses)
                },
            )
        };
        let (kind, phrase) = match file {
            Some(kind) => (kind, self.chance.one_of(words.captions)),
            None if inbound => ("text", self.chance.one_of(words.inbound)),
            None if self.chance.once_in(15) => ("template", self.chance.one_of(words.reminders)),
            None => ("text", self.chance.one_of(words.outbound)),
        };
        [
            Value::from(direction),
            Value::from(kind),
            Value::from(self.phrase(phrase, contact)),
            Value::from(self.message_id(contact)),
            Value::from(status),
        ]
    }

    /// Meta's own id of a message: the number is in it, only wrapped.
    fn message_id(&self, contact: &Contact) -> String {
        let mut inside = contact.phone.clone().into_bytes();
        inside.extend(self.chance.bytes::<10>());
        self.marked(&format!("wamid.HBgL{}", STANDARD.encode(inside)))
    }
}
