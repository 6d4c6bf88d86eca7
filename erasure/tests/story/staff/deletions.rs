//! Deletions that the staff begins: two officers, a week, and then the engine as ever.

use erasure::{
    id::RowId,
    person::Identity,
    progress::{self, State},
    staff::{
        self, ActError, Role, Staff, Who,
        deletion::{self, Basis, Begun, Confirmed, DeletionError, Waiting, Wanted, What},
    },
};

use super::colleague::Colleague;
use crate::{
    asking::days,
    harness::World,
    holds::{hold_organization, lift},
};

const WHY: &str = "Dossier 26-118 : le contrat est terminé depuis deux ans.";

/// Two organizations, and who works at the desk.
struct Desk {
    world: World,
    odile: Colleague,
    oscar: Colleague,
}

impl Desk {
    async fn open() -> Self {
        let world = World::with_organizations(2).await;
        Self {
            odile: world.colleague("odile", Role::Officer).await,
            oscar: world.colleague("oscar", Role::Officer).await,
            world,
        }
    }

    async fn odile(&self) -> Staff {
        self.world.signed_in(&self.odile).await
    }

    async fn oscar(&self) -> Staff {
        self.world.signed_in(&self.oscar).await
    }

    async fn propose(&self, staff: &Staff, wanted: &Wanted) -> Result<(), DeletionError> {
        let why = (Basis::NoLongerNeeded, &WHY.parse().unwrap());
        deletion::propose(&self.world.services, staff, wanted, why)
            .await
            .map(drop)
    }

    /// What waits, as this member sees it.
    async fn waiting(&self, staff: &Staff) -> Vec<Waiting> {
        deletion::open(&self.world.services, staff).await.unwrap().0
    }

    async fn begun(&self, staff: &Staff) -> Vec<Begun> {
        deletion::open(&self.world.services, staff).await.unwrap().1
    }

    async fn confirm(
        &self,
        staff: &Staff,
        proposal: &RowId,
        retyped: &str,
    ) -> Result<Confirmed, DeletionError> {
        deletion::confirm(&self.world.services, staff, proposal, retyped).await
    }

    /// Odile proposes that this organization goes.
    async fn proposed(&self, slug: &str) -> RowId {
        let odile = self.odile().await;
        self.propose(&odile, &whole(slug)).await.unwrap();
        self.waiting(&odile).await.pop().unwrap().id
    }

    async fn erasures(&self) -> i64 {
        self.world.number("SELECT count(*) FROM erasures").await
    }
}

fn whole(slug: &str) -> Wanted {
    Wanted {
        organization: slug.to_owned(),
        contact: None,
    }
}

/// The number of a contact of this organization.
async fn number_of_a_contact(world: &World, slug: &str) -> String {
    let organization = world.organization(slug).await;
    world
        .text(&format!(
            "SELECT value FROM contact_identities WHERE organization_id = '{organization}' AND kind = 'phone' ORDER BY contact_id LIMIT 1"
        ))
        .await
}

#[tokio::test]
async fn an_organization_goes_when_two_officers_agree_and_its_people_are_told() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let (ours, neighbour) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let before = world.everything_of(&neighbour).await;
    let people = [
        world.person("org-1", "owner").await,
        world.person("org-1", "member").await,
    ];
    let session = world.sign_in(&people[0]).await.unwrap();
    let id = desk.proposed("org-1").await;

    let oscar = desk.oscar().await;
    let confirmed = desk.confirm(&oscar, &id, " org-1 ").await.unwrap();

    assert_eq!(confirmed, Confirmed::Erasing);
    let resumed = erasure::session::resume(&world.services, session.expose()).await;
    assert!(resumed.unwrap().is_none(), "its sessions have ended");
    let oscar = desk.oscar().await;
    let begun = desk.begun(&oscar).await.pop().unwrap();
    assert_eq!((begun.is_whole, begun.state), (true, State::Erasing));
    world.settle().await;
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    assert_eq!(world.everything_of(&neighbour).await, before);
    for person in &people {
        let told = world.letters_to(person);
        assert!(told[0].subject.contains(&begun.reference));
        assert!(!told[0].text.contains(WHY) && !told[0].text.contains("qliento.example"));
    }
    let last = world.letters_to(&people[0]).pop().unwrap();
    assert!(last.subject.contains(&begun.reference) && last.html.contains("/erasure/"));
    let listed = progress::list(&world.services).await.unwrap().remove(0);
    assert_eq!(
        (listed.origin.as_str(), listed.state.as_str()),
        ("staff", "completed")
    );
}

