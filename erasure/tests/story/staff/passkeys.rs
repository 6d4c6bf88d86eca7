//! Passkeys: added, used, taken away; and every response that is not quite right is refused.

use erasure::{
    network::Network,
    session::SignInError,
    staff::{
        self, ActError, Role, Staff,
        passkey::{self, Ceremony, PasskeyError, Purpose},
    },
};

use super::{
    authenticator::{Authenticator, encode},
    colleague::Colleague,
};
use crate::harness::{World, minutes};

async fn with_passkey() -> (World, Colleague, Staff, Authenticator) {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    let staff = world.signed_in(&ada).await;
    let telephone = Authenticator::new("telephone");
    add(&world, &staff, &telephone).await.unwrap();
    (world, ada, staff, telephone)
}

async fn add(world: &World, staff: &Staff, made: &Authenticator) -> Result<(), PasskeyError> {
    let ceremony = Ceremony::mint(&world.services, Purpose::Add(staff.id().clone()));
    passkey::add(
        &world.services,
        staff,
        &ceremony,
        &made.register(&ceremony),
        "Téléphone",
    )
    .await
}

async fn enter(
    world: &World,
    ceremony: &Ceremony,
    assertion: &passkey::Assertion,
) -> Result<erasure::session::SessionToken, SignInError> {
    passkey::sign_in(&world.services, ceremony, assertion, &Network::unknown()).await
}

fn to_sign_in(world: &World) -> Ceremony {
    Ceremony::mint(&world.services, Purpose::SignIn)
}

#[tokio::test]
async fn a_passkey_signs_in_without_password_and_code() {
    let (world, ada, _, mut telephone) = with_passkey().await;
    let ceremony = to_sign_in(&world);

    let token = enter(&world, &ceremony, &telephone.sign(&ceremony))
        .await
        .unwrap();

    let staff = world.staff(&token).await.unwrap();
    assert_eq!(staff.email().expose(), ada.email.expose());
    assert!(staff.proof_is_fresh(world.now()));
    assert_eq!(
        world.record().await.pop().as_deref(),
        Some("officer sign_in done passkey")
    );
    let listed = staff::standing(&world.services, &staff).await.unwrap();
    assert_eq!(listed.passkeys[0].label, "Téléphone");
    assert_eq!(listed.passkeys[0].used_at, Some(world.now()));
    world.run_due_jobs().await;
    let letters = world.letters_to(ada.email.expose());
    assert!(letters[0].subject.contains("clé d’accès"));
}

#[tokio::test]
async fn a_passkey_proves_again_who_one_is_and_nobody_elses_does() {
    let (world, ada, staff, mut telephone) = with_passkey().await;
    let grace = world.colleague("grace", Role::Agent).await;
    let graces = world.signed_in(&grace).await;
    world.advance(minutes(6));
    let prove = async |staff: &Staff, ceremony: &Ceremony, assertion: &passkey::Assertion| {
        let network = Network::unknown();
        passkey::prove(&world.services, staff, ceremony, assertion, &network).await
    };

    let hers = Ceremony::mint(&world.services, Purpose::Prove(grace.id.clone()));
    let stolen = prove(&graces, &hers, &telephone.sign(&hers)).await;
    assert!(matches!(stolen, Err(SignInError::Refused)));
    let ceremony = Ceremony::mint(&world.services, Purpose::Prove(ada.id.clone()));
    let token = prove(&staff, &ceremony, &telephone.sign(&ceremony))
        .await
        .unwrap();

    let staff = world.staff(&token).await.unwrap();
    assert!(staff.proof_is_fresh(world.now()));
}

#[tokio::test]
async fn an_answer_is_taken_once_and_within_five_minutes() {
    let (world, _, _, mut telephone) = with_passkey().await;
    let ceremony = to_sign_in(&world);
    let sealed = ceremony.seal(&world.services);
    let assertion = telephone.sign(&ceremony);

    assert!(enter(&world, &ceremony, &assertion).await.is_ok());
    let again = Ceremony::open(&world.services, &sealed).unwrap();
    assert!(matches!(
        enter(&world, &again, &assertion).await,
        Err(SignInError::Refused)
    ));
    assert!(
        matches!(
            enter(&world, &again, &telephone.sign(&again)).await,
            Err(SignInError::Refused)
        ),
        "a challenge is answered once, whatever the answer"
    );
    world.advance(minutes(5));
    assert!(Ceremony::open(&world.services, &sealed).is_none());
    assert!(Ceremony::open(&world.services, &sealed[2..]).is_none());
}

/// Something done to an authenticator.
type Change = fn(&mut Authenticator);

