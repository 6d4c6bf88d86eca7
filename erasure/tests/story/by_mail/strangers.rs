//! Programs, forgers and floods: nothing happens, nothing is learned, and nobody is forgotten over it.

use std::sync::{Arc, Mutex};

use erasure::{
    intake::{self, Incoming, Reason, Taken},
    job,
    request::{Stage, clock},
};

use super::{letter, named, secret};
use crate::{
    asking::{NOBODY, days},
    harness::{World, minutes},
};

#[tokio::test]
async fn a_forged_sender_changes_nothing_and_gets_one_letter() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let ours = world.organization("org-1").await;
    let before = world.everything_of(&ours).await;

    for forged in 0..5 {
        world.takes(&named(&owner, &format!("{forged}@evil"))).await;
    }
    assert!(world.sign_in(&owner).await.is_ok());
    let told = world.letters_to(&owner).len();
    world.advance(days(7));
    world.work().await;
    world.settle().await;

    assert_eq!(told, 1);
    assert_eq!(world.letters_to(&owner).len(), 1, "nor one when it ends");
    assert_eq!(world.everything_of(&ours).await, before);
    assert_eq!(world.stage(&world.link_of(&owner)).await, Stage::Expired);
    assert_eq!(world.originals().await, 0);
    let left = "SELECT count(*) FROM requests WHERE contact_sealed IS NOT NULL";
    assert_eq!(world.number(left).await, 0);
}

#[tokio::test]
async fn what_programs_send_opens_nothing_and_is_not_answered() {
    let world = World::with_organizations(1).await;
    for (headers, wanted) in [
        ("Auto-Submitted: auto-replied\n", Reason::AutomaticReply),
        ("List-Id: <x.example.org>\n", Reason::Bulk),
        ("Return-Path: <>\n", Reason::Report),
    ] {
        let taken = world.takes(&letter(NOBODY, headers)).await;
        assert_eq!(taken, Taken::Ignored(wanted));
    }
    let deaf = world.takes(&letter("no-reply@example.org", "")).await;

    assert_eq!(deaf, Taken::Ignored(Reason::NobodyReads));
    assert_eq!((world.requests().await, world.originals().await), (0, 0));
    assert!(world.mail.letters().is_empty());
}

#[tokio::test]
async fn our_own_letter_that_comes_back_is_nobodys() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;
    let answer = world.letters_to(NOBODY).pop().unwrap();

    // Some server has taken away every other sign of where it comes from.
    let back = world
        .takes(&named("mirror@example.org", &answer.message_id))
        .await;
    let from_us = world.takes(&named("privacy@qliento.com", "2@x")).await;

    assert_eq!(back, Taken::Ignored(Reason::Ours));
    assert_eq!(from_us, Taken::Ignored(Reason::Ours));
    assert_eq!(world.requests().await, 1);
    assert_eq!(world.mail.letters().len(), 1);
}

#[tokio::test]
async fn known_and_unknown_senders_get_the_same_letter_for_the_same_work() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    world.takes(&named("first@example.fr", "0@x")).await; // the data key is made
    let mut seen = Vec::new();
    for (index, address) in [owner.as_str(), NOBODY].into_iter().enumerate() {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (mut services, counted) = (world.services.clone(), Arc::clone(&calls));
        services.db = services.db.with_faults(move |call| {
            counted.lock().unwrap().push(format!("{call:?}"));
            None
        });
        let raw = named(address, &format!("{index}@y"));
        let incoming = Incoming::new(&raw, world.now());
        intake::take(&services, &incoming).await.unwrap();
        job::run_due(&world.services).await.unwrap();
        let letter = world.letters_to(address).pop().unwrap();
        let reference = world.status(&secret(&letter)).await.reference;
        let text = letter
            .text
            .replace(secret(&letter).expose(), "…")
            .replace(&reference, "…");
        let calls = calls.lock().unwrap().clone();
        assert!(calls.len() > 5, "{calls:?}");
        seen.push((calls, text));
    }

    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_flood_is_answered_slowly_and_nobody_is_forgotten() {
    let world = World::with_organizations(1).await;
    for one in 0..70 {
        let raw = named(&format!("victim{one}@example.fr"), &format!("{one}@evil"));
        intake::take(&world.services, &Incoming::new(&raw, world.now()))
            .await
            .unwrap();
    }
    world.work().await;
    assert_eq!(world.requests().await, 70);
    assert_eq!(world.mail.letters().len(), 60);

    world.advance(minutes(2));
    world.work().await;

    assert_eq!(world.mail.letters().len(), 70);
    let unanswered = "SELECT count(*) FROM requests WHERE state = 'received'";
    assert_eq!(world.number(unanswered).await, 0);
    assert_eq!(
        clock::totals(&world.services).await.unwrap().unacknowledged,
        0
    );
}
