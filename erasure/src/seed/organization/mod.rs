//! One organization with everything in it, parents before children, each table in the order of its primary key.
//!
//! Shares of the messages decide how many rows the other tables get: a million messages bring about 350,000 other rows, a
//! single one still brings a row everywhere.
//!
//! **To add a table**: a function here that writes it, its call in [`write()`] after the tables it refers to. The tests find
//! a platform table without rows, and a personal column without the marker.

mod account;
mod agents;
mod automations;
mod billing;
mod contacts;
mod conversations;
mod logs;
mod media;
mod usage;
mod whatsapp;

use super::{
    SeedError,
    chance::Chance,
    insert::{Rows, Writer},
    words::{Country, Words, fill},
};
use crate::{
    db::{self, Value, value::args},
    id::OrganizationId,
    locale::Locale,
    services::Services,
    time::Timestamp,
};

/// Somebody who will have a sign-in.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) role: &'static str,
    pub(super) email: String,
    /// Drawn by chance when there is none.
    pub(super) name: Option<&'static str>,
    /// The organization's when there is none.
    pub(super) locale: Option<Locale>,
}

impl Seat {
    pub(super) fn of_role(role: &'static str, slug: &str) -> Self {
        Self {
            role,
            email: format!("{role}@{slug}.example"),
            name: None,
            locale: None,
        }
    }
}

/// What to make.
pub(super) struct Plan<'a> {
    pub(super) slug: String,
    /// Drawn by chance when there is none.
    pub(super) name: Option<&'static str>,
    /// Drawn by chance when there is none.
    pub(super) locale: Option<Locale>,
    pub(super) mark: Option<String>,
    pub(super) messages: u64,
    pub(super) seats: Vec<Seat>,
    /// The id of somebody who belongs elsewhere and is a member here as well.
    pub(super) guest: Option<String>,
    pub(super) password_hash: &'a str,
}

/// What was made.
pub(super) struct Made {
    pub(super) rows: u64,
    pub(super) files: u64,
    /// The ids of the people, in the order of the seats.
    pub(super) users: Vec<String>,
}

/// One of the organization's customers.
#[derive(Clone)]
struct Contact {
    id: String,
    name: String,
    phone: String,
    since: Timestamp,
    words: &'static Words,
}

/// What the parts of the generator share.
struct Making<'a> {
    services: &'a Services,
    chance: Chance,
    plan: &'a Plan<'a>,
    writer: Writer,
    organization: OrganizationId,
    name: String,
    created_at: Timestamp,
    words: &'static Words,
    country: Country,
    users: Vec<String>,
    profiles: Vec<String>,
    contacts: Vec<Contact>,
    files: u64,
}

/// Writes the organization.
pub(super) async fn write(
    services: &Services,
    chance: Chance,
    plan: &Plan<'_>,
) -> Result<Made, SeedError> {
    let mut making = Making::begin(services, chance, plan).await?;
    making.organization().await?;
    making.people().await?;
    making.api_keys().await?;
    making.whatsapp_profiles().await?;
    making.contacts().await?;
    making.contact_identities().await?;
    making.conversations().await?;
    making.flows().await?;
    making.campaigns().await?;
    making.scheduled_sends().await?;
    making.agents().await?;
    making.analytics_events().await?;
    making.usage_counters().await?;
    making.invoices().await?;
    making.security_events().await?;
    making.audit_events().await?;
    Ok(Made {
        rows: making.writer.end().await?,
        files: making.files,
        users: making.users,
    })
}

impl<'a> Making<'a> {
    async fn begin(
        services: &'a Services,
        chance: Chance,
        plan: &'a Plan<'a>,
    ) -> Result<Self, SeedError> {
        let created_at = chance.founding();
        let drawn = chance.one_of(&[Locale::Fr, Locale::Fr, Locale::En]);
        let words = Words::of(plan.locale.unwrap_or(drawn));
        let (first, second) = words.companies;
        let drawn = format!("{} {}", chance.one_of(first), chance.one_of(second));
        Ok(Self {
            organization: chance
                .id(created_at)
                .parse()
                .map_err(|_| db::Error::Corrupt("a seeded id"))?,
            name: plan.name.map_or(drawn, str::to_owned),
            country: chance.one_of(words.countries),
            users: Vec::new(),
            profiles: Vec::new(),
            contacts: Vec::new(),
            files: 0,
            writer: Writer::begin(services).await?,
            created_at,
            words,
            services,
            chance,
            plan,
        })
    }
}

impl Making<'_> {
    /// A text that carries the marker, where there is one.
    fn marked(&self, text: &str) -> String {
        self.plan
            .mark
            .as_ref()
            .map_or_else(|| text.to_owned(), |mark| format!("{text} {mark}"))
    }

    /// An address with the marker before the @, in lower case like every address.
    fn address(&self, email: &str) -> String {
        match (&self.plan.mark, email.split_once('@')) {
            (Some(mark), Some((local, domain))) => {
                format!("{local}+{}@{domain}", mark.to_lowercase())
            }
            _ => email.to_owned(),
        }
    }

    fn org(&self) -> Value {
        Value::from(&self.organization)
    }

    /// One row for so many messages, at least one.
    const fn one_per(&self, messages: u64) -> u64 {
        let share = self.plan.messages / messages;
        if share == 0 { 1 } else { share }
    }

    /// A full name.
    fn person(&self, words: &Words) -> String {
        format!(
            "{} {}",
            self.chance.one_of(words.first_names),
            self.chance.one_of(words.last_names)
        )
    }

    /// A number in E.164, without the plus.
    fn phone(&self, words: &Words) -> String {
        let (prefix, digits) = self.chance.one_of(words.numbers);
        format!("{prefix}{}", self.chance.digits(digits))
    }

    fn a_user(&self) -> Option<String> {
        self.users.get(self.index(self.users.len())).cloned()
    }

    fn a_contact(&self) -> Option<&Contact> {
        self.contacts.get(self.index(self.contacts.len()))
    }

    /// A contact's id, and a phrase said to or by that person.
    fn said(&self, phrases: fn(&Words) -> &[&'static str]) -> (Option<String>, String) {
        let Some(contact) = self.a_contact() else {
            return (None, self.marked(""));
        };
        let phrase = self.chance.one_of(phrases(contact.words));
        (Some(contact.id.clone()), self.phrase(phrase, contact))
    }

    /// A phrase about a contact, filled in and marked.
    fn phrase(&self, phrase: &str, contact: &Contact) -> String {
        let words = contact.words;
        let filled = fill(phrase, |slot| match slot {
            "first" => first_name(&contact.name).to_owned(),
            "name" => contact.name.clone(),
            "phone" => contact.phone.clone(),
            "order" => self.chance.digits(5),
            "amount" => format!("{}", 5 + self.chance.below(195)),
            "day" => self.chance.one_of(words.days).to_owned(),
            "hour" => format!("{} h", 8 + self.chance.below(11)),
            "product" => self.chance.one_of(words.products).to_owned(),
            "city" => self.chance.one_of(words.cities).to_owned(),
            "address" => self.postal_address(words),
            _ => String::new(),
        });
        self.marked(&filled)
    }

    fn postal_address(&self, words: &Words) -> String {
        format!(
            "{} {}, {}",
            1 + self.chance.below(120),
            self.chance.one_of(words.streets),
            self.chance.one_of(words.cities)
        )
    }

    fn index(&self, of: usize) -> usize {
        let bound = u32::try_from(of).unwrap_or(u32::MAX);
        usize::try_from(self.chance.below(bound)).unwrap_or(0)
    }
}

fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}
