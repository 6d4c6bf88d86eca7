//! What Meta tells becomes what the platform's own services would have written, once.

use erasure::webhook::{Outcome, answer_challenge};
use serde_json::{Value, json};

use crate::{
    harness::World,
    line::{BEFORE, Line, from, text},
};

const SOMEBODY: &str = "16505551234";
const ID: &str = "US.13491208655302741918";

#[tokio::test]
async fn a_message_makes_its_contact_its_conversation_and_itself() {
    let world = World::with_organizations(2).await;
    let (line, neighbour) = (
        Line::of(&world, "org-1").await,
        Line::of(&world, "org-2").await,
    );
    let theirs = world.everything_of(&neighbour.organization).await;
    let message = from(
        text(SOMEBODY, "wamid.1", BEFORE, "Ça va ?"),
        Some(SOMEBODY),
        Some(ID),
    );
    let mut body = line.told(&[message]);
    body["entry"][0]["changes"][0]["value"]["contacts"] =
        json!([{ "profile": { "name": "Pablo M." }, "wa_id": SOMEBODY, "user_id": ID }]);

    let tally = world.receive(&body).await;

    assert_eq!(tally.of(Outcome::Stored), 1);
    let contact = line.contact(&world, SOMEBODY).await.unwrap();
    assert_eq!(line.contact(&world, ID).await, Some(contact.clone()));
    let named = format!("id = '{contact}' AND name = 'Pablo M.' AND language = 'und'");
    assert_eq!(line.count(&world, "contacts", &named).await, 1);
    let stored = format!(
        "direction = 'inbound' AND kind = 'text' AND body = 'Ça va ?' AND status = 'received' AND sent_at = {}
         AND conversation_id = (SELECT id FROM conversations WHERE contact_id = '{contact}' AND profile_id = '{}' AND state = 'open')",
        BEFORE * 1_000,
        line.profile
    );
    assert_eq!(line.count(&world, "messages", &stored).await, 1);
    assert_eq!(world.everything_of(&neighbour.organization).await, theirs);
}

#[tokio::test]
async fn a_body_that_comes_again_changes_nothing() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let photo = json!({ "from": SOMEBODY, "id": "wamid.2", "timestamp": (BEFORE + 1).to_string(), "type": "image",
        "image": { "id": "1003383421387256", "mime_type": "image/jpeg", "caption": "Taj Mahal" } });
    let body = line.told(&[text(SOMEBODY, "wamid.1", BEFORE, "a"), photo]);
    let first = world.receive(&body).await;
    let everything = world.everything_of(&line.organization).await;

    let again = world.receive(&body).await;

    assert_eq!(
        (first.of(Outcome::Stored), again.of(Outcome::Repeated)),
        (2, 2)
    );
    assert_eq!(world.everything_of(&line.organization).await, everything);
}

#[tokio::test]
async fn a_conversation_goes_on_where_it_was_left() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    world
        .receive(&line.told(&[text(SOMEBODY, "wamid.1", BEFORE, "a")]))
        .await;
    world
        .write("UPDATE conversations SET state = 'closed'")
        .await;

    world
        .receive(&line.told(&[text(SOMEBODY, "wamid.3", BEFORE + 60, "c")]))
        .await;
    world
        .receive(&line.told(&[text(SOMEBODY, "wamid.2", BEFORE + 30, "b")]))
        .await;

    let contact = line.contact(&world, SOMEBODY).await.unwrap();
    let latest = (BEFORE + 60) * 1_000;
    let one = format!("contact_id = '{contact}' AND state = 'open' AND last_message_at = {latest}");
    assert_eq!(line.count(&world, "conversations", &one).await, 1);
    let all =
        format!("conversation_id IN (SELECT id FROM conversations WHERE contact_id = '{contact}')");
    assert_eq!(line.count(&world, "messages", &all).await, 3);
}

