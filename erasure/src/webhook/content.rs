//! What a message says, in the words and kinds that the platform's tables have.

use super::payload::{Location, Media, Message};

/// A message's content.
pub(super) struct Content<'m> {
    /// As the table calls it.
    pub(super) kind: &'static str,
    /// What is to be read.
    pub(super) body: String,
    /// What is to be fetched.
    pub(super) file: Option<File<'m>>,
    /// Whether this program knows such messages.
    pub(super) is_known: bool,
}

/// A file that Meta holds.
pub(super) struct File<'m> {
    pub(super) media: &'m Media,
    /// As the table calls it.
    pub(super) kind: &'static str,
    fallback_type: &'static str,
}

impl File<'_> {
    pub(super) fn content_type(&self) -> &str {
        self.media
            .mime_type
            .as_deref()
            .unwrap_or(self.fallback_type)
    }

    /// As the sender named it; only documents have a name.
    pub(super) fn name(&self) -> &str {
        self.media.filename.as_deref().unwrap_or(self.kind)
    }
}

/// Reads a message. One of a kind that is not known is kept without its content: that somebody wrote is what matters.
pub(super) fn of(message: &Message) -> Content<'_> {
    let file = |media: &Option<Media>| media.as_ref().is_some();
    match message.kind.as_str() {
        "text" => text(message.text.as_ref().map(|text| text.body.clone())),
        "button" => text(
            message
                .button
                .as_ref()
                .and_then(|button| button.text.clone()),
        ),
        "interactive" => text(message.interactive.as_ref().and_then(|interactive| {
            let reply = interactive
                .button_reply
                .as_ref()
                .or(interactive.list_reply.as_ref());
            reply.and_then(|reply| reply.title.clone())
        })),
        "reaction" => text(
            message
                .reaction
                .as_ref()
                .map(|reaction| reaction.emoji.clone().unwrap_or_default()),
        ),
        "location" => text(message.location.as_ref().map(place)),
        "image" if file(&message.image) => media("image", "image/jpeg", message.image.as_ref()),
        "sticker" if file(&message.sticker) => {
            media("image", "image/webp", message.sticker.as_ref())
        }
        "audio" if file(&message.audio) => media("audio", "audio/ogg", message.audio.as_ref()),
        "video" if file(&message.video) => media("video", "video/mp4", message.video.as_ref()),
        "document" if file(&message.document) => media(
            "document",
            "application/octet-stream",
            message.document.as_ref(),
        ),
        _ => text(None),
    }
}

fn text(body: Option<String>) -> Content<'static> {
    Content {
        kind: "text",
        is_known: body.is_some(),
        body: body.unwrap_or_default(),
        file: None,
    }
}

fn media<'m>(
    kind: &'static str,
    fallback_type: &'static str,
    media: Option<&'m Media>,
) -> Content<'m> {
    Content {
        kind,
        is_known: true,
        body: media
            .and_then(|media| media.caption.clone())
            .unwrap_or_default(),
        file: media.map(|media| File {
            media,
            kind,
            fallback_type,
        }),
    }
}

/// "Name, address (48.85, 2.35)", as much of it as there is.
fn place(location: &Location) -> String {
    let words = [&location.name, &location.address];
    let mut parts: Vec<String> = words.into_iter().flatten().cloned().collect();
    if let (Some(latitude), Some(longitude)) = (location.latitude, location.longitude) {
        parts.push(format!("{latitude}, {longitude}"));
    }
    parts.join(" · ")
}
