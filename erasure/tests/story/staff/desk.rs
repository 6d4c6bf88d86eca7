//! The desk: a request opened, assigned, noted and decided, with two people where two are needed.

use erasure::{
    hold::{Basis, Lifted},
    id::RequestId,
    request::{
        ExtensionReason, Ground, Role as Asking, Stage,
        decide::{About, DecideError, Extension, Refusal},
        desk::{self, DeskError, Holding, refusal},
        object,
    },
    staff::{ActError, Role, Staff},
};

use super::colleague::Colleague;
use crate::{
    asking::days,
    harness::{World, minutes},
    several_businesses::{MAILBOX, Somebody},
};

const WHY: &str = "The invoices of two years have to be kept for the tax office.";

/// Somebody who asks for another, and who works at the desk.
struct Desk {
    somebody: Somebody,
    id: RequestId,
    odile: Colleague,
    oscar: Colleague,
    agathe: Colleague,
}

impl Desk {
    async fn with_a_representative() -> Self {
        let somebody = Somebody::known_to_two().await;
        Box::pin(somebody.asks_and_shows(Asking::Representative)).await;
        Self::of(somebody).await
    }

    /// The second business objects, and waits for staff.
    async fn with_an_objection() -> Self {
        let somebody = Somebody::known_to_two().await;
        somebody.may_object(1, 7).await;
        somebody.asks_and_shows(Asking::EndUser).await;
        let link = somebody.objection_link("org-2").await;
        let services = &somebody.world.services;
        let words = WHY.parse().unwrap();
        object::object(services, &link, Ground::LegalObligation, &words)
            .await
            .unwrap();
        Self::of(somebody).await
    }

    async fn of(somebody: Somebody) -> Self {
        let world = &somebody.world;
        Self {
            id: world.text("SELECT id FROM requests").await.parse().unwrap(),
            odile: world.colleague("odile", Role::Officer).await,
            oscar: world.colleague("oscar", Role::Officer).await,
            agathe: world.colleague("agathe", Role::Agent).await,
            somebody,
        }
    }

    const fn world(&self) -> &World {
        &self.somebody.world
    }

    async fn stage(&self) -> Stage {
        let stage = self.world().text("SELECT state FROM requests").await;
        stage.parse().unwrap()
    }

    async fn open(&self, staff: &Staff) -> desk::Dossier {
        desk::open(&self.world().services, staff, &self.id, false)
            .await
            .unwrap()
    }
}

fn refusal() -> Refusal {
    Refusal {
        ground: Ground::LegalObligation,
        statute: Some("Code de commerce, art. L123-22".to_owned()),
        explanation: WHY.parse().unwrap(),
        keep_until: None,
    }
}

#[tokio::test]
async fn what_is_about_somebody_is_masked_until_it_is_asked_for_and_each_look_is_on_record() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let agathe = world.signed_in(&desk.agathe).await;

    let masked = desk.open(&agathe).await;
    let whole = desk::open(services, &agathe, &desk.id, true).await.unwrap();

    let number = whole.shown.identity.unwrap();
    assert!(number.contains("33699887766"), "{number}");
    assert!(!masked.shown.identity.unwrap().contains("699887"));
    assert!(masked.shown.contact.is_none() && whole.shown.contact.as_deref() == Some(MAILBOX));
    let record = world.record().await;
    assert_eq!(
        record[record.len() - 2..],
        ["agent read_request done", "agent reveal_identity done"]
    );
    let auditor = world.colleague("aude", Role::Auditor).await;
    let auditor = world.signed_in(&auditor).await;
    let denied = desk::open(services, &auditor, &desk.id, true).await;
    assert!(matches!(denied, Err(DeskError::Act(ActError::Denied))));
    assert_eq!(
        world.record().await.last().unwrap(),
        "auditor reveal_identity refused"
    );
}

#[tokio::test]
async fn a_request_is_taken_given_on_and_noted_and_a_colleague_who_leaves_gives_it_up() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let agathe = world.signed_in(&desk.agathe).await;
    let auditor = world.colleague("aude", Role::Auditor).await;

    desk::assign(services, &agathe, &desk.id, Some(agathe.id()))
        .await
        .unwrap();
    let remark = "She called.\nThe letter of attorney follows."
        .parse()
        .unwrap();
    desk::note(services, &agathe, &desk.id, &remark)
        .await
        .unwrap();
    let wrong = desk::assign(services, &agathe, &desk.id, Some(&auditor.id)).await;
    assert!(matches!(wrong, Err(DeskError::NoColleague)), "{wrong:?}");
    let dossier = desk.open(&agathe).await;
    assert_eq!(dossier.assignee.unwrap().1, "agathe@qliento.example");
    let note = dossier.events.last().unwrap();
    assert_eq!(note.by.as_deref(), Some("agathe@qliento.example"));
    assert_eq!(
        note.words.as_deref(),
        Some("She called.\nThe letter of attorney follows.")
    );

    let operator = erasure::staff::Who::Operator;
    erasure::staff::disable(services, operator, &desk.agathe.id)
        .await
        .unwrap();
    let odile = world.signed_in(&desk.odile).await;
    assert!(desk.open(&odile).await.assignee.is_none());
    for stranger in ["", "   ", &"x".repeat(4_001), "a\u{0}b"] {
        assert!(stranger.parse::<desk::Remark>().is_err());
    }
}

