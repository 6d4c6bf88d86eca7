//! Who was erased does not come back by what was on its way, nor by an import.

use erasure::{
    contact::{self, ContactErasure, holders},
    id::{Capability, OrganizationId},
    locale::Locale,
    person::Identity,
    retention, suppression,
    webhook::Outcome,
};
use serde_json::Value;

use crate::{
    harness::{World, hours},
    line::{BEFORE, Line, from, text},
};

/// A number from Brazil: it has a second form.
const NUMBER: &str = "5511987654321";
const OLD_FORM: &str = "551187654321";
const ID: &str = "BR.13491208655302741918";

fn message(wamid: &str, seconds: i64) -> Value {
    from(
        text(NUMBER, wamid, seconds, "hello"),
        Some(NUMBER),
        Some(ID),
    )
}

/// The erasure of whoever has the number is confirmed; nothing is erased yet.
async fn confirm(world: &World, line: &Line) -> Capability {
    let held = holders(&world.services.db, &phone(NUMBER)).await.unwrap();
    let held = held
        .into_iter()
        .find(|one| one.organization.as_str() == line.organization)
        .unwrap();
    let mut tx = world.services.db.begin().await.unwrap();
    let erasure = ContactErasure {
        contact: &held,
        recipient: None,
        locale: Locale::Fr,
    };
    let confirmed = contact::erase(&mut tx, &world.services, &erasure)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    confirmed.capability
}

async fn erased() -> (World, Line) {
    let world = World::with_organizations(2).await;
    let line = Line::of(&world, "org-1").await;
    world
        .receive(&line.told(&[message("wamid.1", BEFORE)]))
        .await;
    let capability = confirm(&world, &line).await;
    world.complete(&capability).await;
    assert_eq!(line.contact(&world, NUMBER).await, None);
    (world, line)
}

fn organization(line: &Line) -> OrganizationId {
    line.organization.parse().unwrap()
}

fn phone(digits: &str) -> Identity {
    Identity::stored("phone", digits).unwrap()
}

#[tokio::test]
async fn what_was_on_its_way_before_the_erasure_never_brings_the_person_back() {
    let (world, line) = erased().await;
    let now = world.now().as_millis() / 1_000;

    let late = [
        message("wamid.1", BEFORE),
        message("wamid.2", now - 1),
        message("wamid.3", now),
    ];
    let by_id = from(message("wamid.4", BEFORE), None, Some(ID));
    let by_other_form = from(message("wamid.5", BEFORE), Some(OLD_FORM), None);
    world.advance(hours(24 * 6));
    let tally = world
        .receive(&line.told(&[&late[..], &[by_id, by_other_form]].concat()))
        .await;

    assert_eq!(tally.of(Outcome::Suppressed), 5, "{tally:?}");
    for name in [NUMBER, OLD_FORM, ID] {
        assert_eq!(line.contact(&world, name).await, None, "{name}");
    }
    world.settle().await;
}

#[tokio::test]
async fn whoever_writes_again_of_their_own_will_is_a_contact_again() {
    let (world, line) = erased().await;
    world.advance(hours(1));
    let now = world.now().as_millis() / 1_000;

    let tally = world.receive(&line.told(&[message("wamid.2", now)])).await;
    let later = world
        .receive(&line.told(&[message("wamid.3", now + 1)]))
        .await;

    assert_eq!(
        (tally.of(Outcome::Stored), later.of(Outcome::Stored)),
        (1, 1)
    );
    assert!(line.contact(&world, NUMBER).await.is_some());
    let organization = organization(&line);
    let allowed = suppression::filter(&world.services, &organization, &[phone(NUMBER)])
        .await
        .unwrap();
    let found = suppression::found_again(&world.services, &organization)
        .await
        .unwrap();
    assert_eq!((allowed, found), (vec![true], vec![]));
}

#[tokio::test]
async fn what_was_erased_stays_gone_when_the_person_has_come_back() {
    let (world, line) = erased().await;
    world.advance(hours(1));
    let now = world.now().as_millis() / 1_000;
    world.receive(&line.told(&[message("wamid.2", now)])).await;

    world.advance(hours(24 * 6));
    retention::sweep(&world.services).await.unwrap();
    let late = world
        .receive(&line.told(&[message("wamid.1", BEFORE), message("wamid.0", BEFORE)]))
        .await;

    assert_eq!(late.of(Outcome::Suppressed), 2, "{late:?}");
    assert_eq!(
        line.count(
            &world,
            "messages",
            "direction = 'inbound' AND whatsapp_message_id IN ('wamid.0', 'wamid.1')"
        )
        .await,
        0
    );
    // Meta repeats nothing that is older than a week.
    world.advance(hours(24 * 3));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        world
            .number("SELECT count(*) FROM suppressions WHERE lifted_at IS NOT NULL")
            .await,
        0
    );
}

