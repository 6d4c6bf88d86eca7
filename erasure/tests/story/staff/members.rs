//! Adding, changing and taking away members; and that nobody does what their role does not allow.

use erasure::{
    id::StaffId,
    locale::Locale,
    staff::{
        self, Act, ActError, MemberError, MemberState, Role, Staff, Who,
        audit::{self, Filter},
    },
};

use super::colleague::PASSWORD;
use crate::harness::{World, minutes};

#[tokio::test]
async fn an_administrators_invitation_goes_by_letter() {
    let world = World::with_console().await;
    let boss = world.colleague("boss", Role::Administrator).await;
    let boss = world.signed_in(&boss).await;
    let email = "ada@qliento.example".parse().unwrap();

    staff::add(
        &world.services,
        Who::Staff(&boss),
        &email,
        Role::Agent,
        Locale::En,
    )
    .await
    .unwrap();
    world.run_due_jobs().await;

    let letter = world.letters_to("ada@qliento.example").remove(0);
    assert!(letter.subject.contains("Your access"));
    let link = letter
        .text
        .lines()
        .find(|line| line.contains("/en/console/set-up/"));
    let capability = link.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    let ada = world.accept(&capability).await;
    assert_eq!(world.signed_in(&ada).await.role(), Role::Agent);
    world.settle().await;
}

#[tokio::test]
async fn an_address_is_added_once() {
    let world = World::with_console().await;
    world.invite("ada@qliento.example", Role::Agent).await;
    let email = "Ada@Qliento.example".parse().unwrap();

    let again = staff::add(
        &world.services,
        Who::Operator,
        &email,
        Role::Officer,
        Locale::Fr,
    );

    assert!(matches!(again.await, Err(MemberError::Taken)));
    assert_eq!(
        world.number("SELECT count(*) FROM staff_invitations").await,
        1
    );
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_everywhere() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    let token = world.token_of(&ada).await;
    let staff = world.staff(&token).await.unwrap();

    staff::disable(&world.services, Who::Operator, &ada.id)
        .await
        .unwrap();

    assert!(world.staff(&token).await.is_none());
    let late = audit::page(&world.services, &staff, &Filter::default(), None).await;
    assert!(matches!(late, Err(ActError::Denied)));
    let code = ada.fresh_code(&world);
    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_err());
    for table in [
        "staff_sessions",
        "staff_recovery_codes",
        "staff_passkeys",
        "staff_invitations",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(world.number(&count).await, 0, "{table}");
    }
    let left =
        "SELECT count(*) FROM staff WHERE password_hash IS NOT NULL OR totp_sealed IS NOT NULL";
    assert_eq!(world.number(left).await, 0);
}

#[tokio::test]
async fn who_acts_while_access_is_taken_away_acts_no_more() {
    let world = World::with_console().await;
    let (boss, ada) = (
        world.colleague("boss", Role::Administrator).await,
        world.colleague("ada", Role::Administrator).await,
    );
    let boss = world.signed_in(&boss).await;
    let stale = world.signed_in(&ada).await;

    staff::change_role(&world.services, Who::Staff(&boss), &ada.id, Role::Agent)
        .await
        .unwrap();

    let late = staff::list(&world.services, &stale).await;
    assert!(matches!(late, Err(ActError::Ended)));
    assert_eq!(world.signed_in(&ada).await.role(), Role::Agent);
}

#[tokio::test]
async fn a_reset_takes_everything_and_gives_a_new_link() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    staff::disable(&world.services, Who::Operator, &ada.id)
        .await
        .unwrap();

    let reset = staff::reset(&world.services, Who::Operator, &ada.id).await;
    let capability = reset.unwrap().capability;

    let code = ada.fresh_code(&world);
    assert!(world.enter(&ada.email, PASSWORD, &code).await.is_err());
    let anew = world.accept(&capability).await;
    let code = ada.fresh_code(&world);
    assert!(
        world.enter(&ada.email, PASSWORD, &code).await.is_err(),
        "the old app's"
    );
    assert_eq!(world.signed_in(&anew).await.role(), Role::Officer);
}

