//! Who somebody is: numbers and ids that come together are one person's, and move on with them.

use erasure::webhook::Outcome;
use serde_json::{Value, json};

use crate::{
    harness::World,
    line::{BEFORE, Line, from, text},
};

const NUMBER: &str = "16505551234";
const NEW_NUMBER: &str = "12195555358";
const ID: &str = "US.13491208655302741918";
const NEW_ID: &str = "US.20837465019283746501";
const PARENT: &str = "US.ENT.11815799212886844830";

async fn write(world: &World, line: &Line, wamid: &str, number: Option<&str>, id: Option<&str>) {
    let message = from(text(NUMBER, wamid, BEFORE, "hello"), number, id);
    let tally = world.receive(&line.told(&[message])).await;
    assert_eq!(tally.of(Outcome::Stored), 1, "{tally:?}");
}

/// Everybody who is known by one of these, once.
async fn people(world: &World, line: &Line, names: &[&str]) -> Vec<String> {
    let mut people = Vec::new();
    for name in names {
        people.extend(line.contact(world, name).await);
    }
    people.sort();
    people.dedup();
    people
}

#[tokio::test]
async fn two_contacts_that_turn_out_to_be_one_person_become_one() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), None).await;
    write(&world, &line, "wamid.2", None, Some(ID)).await;
    let [by_number, by_id] = [
        line.contact(&world, NUMBER).await.unwrap(),
        line.contact(&world, ID).await.unwrap(),
    ];
    assert_ne!(by_number, by_id);
    let organization = &line.organization;
    world
        .write(&format!(
            "UPDATE contacts SET attributes = '{{\"vip\":true,\"size\":1}}' WHERE id = '{by_id}'"
        ))
        .await;
    world
        .write(&format!(
            "UPDATE contacts SET attributes = '{{\"size\":2}}' WHERE id = '{by_number}'"
        ))
        .await;
    // Both received the same campaign, and only one had a run of a flow.
    for contact in [&by_number, &by_id] {
        world
            .write(&format!(
                "INSERT INTO campaign_recipients (organization_id, campaign_id, contact_id, address, state)
                 SELECT organization_id, MIN(id), '{contact}', '{NUMBER}', 'sent' FROM campaigns WHERE organization_id = '{organization}' GROUP BY organization_id"
            ))
            .await;
    }
    world
        .write(&format!(
            "INSERT INTO flow_runs (organization_id, id, flow_id, contact_id, state, started_at)
             SELECT organization_id, 'run', MIN(id), '{by_id}', '{{}}', 0 FROM flows WHERE organization_id = '{organization}' GROUP BY organization_id"
        ))
        .await;

    write(&world, &line, "wamid.3", Some(NUMBER), Some(ID)).await;

    assert_eq!(
        people(&world, &line, &[NUMBER, ID]).await,
        std::slice::from_ref(&by_number)
    );
    assert_eq!(
        line.count(&world, "contacts", &format!("id = '{by_id}'"))
            .await,
        0
    );
    for (table, rows) in [
        ("campaign_recipients", 1),
        ("flow_runs", 1),
        ("conversations", 2),
    ] {
        let theirs = format!("contact_id = '{by_number}'");
        assert_eq!(line.count(&world, table, &theirs).await, rows, "{table}");
    }
    let notes: Value = serde_json::from_str(
        &world
            .text(&format!(
                "SELECT attributes FROM contacts WHERE id = '{by_number}'"
            ))
            .await,
    )
    .unwrap();
    assert_eq!(notes, json!({ "vip": true, "size": 2 }));
}

#[tokio::test]
async fn news_of_a_message_links_what_is_known_and_makes_nobody() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), None).await;
    let status = |number: &str, id: &str| json!({ "id": "wamid.x", "status": "sent", "recipient_id": number, "recipient_user_id": id });
    let mut with_parent = status(NUMBER, ID);
    with_parent["recipient_parent_user_id"] = PARENT.into();

    world
        .receive(&line.fate(&[with_parent, status(NEW_NUMBER, NEW_ID)]))
        .await;

    assert_eq!(people(&world, &line, &[NUMBER, ID, PARENT]).await.len(), 1);
    assert_eq!(people(&world, &line, &[NEW_NUMBER, NEW_ID]).await.len(), 0);
}

