//! A letter from its arrival to the end of its request.

use erasure::{
    id::Capability,
    intake::{self, BEGINNING_BYTES, Incoming, LIMIT_BYTES, TakeError, Taken},
    locale::Locale,
    mail::MailError,
    network::Network,
    request::{
        self, AcceptError, Role, Stage,
        by_mail::{self, StateError},
    },
};

use super::{named, secret};
use crate::{
    asking::{NOBODY, ask, days, mailbox, number},
    harness::{World, hours, minutes},
};

#[tokio::test]
async fn a_customer_who_writes_a_letter_is_erased() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let ours = world.organization("org-1").await;

    assert_eq!(world.takes(&named(&owner, "1@x")).await, Taken::Opened);
    let capability = world.link_of(&owner);
    let before = world.status(&capability).await;
    assert_eq!((before.state, before.role), (Stage::Acknowledged, None));
    assert!(
        before.proof.is_none(),
        "nobody has said what is to be proven"
    );

    world.advance(days(2));
    let asked = ask(Role::AccountHolder, mailbox(&owner));
    by_mail::state(&world.services, &capability, &asked, &Network::unknown())
        .await
        .unwrap();
    let stated = world.status(&capability).await;
    assert_eq!(stated.reference, before.reference);
    assert_eq!(
        (stated.received_at, stated.due_at),
        (before.received_at, before.due_at),
        "the clock started with the letter"
    );
    let code = world.verification_code(&owner);
    world.verify(&capability, &code).await.unwrap();
    assert_eq!(world.originals().await, 1, "staff can still read it");
    world.work().await;
    world.advance(hours(24) + minutes(2));
    world.work().await;
    world.advance(minutes(2));
    world.work().await;

    assert_eq!(world.stage(&capability).await, Stage::Completed);
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    assert_eq!(world.originals().await, 0);
    world.settle().await;
}

#[tokio::test]
async fn somebody_on_whatsapp_who_writes_a_letter_says_which_number_is_theirs() {
    let world = World::with_organizations(2).await;
    let digits = world
        .text("SELECT value FROM contact_identities WHERE kind = 'phone' ORDER BY value LIMIT 1")
        .await;
    world.takes(&named(NOBODY, "1@x")).await;
    let capability = world.link_of(NOBODY);
    let reference = world.status(&capability).await.reference;

    let early = request::accept_as_operator(&world.services, &reference, &number(&digits)).await;
    assert!(matches!(early, Err(AcceptError::NotStated)), "{early:?}");
    let mut asked = ask(Role::EndUser, number(&digits));
    asked.contact = Some(NOBODY.parse().unwrap());
    by_mail::state(&world.services, &capability, &asked, &Network::unknown())
        .await
        .unwrap();
    request::accept_as_operator(&world.services, &reference, &number(&digits))
        .await
        .unwrap();
    world.work().await;
    world.advance(minutes(11));
    world.work().await;

    assert_eq!(world.stage(&capability).await, Stage::Completed);
    let left = format!("SELECT count(*) FROM contact_identities WHERE value = '{digits}'");
    assert_eq!(world.number(&left).await, 0);
    let last = world.letters_to(NOBODY).pop().unwrap();
    assert!(last.subject.starts_with("Done"), "{}", last.subject);
    world.settle().await;
}

#[tokio::test]
async fn a_letter_is_answered_in_its_language() {
    let world = World::with_organizations(1).await;
    let french = "From: ada@example.fr\r\nSubject: Bonjour\r\n\r\nJe veux effacer mes données.\r\n";

    world.takes(french.as_bytes()).await;

    let answer = world.letters_to("ada@example.fr").pop().unwrap();
    assert!(
        answer
            .subject
            .starts_with("Nous avons bien reçu votre e-mail")
    );
    assert!(answer.text.contains("/fr/status/"));
    let language = world.status(&secret(&answer)).await.language;
    assert_eq!(language, Locale::Fr);
}