#[tokio::test]
async fn members_are_listed_with_how_they_stand() {
    let world = World::with_console().await;
    let ada = world.colleague("ada", Role::Officer).await;
    world.invite("grace@qliento.example", Role::Agent).await;
    let gone = world.colleague("hedy", Role::Auditor).await;
    staff::disable(&world.services, Who::Operator, &gone.id)
        .await
        .unwrap();
    world.signed_in(&ada).await;

    let members = staff::list_as_operator(&world.services).await.unwrap();

    let states: Vec<_> = members.iter().map(|member| member.state).collect();
    assert_eq!(
        states,
        [
            MemberState::Active,
            MemberState::Invited,
            MemberState::Disabled
        ]
    );
    assert_eq!(members[0].signed_in_at, Some(world.now()));
    assert_eq!(members[1].signed_in_at, None);
    world.advance(erasure::staff::INVITATION);
    let members = staff::list_as_operator(&world.services).await.unwrap();
    assert_eq!(members[1].state, MemberState::InvitationExpired);
}

#[tokio::test]
async fn nobody_changes_what_they_themselves_may_do() {
    let world = World::with_console().await;
    let boss = world.colleague("boss", Role::Administrator).await;
    let staff = world.signed_in(&boss).await;
    let who = Who::Staff(&staff);

    let role = staff::change_role(&world.services, who, &boss.id, Role::Officer).await;
    assert!(matches!(role, Err(MemberError::Yourself)));
    let disabled = staff::disable(&world.services, who, &boss.id).await;
    assert!(matches!(disabled, Err(MemberError::Yourself)));
    let reset = staff::reset(&world.services, who, &boss.id).await;
    assert!(matches!(reset, Err(MemberError::Yourself)));
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the acts on members, out of all"
)]
/// Every act on members, as somebody of this role tries it on somebody else.
async fn attempt(world: &World, staff: &Staff, act: Act, other: &StaffId) -> Result<(), ActError> {
    let (services, who) = (&world.services, Who::Staff(staff));
    let email = format!("{}@qliento.example", staff.role().as_str())
        .replace('@', "-new@")
        .parse()
        .unwrap();
    let outcome = match act {
        Act::AddStaff => staff::add(services, who, &email, Role::Agent, Locale::Fr)
            .await
            .map(drop),
        Act::ResetStaff => staff::reset(services, who, other).await.map(drop),
        Act::DisableStaff => staff::disable(services, who, other).await,
        Act::ChangeRole => staff::change_role(services, who, other, Role::Agent).await,
        Act::ReadStaff => Ok(staff::list(services, staff).await.map(drop)?),
        Act::ReadAudit => Ok(audit::page(services, staff, &Filter::default(), None)
            .await
            .map(drop)?),
        Act::ExportAudit => Ok(audit::copy(services, staff, Filter::default())
            .await
            .map(drop)?),
        other => panic!("{other:?} is nobody else's business"),
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(MemberError::Act(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_role_does_what_it_may_and_a_denied_try_is_on_record() {
    let world = World::with_console().await;
    let victim = world.colleague("victim", Role::Agent).await;
    for role in Role::ALL.iter().copied() {
        let colleague = world.colleague(role.as_str(), role).await;
        let staff = world.signed_in(&colleague).await;
        for act in [
            Act::ReadStaff,
            Act::AddStaff,
            Act::ChangeRole,
            Act::ResetStaff,
            Act::DisableStaff,
            Act::ReadAudit,
            Act::ExportAudit,
        ] {
            let outcome = attempt(&world, &staff, act, &victim.id).await;

            assert_eq!(
                outcome.is_ok(),
                role.may(act),
                "{role:?} {act:?}: {outcome:?}"
            );
            let last = world.record().await.pop().unwrap();
            if role.may(act) {
                let begins = format!("{} {} done", role.as_str(), act.as_str());
                assert!(last.starts_with(&begins), "{last}");
            } else {
                assert!(matches!(outcome, Err(ActError::Denied)));
                let entry = format!("{} {} refused", role.as_str(), act.as_str());
                assert_eq!(last, entry);
            }
        }
    }
}

#[tokio::test]
async fn what_opens_doors_asks_for_a_fresh_proof() {
    let world = World::with_console().await;
    let victim = world.colleague("victim", Role::Agent).await;
    let boss = world.colleague("boss", Role::Administrator).await;
    let staff = world.signed_in(&boss).await;
    world.advance(minutes(5));

    for act in [
        Act::AddStaff,
        Act::ChangeRole,
        Act::ResetStaff,
        Act::DisableStaff,
        Act::ExportAudit,
    ] {
        let outcome = attempt(&world, &staff, act, &victim.id).await;
        assert!(matches!(outcome, Err(ActError::ProofNeeded)), "{act:?}");
    }
    assert!(
        attempt(&world, &staff, Act::ReadStaff, &victim.id)
            .await
            .is_ok()
    );
}
