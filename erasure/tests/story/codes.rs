//! The one-time code, at every edge of its life.

use std::{sync::Arc, time::Duration};

use erasure::{
    account::{self, ConfirmError, SendCodeError},
    mail::MailError,
    network::Network,
    one_time_code::CodeError,
    session,
};

use crate::harness::{PASSWORD, World, hours, minutes};

fn wrong(code: &str) -> String {
    let last = code
        .chars()
        .last()
        .and_then(|digit| digit.to_digit(10))
        .unwrap();
    format!("{}{}", &code[..code.len() - 1], (last + 1) % 10)
}

#[tokio::test]
async fn a_code_works_until_its_last_second() {
    for (age, works) in [(599, true), (601, false)] {
        let world = World::with_organizations(1).await;
        let owner = world.owner("org-1").await;
        let code = world.send_code(&owner).await;

        world.advance(Duration::from_secs(age));
        let answer = world.confirm(&owner, &code).await;

        assert_eq!(answer.is_ok(), works, "{age} s: {answer:?}");
    }
}

#[tokio::test]
async fn a_used_code_cannot_confirm_twice() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    world.confirm(&owner, &code).await.unwrap();

    assert!(matches!(
        world.confirm(&owner, &code).await,
        Err(ConfirmError::Code(CodeError::Expired))
    ));
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn a_hundred_right_codes_at_once_confirm_exactly_once() {
    let world = Arc::new(World::with_organizations(1).await);
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;

    let submits: Vec<_> = (0..100)
        .map(|_| {
            let (world, owner, code) = (Arc::clone(&world), owner.clone(), code.clone());
            tokio::spawn(async move { world.confirm(&owner, &code).await.is_ok() })
        })
        .collect();
    let mut confirmed = 0;
    for submit in submits {
        confirmed += u32::from(submit.await.unwrap());
    }

    assert_eq!(confirmed, 1);
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
}

#[tokio::test]
async fn five_wrong_tries_kill_a_code() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;

    for left in [4, 3, 2, 1, 0] {
        let answer = world.confirm(&owner, &wrong(&code)).await;
        assert!(
            matches!(answer, Err(ConfirmError::Code(CodeError::Wrong { tries_left })) if tries_left == left),
            "{answer:?}"
        );
    }

    assert!(matches!(
        world.confirm(&owner, &code).await,
        Err(ConfirmError::Code(CodeError::Expired))
    ));
}

#[tokio::test]
async fn a_new_code_does_not_reset_the_accounts_failures() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let first = world.send_code(&owner).await;
    for _ in 0..5 {
        let _ = world.confirm(&owner, &wrong(&first)).await;
    }
    world.advance(minutes(2));
    let second = world.send_code(&owner).await;
    for _ in 0..5 {
        world.advance(minutes(1));
        let _ = world.confirm(&owner, &wrong(&second)).await;
    }

    let owner = world.owner("org-1").await;
    let third = account::send_code(&world.services, &owner, &Network::unknown()).await;

    assert!(
        matches!(third, Err(SendCodeError::TooManyTries { .. })),
        "{third:?}"
    );
    world.advance(hours(25));
    let owner = world.owner("org-1").await;
    assert!(
        account::send_code(&world.services, &owner, &Network::unknown())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_cannot_be_a_code_costs_no_try() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;

    for typed in ["", "1234", "abcdefgh", "123456789"] {
        assert!(matches!(
            world.confirm(&owner, typed).await,
            Err(ConfirmError::Code(CodeError::Malformed))
        ));
    }

    assert!(world.confirm(&owner, &format!(" {code} ")).await.is_ok());
}

#[tokio::test]
async fn a_code_works_in_the_session_that_asked_for_it_only() {
    let world = World::with_organizations(2).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    let same_person_elsewhere = world.owner("org-1").await;
    let somebody_else = world.owner("org-2").await;

    assert!(matches!(
        world.confirm(&same_person_elsewhere, &code).await,
        Err(ConfirmError::Code(CodeError::Expired))
    ));
    assert!(matches!(
        world.confirm(&somebody_else, &code).await,
        Err(ConfirmError::Code(CodeError::Expired))
    ));
}