#[tokio::test]
async fn somebody_with_another_number_stays_who_they_are_and_lets_go_of_the_old_one() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), Some(ID)).await;
    let before = line.contact(&world, NUMBER).await;
    let news = json!({ "from": NUMBER, "id": "wamid.2", "timestamp": BEFORE, "type": "system",
        "system": { "type": "user_changed_user_id", "wa_id": NEW_NUMBER, "user_id": NEW_ID, "body": "User changed" } });
    let news = from(news, Some(NUMBER), Some(ID));

    let tally = world.receive(&line.told(std::slice::from_ref(&news))).await;
    let again = world.receive(&line.told(&[news])).await;

    assert_eq!(
        (
            tally.of(Outcome::IdentityLinked),
            again.of(Outcome::NotKnown)
        ),
        (1, 1)
    );
    for (name, contact) in [
        (NEW_NUMBER, before.clone()),
        (NEW_ID, before),
        (NUMBER, None),
        (ID, None),
    ] {
        assert_eq!(line.contact(&world, name).await, contact, "{name}");
    }
    assert_eq!(
        line.count(&world, "messages", "body LIKE '%changed%'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_number_that_somebody_else_had_is_handed_on_without_their_history() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), None).await;
    write(&world, &line, "wamid.2", Some(NEW_NUMBER), None).await;
    let [mover, former] = [
        line.contact(&world, NUMBER).await.unwrap(),
        line.contact(&world, NEW_NUMBER).await.unwrap(),
    ];
    world
        .write(&format!(
            "UPDATE contacts SET created_at = 0 WHERE id = '{former}'"
        ))
        .await;
    let news = json!({ "from": NUMBER, "id": "wamid.3", "timestamp": BEFORE, "type": "system",
        "system": { "type": "user_changed_number", "wa_id": NEW_NUMBER } });

    world.receive(&line.told(&[news])).await;

    assert_eq!(line.contact(&world, NEW_NUMBER).await, Some(mover.clone()));
    assert_eq!(
        line.count(&world, "contacts", &format!("id = '{former}'"))
            .await,
        1
    );
    assert_eq!(
        line.count(&world, "conversations", &format!("contact_id = '{mover}'"))
            .await,
        1
    );
}

#[tokio::test]
async fn a_message_that_comes_again_is_known_whoever_its_sender_is_by_now() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), None).await;
    let news = json!({ "from": NUMBER, "id": "wamid.2", "timestamp": BEFORE, "type": "system",
        "system": { "type": "user_changed_number", "wa_id": NEW_NUMBER } });
    world.receive(&line.told(&[news])).await;
    let everything = world.everything_of(&line.organization).await;

    let message = from(text(NUMBER, "wamid.1", BEFORE, "hello"), Some(NUMBER), None);
    let again = world.receive(&line.told(&[message])).await;

    assert_eq!(again.of(Outcome::Repeated), 1, "{again:?}");
    assert_eq!(world.everything_of(&line.organization).await, everything);
    assert_eq!(line.contact(&world, NUMBER).await, None);
}

#[tokio::test]
async fn a_first_message_that_was_quicker_than_the_news_is_the_same_persons() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    write(&world, &line, "wamid.1", Some(NUMBER), None).await;
    write(&world, &line, "wamid.2", Some(NEW_NUMBER), None).await;
    let mover = line.contact(&world, NUMBER).await.unwrap();
    let news = json!({ "from": NUMBER, "id": "wamid.3", "timestamp": BEFORE, "type": "system",
        "system": { "type": "user_changed_number", "wa_id": NEW_NUMBER } });

    world.receive(&line.told(&[news])).await;

    assert_eq!(
        people(&world, &line, &[NEW_NUMBER]).await,
        std::slice::from_ref(&mover)
    );
    assert_eq!(
        line.count(&world, "conversations", &format!("contact_id = '{mover}'"))
            .await,
        2
    );
}

#[tokio::test]
async fn an_update_of_ids_reaches_every_organization_of_the_account() {
    let world = World::with_organizations(2).await;
    let (line, neighbour) = (
        Line::of(&world, "org-1").await,
        Line::of(&world, "org-2").await,
    );
    for line in [&line, &neighbour] {
        write(&world, line, "wamid.1", Some(NUMBER), Some(ID)).await;
    }
    let update = json!({ "user_id_update": [
        { "wa_id": NUMBER, "timestamp": "1750030073", "user_id": { "previous": ID, "current": NEW_ID }, "parent_user_id": { "current": PARENT } },
        { "detail": "nobody" },
    ] });

    let tally = world.receive(&line.change("user_id_update", &update)).await;

    assert_eq!(
        (
            tally.of(Outcome::IdentityLinked),
            tally.of(Outcome::NoIdentity)
        ),
        (1, 1)
    );
    assert_eq!(
        people(&world, &line, &[NUMBER, NEW_ID, PARENT]).await.len(),
        1
    );
    assert_eq!(line.contact(&world, ID).await, None);
    assert!(neighbour.contact(&world, ID).await.is_some());
}

#[tokio::test]
async fn news_about_somebody_unknown_makes_nobody() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let system = |system: Value| json!({ "from": NUMBER, "id": "wamid.1", "timestamp": BEFORE, "type": "system", "system": system });

    let tally = world
        .receive(&line.told(&[
            system(json!({ "type": "user_changed_number", "wa_id": NEW_NUMBER })),
            system(json!({ "type": "user_changed_number" })),
            system(json!({ "type": "customer_identity_changed" })),
        ]))
        .await;

    assert_eq!(
        (
            tally.of(Outcome::NotKnown),
            tally.of(Outcome::NoIdentity),
            tally.of(Outcome::UnknownType)
        ),
        (1, 1, 1)
    );
    assert_eq!(people(&world, &line, &[NUMBER, NEW_NUMBER]).await.len(), 0);
}
