//! Somebody on WhatsApp asks once: each business that knows the number gets a case of its own, and nobody else is touched.

use std::collections::BTreeMap;

use erasure::{
    id::{CaseId, RequestId},
    person::Identity,
    request::{
        self, AcceptError, CaseStage, ExtensionReason, Ground, Role, Stage,
        decide::{self, About, DecideError, Extension, Refusal},
        object::{self, ObjectError},
        submit::Submitted,
    },
};

use crate::{
    asking::{ask, days, mailbox, number},
    harness::{World, minutes},
};

const WHY: &str = "The invoices of two years have to be kept for the tax office.";
const MAILBOX: &str = "somebody@example.fr";

/// A number that two of three businesses know.
struct Somebody {
    world: World,
    digits: String,
    /// The contacts of this number: the business and the contact's id.
    contacts: Vec<(String, String)>,
    /// What the third business has.
    stranger: BTreeMap<String, Vec<String>>,
}

impl Somebody {
    async fn known_to_two() -> Self {
        let world = World::with_organizations(3).await;
        let mut contacts = Vec::new();
        let digits = "33699887766".to_owned();
        for slug in ["org-1", "org-2"] {
            let organization = world.organization(slug).await;
            let contact = world
                .text(&format!(
                    "SELECT id FROM contacts WHERE organization_id = '{organization}' ORDER BY id LIMIT 1"
                ))
                .await;
            world
                .write(&format!(
                    "INSERT INTO contact_identities (organization_id, kind, value, contact_id)
                     VALUES ('{organization}', 'phone', '{digits}', '{contact}')"
                ))
                .await;
            contacts.push((organization, contact));
        }
        let stranger = world.organization("org-3").await;
        Self {
            digits,
            contacts,
            stranger: world.everything_of(&stranger).await,
            world,
        }
    }

    fn identity(&self) -> Identity {
        number(&self.digits)
    }

    /// They ask, and show to the operator that the number is theirs.
    async fn asks_and_shows(&self, role: Role) -> Submitted {
        let mut asked = ask(role, self.identity());
        asked.contact = Some(MAILBOX.parse().unwrap());
        let submitted = self.world.submit(&asked).await;
        self.shows(&submitted, &self.identity()).await.unwrap();
        self.world.work().await;
        submitted
    }

    async fn shows(&self, submitted: &Submitted, identity: &Identity) -> Result<(), AcceptError> {
        request::accept_as_operator(&self.world.services, &submitted.reference, identity).await
    }

    async fn is_there(&self, of: usize) -> bool {
        let (organization, contact) = &self.contacts[of];
        let sql = format!(
            "SELECT count(*) FROM contacts WHERE organization_id = '{organization}' AND id = '{contact}'"
        );
        self.world.number(&sql).await == 1
    }

    async fn case_of(&self, of: usize) -> CaseId {
        let (organization, _) = &self.contacts[of];
        let sql = format!("SELECT id FROM cases WHERE holder LIKE '{organization}/%'");
        self.world.text(&sql).await.parse().unwrap()
    }

    /// The business wants to be heard.
    async fn may_object(&self, of: usize, days: u32) {
        let (organization, _) = &self.contacts[of];
        self.world
            .write(&format!(
                "UPDATE organizations SET objection_days = {days} WHERE id = '{organization}'"
            ))
            .await;
    }

    /// The secret of the link that the owner was mailed.
    async fn objection_link(&self, slug: &str) -> erasure::id::Capability {
        let owner = self.world.person(slug, "owner").await;
        let letter = self.world.letters_to(&owner).pop().unwrap();
        let (_, behind) = letter.text.split_once("/objection/").unwrap();
        behind.split_whitespace().next().unwrap().parse().unwrap()
    }

    async fn passes(&self) {
        for _ in 0..4 {
            self.world.advance(minutes(11));
            self.world.work().await;
        }
    }

    fn subjects(&self) -> Vec<String> {
        let letters = self.world.letters_to(MAILBOX);
        letters.into_iter().map(|letter| letter.subject).collect()
    }
}

#[tokio::test]
async fn one_request_reaches_both_businesses_that_know_the_number_and_no_other() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;

    let submitted = somebody.asks_and_shows(Role::EndUser).await;
    let status = world.status(&submitted.capability).await;
    assert_eq!(status.state, Stage::Erasing);
    assert!(
        status.cases.is_empty(),
        "nobody is named whom the person did not name"
    );
    somebody.passes().await;

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert!(!somebody.is_there(0).await && !somebody.is_there(1).await);
    assert_eq!(
        world
            .number("SELECT count(*) FROM cases WHERE erasure_id IS NOT NULL")
            .await,
        2
    );
    let third = world.organization("org-3").await;
    assert_eq!(world.everything_of(&third).await, somebody.stranger);
    for slug in ["org-1", "org-2"] {
        let owner = world.person(slug, "owner").await;
        let letters = world.letters_to(&owner);
        assert!(
            letters
                .iter()
                .any(|letter| letter.text.contains(&submitted.reference)),
            "{slug}"
        );
    }
    world.settle().await;
}

#[tokio::test]
async fn a_number_that_nobody_knows_is_told_the_same_at_the_same_moment() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let known = somebody.asks_and_shows(Role::EndUser).await;
    let unknown = world
        .submit(&ask(Role::EndUser, number("33612300000")))
        .await;
    somebody
        .shows(&unknown, &number("33612300000"))
        .await
        .unwrap();
    world.work().await;
    let told = async |one: &Submitted| {
        let mut told = serde_json::to_value(world.status(&one.capability).await).unwrap();
        told["reference"] = serde_json::Value::Null;
        told
    };

    assert_eq!(told(&known).await, told(&unknown).await);
    world.advance(minutes(9));
    world.work().await;
    assert_eq!(told(&known).await, told(&unknown).await);
    somebody.passes().await;
    assert_eq!(world.stage(&known.capability).await, Stage::Completed);
    assert_eq!(world.stage(&unknown.capability).await, Stage::Completed);
}

#[tokio::test]
async fn whoever_types_one_number_and_shows_another_has_shown_the_other() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let submitted = world.submit(&ask(Role::EndUser, somebody.identity())).await;

    somebody
        .shows(&submitted, &number("33612300000"))
        .await
        .unwrap();
    somebody.passes().await;

    assert_eq!(world.stage(&submitted.capability).await, Stage::Completed);
    assert!(somebody.is_there(0).await && somebody.is_there(1).await);
}

#[tokio::test]
async fn an_address_proves_no_number_and_a_proof_that_comes_too_late_proves_nothing() {
    let somebody = Somebody::known_to_two().await;
    let world = &somebody.world;
    let submitted = world.submit(&ask(Role::EndUser, somebody.identity())).await;
    let account = world.asks_by_mail(MAILBOX).await;
    let representative = world
        .submit(&ask(Role::Representative, somebody.identity()))
        .await;

    for (of, shown) in [
        (&submitted, mailbox(MAILBOX)),
        (&account, mailbox("other@example.fr")),
        (&account, somebody.identity()),
        (&representative, mailbox(MAILBOX)),
    ] {
        let answer = somebody.shows(of, &shown).await;
        assert!(
            matches!(answer, Err(AcceptError::WrongIdentity)),
            "{answer:?}"
        );
    }
    world.advance(days(7));
    world.work().await;
    let late = somebody.shows(&submitted, &somebody.identity()).await;

    assert!(
        matches!(late, Err(AcceptError::TooLate(Stage::Expired))),
        "{late:?}"
    );
    assert!(somebody.is_there(0).await && somebody.is_there(1).await);
}

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