#[tokio::test]
async fn a_code_survives_the_password_being_proved_again() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;

    let token = session::prove(
        &world.services,
        &owner,
        &PASSWORD.into(),
        &Network::unknown(),
    )
    .await
    .unwrap();
    let owner = session::resume(&world.services, token.expose())
        .await
        .unwrap()
        .unwrap();

    assert!(world.confirm(&owner, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_for_a_plan_that_changed_confirms_nothing() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    world.promote("org-1", "admin").await;

    let answer = world.confirm(&owner, &code).await;

    assert!(
        matches!(answer, Err(ConfirmError::PlanOutdated)),
        "{answer:?}"
    );
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 0);
    assert_eq!(
        world
            .number("SELECT count(*) FROM organizations WHERE frozen_at IS NOT NULL")
            .await,
        0
    );
}

#[tokio::test]
async fn a_message_that_arrives_meanwhile_changes_no_plan() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    world
        .write(
            "INSERT INTO messages SELECT organization_id, conversation_id, 'late', direction, kind, body, whatsapp_message_id, status, sent_at
             FROM messages LIMIT 1",
        )
        .await;

    let capability = world.confirm(&owner, &code).await.unwrap();

    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn the_next_code_kills_the_one_before_and_has_to_wait_a_moment() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let first = world.send_code(&owner).await;

    let hasty = account::send_code(&world.services, &owner, &Network::unknown()).await;
    assert!(
        matches!(hasty, Err(SendCodeError::TooSoon { retry_at }) if retry_at == world.now() + Duration::from_secs(30))
    );

    world.advance(Duration::from_secs(30));
    let second = world.send_code(&owner).await;
    assert!(matches!(
        world.confirm(&owner, &first).await,
        Err(ConfirmError::Code(CodeError::Wrong { .. }))
    ));
    assert!(world.confirm(&owner, &second).await.is_ok());
}

#[tokio::test]
async fn an_old_proof_sends_no_code() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.advance(minutes(5));

    let answer = account::send_code(&world.services, &owner, &Network::unknown()).await;

    assert!(matches!(answer, Err(SendCodeError::ProofNeeded)));
}

#[tokio::test]
async fn a_mail_server_that_is_down_loses_no_code() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.mail.fail_with(Some(MailError::Later("down")));

    let sent = account::send_code(&world.services, &owner, &Network::unknown())
        .await
        .unwrap();
    assert!(!sent.delivered);
    assert!(
        !account::current_code(&world.services, &owner)
            .await
            .unwrap()
            .unwrap()
            .delivered
    );

    world.mail.fail_with(None);
    world.advance(Duration::from_secs(5));
    world.run_due_jobs().await;
    assert!(
        account::current_code(&world.services, &owner)
            .await
            .unwrap()
            .unwrap()
            .delivered
    );
    let code = world.code_mailed_to(&owner);
    assert!(world.confirm(&owner, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_that_was_replaced_in_the_queue_is_not_sent() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.mail.fail_with(Some(MailError::Later("down")));
    for _ in 0..2 {
        account::send_code(&world.services, &owner, &Network::unknown())
            .await
            .unwrap();
        world.advance(Duration::from_secs(30));
    }

    world.mail.fail_with(None);
    world.settle().await;

    assert_eq!(world.letters_to(owner.email.expose()).len(), 1);
    let code = world.code_mailed_to(&owner);
    assert!(world.confirm(&owner, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_that_expired_in_the_queue_is_not_sent() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.mail.fail_with(Some(MailError::Later("down")));
    account::send_code(&world.services, &owner, &Network::unknown())
        .await
        .unwrap();

    world.mail.fail_with(None);
    world.advance(minutes(11));
    world.settle().await;

    assert_eq!(world.letters_to(owner.email.expose()).len(), 0);
}

#[tokio::test]
async fn neither_the_code_nor_the_address_stands_in_the_database() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    world.mail.fail_with(Some(MailError::Later("down")));
    account::send_code(&world.services, &owner, &Network::unknown())
        .await
        .unwrap();

    let sealed: Vec<(Vec<u8>, Vec<u8>)> = world
        .services
        .db
        .fetch_all("SELECT recipient_sealed, facts_sealed FROM letters", vec![])
        .await
        .unwrap();
    assert_eq!(sealed.len(), 1);
    for bytes in [&sealed[0].0, &sealed[0].1] {
        let address = owner.email.expose().as_bytes();
        assert!(!bytes.windows(address.len()).any(|part| part == address));
    }
    assert!(
        world
            .text("SELECT code_hash FROM deletion_codes")
            .await
            .starts_with("$argon2id$")
    );
}
