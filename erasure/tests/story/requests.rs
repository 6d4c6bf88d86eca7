//! Somebody who cannot sign in asks, proves that the mailbox is theirs, and is told how it stands.

use erasure::{
    network::Network,
    one_time_code::CodeError,
    progress::{self, State},
    request::{
        CaseStage, Role, Stage,
        proof::VerifyError,
        status::{self, WithdrawError},
        submit::{self, Once, SubmitError},
    },
};

use crate::{
    asking::{NOBODY, ask, business, days, mailbox, network, number},
    harness::{World, hours, minutes},
};

#[tokio::test]
async fn a_customer_without_access_is_erased_after_a_day_in_which_it_can_be_stopped() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let ours = world.organization("org-1").await;

    let submitted = world.proves_by_mail(&owner).await;
    world.work().await;

    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Erasing);
    assert_eq!(status.cases[0].holder, "account");
    assert_eq!(status.cases[0].waits_until, Some(world.now() + hours(24)));
    assert!(
        world.sign_in(&owner).await.is_err(),
        "the account is closed"
    );
    let erasure = status.cases[0].erasure.clone().unwrap().parse().unwrap();
    assert!(world.progress(&erasure).await.may_cancel);

    world.advance(hours(24) + minutes(2));
    world.work().await;
    world.advance(minutes(2));
    world.work().await;

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    let outcome = world.status(&submitted.capability).await.outcome.unwrap();
    assert!(
        outcome.categories.iter().all(|row| row.erased > 0),
        "{outcome:?}"
    );
    world.settle().await;
}

#[tokio::test]
async fn the_owner_whose_mailbox_was_read_by_another_stops_it_and_nothing_is_lost() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let ours = world.organization("org-1").await;
    let before = world.everything_of(&ours).await;
    let submitted = world.proves_by_mail(&owner).await;
    world.work().await;
    let letters = world.letters_to(&owner);
    let started = letters
        .iter()
        .find(|letter| letter.subject.contains("confirm"))
        .unwrap();
    let secret = world.status(&submitted.capability).await.cases[0]
        .erasure
        .clone()
        .unwrap();
    assert!(
        started.text.contains(&secret),
        "the letter has the way to stop it"
    );

    progress::cancel(&world.services, &secret.parse().unwrap())
        .await
        .unwrap();
    world.advance(hours(25));
    world.work().await;

    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Completed);
    assert_eq!(status.cases[0].state, CaseStage::Cancelled);
    assert_eq!(world.everything_of(&ours).await, before);
    world.settle().await;
}

#[tokio::test]
async fn an_address_without_an_account_gets_the_same_letters_and_an_ordinary_answer() {
    let world = World::with_organizations(1).await;
    let before = world.number("SELECT count(*) FROM erasures").await;

    let submitted = world.proves_by_mail(NOBODY).await;
    world.work().await;
    assert_eq!(world.stage(&submitted.capability).await, Stage::Erasing);
    world.advance(minutes(10));
    world.settle().await;

    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Completed);
    assert!(status.cases.is_empty());
    assert!(
        status
            .outcome
            .unwrap()
            .categories
            .iter()
            .all(|row| row.erased == 0)
    );
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, before);
    let subjects: Vec<_> = world
        .letters_to(NOBODY)
        .into_iter()
        .map(|letter| letter.subject)
        .collect();
    assert_eq!(
        subjects.len(),
        3,
        "code, acknowledgement, outcome: {subjects:?}"
    );
}

