//! One organization with everything in it, parents before children, in the order of the primary keys.

mod activity;
mod business;

use serde_json::json;

use super::{
    SeedError,
    chance::Chance,
    demo::PASSWORD,
    insert::{Rows, Writer},
    language, words,
};
use crate::{
    db::{Value, value::args},
    id::OrganizationId,
    locale::Locale,
    password,
    services::Services,
    time::Timestamp,
    vault::{Place, Scope},
};

/// Somebody who will have a sign-in.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) role: &'static str,
    pub(super) email: String,
    pub(super) name: Option<&'static str>,
    pub(super) locale: Option<Locale>,
    /// Exists already, in another organization.
    pub(super) existing: bool,
}

impl Seat {
    pub(super) fn of_role(role: &'static str, slug: &str) -> Self {
        Self {
            role,
            email: format!("{role}@{slug}.example"),
            name: None,
            locale: None,
            existing: false,
        }
    }
}

/// What to make.
pub(super) struct Plan {
    pub(super) slug: String,
    pub(super) name: Option<&'static str>,
    pub(super) mark: Option<String>,
    pub(super) messages: u64,
    pub(super) seats: Vec<Seat>,
    /// The id of somebody who belongs elsewhere and works here as well.
    pub(super) guest: Option<String>,
}

/// What was made.
pub(super) struct Made {
    pub(super) rows: u64,
    pub(super) files: u64,
    pub(super) member: Option<String>,
}

/// What the parts of the generator share.
struct Making<'a> {
    services: &'a Services,
    chance: &'a mut Chance,
    plan: &'a Plan,
    writer: Writer,
    organization: String,
    created_at: Timestamp,
    locale: Locale,
    users: Vec<String>,
    profiles: Vec<String>,
    contacts: Vec<(String, String, String)>,
    files: u64,
}

/// Writes the organization.
pub(super) async fn write(
    services: &Services,
    chance: &mut Chance,
    plan: &Plan,
) -> Result<Made, SeedError> {
    let mut making = Making {
        writer: Writer::begin(services).await?,
        organization: chance.id(),
        created_at: chance.moment(),
        locale: language(chance.below(3)),
        users: Vec::new(),
        profiles: Vec::new(),
        contacts: Vec::new(),
        files: 0,
        services,
        chance,
        plan,
    };
    making.account().await?;
    making.whatsapp_profiles().await?;
    making.contacts().await?;
    making.conversations().await?;
    making.automations().await?;
    making.agents().await?;
    making.analytics().await?;
    making.billing().await?;
    making.events().await?;
    let member = making.users.last().cloned();
    Ok(Made {
        rows: making.writer.end().await?,
        files: making.files,
        member,
    })
}

