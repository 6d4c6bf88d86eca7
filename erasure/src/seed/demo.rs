//! The demo's people: memorable, one for each way of deleting an account.

use sqlx::FromRow;

use super::{
    PASSWORD, SeedError,
    chance::Chance,
    organization::{self, Plan, Seat},
    password_hash, refuse_taken,
};
use crate::{db::Error, locale::Locale, services::Services};

/// Messages of a demo organization: enough to see the bars move.
const MESSAGES: u64 = 6_000;
/// Any number will do; the demo's world is always the same.
const SEED: u64 = 2_026;

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

/// A number that people can write to in the demo.
#[derive(Clone, Debug, FromRow)]
pub struct DemoNumber {
    /// Whose it is.
    pub organization: String,
    /// As people know it.
    pub display_phone_number: String,
    /// Meta's id of it.
    pub phone_number_id: String,
    /// Meta's id of its account.
    pub waba_id: String,
}

/// The connected numbers, for the page on which somebody plays Meta.
///
/// # Errors
/// When the database fails.
pub async fn demo_numbers(services: &Services) -> Result<Vec<DemoNumber>, Error> {
    services
        .db
        .fetch_all(
            "-- demo_numbers
             SELECT o.name AS organization, p.display_phone_number, p.phone_number_id, p.waba_id
             FROM   whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
             ORDER  BY o.name, p.display_phone_number",
            vec![],
        )
        .await
}

/// Somebody's place in an organization.
struct Member {
    role: &'static str,
    email: &'static str,
    name: &'static str,
    /// What there is to see; without it the person is there, but not announced.
    describes: Option<&'static str>,
}

struct Organization {
    slug: &'static str,
    name: &'static str,
    locale: Locale,
    members: &'static [Member],
    /// Whether the owner of the organization before works here as well.
    takes_guest: bool,
}

const ORGANIZATIONS: &[Organization] = &[
    Organization {
        slug: "atelier-rivage",
        name: "Atelier Rivage",
        locale: Locale::Fr,
        members: &[
            Member {
                role: "owner",
                email: "camille@atelier-rivage.example",
                name: "Camille Fontaine",
                describes: Some("sole owner of Atelier Rivage: deletes the organization at once"),
            },
            Member {
                role: "admin",
                email: "bastien@atelier-rivage.example",
                name: "Bastien Kerjean",
                describes: None,
            },
            Member {
                role: "member",
                email: "fatou@atelier-rivage.example",
                name: "Fatou Sow",
                describes: None,
            },
        ],
        takes_guest: false,
    },
    Organization {
        slug: "harbour-coffee",
        name: "Harbour Coffee",
        locale: Locale::En,
        members: &[Member {
            role: "owner",
            email: "harriet@harbour-coffee.example",
            name: "Harriet Walker",
            describes: Some("sole owner of Harbour Coffee: the same in English"),
        }],
        takes_guest: false,
    },
    Organization {
        slug: "studio-palmier",
        name: "Studio Palmier",
        locale: Locale::Fr,
        members: &[Member {
            role: "owner",
            email: "ines@studio-palmier.example",
            name: "Inès Benali",
            describes: Some("sole owner of Studio Palmier and member of Savane Tours"),
        }],
        takes_guest: false,
    },
    Organization {
        slug: "savane-tours",
        name: "Savane Tours",
        locale: Locale::Fr,
        members: &[
            Member {
                role: "owner",
                email: "ousmane@savane-tours.example",
                name: "Ousmane Diallo",
                describes: Some(
                    "one of two owners of Savane Tours: the other may cancel for an hour",
                ),
            },
            Member {
                role: "owner",
                email: "awa@savane-tours.example",
                name: "Awa Ndiaye",
                describes: Some("the other owner of Savane Tours"),
            },
            Member {
                role: "member",
                email: "leo@savane-tours.example",
                name: "Léo Payet",
                describes: Some("member of Savane Tours: deletes only himself"),
            },
        ],
        takes_guest: true,
    },
];

/// Adds the demo's organizations and people, and says whom to sign in as.
///
/// # Errors
/// As [`super::run`].
pub async fn demo_accounts(services: &Services) -> Result<Vec<DemoAccount>, SeedError> {
    for organization in ORGANIZATIONS {
        refuse_taken(services, organization.slug).await?;
    }
    let password_hash = password_hash();
    let mut before = None;
    for (number, organization) in (SEED..).zip(ORGANIZATIONS) {
        let plan = Plan {
            slug: organization.slug.to_owned(),
            name: Some(organization.name),
            locale: Some(organization.locale),
            mark: None,
            messages: MESSAGES,
            seats: organization.members.iter().map(seat).collect(),
            guest: before.take().filter(|_| organization.takes_guest),
            password_hash: &password_hash,
        };
        let made = organization::write(services, Chance::from_number(number), &plan).await?;
        before = made.users.into_iter().next();
    }
    Ok(ORGANIZATIONS.iter().flat_map(accounts).collect())
}

fn seat(member: &Member) -> Seat {
    Seat {
        role: member.role,
        email: member.email.to_owned(),
        name: Some(member.name),
        locale: None,
    }
}

fn accounts(organization: &Organization) -> impl Iterator<Item = DemoAccount> {
    organization.members.iter().filter_map(|member| {
        Some(DemoAccount {
            email: member.email,
            password: PASSWORD,
            locale: organization.locale,
            describes: member.describes?,
        })
    })
}
