//! What businesses and staff decide about somebody's request: objections, refusals, longer terms, holds.

use erasure::{
    hold::Kind,
    id::RequestId,
    request::{
        CaseStage, ExtensionReason, Ground, Role, Stage,
        decide::{self, About, DecideError, Extension, Refusal},
        object::{self, ObjectError},
    },
};

use crate::{
    asking::days,
    harness::hours,
    holds::place_on,
    several_businesses::{MAILBOX, Somebody},
};

const WHY: &str = "The invoices of two years have to be kept for the tax office.";

#[tokio::test]
async fn a_business_that_objects_keeps_no_other_from_erasing_and_staff_decides() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    somebody.may_object(1, 7).await;

    let submitted = somebody.asks_and_shows(Role::EndUser).await;
    let link = somebody.objection_link("org-2").await;
    let wrong = object::object(
        &world.services,
        &link,
        Ground::Excessive,
        &WHY.parse().unwrap(),
    )
    .await;
    assert!(matches!(wrong, Err(ObjectError::WrongGround)), "{wrong:?}");
    let objects = async || {
        object::object(
            &world.services,
            &link,
            Ground::LegalObligation,
            &WHY.parse().unwrap(),
        )
        .await
    };
    objects().await.unwrap();
    objects().await.unwrap();
    somebody.passes().await;

    assert!(!somebody.is_there(0).await && somebody.is_there(1).await);
    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Erasing);
    assert_eq!(status.cases.len(), 1);
    assert_eq!(status.cases[0].state, CaseStage::InReview);

    let about = About::Case(somebody.case_of(1).await);
    let refusal = Refusal {
        ground: Ground::LegalObligation,
        statute: Some("Code de commerce, art. L123-22".to_owned()),
        explanation: WHY.parse().unwrap(),
        keep_until: Some(world.now() + days(365)),
    };
    decide::refuse(&world.services, &about, &refusal, "officer")
        .await
        .unwrap();
    somebody.passes().await;

    let status = world.status(&submitted.capability).await;
    assert_eq!(
        status.state,
        Stage::Completed,
        "the other business has erased"
    );
    assert_eq!(
        status.cases[0].refusal.as_ref().unwrap().article,
        "17(3)(b)"
    );
    assert!(somebody.is_there(1).await);
    assert!(matches!(objects().await, Err(ObjectError::TooLate)));
    let subjects = somebody.subjects();
    assert_eq!(
        subjects.len(),
        3,
        "acknowledged, refused in part, completed: {subjects:?}"
    );
}

#[tokio::test]
async fn an_objection_that_does_not_hold_and_a_window_that_closes_end_in_an_erasure() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    somebody.may_object(0, 7).await;
    somebody.may_object(1, 7).await;
    let submitted = somebody.asks_and_shows(Role::EndUser).await;
    let link = somebody.objection_link("org-1").await;
    object::object(
        &world.services,
        &link,
        Ground::LegalClaims,
        &WHY.parse().unwrap(),
    )
    .await
    .unwrap();

    decide::erase(&world.services, &somebody.case_of(0).await, "officer")
        .await
        .unwrap();
    somebody.passes().await;
    assert!(!somebody.is_there(0).await && somebody.is_there(1).await);
    let window = object::window(&world.services, &somebody.objection_link("org-2").await).await;
    assert!(window.unwrap().unwrap().until.is_some());
    world.advance(days(7));
    somebody.passes().await;

    assert!(!somebody.is_there(1).await);
    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
}

#[tokio::test]
async fn whoever_acts_for_another_waits_for_a_person_even_when_everything_is_shown() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let submitted = somebody.asks_and_shows(Role::Representative).await;
    assert_eq!(world.stage(&submitted.capability).await, Stage::InReview);
    world.advance(days(2));
    world.work().await;
    assert!(somebody.is_there(0).await && somebody.is_there(1).await);

    let id = world.text("SELECT id FROM requests").await.parse().unwrap();
    decide::approve(&world.services, &id, "officer")
        .await
        .unwrap();
    world.work().await;
    somebody.passes().await;

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert!(!somebody.is_there(0).await && !somebody.is_there(1).await);
}