#[tokio::test]
async fn every_kind_of_message_is_kept_as_the_platform_keeps_it() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let of = |kind: &str, content: Value| {
        let mut message = json!({ "from": SOMEBODY, "id": format!("wamid.{kind}"), "timestamp": BEFORE, "type": kind });
        message[kind] = content;
        message
    };
    let messages = [
        of("button", json!({ "text": "Yes", "payload": "yes" })),
        of(
            "interactive",
            json!({ "type": "list_reply", "list_reply": { "id": "1", "title": "Blue" } }),
        ),
        of(
            "reaction",
            json!({ "message_id": "wamid.x", "emoji": "👍" }),
        ),
        of(
            "location",
            json!({ "latitude": 48.85, "longitude": 2.35, "name": "Chez Ada" }),
        ),
        of(
            "audio",
            json!({ "id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": true }),
        ),
        of("video", json!({ "id": 2, "mime_type": "video/mp4" })),
        of("sticker", json!({ "id": "3", "mime_type": "image/webp" })),
        of(
            "document",
            json!({ "id": "4", "mime_type": "application/pdf", "filename": "devis.pdf", "caption": "le devis" }),
        ),
    ];

    let tally = world.receive(&line.told(&messages)).await;

    assert_eq!(tally.of(Outcome::Stored), 8);
    for (kind, body) in [
        ("text", "Yes"),
        ("text", "Blue"),
        ("text", "👍"),
        ("text", "Chez Ada · 48.85, 2.35"),
        ("document", "le devis"),
    ] {
        let condition = format!("kind = '{kind}' AND body = '{body}' AND direction = 'inbound'");
        assert_eq!(
            line.count(&world, "messages", &condition).await,
            1,
            "{body}"
        );
    }
    for (kind, content_type, name, id) in [
        ("audio", "audio/ogg; codecs=opus", "audio", "1"),
        ("video", "video/mp4", "video", "2"),
        ("image", "image/webp", "image", "3"),
        ("document", "application/pdf", "devis.pdf", "4"),
    ] {
        let condition = format!(
            "kind = '{kind}' AND content_type = '{content_type}' AND file_name = '{name}' AND meta_media_id = '{id}'
             AND object_key = organization_id || '/' || id"
        );
        assert_eq!(
            line.count(&world, "media_files", &condition).await,
            1,
            "{kind}"
        );
    }
}

#[tokio::test]
async fn what_is_not_known_is_counted_and_spoils_nothing() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let body = json!({ "object": "whatsapp_business_account", "new": true, "entry": [
        { "id": line.waba, "changes": [
            { "field": "flows", "value": { "event": "FLOW_STATUS_CHANGE" } },
            { "field": "messages", "value": { "metadata": line.metadata(), "errors": [{}], "messages": [
                text(SOMEBODY, "wamid.1", BEFORE, "first"),
                { "from": SOMEBODY, "id": "wamid.2", "timestamp": BEFORE, "type": "hologram", "hologram": { "x": 1 } },
                { "id": "wamid.3", "timestamp": BEFORE, "type": "text", "text": { "body": "nobody" } },
                { "from": "0", "id": "wamid.4", "timestamp": BEFORE, "type": "text", "text": { "body": "WhatsApp" } },
                text(SOMEBODY, "wamid.5", -1, "before time"),
                text(SOMEBODY, "", BEFORE, "no id"),
                { "from": SOMEBODY, "group_id": "g", "id": "wamid.6", "timestamp": BEFORE, "type": "text", "text": { "body": "group" } },
                { "from": SOMEBODY, "id": "wamid.7", "timestamp": BEFORE, "type": "text", "text": "not an object" },
                7,
                text(SOMEBODY, "wamid.8", BEFORE, "l\0ast"),
            ] } },
        ] },
        { "id": line.waba, "changes": "none" },
        { "id": "1", "changes": [{ "field": "messages", "value": { "metadata": { "phone_number_id": "1" }, "messages": [text(SOMEBODY, "wamid.9", BEFORE, "elsewhere")] } }] },
    ] });

    let tally = world.receive(&body).await;

    for (outcome, events) in [
        (Outcome::Stored, 2),
        (Outcome::UnknownType, 1),
        (Outcome::NoIdentity, 2),
        (Outcome::Malformed, 5),
        (Outcome::NotKnown, 1),
        (Outcome::UnknownField, 1),
        (Outcome::NotConnected, 1),
    ] {
        assert_eq!(tally.of(outcome), events, "{outcome:?}");
    }
    assert_eq!(
        line.count(&world, "messages", "body IN ('first', 'last')")
            .await,
        2
    );
    assert_eq!(
        world
            .number("SELECT count(*) FROM messages WHERE body = 'elsewhere'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_large_batch_is_taken_whole() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let messages: Vec<Value> = (0..230)
        .map(|number| {
            let from = format!("1650555{:04}", number % 40);
            text(&from, &format!("wamid.{number}"), BEFORE + number, "hello")
        })
        .collect();

    let tally = world.receive(&line.told(&messages)).await;

    assert_eq!(tally.of(Outcome::Stored), 230);
    assert_eq!(
        line.count(&world, "contact_identities", "value LIKE '1650555%'")
            .await,
        40
    );
}

#[tokio::test]
async fn news_of_a_message_never_steps_back() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let organization = &line.organization;
    world
        .write(&format!(
            "UPDATE messages SET status = 'sent', whatsapp_message_id = 'wamid.out', direction = 'outbound'
             WHERE organization_id = '{organization}' AND id = (SELECT MIN(id) FROM messages WHERE organization_id = '{organization}')"
        ))
        .await;
    let recipient = world
        .text(
            "SELECT i.value FROM messages AS m
             JOIN conversations AS t ON t.organization_id = m.organization_id AND t.id = m.conversation_id
             JOIN contact_identities AS i ON i.organization_id = t.organization_id AND i.contact_id = t.contact_id
             WHERE m.whatsapp_message_id = 'wamid.out' AND i.kind = 'phone'",
        )
        .await;
    let status = |status: &str| json!({ "id": "wamid.out", "status": status, "timestamp": "1", "recipient_id": recipient });
    let of_another =
        json!({ "id": "wamid.out", "status": "read", "timestamp": "1", "recipient_id": SOMEBODY });
    let tally = world.receive(&line.fate(&[of_another])).await;
    assert_eq!(tally.of(Outcome::NotKnown), 1, "{tally:?}");

    let mut seen = Vec::new();
    for (news, outcome) in [
        ("sent", Outcome::StatusTaken),
        ("delivered", Outcome::StatusTaken),
        ("delivered", Outcome::NotKnown),
        ("read", Outcome::StatusTaken),
        ("delivered", Outcome::NotKnown),
        ("failed", Outcome::NotKnown),
        ("vanished", Outcome::UnknownType),
    ] {
        let tally = world.receive(&line.fate(&[status(news)])).await;
        assert_eq!(tally.of(outcome), 1, "{news}: {tally:?}");
        seen.push(
            world
                .text("SELECT status FROM messages WHERE whatsapp_message_id = 'wamid.out'")
                .await,
        );
    }

    assert_eq!(
        seen,
        [
            "sent",
            "delivered",
            "delivered",
            "read",
            "read",
            "read",
            "read"
        ]
    );
}

