//! Setting up an account, signing in, staying in, and what a stranger learns: nothing.

use std::time::Duration;

use erasure::{
    network::Network,
    session::SignInError,
    staff::{self, Enrolment, Role, SetUpError, Weakness},
};

use super::colleague::{App, PASSWORD};
use crate::harness::{World, hours, minutes};

#[tokio::test]
async fn a_set_up_link_works_once_and_opens_the_console() {
    let world = World::with_console().await;
    let capability = world.invite("ada@qliento.example", Role::Officer).await;

    let colleague = world.accept(&capability).await;

    assert!(
        staff::invited(&world.services, &capability)
            .await
            .unwrap()
            .is_none()
    );
    let again = Enrolment::mint(&world.services, &colleague.id);
    let code = App::scan(&again.letters()).shows(world.now());
    assert!(matches!(
        world.set_up(&capability, &again, PASSWORD, &code).await,
        Err(SetUpError::Gone)
    ));
    let staff = world.signed_in(&colleague).await;
    assert_eq!(staff.role(), Role::Officer);
    assert_eq!(
        world.record().await,
        [
            "operator add_staff done officer",
            "officer set_up done",
            "officer sign_in done code"
        ]
    );
}

#[tokio::test]
async fn a_set_up_link_dies_after_a_day() {
    let world = World::with_console().await;
    let capability = world.invite("ada@qliento.example", Role::Agent).await;

    world.advance(minutes(24 * 60 - 1));
    assert!(
        staff::invited(&world.services, &capability)
            .await
            .unwrap()
            .is_some()
    );
    world.advance(minutes(1));

    assert!(
        staff::invited(&world.services, &capability)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn nothing_is_set_up_with_a_weak_password_a_wrong_code_or_anothers_picture() {
    let world = World::with_console().await;
    let capability = world.invite("ada@qliento.example", Role::Agent).await;
    let other = world.colleague("grace", Role::Agent).await;
    let invited = staff::invited(&world.services, &capability)
        .await
        .unwrap()
        .unwrap();
    let enrolment = Enrolment::mint(&world.services, &invited.id);
    let code = App::scan(&enrolment.letters()).shows(world.now());

    let short = world.set_up(&capability, &enrolment, "short", &code).await;
    assert!(matches!(short, Err(SetUpError::Weak(Weakness::TooShort))));
    let common = world
        .set_up(&capability, &enrolment, "motdepasse2026", &code)
        .await;
    assert!(matches!(common, Err(SetUpError::Weak(Weakness::Common))));
    let wrong = world
        .set_up(&capability, &enrolment, PASSWORD, "000000")
        .await;
    assert!(matches!(wrong, Err(SetUpError::WrongCode)));
    let others = Enrolment::mint(&world.services, &other.id);
    let foreign = world.set_up(&capability, &others, PASSWORD, &code).await;
    assert!(matches!(foreign, Err(SetUpError::Gone)));

    assert!(
        world
            .set_up(&capability, &enrolment, PASSWORD, &code)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_is_shown_while_enrolling_is_sealed_for_one_member_and_one_hour() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let grace = world.colleague("grace", Role::Agent).await;
    let shown = Enrolment::mint(&world.services, &ada.id);
    let sealed = shown.seal(&world.services);

    let same = Enrolment::open(&world.services, &ada.id, &sealed).unwrap();
    assert_eq!(same.letters(), shown.letters());
    assert_eq!(same.codes(), shown.codes());
    assert!(!sealed.contains(shown.letters().as_str()));
    assert!(Enrolment::open(&world.services, &grace.id, &sealed).is_none());
    assert!(Enrolment::open(&world.services, &ada.id, &sealed[1..]).is_none());
    world.advance(hours(1));
    assert!(Enrolment::open(&world.services, &ada.id, &sealed).is_none());
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    let nobody = "nobody@qliento.example".parse().unwrap();
    let code = ada.fresh_code(&world);

    for (email, password, code) in [
        (&nobody, PASSWORD, code.as_str()),
        (&ada.email, "another password of mine", &code),
        (&ada.email, PASSWORD, "000000"),
        (&ada.email, PASSWORD, ""),
    ] {
        assert!(matches!(
            world.enter(email, password, code).await,
            Err(SignInError::Refused)
        ));
    }

    let refusals = world.record().await.into_iter().skip(2);
    assert!(refusals.eq(vec!["stranger sign_in refused"; 4]));
    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_is_taken_once_and_one_step_to_either_side() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let step = Duration::from_secs(30);
    world.advance(step * 4);

    for (shown_at, is_taken) in [
        (world.now() - step * 2, false),
        (world.now() - step, true),
        (world.now() - step, false), // used
        (world.now() + step * 2, false),
        (world.now() + step, true),
        (world.now(), false), // before one that was used
    ] {
        let code = ada.app.shows(shown_at);
        let entered = world.enter(&ada.email, PASSWORD, &code).await;
        assert_eq!(entered.is_ok(), is_taken, "{shown_at}");
    }
}

#[tokio::test]
async fn the_same_code_sent_five_times_at_once_is_taken_once() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let token = world.token_of(&ada).await;
    let staff = world.staff(&token).await.unwrap();
    let code = ada.fresh_code(&world);

    let tries = (0..5).map(|_| {
        let (services, staff, code) = (world.services.clone(), staff.clone(), code.clone());
        tokio::spawn(async move {
            staff::prove(&services, &staff, &code.into(), &Network::unknown()).await
        })
    });
    let mut opened = 0;
    for one in tries.collect::<Vec<_>>() {
        opened += usize::from(one.await.unwrap().is_ok());
    }

    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_a_letter_says_so() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    let code = ada.codes[3].grouped().to_lowercase();

    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_ok());
    assert!(matches!(
        world.enter(&ada.email, PASSWORD, &code).await,
        Err(SignInError::Refused)
    ));

    world.run_due_jobs().await;
    let letters = world.letters_to(ada.email.expose());
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.contains("code de secours"));
    assert_eq!(
        world
            .number("SELECT count(*) FROM staff_recovery_codes")
            .await,
        7
    );
    assert!(
        world
            .record()
            .await
            .contains(&"officer sign_in done recovery_code".to_owned())
    );
}

