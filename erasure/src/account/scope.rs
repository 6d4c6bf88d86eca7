//! What a person's deletion would reach: which organizations, which people, after which window.

use std::{collections::BTreeMap, time::Duration};

use sha2::{Digest as _, Sha256};
use sqlx::FromRow;

use crate::{
    db::{Error, Source, value::args},
    engine::Subject,
    id::{OrganizationId, UserId},
    services::Services,
};

/// Stands for a plan: it changes when anything changes that the person was told, except the numbers of records, which
/// move all the time in a living account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanHash(pub(super) Vec<u8>);

/// One of the person's organizations, and what happens to it.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    pub(super) organization: OrganizationId,
    pub(super) name: String,
    /// ISO 3166-1 alpha-2.
    pub(super) country: String,
    pub(super) is_owner: bool,
    pub(super) frozen: bool,
    pub(super) other_owners: i64,
    /// People besides the person.
    pub(super) people: i64,
    /// The connected numbers.
    pub(super) profiles: Vec<Profile>,
}

/// A connected number.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Profile {
    pub(super) id: String,
    /// Whether an owner chose that it leaves the Cloud API.
    pub(super) deregistered: bool,
}

/// Everything that the deletion of one person's account reaches.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) user: UserId,
    pub(super) reaches: Vec<Reach>,
    /// People whose sign-in goes: the person, and those who belong nowhere else.
    pub(super) users: Vec<UserId>,
}

impl Scope {
    /// The organizations that go.
    pub(super) fn erased(&self) -> impl Iterator<Item = &Reach> {
        self.reaches.iter().filter(|reach| reach.is_owner)
    }

    /// What of it may be read: what is being erased already, or held, is shown to nobody.
    pub(super) fn readable(&self) -> Self {
        if self.reaches.iter().all(|reach| !reach.frozen) {
            return self.clone();
        }
        let open = self.reaches.iter().filter(|reach| !reach.frozen);
        Self {
            user: self.user.clone(),
            reaches: open.cloned().collect(),
            users: vec![self.user.clone()],
        }
    }

    /// The names of the organizations that go.
    pub(super) fn erased_names(&self) -> Vec<String> {
        self.erased().map(|reach| reach.name.clone()).collect()
    }

    /// The time in which other owners may cancel; none when there are none.
    pub(super) fn window(&self, services: &Services) -> Option<Duration> {
        let window = services.settings.cancel_window;
        (self.erased().any(|reach| reach.other_owners > 0) && !window.is_zero()).then_some(window)
    }

    /// Whose data goes.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let organizations = self
            .erased()
            .map(|reach| Subject::Organization(reach.organization.clone()));
        organizations
            .chain(self.users.iter().cloned().map(Subject::User))
            .collect()
    }

    /// What the code is bound to.
    pub(super) fn hash(&self) -> PlanHash {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(text.as_bytes());
        };
        part("delete account");
        part(self.user.as_str());
        for reach in &self.reaches {
            part(reach.organization.as_str());
            part(&reach.name);
            part(if reach.is_owner { "erased" } else { "left" });
            part(&reach.other_owners.to_string());
            for profile in &reach.profiles {
                part(&profile.id);
                part(if profile.deregistered {
                    "deregistered"
                } else {
                    "left"
                });
            }
        }
        for user in &self.users {
            part(user.as_str());
        }
        PlanHash(digest.finalize().to_vec())
    }
}

/// What somebody may take with them: all of the organizations that they own, and what is theirs elsewhere.
pub(crate) struct Readable {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) organization_names: Vec<String>,
}

/// What this person may take with them now.
pub(crate) async fn readable_of(db: &crate::db::Db, user: &UserId) -> Result<Readable, Error> {
    let scope = of_user(Source::Db(db), user).await?.readable();
    Ok(Readable {
        subjects: scope.subjects(),
        organization_names: scope.erased_names(),
    })
}

#[derive(FromRow)]
struct ReachRow {
    organization_id: String,
    name: String,
    country: String,
    role: String,
    frozen: bool,
    other_owners: i64,
    people: i64,
}

/// What the deletion of this person's account would reach now.
pub(super) async fn of_user(mut source: Source<'_>, user: &UserId) -> Result<Scope, Error> {
    let rows: Vec<ReachRow> = source
        .all(
            "-- reach_of_user
             SELECT m.organization_id, o.name, o.country, m.role, o.frozen_at IS NOT NULL AS frozen,
                    (SELECT count(*) FROM memberships AS x
                     WHERE  x.organization_id = m.organization_id AND x.user_id <> m.user_id AND x.role = 'owner') AS other_owners,
                    (SELECT count(*) FROM memberships AS x
                     WHERE  x.organization_id = m.organization_id AND x.user_id <> m.user_id) AS people
             FROM   memberships AS m JOIN organizations AS o ON o.id = m.organization_id
             WHERE  m.user_id = $1
             ORDER  BY m.organization_id",
            args![user],
        )
        .await?;
    let mut reaches = Vec::new();
    for row in rows {
        reaches.push(Reach {
            profiles: profiles(&mut source, &row.organization_id).await?,
            organization: OrganizationId::stored(row.organization_id),
            name: row.name,
            country: row.country,
            is_owner: row.role == "owner",
            frozen: row.frozen,
            other_owners: row.other_owners,
            people: row.people,
        });
    }
    let erased: Vec<&OrganizationId> = reaches
        .iter()
        .filter(|reach| reach.is_owner)
        .map(|reach| &reach.organization)
        .collect();
    let mut users = exclusive_people(&mut source, &erased).await?;
    if !users.contains(user) {
        users.push(user.clone());
    }
    users.sort();
    Ok(Scope {
        user: user.clone(),
        reaches,
        users,
    })
}

/// People who belong to none but these organizations.
pub(super) async fn exclusive_people(
    source: &mut Source<'_>,
    organizations: &[&OrganizationId],
) -> Result<Vec<UserId>, Error> {
    let mut seen: BTreeMap<String, (usize, i64)> = BTreeMap::new();
    for organization in organizations {
        let members: Vec<(String, i64)> = source
            .all(
                "-- members_and_their_memberships
                 SELECT m.user_id, (SELECT count(*) FROM memberships AS x WHERE x.user_id = m.user_id)
                 FROM   memberships AS m WHERE m.organization_id = $1",
                args![*organization],
            )
            .await?;
        for (user, total) in members {
            let entry = seen.entry(user).or_insert((0, total));
            entry.0 += 1;
        }
    }
    Ok(seen
        .into_iter()
        .filter(|(_, (here, total))| i64::try_from(*here).is_ok_and(|here| here == *total))
        .map(|(user, _)| UserId::stored(user))
        .collect())
}

async fn profiles(source: &mut Source<'_>, organization: &str) -> Result<Vec<Profile>, Error> {
    source
        .all(
            "-- profiles_of_organization
             SELECT id, deregistration_chosen_at IS NOT NULL AS deregistered FROM whatsapp_profiles
             WHERE  organization_id = $1 ORDER BY id",
            args![organization],
        )
        .await
}
