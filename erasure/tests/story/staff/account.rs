//! What somebody changes about their own account.

use erasure::staff::{self, AccountError, ActError, Enrolment, Role, Weakness};

use super::colleague::{App, PASSWORD};
use crate::harness::{World, minutes};

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_a_letter_says_so() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let elsewhere = world.token_of(&ada).await;
    let here = world.token_of(&ada).await;
    let staff = world.staff(&here).await.unwrap();
    let change = async |present: &str, new: &str| {
        staff::change_password(&world.services, &staff, &present.into(), &new.into()).await
    };

    assert!(matches!(
        change("wrong", "un autre mot bien long").await,
        Err(AccountError::WrongPassword)
    ));
    assert!(matches!(
        change(PASSWORD, "qwertyuiop12").await,
        Err(AccountError::Weak(Weakness::Common))
    ));
    change(PASSWORD, "un autre mot bien long").await.unwrap();

    assert!(world.staff(&elsewhere).await.is_none());
    assert!(world.staff(&here).await.is_some());
    world.advance(minutes(4)); // two tries more
    let code = ada.fresh_code(&world);
    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_err());
    assert!(
        world
            .enter(&ada.email, "un autre mot bien long", &code)
            .await
            .is_ok()
    );
    world.run_due_jobs().await;
    assert_eq!(world.letters_to(ada.email.expose()).len(), 1);
}

#[tokio::test]
async fn another_app_takes_the_place_of_the_old_one() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let staff = world.signed_in(&ada).await;
    let enrolment = Enrolment::mint(&world.services, &ada.id);
    let app = App::scan(&enrolment.letters());
    let change = async |code: String| {
        staff::change_authenticator(&world.services, &staff, &enrolment, &code.into()).await
    };

    assert!(matches!(
        change("000000".to_owned()).await,
        Err(AccountError::WrongCode)
    ));
    let shown = app.shows(world.now());
    change(shown.clone()).await.unwrap();

    let old = ada.fresh_code(&world);
    assert!(world.enter(&ada.email, PASSWORD, &old).await.is_err());
    assert!(
        world.enter(&ada.email, PASSWORD, &shown).await.is_err(),
        "the code that enrolled it is used up"
    );
    let new = app.shows(world.now());
    assert!(world.enter(&ada.email, PASSWORD, &new).await.is_ok());
}

#[tokio::test]
async fn new_recovery_codes_take_the_place_of_the_old_ones() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let grace = world.colleague("grace", Role::Agent).await;
    let staff = world.signed_in(&ada).await;
    let enrolment = Enrolment::mint(&world.services, &ada.id);
    let foreign = Enrolment::mint(&world.services, &grace.id);

    let refused = staff::renew_recovery_codes(&world.services, &staff, &foreign).await;
    assert!(matches!(refused, Err(AccountError::WrongCode)));
    staff::renew_recovery_codes(&world.services, &staff, &enrolment)
        .await
        .unwrap();

    let standing = staff::standing(&world.services, &staff).await.unwrap();
    assert_eq!(standing.recovery_codes, 8);
    let old = ada.codes[0].grouped();
    assert!(world.enter(&ada.email, PASSWORD, &old).await.is_err());
    let new = enrolment.codes()[0].grouped();
    assert!(world.enter(&ada.email, PASSWORD, &new).await.is_ok());
    let hers = grace.codes[0].grouped();
    assert!(world.enter(&grace.email, PASSWORD, &hers).await.is_ok());
}

#[tokio::test]
async fn an_account_is_changed_after_a_fresh_proof_only() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Agent).await;
    let staff = world.signed_in(&ada).await;
    world.advance(minutes(5));
    let enrolment = Enrolment::mint(&world.services, &ada.id);

    let outcomes = [
        staff::change_password(
            &world.services,
            &staff,
            &PASSWORD.into(),
            &"un autre mot bien long".into(),
        )
        .await,
        staff::change_authenticator(&world.services, &staff, &enrolment, &"000000".into()).await,
        staff::renew_recovery_codes(&world.services, &staff, &enrolment).await,
    ];

    for outcome in outcomes {
        assert!(matches!(
            outcome,
            Err(AccountError::Act(ActError::ProofNeeded))
        ));
    }
}