#[tokio::test]
async fn both_officers_the_ground_and_the_proposal_are_on_record() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let id = desk.proposed("org-1").await;
    let oscar = desk.oscar().await;
    desk.confirm(&oscar, &id, "org-1").await.unwrap();
    world.settle().await;

    let authority = world
        .text("SELECT proposed_by || ' ' || confirmed_by || ' ' || basis || ' ' || approval_id FROM staff_erasures")
        .await;
    assert_eq!(
        authority,
        format!("{} {} no_longer_needed {id}", desk.odile.id, desk.oscar.id)
    );
    let about = world
        .texts(&format!(
            "SELECT act || ' ' || detail FROM staff_audit WHERE subject_kind = 'proposal' AND subject = '{id}' ORDER BY position"
        ))
        .await;
    assert_eq!(
        about,
        [
            "propose_deletion no_longer_needed",
            "confirm_deletion no_longer_needed"
        ]
    );
    let oscar = desk.oscar().await;
    let begun = desk.begun(&oscar).await.pop().unwrap();
    assert_eq!(begun.state, State::Completed);
    assert_eq!(
        (begun.proposed_by.as_deref(), begun.confirmed_by.as_deref()),
        (Some("odile@qliento.example"), Some("oscar@qliento.example"))
    );
}

#[tokio::test]
async fn a_contact_goes_alone_and_is_masked_until_then() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let number = number_of_a_contact(world, "org-1").await;
    let contacts = "SELECT count(*) FROM contacts";
    let before = world.number(contacts).await;
    let odile = desk.odile().await;
    let wanted = Wanted {
        contact: Identity::on_whatsapp(&number),
        ..whole("org-1")
    };
    desk.propose(&odile, &wanted).await.unwrap();

    let oscar = desk.oscar().await;
    let waiting = desk.waiting(&oscar).await.pop().unwrap();
    let shown = waiting.shown.unwrap();
    let What::Contact(Some(masked)) = shown.what else {
        panic!("a contact with a number");
    };
    assert!(!masked.contains(&number) && shown.slug == "org-1" && !shown.is_frozen);
    assert_eq!(
        (waiting.reason.expose(), waiting.basis, waiting.is_own),
        (WHY, Basis::NoLongerNeeded, false)
    );
    let stored = world
        .text("SELECT subjects || COALESCE(detail, '') FROM approvals")
        .await;
    assert!(!stored.contains(&number), "{stored}");
    let other = number_of_a_contact(world, "org-2").await;
    for wrong in ["", "org-1", "+33 6", other.as_str()] {
        let refused = desk.confirm(&oscar, &waiting.id, wrong).await;
        assert!(
            matches!(refused, Err(DeletionError::NotTheSame)),
            "{wrong}: {refused:?}"
        );
    }
    desk.confirm(&oscar, &waiting.id, &format!("+{number}"))
        .await
        .unwrap();

    world.settle().await;
    assert_eq!(world.number(contacts).await, before - 1);
    let oscar = desk.oscar().await;
    assert!(!desk.begun(&oscar).await.pop().unwrap().is_whole);
}

#[tokio::test]
async fn nobody_confirms_their_own_proposal_and_no_other_role_confirms_any() {
    let desk = Desk::open().await;
    let (world, services) = (&desk.world, &desk.world.services);
    let id = desk.proposed("org-1").await;
    let odile = desk.odile().await;

    let own = desk.confirm(&odile, &id, "org-1").await;
    assert!(matches!(own, Err(DeletionError::SamePerson)), "{own:?}");
    for role in [Role::Agent, Role::Auditor, Role::Administrator] {
        let colleague = world.colleague(role.as_str(), role).await;
        let staff = world.signed_in(&colleague).await;
        for denied in [
            desk.propose(&staff, &whole("org-2")).await,
            desk.confirm(&staff, &id, "org-1").await.map(drop),
            deletion::decline(services, &staff, &id).await,
        ] {
            assert!(
                matches!(denied, Err(DeletionError::Act(ActError::Denied))),
                "{role:?} {denied:?}"
            );
        }
        let looked = deletion::open(services, &staff).await;
        assert_eq!(looked.is_ok(), role == Role::Auditor, "{role:?}");
    }
    world.advance(std::time::Duration::from_mins(5));
    let stale = desk.confirm(&odile, &id, "org-1").await;
    assert!(matches!(
        stale,
        Err(DeletionError::Act(ActError::ProofNeeded))
    ));

    assert_eq!(desk.erasures().await, 0);
    let record = world.record().await;
    assert!(record.contains(&"agent confirm_deletion refused".to_owned()));
    assert!(record.contains(&"auditor propose_deletion refused".to_owned()));
}

#[tokio::test]
async fn a_proposal_is_withdrawn_declined_or_forgotten_after_a_week() {
    let desk = Desk::open().await;
    let (world, services) = (&desk.world, &desk.world.services);
    let id = desk.proposed("org-1").await;
    let odile = desk.odile().await;
    let twice = desk.propose(&odile, &whole("org-1")).await;
    assert!(matches!(twice, Err(DeletionError::Proposed)), "{twice:?}");

    deletion::decline(services, &odile, &id).await.unwrap();
    let oscar = desk.oscar().await;
    let off = desk.confirm(&oscar, &id, "org-1").await;
    assert!(matches!(off, Err(DeletionError::NoProposal)), "{off:?}");
    let again = deletion::decline(services, &oscar, &id).await;
    assert!(matches!(again, Err(DeletionError::NoProposal)), "{again:?}");
    let id = desk.proposed("org-1").await;
    deletion::decline(services, &oscar, &id).await.unwrap();
    let id = desk.proposed("org-1").await;
    world.advance(days(7));

    let oscar = desk.oscar().await;
    let late = desk.confirm(&oscar, &id, "org-1").await;
    assert!(matches!(late, Err(DeletionError::NoProposal)), "{late:?}");
    assert!(desk.waiting(&oscar).await.is_empty());
    assert_eq!(desk.erasures().await, 0);
}