#[tokio::test]
async fn an_unproven_request_changes_nothing_blocks_nobody_and_ends_by_itself() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let ours = world.organization("org-1").await;
    let before = world.everything_of(&ours).await;

    let submitted = world.asks_by_mail(&owner).await;
    assert!(world.sign_in(&owner).await.is_ok());
    world.advance(days(6));
    world.work().await;
    assert_eq!(
        world.stage(&submitted.capability).await,
        Stage::Acknowledged
    );
    world.advance(days(1));
    world.settle().await;
    world.work().await;
    world.settle().await;

    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Expired);
    assert_eq!(world.everything_of(&ours).await, before);
    let last = world.letters_to(&owner).pop().unwrap();
    assert!(last.subject.contains("not confirmed"), "{}", last.subject);
    assert_eq!(
        world
            .number(
                "SELECT count(*) FROM requests WHERE identity_sealed IS NOT NULL OR contact_sealed IS NOT NULL
                 OR identity_digest IS NOT NULL OR submission_hash IS NOT NULL"
            )
            .await,
        0,
        "what was typed is destroyed"
    );
    let late = world.verify(&submitted.capability, "12345678").await;
    assert!(
        matches!(late, Err(VerifyError::Code(CodeError::Expired))),
        "{late:?}"
    );
}

#[tokio::test]
async fn a_request_that_is_proven_twice_joins_the_first() {
    let world = World::with_organizations(1).await;
    let first = world.proves_by_mail(NOBODY).await;
    world.work().await;
    world.advance(minutes(1));

    let second = world.proves_by_mail(NOBODY).await;

    let status = world.status(&second.capability).await;
    assert_eq!(status.reference, second.reference);
    assert_eq!(
        status.state,
        Stage::Erasing,
        "it shows the first one's progress"
    );
    assert_eq!(status.due_at, world.status(&first.capability).await.due_at);
    world.advance(minutes(10));
    world.settle().await;
    assert_eq!(world.stage(&second.capability).await, Stage::Completed);
    let told = world
        .letters_to(NOBODY)
        .into_iter()
        .filter(|letter| letter.subject.starts_with("Done"));
    let told: Vec<_> = told.map(|letter| letter.subject).collect();
    assert_eq!(told.len(), 2, "each with its own reference: {told:?}");
    assert!(
        told.iter()
            .any(|subject| subject.contains(&second.reference))
    );
    assert_eq!(
        world
            .number("SELECT count(*) FROM requests WHERE contact_sealed IS NOT NULL")
            .await,
        0
    );
}

