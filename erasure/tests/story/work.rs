//! Work that cannot be lost: leases, retries, letters.

use std::time::Duration;

use erasure::{mail::MailError, progress::State};

use crate::harness::{World, hours};

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_up_when_its_lease_ends() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let until = (world.now() + Duration::from_secs(5)).as_millis();
    world
        .write(&format!(
            "UPDATE jobs SET lease_token = 'dead', lease_until = {until} WHERE kind = 'erasure'"
        ))
        .await;

    world.run_due_jobs().await;
    assert_ne!(world.progress(&capability).await.state, State::Completed);

    world.advance(Duration::from_secs(5));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_database_that_refuses_a_step_keeps_the_job_and_its_place() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world
        .write(
            "CREATE TABLE obstacle (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES contacts (organization_id, id))",
        )
        .await;
    world
        .write("INSERT INTO obstacle SELECT organization_id, id FROM contacts LIMIT 1")
        .await;

    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.delayed), (State::Erasing, true));
    world.write("DROP TABLE obstacle").await;
    world.advance(Duration::from_secs(400));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn the_last_letter_waits_for_a_mail_server_that_is_down() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    world.mail.fail_with(Some(MailError::Later("down")));
    let capability = world.confirm(&owner, &code).await.unwrap();

    world.complete(&capability).await;
    assert!(world.number("SELECT count(*) FROM letters").await > 0);

    world.mail.fail_with(None);
    world.advance(hours(1));
    world.settle().await;
    assert_eq!(world.letters_to(owner.email.expose()).len(), 3);
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_is_dropped_with_its_address() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    world
        .mail
        .fail_with(Some(MailError::Refused("no such mailbox")));

    let capability = world.confirm(&owner, &code).await.unwrap();
    world.complete(&capability).await;

    world.settle().await;
}

#[tokio::test]
async fn the_operator_erases_by_name_and_only_once() {
    let world = World::with_organizations(2).await;
    let ours = world.organization("org-1").await;

    erasure::account::erase_as_operator(&world.services, "org-1")
        .await
        .unwrap();
    let again = erasure::account::erase_as_operator(&world.services, "org-1").await;
    let unknown = erasure::account::erase_as_operator(&world.services, "org-99").await;

    assert!(matches!(
        again,
        Err(erasure::account::OperatorError::BeingErased)
    ));
    assert!(matches!(
        unknown,
        Err(erasure::account::OperatorError::NotFound)
    ));
    world.settle().await;
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
}
