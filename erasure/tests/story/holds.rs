//! Legal holds: a held deletion is accepted and waits, the person is told, and it goes on by itself.

use std::time::Duration;

use erasure::{
    account,
    hold::{self, Basis, Kind, LiftError, Lifted, Order, PlaceError},
    id::RowId,
    progress::{self, State},
    retention,
};

use crate::harness::{World, hours};

pub(crate) const ADA: &str = "ada@example.org";
const BEA: &str = "bea@example.org";

pub(crate) const fn days(count: u64) -> Duration {
    hours(24 * count)
}

pub(crate) async fn place_on(
    world: &World,
    kind: Kind,
    subject: &str,
) -> Result<RowId, PlaceError> {
    let order = Order {
        kind,
        subject: subject.to_owned(),
        basis: Basis::LegalClaim,
        owner: ADA.parse().unwrap(),
        note: Some("Affaire 26/1234".parse().unwrap()),
        review_at: world.now() + days(30),
        expires_at: world.now() + days(90),
    };
    hold::place(&world.services, &order).await
}

pub(crate) async fn hold_organization(world: &World, slug: &str) -> RowId {
    let organization = world.organization(slug).await;
    place_on(world, Kind::Organization, &organization)
        .await
        .unwrap()
}

async fn lift_as(world: &World, id: &RowId, by: &str) -> Result<Lifted, LiftError> {
    hold::lift(
        &world.services,
        id,
        &by.parse().unwrap(),
        &"L’affaire est close".parse().unwrap(),
    )
    .await
}

