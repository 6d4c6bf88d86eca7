//! The demo's people: memorable, one for each way of deleting an account.

use super::{
    SeedError,
    chance::Chance,
    organization::{self, Plan, Seat},
    refuse_taken,
};
use crate::{locale::Locale, services::Services};

/// The password of everybody who is seeded.
pub const PASSWORD: &str = "demo-demo-demo";
/// Messages of a demo organization: enough to see the bars move.
const MESSAGES: u64 = 6_000;

/// Somebody to sign in as.
#[derive(Clone, Copy, Debug)]
pub struct DemoAccount {
    /// The address.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
    /// The language of their pages and letters.
    pub locale: Locale,
    /// What there is to see.
    pub describes: &'static str,
}

const fn account(email: &'static str, locale: Locale, describes: &'static str) -> DemoAccount {
    DemoAccount {
        email,
        password: PASSWORD,
        locale,
        describes,
    }
}

const ACCOUNTS: [DemoAccount; 6] = [
    account(
        "camille@atelier-rivage.example",
        Locale::Fr,
        "sole owner of Atelier Rivage: deletes the organization at once",
    ),
    account(
        "harriet@harbour-coffee.example",
        Locale::En,
        "sole owner of Harbour Coffee: the same in English",
    ),
    account(
        "ousmane@savane-tours.example",
        Locale::Fr,
        "one of two owners of Savane Tours: the other may cancel for an hour",
    ),
    account(
        "awa@savane-tours.example",
        Locale::Fr,
        "the other owner of Savane Tours",
    ),
    account(
        "leo@savane-tours.example",
        Locale::Fr,
        "member of Savane Tours: deletes only himself",
    ),
    account(
        "ines@studio-palmier.example",
        Locale::Fr,
        "sole owner of Studio Palmier and member of Savane Tours",
    ),
];

/// Adds the demo's organizations and people.
///
/// # Errors
/// As [`super::run`].
pub async fn demo_accounts(services: &Services) -> Result<Vec<DemoAccount>, SeedError> {
    let seat = |role, index: usize, name, existing| {
        ACCOUNTS.get(index).map(|account| Seat {
            role,
            email: account.email.to_owned(),
            name: Some(name),
            locale: Some(account.locale),
            existing,
        })
    };
    let organizations = [
        (
            "studio-palmier",
            "Studio Palmier",
            vec![seat("owner", 5, "Inès Benali", false)],
        ),
        (
            "atelier-rivage",
            "Atelier Rivage",
            vec![
                seat("owner", 0, "Camille Fontaine", false),
                Some(Seat::of_role("admin", "atelier-rivage")),
                Some(Seat::of_role("member", "atelier-rivage")),
            ],
        ),
        (
            "harbour-coffee",
            "Harbour Coffee",
            vec![seat("owner", 1, "Harriet Walker", false)],
        ),
        (
            "savane-tours",
            "Savane Tours",
            vec![
                seat("owner", 2, "Ousmane Diallo", false),
                seat("owner", 3, "Awa Ndiaye", false),
                seat("member", 4, "Léo Payet", false),
                seat("member", 5, "Inès Benali", true),
            ],
        ),
    ];
    for (slug, ..) in &organizations {
        refuse_taken(services, slug).await?;
    }
    for (number, (slug, name, seats)) in (1..).zip(organizations) {
        let plan = Plan {
            slug: slug.to_owned(),
            name: Some(name),
            mark: None,
            messages: MESSAGES,
            seats: seats.into_iter().flatten().collect(),
            guest: None,
        };
        organization::write(services, &mut Chance::from_number(number), &plan).await?;
    }
    Ok(ACCOUNTS.to_vec())
}