#[tokio::test]
async fn an_unproven_duplicate_neither_joins_nor_holds_up() {
    let world = World::with_organizations(1).await;
    let attackers = world.asks_by_mail(NOBODY).await;

    let own = world.proves_by_mail(NOBODY).await;
    world.work().await;
    world.advance(minutes(10));
    world.work().await;

    assert_eq!(world.stage(&own.capability).await, Stage::Completed);
    assert_eq!(
        world.stage(&attackers.capability).await,
        Stage::Acknowledged
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_one_request() {
    let world = World::with_organizations(1).await;
    let asked = ask(Role::AccountHolder, mailbox(NOBODY));
    let send = async || {
        submit::submit(
            &world.services,
            &asked,
            Once::Form(b"one form"),
            &Network::unknown(),
        )
        .await
        .unwrap()
    };

    let (first, second) = tokio::join!(send(), send());
    let third = send().await;

    assert_eq!(first.capability, second.capability);
    assert_eq!(third.reference, first.reference);
    assert!(third.is_repeated);
    assert_eq!(world.number("SELECT count(*) FROM requests").await, 1);
}

#[tokio::test]
async fn a_key_answers_the_same_request_for_a_day_and_no_other() {
    let world = World::with_organizations(1).await;
    let key = "8e03978e-40d5-43dd-bc93-6894a57f9324".parse().unwrap();
    let asked = ask(Role::AccountHolder, mailbox(NOBODY));
    let other = ask(Role::AccountHolder, mailbox("other@example.fr"));
    let send = async |ask, from| submit::submit(&world.services, ask, Once::Key(&key), &from).await;

    let first = send(&asked, network(1)).await.unwrap();
    let again = send(&asked, network(1)).await.unwrap();
    let reused = send(&other, network(1)).await;
    let elsewhere = send(&asked, network(2)).await.unwrap();

    assert_eq!(again.capability, first.capability);
    assert!(matches!(reused, Err(SubmitError::KeyReused)), "{reused:?}");
    assert_ne!(
        elsewhere.capability, first.capability,
        "a key from elsewhere is another key"
    );
    world.advance(hours(24));
    let tomorrow = send(&asked, network(1)).await.unwrap();
    assert_ne!(tomorrow.capability, first.capability);
}

#[tokio::test]
async fn a_request_can_be_taken_back_until_erasing_begins() {
    let world = World::with_organizations(1).await;
    let submitted = world.asks_by_mail(NOBODY).await;

    status::withdraw(&world.services, &submitted.capability)
        .await
        .unwrap();
    status::withdraw(&world.services, &submitted.capability)
        .await
        .unwrap();

    assert_eq!(world.stage(&submitted.capability).await, Stage::Withdrawn);
    let other = world.proves_by_mail("other@example.fr").await;
    world.work().await;
    let late = status::withdraw(&world.services, &other.capability).await;
    assert!(matches!(late, Err(WithdrawError::TooLate)), "{late:?}");
}

#[tokio::test]
async fn too_many_requests_from_one_network_are_told_when_to_come_back() {
    let world = World::with_organizations(1).await;
    let asked = ask(Role::EndUser, number("33612345678"));
    let send = async || submit::submit(&world.services, &asked, Once::Never, &network(1)).await;
    for _ in 0..12 {
        send().await.unwrap();
    }

    let Err(SubmitError::TooManyTries { retry_at }) = send().await else {
        panic!("a network has an allowance")
    };

    assert!(
        submit::submit(&world.services, &asked, Once::Never, &network(2))
            .await
            .is_ok()
    );
    world.advance(retry_at.since(world.now()));
    assert!(send().await.is_ok());
}

#[tokio::test]
async fn a_contact_address_is_written_to_a_few_times_and_the_request_counts_all_the_same() {
    let world = World::with_organizations(1).await;
    for of in 0..6 {
        let mut asked = ask(Role::EndUser, number("33612345678"));
        asked.contact = Some("stranger@example.fr".parse().unwrap());
        asked.business = Some(business("A <b>name</b>"));
        let submitted = submit::submit(&world.services, &asked, Once::Never, &network(of)).await;
        assert!(submitted.is_ok());
    }
    world.settle().await;

    let letters = world.letters_to("stranger@example.fr");
    assert_eq!(letters.len(), 3);
    assert!(
        letters
            .iter()
            .all(|letter| !letter.text.contains("name</b>") && !letter.text.contains("3361234")),
        "nothing that was typed is repeated to an address that nobody has proven"
    );
}

#[tokio::test]
async fn the_private_link_is_mailed_again_to_its_own_address_and_nowhere_else() {
    let world = World::with_organizations(1).await;
    let submitted = world.asks_by_mail(NOBODY).await;
    world.settle().await;
    let before = world.mail.letters().len();
    let ask_for = async |reference: &str, address: &str| {
        status::mail_link(
            &world.services,
            reference,
            &address.parse().unwrap(),
            &network(1),
        )
        .await
        .unwrap()
    };

    ask_for(&submitted.reference, "stranger@example.fr").await;
    ask_for("QD-0000-0000", NOBODY).await;
    world.settle().await;
    assert_eq!(world.mail.letters().len(), before);

    ask_for(&submitted.reference.to_lowercase(), NOBODY).await;
    world.settle().await;
    let letter = world.letters_to(NOBODY).pop().unwrap();
    assert!(letter.text.contains(submitted.capability.expose()));
}

#[tokio::test]
async fn an_account_that_is_being_erased_already_is_waited_for() {
    let world = World::with_organizations(1).await;
    let session = world.owner("org-1").await;
    let owner = session.email.expose().to_owned();
    let code = world.send_code(&session).await;
    let submitted = world.proves_by_mail(&owner).await;
    let erasure = world.confirm(&session, &code).await.unwrap();

    world.work().await;
    world.advance(minutes(6));
    world.work().await;
    world.advance(minutes(12));
    world.settle().await;

    assert_eq!(world.progress(&erasure).await.state, State::Completed);
    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
}
