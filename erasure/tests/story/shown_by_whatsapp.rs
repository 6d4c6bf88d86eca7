//! Somebody asks by a number and shows over WhatsApp that it is theirs: the request goes on with exactly that.

use erasure::{
    locale::Locale,
    network::Network,
    one_time_code::CodeError,
    request::{Role, Stage, proof::VerifyError, status::Status, submit::Submitted, whatsapp},
};

use crate::{
    asking::{ask, network, number},
    harness::{World, minutes},
    line::{Line, from, text},
};

const NUMBER: &str = "16505551234";
const ANOTHER: &str = "33698765432";
const ID: &str = "FR.13491208655302741918";

async fn asks(world: &World) -> Submitted {
    world.submit(&ask(Role::EndUser, number(NUMBER))).await
}

async fn status_with_code(world: &World, submitted: &Submitted) -> Status {
    whatsapp::begin(&world.services, &submitted.capability, &Network::unknown())
        .await
        .unwrap();
    world.status(&submitted.capability).await
}

fn words_of(status: &Status) -> String {
    let proof = status.proof.as_ref().unwrap().whatsapp.as_ref().unwrap();
    proof.reverse.as_ref().unwrap().text(Locale::En)
}

/// The message that the page asks for, from this number.
async fn sends(world: &World, line: &Line, status: &Status, from: &str) {
    let words = words_of(status);
    let seconds = world.now().as_millis() / 1_000;
    world
        .receive(&line.told(&[text(from, "wamid.proof", seconds, &words)]))
        .await;
    world.work().await;
}

/// A business knows this number as a contact.
async fn is_known(world: &World, line: &Line, from: &str) {
    let seconds = world.now().as_millis() / 1_000;
    world
        .receive(&line.told(&[text(from, &format!("wamid.{from}"), seconds, "hello")]))
        .await;
    assert!(line.contact(world, from).await.is_some());
}

#[tokio::test]
async fn a_message_from_the_number_is_the_proof_and_everything_about_it_goes() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    is_known(&world, &line, NUMBER).await;
    is_known(&world, &line, ANOTHER).await;
    let submitted = asks(&world).await;
    let status = status_with_code(&world, &submitted).await;
    assert_eq!(status.state, Stage::Acknowledged);

    sends(&world, &line, &status, NUMBER).await;
    assert_eq!(world.stage(&submitted.capability).await, Stage::Erasing);
    for _ in 0..3 {
        world.advance(minutes(11));
        world.work().await;
    }

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert_eq!(line.contact(&world, NUMBER).await, None);
    assert!(line.contact(&world, ANOTHER).await.is_some());
    assert_eq!(
        line.count(&world, "suppressions", "lifted_at IS NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn a_message_from_another_number_proves_that_one() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    is_known(&world, &line, NUMBER).await;
    is_known(&world, &line, ANOTHER).await;
    let submitted = asks(&world).await;
    let status = status_with_code(&world, &submitted).await;

    sends(&world, &line, &status, ANOTHER).await;
    for _ in 0..3 {
        world.advance(minutes(11));
        world.work().await;
    }

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert!(line.contact(&world, NUMBER).await.is_some());
    assert_eq!(line.contact(&world, ANOTHER).await, None);
}

#[tokio::test]
async fn whoever_a_business_knows_by_an_id_alone_goes_with_the_number_that_was_shown_with_it() {
    let world = World::with_organizations(2).await;
    let line = Line::of(&world, "org-1").await;
    let neighbour = Line::of(&world, "org-2").await;
    let seconds = world.now().as_millis() / 1_000;
    for (at, known) in [(&line, ID), (&neighbour, ID)] {
        let hello = from(text("", "wamid.hello", seconds, "hello"), None, Some(known));
        world.receive(&at.told(&[hello])).await;
        assert!(at.contact(&world, known).await.is_some());
    }
    let submitted = asks(&world).await;
    let status = status_with_code(&world, &submitted).await;

    let words = words_of(&status);
    let proof = from(
        text("", "wamid.proof", seconds, &words),
        Some(NUMBER),
        Some(ID),
    );
    world.receive(&line.told(&[proof])).await;
    for _ in 0..3 {
        world.work().await;
        world.advance(minutes(11));
    }

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert_eq!(line.contact(&world, ID).await, None);
    // An id that one business gave means nobody to another one.
    assert!(neighbour.contact(&world, ID).await.is_some());
}

#[tokio::test]
async fn a_code_that_was_sent_to_the_number_proves_it_at_once() {
    let world = World::with_organizations(1).await;
    let submitted = asks(&world).await;
    let sent = world
        .ask_for_code(&submitted.capability, &network(1))
        .await
        .unwrap();
    let code = world.graph.sent_codes().last().unwrap().code.clone();
    assert!(!sent.to.contains(NUMBER));

    let wrong = format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000);
    let refused = world.verify(&submitted.capability, &wrong).await;
    assert!(
        matches!(refused, Err(VerifyError::Code(CodeError::Wrong { .. }))),
        "{refused:?}"
    );
    world.verify(&submitted.capability, &code).await.unwrap();

    assert_eq!(world.stage(&submitted.capability).await, Stage::Proven);
    world.work().await;
    assert_eq!(
        world
            .number("SELECT count(*) FROM jobs WHERE kind = 'request'")
            .await,
        1
    );
    world.advance(minutes(11));
    world.settle().await;
    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
}