#[tokio::test]
async fn what_comes_for_an_organization_that_is_being_erased_is_dropped() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let body = line.told(&[text(SOMEBODY, "wamid.1", BEFORE, "too late")]);

    let during = world.receive(&body).await;
    world.complete(&capability).await;
    let after = world.receive(&body).await;

    assert_eq!(
        (during.of(Outcome::Fenced), after.of(Outcome::NotConnected)),
        (1, 1)
    );
    assert_eq!(world.number("SELECT count(*) FROM messages").await, 0);
    world.settle().await;
}

#[tokio::test]
async fn a_number_that_is_disconnected_takes_nothing() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    world
        .write("UPDATE whatsapp_profiles SET token_sealed = NULL")
        .await;

    let tally = world
        .receive(&line.told(&[text(SOMEBODY, "wamid.1", BEFORE, "x")]))
        .await;

    assert_eq!(tally.of(Outcome::NotConnected), 1);
    assert_eq!(line.contact(&world, SOMEBODY).await, None);
}

#[tokio::test]
async fn a_number_of_two_organizations_tells_both() {
    let world = World::with_organizations(2).await;
    let (one, two) = (
        Line::of(&world, "org-1").await,
        Line::of(&world, "org-2").await,
    );
    world
        .write(&format!(
            "UPDATE whatsapp_profiles SET phone_number_id = '{}', waba_id = '{}' WHERE id = '{}'",
            one.number, one.waba, two.profile
        ))
        .await;

    let tally = world
        .receive(&one.told(&[text(SOMEBODY, "wamid.1", BEFORE, "both")]))
        .await;

    assert_eq!(tally.of(Outcome::Stored), 2);
    for line in [one, two] {
        assert_eq!(line.count(&world, "messages", "body = 'both'").await, 1);
    }
}

#[tokio::test]
async fn only_the_agreed_token_is_answered() {
    let world = World::with_organizations(1).await;
    let answer = |mode, token, challenge: &'static str| {
        answer_challenge(&world.services, mode, token, challenge)
    };

    assert_eq!(
        answer("subscribe", "sesame", "1158201444"),
        Some("1158201444")
    );
    for (mode, token, challenge) in [
        ("subscribe", "sesam", "1"),
        ("subscribe", "", "1"),
        ("unsubscribe", "sesame", "1"),
        ("", "sesame", "1"),
        ("subscribe", "sesame", ""),
        ("subscribe", "sesame", "<script>"),
    ] {
        assert_eq!(
            answer(mode, token, challenge),
            None,
            "{mode} {token} {challenge}"
        );
    }
}