#[tokio::test]
async fn ten_wrong_codes_close_the_second_factor_for_a_day() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    for _ in 0..10 {
        world.advance(minutes(2));
        assert!(world.enter(&ada.email, PASSWORD, "000000").await.is_err());
    }

    world.advance(minutes(2));
    let code = ada.app.shows(world.now());
    assert!(matches!(
        world.enter(&ada.email, PASSWORD, &code).await,
        Err(SignInError::Refused)
    ));
    world.run_due_jobs().await;
    let letters = world.letters_to(ada.email.expose());
    assert_eq!(letters.len(), 1, "told once");
    assert!(letters[0].subject.contains("codes faux"));

    world.advance(hours(24));
    let code = ada.app.shows(world.now());
    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_ok());
}

#[tokio::test]
async fn guessing_is_slowed_down_by_address() {
    let world = World::with_console().await;
    let nobody = "nobody@qliento.example".parse().unwrap();
    let mut refused = 0;
    let retry_at = loop {
        match world.enter(&nobody, PASSWORD, "000000").await {
            Err(SignInError::Refused) => refused += 1,
            Err(SignInError::TooManyTries { retry_at }) => break retry_at,
            other => panic!("{other:?}"),
        }
    };

    assert_eq!(refused, 6);
    world.advance(retry_at.since(world.now()));
    assert!(matches!(
        world.enter(&nobody, PASSWORD, "000000").await,
        Err(SignInError::Refused)
    ));
}

#[tokio::test]
async fn a_session_is_idle_for_a_quarter_of_an_hour_and_lives_for_eight_hours() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let token = world.token_of(&ada).await;

    world.advance(minutes(14));
    assert!(world.staff(&token).await.is_some(), "use keeps it alive");
    world.advance(minutes(15));
    assert!(world.staff(&token).await.is_none(), "idle");

    let token = world.token_of(&ada).await;
    for _ in 0..34 {
        world.advance(minutes(14));
        assert!(world.staff(&token).await.is_some());
    }
    world.advance(minutes(5));
    assert!(world.staff(&token).await.is_none(), "eight hours");
}

#[tokio::test]
async fn proving_again_changes_the_token_and_makes_the_proof_fresh() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    let old = world.token_of(&ada).await;
    let staff = world.staff(&old).await.unwrap();
    world.advance(minutes(5));
    assert!(!staff.proof_is_fresh(world.now()));
    let prove = async |code: String| {
        staff::prove(&world.services, &staff, &code.into(), &Network::unknown()).await
    };

    assert!(matches!(
        prove("000000".to_owned()).await,
        Err(SignInError::Refused)
    ));
    let new = prove(ada.fresh_code(&world)).await.unwrap();

    assert!(world.staff(&old).await.is_none());
    let staff = world.staff(&new).await.unwrap();
    assert!(staff.proof_is_fresh(world.now()));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let token = world.token_of(&ada).await;
    let staff = world.staff(&token).await.unwrap();

    staff::sign_out(&world.services, &staff).await.unwrap();

    assert!(world.staff(&token).await.is_none());
    assert_eq!(
        world.record().await.last().map(String::as_str),
        Some("agent sign_out done")
    );
}

#[tokio::test]
async fn a_customer_is_nobody_here_and_staff_are_nobody_there() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let customer = world.sign_in(&owner).await.unwrap();
    let ada = world.colleague("ada", Role::Administrator).await;
    let token = world.token_of(&ada).await;

    assert!(world.staff(&customer).await.is_none());
    assert!(
        erasure::session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_none()
    );
    let owner = owner.parse().unwrap();
    assert!(
        world
            .enter(&owner, crate::harness::PASSWORD, "000000")
            .await
            .is_err()
    );
}
