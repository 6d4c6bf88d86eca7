//! Files: written to the store first, then named in the table.

use super::{Making, Rows, SeedError, args};
use crate::time::Timestamp;

/// A kind of file, and how real ones begin, so that a look into a seeded folder says what is in it.
pub(super) struct FileKind {
    /// As the tables call it; several content types share one.
    pub(super) name: &'static str,
    content_type: &'static str,
    ending: &'static str,
    head: &'static [u8],
}

pub(super) const KINDS: [FileKind; 5] = [
    FileKind {
        name: "image",
        content_type: "image/jpeg",
        ending: "jpg",
        head: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
    },
    FileKind {
        name: "image",
        content_type: "image/png",
        ending: "png",
        head: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x08\x02\x00\x00\x00",
    },
    FileKind {
        name: "audio",
        content_type: "audio/ogg",
        ending: "ogg",
        head: b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00OpusHead",
    },
    FileKind {
        name: "video",
        content_type: "video/mp4",
        ending: "mp4",
        head: b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    },
    FileKind {
        name: "document",
        content_type: "application/pdf",
        ending: "pdf",
        head: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    },
];

/// A message that carries a file: which kind, its conversation and id, its contact's place in the list, and when.
pub(super) type WithFile = (&'static FileKind, (String, String), usize, Timestamp);

impl Making<'_> {
    /// One file of each kind in the library, and one for each of these messages.
    pub(super) async fn media_files(&mut self, messages: &[WithFile]) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "media_files",
            "organization_id, id, conversation_id, message_id, kind, content_type, file_name, object_key, size_bytes, created_at",
        );
        let library = KINDS.iter().map(|kind| (kind, None, 0, self.created_at));
        let sent = messages
            .iter()
            .map(|(kind, message, contact, at)| (*kind, Some(message), *contact, *at));
        for (kind, message, contact, at) in library.chain(sent) {
            let Some(contact) = self.contacts.get(contact) else {
                continue;
            };
            let id = self.chance.id(at);
            let mut content = kind.head.to_vec();
            content.extend(self.marked("").into_bytes());
            content.extend(self.chance.bytes::<512>());
            self.services
                .media
                .put(&self.organization, &id, &content)
                .await?;
            let name = self.phrase(self.chance.one_of(self.words.file_names), contact);
            let row = args![
                self.org(),
                id.as_str(),
                message.map(|(conversation, _)| conversation.as_str()),
                message.map(|(_, message)| message.as_str()),
                kind.name,
                kind.content_type,
                format!("{name}.{}", kind.ending),
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