#[tokio::test]
async fn what_is_not_quite_right_is_refused() {
    let (world, ada, _, mut telephone) = with_passkey().await;
    let attempt = async |telephone: &mut Authenticator, spoil: fn(&mut passkey::Assertion)| {
        let ceremony = to_sign_in(&world);
        let mut assertion = telephone.sign(&ceremony);
        spoil(&mut assertion);
        world.advance(minutes(1));
        enter(&world, &ceremony, &assertion).await
    };

    let wrong: [(&str, Change, Change); 7] = [
        (
            "another domain",
            |one| one.domain = "evil.example".to_owned(),
            |one| one.domain = "app.qliento.com".to_owned(),
        ),
        (
            "another page",
            |one| one.origin = "https://evil.example".to_owned(),
            |one| one.origin = "https://app.qliento.com".to_owned(),
        ),
        (
            "nobody verified",
            |one| one.flags = 0x01,
            |one| one.flags = 0x05,
        ),
        (
            "nobody there",
            |one| one.flags = 0x04,
            |one| one.flags = 0x05,
        ),
        (
            "in a frame",
            |one| one.extra = r#","topOrigin":"https://evil.example""#,
            |one| one.extra = "",
        ),
        (
            "from another site",
            |one| one.extra = r#","crossOrigin":true"#,
            |one| one.extra = "",
        ),
        (
            "a counter that goes back",
            |one| one.uses = 0,
            |one| one.uses = 9,
        ),
    ];
    for (what, change, undo) in wrong {
        change(&mut telephone);
        let outcome = attempt(&mut telephone, |_| {}).await;
        assert!(matches!(outcome, Err(SignInError::Refused)), "{what}");
        undo(&mut telephone);
    }
    let spoiled: [fn(&mut passkey::Assertion); 6] = [
        |one| one.signature = encode(b"forged"),
        |one| one.signature.clear(),
        |one| one.authenticator_data = encode(&[0; 37]),
        |one| one.client_data = encode(b"{}"),
        |one| one.client_data = "?".to_owned(),
        |one| one.credential = encode(b"unknown"),
    ];
    for spoil in spoiled {
        let outcome = attempt(&mut telephone, spoil).await;
        assert!(matches!(outcome, Err(SignInError::Refused)));
    }
    let ceremony = Ceremony::mint(&world.services, Purpose::Prove(ada.id.clone()));
    let outcome = enter(&world, &ceremony, &telephone.sign(&ceremony)).await;
    assert!(
        matches!(outcome, Err(SignInError::Refused)),
        "another purpose"
    );

    assert!(attempt(&mut telephone, |_| {}).await.is_ok());
}

#[tokio::test]
async fn a_passkey_is_added_by_its_owner_after_a_fresh_proof() {
    let (world, ada, staff, telephone) = with_passkey().await;
    let grace = world.colleague("grace", Role::Agent).await;
    let graces = world.signed_in(&grace).await;

    assert!(
        matches!(
            add(&world, &graces, &telephone).await,
            Err(PasskeyError::Refused)
        ),
        "it is somebody's already"
    );
    let hers = Ceremony::mint(&world.services, Purpose::Add(grace.id.clone()));
    let stick = Authenticator::new("stick");
    let foreign = passkey::add(
        &world.services,
        &staff,
        &hers,
        &stick.register(&hers),
        "Téléphone",
    )
    .await;
    assert!(matches!(foreign, Err(PasskeyError::Refused)));
    let ceremony = Ceremony::mint(&world.services, Purpose::Add(ada.id.clone()));
    let spoiled: [fn(&mut passkey::Registration); 4] = [
        |one| one.public_key = encode(b"no key"),
        |one| one.algorithm = -999,
        |one| one.client_data = encode(b"{}"),
        |one| one.authenticator_data = encode(&[0; 90]),
    ];
    for spoil in spoiled {
        let mut registration = stick.register(&ceremony);
        spoil(&mut registration);
        let outcome = passkey::add(&world.services, &staff, &ceremony, &registration, "").await;
        assert!(matches!(outcome, Err(PasskeyError::Refused)));
    }
    world.advance(minutes(5));
    let late = add(&world, &staff, &stick).await;
    assert!(matches!(
        late,
        Err(PasskeyError::Act(ActError::ProofNeeded))
    ));
}

#[tokio::test]
async fn a_passkey_that_was_taken_away_opens_nothing_and_nobody_takes_anothers() {
    let (world, _, staff, mut telephone) = with_passkey().await;
    let grace = world.colleague("grace", Role::Agent).await;
    let graces = world.signed_in(&grace).await;
    let id = staff::standing(&world.services, &staff)
        .await
        .unwrap()
        .passkeys[0]
        .id
        .clone();

    passkey::remove(&world.services, &graces, &id)
        .await
        .unwrap();
    let ceremony = to_sign_in(&world);
    assert!(
        enter(&world, &ceremony, &telephone.sign(&ceremony))
            .await
            .is_ok()
    );
    passkey::remove(&world.services, &staff, &id).await.unwrap();

    let ceremony = to_sign_in(&world);
    let outcome = enter(&world, &ceremony, &telephone.sign(&ceremony)).await;
    assert!(matches!(outcome, Err(SignInError::Refused)));
}
