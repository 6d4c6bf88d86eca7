//! Legal holds and the people who write with an organization: one of them is held, or all of them are.

use erasure::{
    contact::{self, Contact, ContactErasure},
    engine::Confirmed,
    hold::{Kind, PlaceError},
    locale::Locale,
    progress::State,
    retention,
};

use crate::{
    harness::World,
    holds::{days, hold_organization, place_on},
};

async fn contact_of(world: &World, slug: &str) -> Contact {
    let organization = world.organization(slug).await;
    let id = world
        .text(&format!(
            "SELECT id FROM contacts WHERE organization_id = '{organization}' ORDER BY id LIMIT 1"
        ))
        .await;
    Contact {
        organization: organization.parse().unwrap(),
        id: id.parse().unwrap(),
    }
}

async fn hold_contact(world: &World, contact: &Contact) {
    place_on(world, Kind::Contact, contact.id.as_str())
        .await
        .unwrap();
}

async fn erase(world: &World, contact: &Contact) -> Confirmed {
    let mut tx = world.services.db.begin().await.unwrap();
    let erasure = ContactErasure {
        contact,
        recipient: Some("person@example.org".parse().unwrap()),
        locale: Locale::Fr,
    };
    let confirmed = contact::erase(&mut tx, &world.services, &erasure)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    confirmed
}

async fn is_there(world: &World, contact: &Contact) -> bool {
    let count = format!("SELECT count(*) FROM contacts WHERE id = '{}'", contact.id);
    world.number(&count).await == 1
}

#[tokio::test]
async fn a_hold_on_one_contact_keeps_its_organization_and_one_on_the_organization_keeps_its_people()
{
    let world = World::with_organizations(2).await;
    let contact = contact_of(&world, "org-1").await;
    hold_contact(&world, &contact).await;
    let owner = world.owner("org-1").await;
    hold_organization(&world, "org-2").await;
    let member = world
        .session_of(&world.person("org-2", "member").await)
        .await;

    let organization = world.confirm_deletion(&owner).await;
    let person = world.confirm_deletion(&member).await;
    world.run_due_jobs().await;

    assert_eq!(world.progress(&organization).await.state, State::Held);
    assert_eq!(world.progress(&person).await.state, State::Held);
}

#[tokio::test]
async fn a_held_contact_is_erased_when_the_hold_ends_and_was_told_both_times() {
    let world = World::with_organizations(2).await;
    let alone = contact_of(&world, "org-1").await;
    hold_contact(&world, &alone).await;
    let with_all = contact_of(&world, "org-2").await;
    hold_organization(&world, "org-2").await;

    for held in [&alone, &with_all] {
        let confirmed = erase(&world, held).await;
        world.run_due_jobs().await;
        assert!(confirmed.is_held);
        let state = world.progress(&confirmed.capability).await.state;
        assert_eq!(state, State::Held);
        assert!(is_there(&world, held).await);
    }

    world.advance(days(91));
    retention::sweep(&world.services).await.unwrap();
    world.run_due_jobs().await;
    for gone in [&alone, &with_all] {
        assert!(!is_there(&world, gone).await);
    }
    world.settle().await;
}

#[tokio::test]
async fn an_erasure_of_one_contact_that_waits_meets_a_hold_on_all_of_them() {
    let world = World::with_organizations(2).await;
    let ours = contact_of(&world, "org-1").await;
    let confirmed = erase(&world, &ours).await;

    let begun = place_on(&world, Kind::Contact, ours.id.as_str()).await;
    hold_organization(&world, "org-1").await;

    assert!(matches!(begun, Err(PlaceError::ErasureBegun)), "{begun:?}");
    world.complete(&confirmed.capability).await;
    assert!(!is_there(&world, &ours).await);
    world.settle().await;
}
