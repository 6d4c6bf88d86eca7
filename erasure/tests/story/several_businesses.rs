//! Somebody on WhatsApp asks once: each business that knows the number gets a case of its own, and nobody else is touched.

use std::collections::BTreeMap;

use erasure::{
    id::{Capability, CaseId},
    person::Identity,
    request::{self, AcceptError, Role, Stage, policy, submit::Submitted},
};

use crate::{
    asking::{ask, days, mailbox, number},
    harness::{World, minutes},
};

pub(crate) const MAILBOX: &str = "somebody@example.fr";

/// A number that two of three businesses know.
pub(crate) struct Somebody {
    pub(crate) world: World,
    digits: String,
    /// The contacts of this number: the business and the contact's id.
    pub(crate) contacts: Vec<(String, String)>,
    /// What the third business has.
    stranger: BTreeMap<String, Vec<String>>,
}

impl Somebody {
    pub(crate) async fn known_to_two() -> Self {
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
    pub(crate) async fn asks_and_shows(&self, role: Role) -> Submitted {
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

    pub(crate) async fn is_there(&self, of: usize) -> bool {
        let (organization, contact) = &self.contacts[of];
        let sql = format!(
            "SELECT count(*) FROM contacts WHERE organization_id = '{organization}' AND id = '{contact}'"
        );
        self.world.number(&sql).await == 1
    }

    pub(crate) async fn case_of(&self, of: usize) -> CaseId {
        let (organization, _) = &self.contacts[of];
        let sql = format!("SELECT id FROM cases WHERE holder LIKE '{organization}/%'");
        self.world.text(&sql).await.parse().unwrap()
    }

    /// The business wants to be heard.
    pub(crate) async fn may_object(&self, of: usize, days: u32) {
        let (organization, _) = &self.contacts[of];
        let sql = format!("SELECT slug FROM organizations WHERE id = '{organization}'");
        let slug = self.world.text(&sql).await;
        let days = days.to_string().parse().unwrap();
        policy::set_objection_days(&self.world.services, &slug, days)
            .await
            .unwrap();
    }

    /// The secret of the link that the owner was mailed.
    pub(crate) async fn objection_link(&self, slug: &str) -> Capability {
        let owner = self.world.person(slug, "owner").await;
        let letter = self.world.letters_to(&owner).pop().unwrap();
        let (_, behind) = letter.text.split_once("/objection/").unwrap();
        behind.split_whitespace().next().unwrap().parse().unwrap()
    }

    pub(crate) async fn passes(&self) {
        for _ in 0..4 {
            self.world.advance(minutes(11));
            self.world.work().await;
        }
    }

    pub(crate) fn subjects(&self) -> Vec<String> {
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
    assert_eq!(world.bytes_left(&somebody.digits).await, 0);
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