#[tokio::test]
async fn an_officer_lets_a_representative_ask_and_an_agent_may_not() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let agathe = world.signed_in(&desk.agathe).await;
    let denied = desk::approve(services, &agathe, &desk.id).await;
    assert!(matches!(denied, Err(DeskError::Act(ActError::Denied))));
    let odile = world.signed_in(&desk.odile).await;

    desk::approve(services, &odile, &desk.id).await.unwrap();

    let twice = desk::approve(services, &odile, &desk.id).await;
    assert!(
        matches!(twice, Err(DeskError::Decide(DecideError::WrongState(_)))),
        "{twice:?}"
    );
    world.work().await;
    desk.somebody.passes().await;
    assert_eq!(desk.stage().await, Stage::Completed);
    let odile = world.signed_in(&desk.odile).await;
    let events = desk.open(&odile).await.events;
    let approved = events
        .iter()
        .find(|event| event.what == "approved")
        .unwrap();
    assert_eq!(approved.by.as_deref(), Some("odile@qliento.example"));
}

#[tokio::test]
async fn a_refusal_takes_an_officer_who_did_not_propose_it() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let about = About::Request(desk.id.clone());
    let odile = world.signed_in(&desk.odile).await;
    let early = refusal::confirm(services, &odile, &about).await;
    assert!(matches!(early, Err(DeskError::NoProposal)), "{early:?}");

    refusal::propose(services, &odile, &about, &refusal())
        .await
        .unwrap();
    let twice = refusal::propose(services, &odile, &about, &refusal()).await;
    assert!(matches!(twice, Err(DeskError::Proposed)), "{twice:?}");
    let own = refusal::confirm(services, &odile, &about).await;
    assert!(matches!(own, Err(DeskError::SamePerson)), "{own:?}");
    assert_eq!(desk.stage().await, Stage::InReview);
    let agathe = world.signed_in(&desk.agathe).await;
    let denied = refusal::confirm(services, &agathe, &about).await;
    assert!(matches!(denied, Err(DeskError::Act(ActError::Denied))));
    let oscar = world.signed_in(&desk.oscar).await;
    let proposed = desk.open(&oscar).await.proposed.pop().unwrap();
    assert_eq!(
        (proposed.by.as_str(), proposed.is_own),
        ("odile@qliento.example", false)
    );
    assert_eq!(proposed.refusal.explanation.as_str(), WHY);

    refusal::confirm(services, &oscar, &about).await.unwrap();

    world.work().await;
    assert_eq!(desk.stage().await, Stage::Refused);
    let letter = world.letters_to(MAILBOX).pop().unwrap();
    assert!(letter.text.contains("L123-22") && letter.text.contains("CNIL"));
    let record = world.record().await;
    assert!(record.contains(&"officer propose_refusal done legal_obligation".to_owned()));
    assert_eq!(
        record.last().unwrap(),
        "officer confirm_refusal done legal_obligation"
    );
}

#[tokio::test]
async fn a_proposal_is_taken_back_declined_or_forgotten_after_a_week() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let about = About::Request(desk.id.clone());
    let agathe = world.signed_in(&desk.agathe).await;

    refusal::propose(services, &agathe, &about, &refusal())
        .await
        .unwrap();
    refusal::decline(services, &agathe, &about).await.unwrap();
    let gone = refusal::decline(services, &agathe, &about).await;
    assert!(matches!(gone, Err(DeskError::NoProposal)), "{gone:?}");
    refusal::propose(services, &agathe, &about, &refusal())
        .await
        .unwrap();
    world.advance(days(7));

    let oscar = world.signed_in(&desk.oscar).await;
    let late = refusal::confirm(services, &oscar, &about).await;
    assert!(matches!(late, Err(DeskError::NoProposal)), "{late:?}");
    assert!(desk.open(&oscar).await.proposed.is_empty());
    assert_eq!(desk.stage().await, Stage::InReview);
}

#[tokio::test]
async fn two_officers_at_once_refuse_once() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let about = About::Request(desk.id.clone());
    let agathe = world.signed_in(&desk.agathe).await;
    let (odile, oscar) = (
        world.signed_in(&desk.odile).await,
        world.signed_in(&desk.oscar).await,
    );
    refusal::propose(services, &agathe, &about, &refusal())
        .await
        .unwrap();

    let (one, two) = tokio::join!(
        refusal::confirm(services, &odile, &about),
        refusal::confirm(services, &oscar, &about),
    );

    assert_eq!([one, two].iter().filter(|done| done.is_ok()).count(), 1);
    let sql = "SELECT count(*) FROM request_events WHERE what = 'refusal'";
    assert_eq!(world.number(sql).await, 1);
}