impl Making<'_> {
    /// A text that carries the marker, where there is one.
    fn marked(&self, text: &str) -> String {
        self.plan
            .mark
            .as_ref()
            .map_or_else(|| text.to_owned(), |mark| format!("{text} {mark}"))
    }

    fn org(&self) -> Value {
        Value::from(self.organization.as_str())
    }

    /// A share of the messages, at least one.
    const fn share(&self, of: u64) -> u64 {
        let share = self.plan.messages / of;
        if share == 0 { 1 } else { share }
    }

    fn person(&self) -> String {
        let first = self.chance.one_of(&words::FIRST_NAMES, "Camille");
        format!(
            "{first} {}",
            self.chance.one_of(&words::LAST_NAMES, "Martin")
        )
    }

    fn phone(&self) -> String {
        let (prefix, digits) = self.chance.one_of(&words::NUMBERS, ("336", 8));
        format!("{prefix}{}", self.chance.digits(digits))
    }

    fn a_user(&self) -> Option<String> {
        let index = usize::try_from(
            self.chance
                .below(u32::try_from(self.users.len()).unwrap_or(1)),
        )
        .unwrap_or(0);
        self.users.get(index).cloned()
    }

    fn a_contact(&self) -> (String, String, String) {
        let bound = u32::try_from(self.contacts.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.chance.below(bound)).unwrap_or(0);
        self.contacts.get(index).cloned().unwrap_or_default()
    }

    async fn account(&mut self) -> Result<(), SeedError> {
        let company = self
            .plan
            .name
            .unwrap_or_else(|| self.chance.one_of(&words::COMPANIES, "Atelier Nord"));
        let name = self.marked(company);
        let country = self.chance.one_of(&["FR", "FR", "BE", "GB", "SN"], "FR");
        let mut organizations = Rows::of(
            "organizations",
            &["id", "slug", "name", "country", "plan", "created_at"],
        );
        let slug = self.plan.slug.as_str();
        let row = args![
            self.organization.as_str(),
            slug,
            name,
            country,
            "business",
            self.created_at
        ];
        organizations.push(&mut self.writer, row).await?;
        organizations.flush(&mut self.writer).await?;

        let hash = password::hash(PASSWORD.as_bytes(), &self.chance.bytes());
        let mut users = Rows::of(
            "users",
            &[
                "id",
                "email",
                "name",
                "password_hash",
                "locale",
                "created_at",
            ],
        );
        let mut memberships = Rows::of(
            "memberships",
            &["organization_id", "user_id", "role", "created_at"],
        );
        for seat in &self.plan.seats {
            let id = if seat.existing {
                self.user_id(&seat.email).await?
            } else {
                self.chance.id()
            };
            if !seat.existing {
                let locale = seat.locale.unwrap_or(self.locale).as_str();
                let name = self.marked(&seat.name.map_or_else(|| self.person(), str::to_owned));
                let row = args![
                    id.as_str(),
                    self.address(&seat.email),
                    name,
                    hash.as_str(),
                    locale,
                    self.created_at
                ];
                users.push(&mut self.writer, row).await?;
            }
            let row = args![self.org(), id.as_str(), seat.role, self.created_at];
            memberships.push(&mut self.writer, row).await?;
            self.users.push(id);
        }
        if let Some(guest) = &self.plan.guest {
            let row = args![self.org(), guest.as_str(), "member", self.created_at];
            memberships.push(&mut self.writer, row).await?;
        }
        users.flush(&mut self.writer).await?;
        memberships.flush(&mut self.writer).await?;

        let mut keys = Rows::of(
            "api_keys",
            &[
                "organization_id",
                "id",
                "name",
                "prefix",
                "key_hash",
                "created_by_user_id",
                "created_at",
            ],
        );
        for name in ["Site web", "CRM"] {
            let id = self.chance.id();
            let prefix = self.marked(&format!("qk_{}", self.chance.digits(6)));
            let mut hash = self.chance.bytes::<32>().to_vec();
            hash.extend(self.plan.mark.iter().flat_map(|mark| mark.bytes()));
            let row = args![
                self.org(),
                id,
                self.marked(name),
                prefix,
                hash,
                self.a_user(),
                self.created_at
            ];
            keys.push(&mut self.writer, row).await?;
        }
        Ok(keys.flush(&mut self.writer).await?)
    }

    /// The marker goes before the @, in lower case like every address.
    fn address(&self, email: &str) -> String {
        match (&self.plan.mark, email.split_once('@')) {
            (Some(mark), Some((local, domain))) => {
                format!("{local}+{}@{domain}", mark.to_lowercase())
            }
            _ => email.to_owned(),
        }
    }

    async fn user_id(&mut self, email: &str) -> Result<String, SeedError> {
        let row: Option<(String,)> = self
            .writer
            .tx()?
            .fetch_optional("SELECT id FROM users WHERE email = $1", args![email])
            .await?;
        Ok(row.map(|(id,)| id).unwrap_or_default())
    }

    async fn whatsapp_profiles(&mut self) -> Result<(), SeedError> {
        let organization: OrganizationId = self
            .organization
            .parse()
            .map_err(|_| crate::db::Error::Corrupt("seed"))?;
        let key = self
            .services
            .vault
            .data_key(
                self.writer.tx()?,
                Scope::Organization(&organization),
                self.created_at,
            )
            .await?;
        let mut profiles = Rows::of(
            "whatsapp_profiles",
            &[
                "organization_id",
                "id",
                "phone_number_id",
                "waba_id",
                "display_phone_number",
                "verified_name",
                "token_sealed",
                "connected_at",
            ],
        );
        let waba = self.chance.digits(15);
        for _ in 0..=self.chance.below(2) {
            let id = self.chance.id();
            let token = format!("EAAJ{}", self.chance.digits(40));
            let place = Place {
                organization: &self.organization,
                table: "whatsapp_profiles",
                column: "token_sealed",
                row: &id,
            };
            let sealed = key.seal(
                place,
                self.marked(&token).as_bytes(),
                self.services.random.as_ref(),
            );
            let row = args![
                self.org(),
                id.as_str(),
                self.chance.digits(15),
                waba.as_str(),
                format!("+{}", self.phone()),
                self.marked(self.chance.one_of(&words::COMPANIES, "Atelier Nord")),
                sealed,
                self.created_at,
            ];
            profiles.push(&mut self.writer, row).await?;
            self.profiles.push(id);
        }
        Ok(profiles.flush(&mut self.writer).await?)
    }

    async fn contacts(&mut self) -> Result<(), SeedError> {
        let mut contacts = Rows::of(
            "contacts",
            &[
                "organization_id",
                "id",
                "name",
                "language",
                "attributes",
                "created_at",
            ],
        );
        let mut identities = Rows::of(
            "contact_identities",
            &["organization_id", "kind", "value", "contact_id"],
        );
        for number in 0..self.share(20) {
            let (id, name, phone) = (self.chance.id(), self.person(), self.phone());
            let attributes = json!({
                "ville": self.chance.one_of(&["Lyon", "Nantes", "Dakar", "Leeds", "Saint-Denis"], "Lyon"),
                "note": self.marked("Préfère être appelé le matin"),
            });
            let language = self.marked(self.chance.one_of(&["fr", "fr", "en"], "fr"));
            let row = args![
                self.org(),
                id.as_str(),
                self.marked(&name),
                language,
                attributes.to_string(),
                self.chance.moment()
            ];
            contacts.push(&mut self.writer, row).await?;
            self.contacts.push((id, name, phone));
            if number == 0 {
                contacts.flush(&mut self.writer).await?;
            }
        }
        contacts.flush(&mut self.writer).await?;
        let mut seen = std::collections::BTreeSet::new();
        for (number, (id, _, phone)) in self.contacts.iter().enumerate() {
            if seen.insert(phone.as_str()) {
                let row = args![self.org(), "phone", phone.as_str(), id.as_str()];
                identities.push(&mut self.writer, row).await?;
            }
            if number % 5 == 0 {
                let value = self.marked(&format!("FR.{}", self.chance.digits(20)));
                let row = args![self.org(), "business_scoped_user_id", value, id.as_str()];
                identities.push(&mut self.writer, row).await?;
            }
        }
        Ok(identities.flush(&mut self.writer).await?)
    }
}