#[tokio::test]
async fn a_mail_server_that_is_away_delays_the_answer_alone() {
    let world = World::with_organizations(1).await;
    world
        .mail
        .fail_with(Some(MailError::Later("no connection")));
    assert_eq!(world.takes(&named(NOBODY, "1@x")).await, Taken::Opened);

    world.mail.fail_with(None);
    world.advance(hours(1));
    world.work().await;

    assert_eq!(world.letters_to(NOBODY).len(), 1);
    world.settle().await;
}

#[tokio::test]
async fn a_request_is_stated_once_in_time_and_only_behind_its_link() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;
    let capability = world.link_of(NOBODY);
    let asked = ask(Role::AccountHolder, mailbox(NOBODY));
    let state = async |capability: &Capability| {
        by_mail::state(&world.services, capability, &asked, &Network::unknown()).await
    };
    let nowhere = "A".repeat(capability.expose().len()).parse().unwrap();
    assert!(matches!(state(&nowhere).await, Err(StateError::NotFound)));
    let form = world.asks_by_mail("other@example.fr").await;
    assert!(matches!(
        state(&form.capability).await,
        Err(StateError::TooLate)
    ));

    state(&capability).await.unwrap();
    assert!(matches!(state(&capability).await, Err(StateError::TooLate)));

    world.takes(&named("late@example.fr", "2@x")).await;
    let late = world.link_of("late@example.fr");
    world.advance(days(7));
    assert!(matches!(state(&late).await, Err(StateError::TooLate)));
}

#[tokio::test]
async fn the_original_lies_sealed() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;

    let sealed = "SELECT count(*) FROM mail_originals WHERE CAST(original_sealed AS TEXT) LIKE '%SECRETWORD%'";
    let sealed = match world.services.db.backend() {
        erasure::db::Backend::Sqlite => sealed,
        erasure::db::Backend::Postgres => {
            "SELECT count(*) FROM mail_originals WHERE encode(original_sealed, 'escape') LIKE '%SECRETWORD%'"
        }
    };
    assert_eq!(world.originals().await, 1);
    assert_eq!(world.number(sealed).await, 0);
}

#[tokio::test]
async fn of_a_letter_that_is_too_large_the_beginning_is_kept_and_it_is_answered() {
    let world = World::with_organizations(1).await;
    let mut raw = named(NOBODY, "1@x");
    raw.resize(LIMIT_BYTES + 1, b'x');

    assert_eq!(world.takes(&raw).await, Taken::Opened);

    let kept =
        "SELECT CAST(length(original_sealed) AS BIGINT) FROM mail_originals WHERE is_whole = 0";
    let kept = usize::try_from(world.number(kept).await).unwrap();
    assert!(
        (BEGINNING_BYTES..BEGINNING_BYTES + 100).contains(&kept),
        "{kept}"
    );
    assert_eq!(world.letters_to(NOBODY).len(), 1);
}

#[tokio::test]
async fn a_letter_of_ten_megabytes_is_kept_as_it_came() {
    let world = World::with_organizations(1).await;
    let mut raw = named(NOBODY, "1@x");
    raw.resize(10 * 1024 * 1024, b'x');

    assert_eq!(world.takes(&raw).await, Taken::Opened);

    let kept =
        "SELECT CAST(length(original_sealed) AS BIGINT) FROM mail_originals WHERE is_whole = 1";
    assert!(world.number(kept).await > 10 * 1024 * 1024);
}

#[tokio::test]
async fn what_is_no_letter_is_given_back_and_nothing_is_kept() {
    let world = World::with_organizations(1).await;
    for raw in ["", "\r\n\r\n", "Subject: x\r\n\r\nx"] {
        let incoming = Incoming::new(raw.as_bytes(), world.now());
        let taken = intake::take(&world.services, &incoming).await;
        assert!(matches!(taken, Err(TakeError::Unreadable(_))), "{raw:?}");
    }
    assert_eq!((world.requests().await, world.originals().await), (0, 0));
}
