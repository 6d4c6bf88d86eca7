//! Whatever Meta signs is read or counted.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{
    super::{content, messages, sender::Sender},
    *,
};

fn read(body: &str) -> (Vec<String>, Tally) {
    let mut tally = Tally::default();
    let changes = changes(body.as_bytes(), &mut tally);
    let fields = changes
        .into_iter()
        .map(|change| format!("{}/{}", change.entry_id, change.field));
    (fields.collect(), tally)
}

#[test]
fn a_part_that_is_not_understood_spoils_no_other() {
    let (changes, tally) = read(
        r#"{"object":"whatsapp_business_account","new":{"a":[1]},"entry":[
            {"id":"1","changes":[{"field":"messages","value":{}},{"field":7,"value":{}},{"value":{}}]},
            {"changes":[]}, 5, {"id":2,"time":3,"changes":[{"field":"flows","value":null}]}]}"#,
    );

    assert_eq!(changes, ["1/messages", "2/flows"]);
    assert_eq!(tally.of(Outcome::Malformed), 4);
}

#[test]
fn what_is_no_body_of_ours_is_counted() {
    for (body, outcome) in [
        ("", Outcome::Malformed),
        ("[]", Outcome::Malformed),
        (
            "{\"object\":\"whatsapp_business_account\"}",
            Outcome::Malformed,
        ),
        (
            "{\"object\":\"whatsapp_business_account\",\"entry\":[",
            Outcome::Malformed,
        ),
        ("{\"object\":\"page\",\"entry\":[]}", Outcome::UnknownField),
    ] {
        let (changes, tally) = read(body);
        assert_eq!((changes.len(), tally.of(outcome)), (0, 1), "{body}");
    }
}

/// JSON of the words that Meta uses, in any order and depth.
fn json() -> impl Strategy<Value = Json> {
    let word = prop::sample::select(vec![
        "metadata",
        "phone_number_id",
        "contacts",
        "profile",
        "name",
        "wa_id",
        "user_id",
        "messages",
        "from",
        "from_user_id",
        "from_parent_user_id",
        "group_id",
        "id",
        "timestamp",
        "type",
        "text",
        "body",
        "button",
        "interactive",
        "list_reply",
        "title",
        "reaction",
        "emoji",
        "location",
        "latitude",
        "image",
        "document",
        "mime_type",
        "filename",
        "system",
        "statuses",
        "status",
        "recipient_id",
        "biz_opaque_callback_data",
        "user_id_update",
        "previous",
        "current",
        "event",
        "waba_info",
        "waba_id",
        "partner_app_id",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[0-9]{0,18}|US\\.[A-Z0-9.]{0,12}|wamid\\.[A-Za-z0-9=]{0,9}|\\PC{0,12}"
            .prop_map(Json::from),
        word.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((word.clone(), inner), 0..9).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

/// Reads a value as each kind of content that there is, down to what would be stored.
fn read_as_everything(value: &RawValue) {
    let mut tally = Tally::default();
    if let Ok(content) = serde_json::from_str::<Messages<'_>>(value.get()) {
        for profile in parsed::<Profile>(&content.contacts, &mut tally) {
            let _ = profile.name();
        }
        parsed::<Message>(&content.messages, &mut tally)
            .iter()
            .for_each(read_message);
        parsed::<Status>(&content.statuses, &mut tally);
    }
    if let Ok(message) = serde_json::from_str::<Message>(value.get()) {
        read_message(&message);
    }
    if let Ok(content) = serde_json::from_str::<UserIdUpdates<'_>>(value.get()) {
        parsed::<UserIdUpdate>(&content.user_id_update, &mut tally);
    }
    let _ = serde_json::from_str::<AccountUpdate>(value.get());
}

fn read_message(message: &Message) {
    let sender = Sender::of(
        message.from.as_ref(),
        [
            message.from_user_id.as_ref(),
            message.from_parent_user_id.as_ref(),
        ],
    );
    assert!(
        sender
            .0
            .iter()
            .all(|identity| !identity.expose().is_empty())
    );
    let content = content::of(message);
    assert!(["text", "image", "audio", "video", "document"].contains(&content.kind));
    assert!(content.is_known || content.body.is_empty() && content.file.is_none());
    if let Some(moment) = messages::sent_at(message) {
        assert!(!message.id.0.is_empty() && moment.as_millis() >= 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(4_096)))]

    #[test]
    fn whatever_meta_signs_is_read_or_counted(value in json()) {
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }, value] }, value] });
        let mut tally = Tally::default();
        let body = body.to_string();
        let changes = changes(body.as_bytes(), &mut tally);
        prop_assert!(!changes.is_empty());
        for change in changes {
            read_as_everything(change.value);
        }
    }

    #[test]
    fn whatever_comes_is_read_or_counted(body in "\\PC{0,200}|[\\[\\]{}\",:a-z0-9 ]{0,200}") {
        let (changes, tally) = read(&body);
        prop_assert!(changes.is_empty() && tally.iter().count() == 1);
    }
}