pub(crate) async fn lift(world: &World, id: &RowId) -> usize {
    lift_as(world, id, ADA).await.unwrap();
    match lift_as(world, id, BEA).await.unwrap() {
        Lifted::Ended { resumed } => resumed,
        other @ Lifted::Proposed { .. } => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_held_deletion_is_accepted_waits_and_says_why() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    hold_organization(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let before = world.rows_of(&ours).await;

    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;
    world.advance(days(20));
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!(
        (progress.state, progress.may_cancel, progress.delayed),
        (State::Held, false, false)
    );
    let held = progress.held.unwrap();
    assert_eq!(
        (held.basis, held.review_at),
        (Basis::LegalClaim, held.since + days(30))
    );
    let after = world.rows_of(&ours).await;
    for table in [
        "messages",
        "contacts",
        "invoices",
        "memberships",
        "whatsapp_profiles",
    ] {
        assert_eq!(after[table], before[table], "{table}");
    }
    let letters = world.letters_to(owner.email.expose());
    let told = letters.last().unwrap();
    assert!(
        told.text.contains("17(3)(e)") && told.text.contains("CNIL"),
        "{}",
        told.text
    );
    assert!(told.text.contains(capability.expose()));
    assert_eq!(
        letters.len(),
        2,
        "the code, and why it waits: nobody is told that it has begun"
    );
}

#[tokio::test]
async fn what_is_held_is_nobodys_to_read_or_write() {
    let world = World::with_organizations(2).await;
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let owner = world.owner("org-1").await;
    // Somebody who is in both: their sessions end, and they may sign in again for the other.
    let member = world.person("org-1", "member").await;
    world
        .write(&format!(
            "INSERT INTO memberships (organization_id, user_id, role, created_at)
             SELECT '{theirs}', id, 'member', 0 FROM users WHERE email = '{member}'"
        ))
        .await;
    let token = world.sign_in(&member).await.unwrap();
    hold_organization(&world, "org-1").await;

    world.confirm_deletion(&owner).await;

    assert!(world.sign_in(owner.email.expose()).await.is_err());
    let resumed = erasure::session::resume(&world.services, token.expose())
        .await
        .unwrap();
    assert!(resumed.is_none(), "every session has ended");
    let session = world.session_of(&member).await;
    assert_eq!(session.memberships.len(), 1, "not even its name is shown");
    let preview = account::preview(&world.services, &session).await.unwrap();
    assert_eq!(preview.consequences.len(), 1);
    let insert = "INSERT INTO usage_counters (organization_id, metric, period, value) VALUES ('{org}', 'late', '2026-11', 1)";
    assert!(
        world
            .try_write(&insert.replace("{org}", &ours))
            .await
            .is_err(),
        "the fence stays"
    );
}

#[tokio::test]
async fn two_people_lift_a_hold_and_the_erasure_goes_on_by_itself() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let id = hold_organization(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.advance(days(20));

    assert!(matches!(
        lift_as(&world, &id, ADA).await.unwrap(),
        Lifted::Proposed { .. }
    ));
    let same = lift_as(&world, &id, ADA).await;
    assert!(matches!(same, Err(LiftError::SamePerson)), "{same:?}");
    world.run_due_jobs().await;
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(
        lift_as(&world, &id, BEA).await.unwrap(),
        Lifted::Ended { resumed: 1 }
    );
    let again = lift_as(&world, &id, BEA).await;
    assert!(matches!(again, Err(LiftError::NotFound)), "{again:?}");

    let receipt = world.complete(&capability).await;
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    let held = receipt.held.unwrap();
    assert_eq!(
        (held.until.since(held.since), held.basis),
        (days(20), Basis::LegalClaim)
    );
    let subjects: Vec<_> = world
        .letters_to(owner.email.expose())
        .into_iter()
        .map(|letter| letter.subject)
        .collect();
    assert_eq!(
        subjects.len(),
        4,
        "code, held, resumed, completed: {subjects:?}"
    );
    world.settle().await;
}

#[tokio::test]
async fn a_proposal_to_lift_that_nobody_seconds_in_a_week_is_over() {
    let world = World::with_organizations(1).await;
    let id = hold_organization(&world, "org-1").await;
    lift_as(&world, &id, ADA).await.unwrap();

    world.advance(days(7));

    assert!(matches!(
        lift_as(&world, &id, BEA).await.unwrap(),
        Lifted::Proposed { .. }
    ));
}

#[tokio::test]
async fn a_hold_past_its_review_is_an_alarm_and_past_its_expiry_it_ends() {
    let world = World::with_organizations(1).await;
    let id = hold_organization(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let totals = async || erasure::watch::totals(&world.services).await.unwrap().holds;
    assert_eq!(
        (
            totals().await.active,
            totals().await.past_review,
            totals().await.held_erasures
        ),
        (1, 0, 1)
    );

    world.advance(days(30));
    assert_eq!(totals().await.past_review, 1);
    assert!(hold::list(&world.services).await.unwrap()[0].is_past_review);
    hold::review(&world.services, &id, world.now() + days(30), None)
        .await
        .unwrap();
    assert_eq!(totals().await.past_review, 0);

    world.advance(days(60));
    retention::sweep(&world.services).await.unwrap();
    world.complete(&capability).await;
    assert_eq!(totals().await.active, 0);
    let listed = hold::list(&world.services).await.unwrap();
    assert_eq!(listed[0].ended_at, Some(world.now()));
    world.settle().await;
}

#[tokio::test]
async fn a_job_that_is_early_waits_for_the_sweep_that_ends_its_hold() {
    let world = World::with_organizations(1).await;
    hold_organization(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    world.advance(days(90));
    world.run_due_jobs().await;
    assert_eq!(world.progress(&capability).await.state, State::Held);

    retention::sweep(&world.services).await.unwrap();
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_deletion_that_two_holds_meet_waits_for_both() {
    let world = World::with_organizations(1).await;
    let first = hold_organization(&world, "org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let second = hold_organization(&world, "org-1").await;

    assert_eq!(lift(&world, &first).await, 0);
    world.run_due_jobs().await;
    assert_eq!(world.progress(&capability).await.state, State::Held);
    assert_eq!(lift(&world, &second).await, 1);

    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_hold_that_comes_while_other_owners_may_still_cancel_is_told_and_leaves_them_their_say() {
    let world = World::with_organizations(1).await;
    world.promote("org-1", "admin").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    hold_organization(&world, "org-1").await;
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.may_cancel), (State::Held, true));
    let letters = world.letters_to(owner.email.expose());
    assert!(
        letters
            .iter()
            .any(|letter| letter.text.contains("17(3)(e)")),
        "{letters:?}"
    );
    progress::cancel(&world.services, &capability)
        .await
        .unwrap();
    assert_eq!(world.progress(&capability).await.state, State::Cancelled);
    assert!(world.sign_in(owner.email.expose()).await.is_ok());
    world.advance(days(100));
    retention::sweep(&world.services).await.unwrap();
    world.settle().await;
}

#[tokio::test]
async fn an_erasure_that_has_begun_cannot_be_held() {
    let world = World::with_organizations(1).await;
    let organization = world.organization("org-1").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    let late = place_on(&world, Kind::Organization, &organization).await;

    assert!(matches!(late, Err(PlaceError::ErasureBegun)), "{late:?}");
    assert!(hold::list(&world.services).await.unwrap().is_empty());
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn one_deletion_is_held_by_its_reference_and_no_other() {
    let world = World::with_organizations(2).await;
    let mut waiting = Vec::new();
    for slug in ["org-1", "org-2"] {
        world.promote(slug, "admin").await;
        let owner = world.owner(slug).await;
        waiting.push(world.confirm_deletion(&owner).await);
    }
    let reference = world.progress(&waiting[0]).await.reference;

    let hold = place_on(&world, Kind::Case, &reference).await.unwrap();
    world.advance(days(4));
    world.run_due_jobs().await;

    assert_eq!(world.progress(&waiting[0]).await.state, State::Held);
    assert_eq!(world.progress(&waiting[1]).await.state, State::Completed);
    let done = world.progress(&waiting[1]).await.reference;
    let late = place_on(&world, Kind::Case, &done).await;
    assert!(matches!(late, Err(PlaceError::NotFound)), "{late:?}");
    assert_eq!(lift(&world, &hold).await, 1);
    world.complete(&waiting[0]).await;
    world.settle().await;
}

#[tokio::test]
async fn a_neighbours_hold_is_nobody_elses() {
    let world = World::with_organizations(2).await;
    hold_organization(&world, "org-2").await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    world.settle().await;
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_held_and_days_must_fit() {
    let world = World::with_organizations(1).await;

    for kind in [Kind::Organization, Kind::Contact, Kind::Case] {
        let nothing = place_on(&world, kind, "nothing").await;
        assert!(matches!(nothing, Err(PlaceError::NotFound)), "{nothing:?}");
    }
    let order = Order {
        kind: Kind::Organization,
        subject: world.organization("org-1").await,
        basis: Basis::Authority,
        owner: ADA.parse().unwrap(),
        note: None,
        review_at: world.now(),
        expires_at: world.now() + days(1),
    };
    let past = hold::place(&world.services, &order).await;
    assert!(matches!(past, Err(PlaceError::Days(_))), "{past:?}");
}