#[tokio::test]
async fn an_objection_that_does_not_hold_is_overruled_and_one_that_does_is_refused_in_part() {
    for holds in [false, true] {
        let desk = Box::pin(Desk::with_an_objection()).await;
        let (world, services) = (desk.world(), &desk.world().services);
        let case = desk.somebody.case_of(1).await;
        let oscar = world.signed_in(&desk.oscar).await;
        let odile = world.signed_in(&desk.odile).await;
        let shown = desk.open(&odile).await.cases;
        assert!(
            shown
                .iter()
                .any(|shown| shown.id == case && shown.business.is_some())
        );

        if holds {
            let about = About::Case(case);
            refusal::propose(services, &odile, &about, &refusal())
                .await
                .unwrap();
            refusal::confirm(services, &oscar, &about).await.unwrap();
        } else {
            desk::overrule(services, &odile, &case).await.unwrap();
        }

        desk.somebody.passes().await;
        assert_eq!(desk.stage().await, Stage::Completed);
        assert_eq!(desk.somebody.is_there(1).await, holds);
    }
}

#[tokio::test]
async fn a_term_is_extended_from_the_desk_with_a_fresh_proof_only() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let about = About::Request(desk.id.clone());
    let odile = world.signed_in(&desk.odile).await;
    let dossier = desk.open(&odile).await;
    let extension = Extension {
        until: dossier.latest_extension(services),
        reasons: vec![ExtensionReason::AuthorityUnderReview],
        explanation: WHY.parse().unwrap(),
    };
    assert!(dossier.may_be_extended(world.now()) && dossier.may_be_approved());

    world.advance(minutes(5));
    let stale = desk::extend(services, &odile, &about, &extension).await;
    assert!(matches!(stale, Err(DeskError::Act(ActError::ProofNeeded))));
    let odile = world.signed_in(&desk.odile).await;
    desk::extend(services, &odile, &about, &extension)
        .await
        .unwrap();

    let dossier = desk.open(&odile).await;
    assert!(!dossier.may_be_extended(world.now()));
    let event = dossier.events.last().unwrap();
    assert_eq!(event.reasons, ["authority_under_review"]);
    assert_eq!(event.until, Some(extension.until));
    world.work().await;
    assert!(
        world
            .letters_to(MAILBOX)
            .pop()
            .unwrap()
            .text
            .contains("tax office")
    );
}

#[tokio::test]
async fn a_part_is_held_reviewed_and_freed_by_two_officers() {
    let desk = Box::pin(Desk::with_an_objection()).await;
    let (world, services) = (desk.world(), &desk.world().services);
    let case = desk.somebody.case_of(1).await;
    let odile = world.signed_in(&desk.odile).await;
    let oscar = world.signed_in(&desk.oscar).await;
    let holding = Holding {
        basis: Basis::LegalClaim,
        note: Some("Affaire 26/1234".parse().unwrap()),
        review_at: world.now() + days(30),
        expires_at: world.now() + days(90),
    };

    desk::hold(services, &odile, &case, &holding).await.unwrap();
    let reason = "The claim is settled.".parse().unwrap();
    let hold = desk::holds(services, &oscar).await.unwrap().pop().unwrap();
    assert_eq!(hold.hold.owner, "odile@qliento.example");
    let id = hold.hold.id.parse().unwrap();
    desk::review_hold(services, &oscar, &id, world.now() + days(60))
        .await
        .unwrap();
    let first = desk::lift_hold(services, &odile, &id, &reason).await;
    assert!(matches!(first, Ok(Lifted::Proposed { .. })), "{first:?}");
    let own = desk::lift_hold(services, &odile, &id, &reason).await;
    assert!(matches!(own, Err(DeskError::SamePerson)), "{own:?}");
    let wish = desk::holds(services, &oscar).await.unwrap().pop().unwrap();
    assert!(!wish.wish.unwrap().is_own);
    let second = desk::lift_hold(services, &oscar, &id, &reason).await;

    assert!(matches!(second, Ok(Lifted::Ended { .. })), "{second:?}");
    let agathe = world.signed_in(&desk.agathe).await;
    let denied = desk::lift_hold(services, &agathe, &id, &reason).await;
    assert!(matches!(denied, Err(DeskError::Act(ActError::Denied))));
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_opened_or_decided() {
    let desk = Desk::with_a_representative().await;
    let (world, services) = (desk.world(), &desk.world().services);
    let odile = world.signed_in(&desk.odile).await;
    let nothing: RequestId = "01890000-0000-7000-8000-000000000000".parse().unwrap();
    let about = About::Request(nothing.clone());
    let before = world.record().await.len();

    for answer in [
        desk::open(services, &odile, &nothing, false)
            .await
            .map(drop),
        desk::assign(services, &odile, &nothing, Some(odile.id())).await,
        desk::approve(services, &odile, &nothing).await,
        refusal::propose(services, &odile, &about, &refusal()).await,
        refusal::confirm(services, &odile, &about).await,
        refusal::decline(services, &odile, &about).await,
    ] {
        assert!(matches!(answer, Err(DeskError::NotFound)), "{answer:?}");
    }

    assert_eq!(world.record().await.len(), before, "nothing was done");
}