#[tokio::test]
async fn two_officers_at_once_begin_one_deletion() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let third = world.colleague("olga", Role::Officer).await;
    let id = desk.proposed("org-1").await;
    let (oscar, olga) = (desk.oscar().await, world.signed_in(&third).await);

    let (one, two) = tokio::join!(
        desk.confirm(&oscar, &id, "org-1"),
        desk.confirm(&olga, &id, "org-1"),
    );

    assert_eq!([one, two].iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(desk.erasures().await, 1);
    world.settle().await;
}

#[tokio::test]
async fn an_officer_who_left_leaves_no_half_of_a_deletion_behind() {
    let desk = Desk::open().await;
    let (world, services) = (&desk.world, &desk.world.services);
    let id = desk.proposed("org-1").await;
    let operator = Who::Operator;
    staff::change_role(services, operator, &desk.odile.id, Role::Agent)
        .await
        .unwrap();

    let oscar = desk.oscar().await;
    let alone = desk.confirm(&oscar, &id, "org-1").await;
    assert!(matches!(alone, Err(DeletionError::ProposerLeft)));
    staff::disable(services, operator, &desk.odile.id)
        .await
        .unwrap();
    let alone = desk.confirm(&oscar, &id, "org-1").await;
    assert!(matches!(alone, Err(DeletionError::ProposerLeft)));
    let waiting = desk.waiting(&oscar).await.pop().unwrap();
    assert!(!waiting.is_by_officer);
    deletion::decline(services, &oscar, &id).await.unwrap();
    desk.propose(&oscar, &whole("org-1")).await.unwrap();

    assert_eq!(desk.erasures().await, 0);
    assert_eq!(world.number("SELECT count(*) FROM approvals").await, 2);
}

#[tokio::test]
async fn what_is_not_there_or_going_already_is_neither_proposed_nor_confirmed() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let number = number_of_a_contact(world, "org-1").await;
    let contact = Wanted {
        contact: Identity::on_whatsapp(&number),
        ..whole("org-1")
    };
    let id = desk.proposed("org-1").await;
    let odile = desk.odile().await;
    desk.propose(&odile, &contact).await.unwrap();
    let unknown = desk.propose(&odile, &whole("org-9")).await;
    assert!(matches!(unknown, Err(DeletionError::NotFound)));
    let stranger = Wanted {
        contact: Identity::on_whatsapp("33699887766"),
        ..whole("org-1")
    };
    let nobody = desk.propose(&odile, &stranger).await;
    assert!(matches!(nobody, Err(DeletionError::NotHeld)), "{nobody:?}");
    let owner = world.owner("org-1").await;
    world.confirm_deletion(&owner).await;

    let (odile, oscar) = (desk.odile().await, desk.oscar().await);
    for one in desk.waiting(&oscar).await {
        assert!(one.shown.unwrap().is_frozen);
        let late = desk.confirm(&oscar, &one.id, "org-1").await;
        assert!(matches!(late, Err(DeletionError::BeingErased)), "{late:?}");
    }
    for wanted in [&whole("org-1"), &contact] {
        let late = desk.propose(&odile, wanted).await;
        assert!(matches!(late, Err(DeletionError::BeingErased)), "{late:?}");
    }
    world.settle().await;
    let gone = desk.waiting(&oscar).await;
    assert!(gone.len() == 2 && gone.iter().all(|one| one.shown.is_none()));
    let late = desk.confirm(&oscar, &id, "org-1").await;
    assert!(matches!(late, Err(DeletionError::BeingErased)), "{late:?}");
    assert_eq!(desk.erasures().await, 1);
}

#[tokio::test]
async fn a_held_organization_waits_and_goes_when_the_hold_is_over() {
    let desk = Desk::open().await;
    let world = &desk.world;
    let ours = world.organization("org-1").await;
    let hold = hold_organization(world, "org-1").await;
    let id = desk.proposed("org-1").await;
    let oscar = desk.oscar().await;

    let confirmed = desk.confirm(&oscar, &id, "org-1").await.unwrap();

    assert_eq!(confirmed, Confirmed::Held);
    world.run_due_jobs().await;
    let before = world.rows_of(&ours).await;
    assert!(before["messages"] > 0 && before["contacts"] > 0);
    let oscar = desk.oscar().await;
    assert_eq!(desk.begun(&oscar).await.pop().unwrap().state, State::Held);
    assert_eq!(lift(world, &hold).await, 1);
    world.settle().await;
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
}