#[tokio::test]
async fn a_request_for_another_without_the_right_is_refused_with_its_reasons_and_the_way_to_complain()
 {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let submitted = somebody.asks_and_shows(Role::Representative).await;
    let id = world.text("SELECT id FROM requests").await.parse().unwrap();
    let refusal = Refusal {
        ground: Ground::AuthorityNotShown,
        statute: None,
        explanation: "The letter of attorney names somebody else."
            .parse()
            .unwrap(),
        keep_until: None,
    };

    decide::refuse(&world.services, &About::Request(id), &refusal, "officer")
        .await
        .unwrap();
    world.settle().await;

    assert_eq!(world.stage(&submitted.capability).await, Stage::Refused);
    assert!(somebody.is_there(0).await);
    let letter = world.letters_to(MAILBOX).pop().unwrap();
    assert!(
        letter.text.contains("names somebody else") && letter.text.contains("12(6)"),
        "{}",
        letter.text
    );
    assert!(letter.text.contains("CNIL"), "{}", letter.text);
}

#[tokio::test]
async fn a_term_is_extended_once_before_it_ends_with_reasons_and_never_too_far() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let submitted = somebody.asks_and_shows(Role::Representative).await;
    let id: RequestId = world.text("SELECT id FROM requests").await.parse().unwrap();
    let extend = async |until, reasons: &[ExtensionReason]| {
        let extension = Extension {
            until,
            reasons: reasons.to_vec(),
            explanation: "The notary's papers have to be read by a lawyer."
                .parse()
                .unwrap(),
        };
        decide::extend(
            &world.services,
            &About::Request(id.clone()),
            &extension,
            "officer",
        )
        .await
    };
    let reasons = [ExtensionReason::AuthorityUnderReview];
    let due_at = submitted.due_at;

    for (until, reasons) in [
        (due_at + days(62), &reasons[..]),
        (due_at, &reasons[..]),
        (due_at + days(30), &[]),
    ] {
        let answer = extend(until, reasons).await;
        assert!(
            matches!(answer, Err(DecideError::NotExtensible { .. })),
            "{answer:?}"
        );
    }
    extend(due_at + days(30), &reasons).await.unwrap();
    let twice = extend(due_at + days(31), &reasons).await;
    assert!(
        matches!(twice, Err(DecideError::NotExtensible { .. })),
        "{twice:?}"
    );

    let status = world.status(&submitted.capability).await;
    assert_eq!(status.due_at, due_at + days(30));
    world.work().await;
    let letter = world.letters_to(MAILBOX).pop().unwrap();
    assert!(letter.text.contains("notary"), "{}", letter.text);
    world.advance(days(31));
    let late = extend(due_at + days(40), &reasons).await;
    assert!(matches!(late, Err(DecideError::TooLate)), "{late:?}");
}

#[tokio::test]
async fn a_part_that_a_law_keeps_waits_is_told_and_goes_on_by_itself() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let (_, contact) = &somebody.contacts[1];
    place_on(world, Kind::Contact, contact).await.unwrap();

    let submitted = somebody.asks_and_shows(Role::EndUser).await;
    somebody.passes().await;

    assert!(!somebody.is_there(0).await && somebody.is_there(1).await);
    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Erasing);
    assert_eq!(status.cases.len(), 1);
    assert_eq!(status.cases[0].state, CaseStage::Held);
    let letter = world.letters_to(MAILBOX).pop().unwrap();
    assert!(letter.text.contains("17(3)(e)"), "{}", letter.text);
    assert!(
        letter.text.contains(submitted.capability.expose()),
        "the person's own link"
    );

    world.advance(days(90));
    erasure::retention::sweep(&world.services).await.unwrap();
    world.work().await;
    world.advance(hours(2));
    somebody.passes().await;

    assert!(!somebody.is_there(1).await);
    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    let subjects = somebody.subjects();
    assert_eq!(
        subjects.len(),
        4,
        "acknowledged, held, resumed, completed: {subjects:?}"
    );
}