#[tokio::test]
async fn what_is_written_while_the_erasure_is_under_way_goes_with_the_rest() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    world
        .receive(&line.told(&[message("wamid.1", BEFORE)]))
        .await;
    let capability = confirm(&world, &line).await;
    world.advance(hours(1));
    let now = world.now().as_millis() / 1_000;

    let known = world.receive(&line.told(&[message("wamid.2", now)])).await;
    // As if its last rows were just gone, and the read-back not done yet.
    world
        .write(&format!(
            "DELETE FROM contact_identities WHERE value IN ('{NUMBER}', '{ID}')"
        ))
        .await;
    let unknown = world.receive(&line.told(&[message("wamid.3", now)])).await;

    assert_eq!(
        (known.of(Outcome::Fenced), unknown.of(Outcome::Suppressed)),
        (1, 1)
    );
    world.complete(&capability).await;
    assert_eq!(line.contact(&world, NUMBER).await, None);
}

#[tokio::test]
async fn another_organization_still_knows_the_person() {
    let (world, _) = erased().await;
    let neighbour = Line::of(&world, "org-2").await;

    let tally = world
        .receive(&neighbour.told(&[message("wamid.9", BEFORE)]))
        .await;

    assert_eq!(tally.of(Outcome::Stored), 1);
}

#[tokio::test]
async fn an_import_that_asks_first_is_told_whom_to_leave_out() {
    let (world, line) = erased().await;
    let neighbour = Line::of(&world, "org-2").await;
    let mut list: Vec<_> = (0..120)
        .map(|number| phone(&format!("33612345{number:03}")))
        .collect();
    list.extend([NUMBER, OLD_FORM].map(phone));
    list.push(Identity::stored("business_scoped_user_id", ID).unwrap());

    let ours = suppression::filter(&world.services, &organization(&line), &list)
        .await
        .unwrap();
    let theirs = suppression::filter(&world.services, &organization(&neighbour), &list)
        .await
        .unwrap();

    assert_eq!(ours.iter().filter(|allowed| **allowed).count(), 120);
    assert_eq!(ours[120..], [false, false, false]);
    assert!(theirs.iter().all(|allowed| *allowed));
}

#[tokio::test]
async fn an_import_that_did_not_ask_is_found_and_said_until_it_is_gone() {
    let (world, line) = erased().await;
    let organization_id = &line.organization;
    world.write(&format!("INSERT INTO contacts (organization_id, id, name, language, attributes, created_at) VALUES ('{organization_id}', 'back', 'x', 'fr', '{{}}', 0)")).await;
    world.write(&format!("INSERT INTO contact_identities VALUES ('{organization_id}', 'phone', '+{NUMBER}', 'back')")).await;
    // A variant may be somebody else's by now: it is kept out, but never taken for the person.
    world.write(&format!("INSERT INTO contacts (organization_id, id, name, language, attributes, created_at) VALUES ('{organization_id}', 'variant', 'x', 'fr', '{{}}', 0)")).await;
    world.write(&format!("INSERT INTO contact_identities VALUES ('{organization_id}', 'phone', '{OLD_FORM}', 'variant')")).await;

    let found = suppression::found_again(&world.services, &organization(&line))
        .await
        .unwrap();
    suppression::sweep(&world.services).await.unwrap();

    assert_eq!(
        found
            .iter()
            .map(|one| one.contact.id.as_str())
            .collect::<Vec<_>>(),
        ["back"]
    );
    assert_eq!(found[0].identity, phone(NUMBER));
    assert_eq!(
        suppression::found_total(&world.services.db).await.unwrap(),
        1
    );
    world
        .write("DELETE FROM contact_identities WHERE contact_id = 'back'")
        .await;
    suppression::sweep(&world.services).await.unwrap();
    assert_eq!(
        suppression::found_total(&world.services.db).await.unwrap(),
        1,
        "once a day"
    );
    world.advance(hours(25));
    suppression::sweep(&world.services).await.unwrap();
    assert_eq!(
        suppression::found_total(&world.services.db).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn the_list_names_nobody_and_goes_with_the_organization() {
    let (world, _) = erased().await;
    assert_eq!(world.number("SELECT count(*) FROM suppressions").await, 2);
    for name in [NUMBER, ID] {
        assert_eq!(world.bytes_left(name).await, 0, "{name}");
    }
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.number("SELECT count(*) FROM suppressions").await, 0);
    world.settle().await;
}
