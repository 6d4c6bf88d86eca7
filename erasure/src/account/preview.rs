//! What a deletion would do, before anybody decides: the same manifest and the same counting as the erasure itself.

use std::{collections::BTreeMap, time::Duration};

use super::scope::{self, PlanHash, Scope};
use sqlx::FromRow;

use crate::{
    db::{Error, Source, value::args},
    engine::count_categories,
    manifest::Category,
    receipt::KeptKind,
    retention,
    services::Services,
    session::Session,
    time::Timestamp,
};

/// What a deletion would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Stands for this plan.
    pub plan: PlanHash,
    /// What happens to each organization of the person.
    pub consequences: Vec<Consequence>,
    /// How many records of each category go; all seven.
    pub counts: Vec<CategoryCount>,
    /// What stays, why and until when.
    pub kept: Vec<Kept>,
    /// The numbers whose webhook is unsubscribed at Meta.
    pub whatsapp_numbers: Vec<ConnectedNumber>,
    /// How long other owners may cancel.
    pub cancel_window: Option<Duration>,
}

/// A number on the Cloud API.
#[derive(Clone, Debug, FromRow)]
pub struct ConnectedNumber {
    /// The id by which it is chosen.
    pub id: String,
    /// The number, as people write it.
    pub number: String,
    /// Whether it is to leave the Cloud API with the account.
    pub deregistered: bool,
}

/// What happens to one organization.
#[derive(Clone, Debug)]
pub struct Consequence {
    /// The organization's name.
    pub organization_name: String,
    /// What happens.
    pub kind: ConsequenceKind,
}

/// What can happen to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsequenceKind {
    /// It goes at once.
    OrganizationErased {
        /// Other people who lose access.
        people: i64,
    },
    /// It goes, unless another owner cancels.
    OrganizationErasedAfterWindow {
        /// Owners who are told.
        other_owners: i64,
        /// Other people who lose access.
        people: i64,
    },
    /// It stays; only the person leaves.
    AccessLeft,
}

/// A category's number of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    /// The category.
    pub category: Category,
    /// Records.
    pub records: i64,
}

/// Something that stays.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What.
    pub what: KeptKind,
    /// On which basis.
    pub basis: String,
    /// Until when.
    pub until: Timestamp,
    /// How many records, where they are counted.
    pub records: Option<i64>,
}

/// What the deletion of this person's account would do now.
///
/// # Errors
/// When the database fails.
pub async fn preview(services: &Services, session: &Session) -> Result<Preview, Error> {
    let scope = scope::of_user(Source::Db(&services.db), &session.user).await?;
    let readable = scope.readable();
    let counts = count_categories(&services.db, &services.manifest, &readable.subjects()).await?;
    Ok(Preview {
        plan: scope.hash(),
        consequences: readable
            .reaches
            .iter()
            .map(|reach| consequence(reach, services))
            .collect(),
        counts: counts
            .into_iter()
            .map(|(category, records)| CategoryCount { category, records })
            .collect(),
        kept: kept(services, &readable).await?,
        whatsapp_numbers: whatsapp_numbers(services, &readable).await?,
        cancel_window: scope.window(services),
    })
}

fn consequence(reach: &scope::Reach, services: &Services) -> Consequence {
    let (other_owners, people) = (reach.other_owners, reach.people);
    let kind = match (reach.is_owner, other_owners) {
        (false, _) => ConsequenceKind::AccessLeft,
        (true, 1..) if !services.settings.cancel_window.is_zero() => {
            ConsequenceKind::OrganizationErasedAfterWindow {
                other_owners,
                people,
            }
        }
        (true, _) => ConsequenceKind::OrganizationErased { people },
    };
    Consequence {
        organization_name: reach.name.clone(),
        kind,
    }
}

async fn kept(services: &Services, scope: &Scope) -> Result<Vec<Kept>, Error> {
    let now = services.now();
    let mut all = invoices(services, scope).await?;
    all.push(Kept {
        what: KeptKind::SecurityLogs,
        basis: retention::SECURITY_LOG_BASIS.to_owned(),
        until: retention::security_log_ends(now),
        records: None,
    });
    all.push(Kept {
        what: KeptKind::Backups,
        basis: retention::BACKUP_BASIS.to_owned(),
        until: retention::backups_end(now),
        records: None,
    });
    Ok(all)
}

/// The invoices that the law keeps, one entry for each law.
async fn invoices(services: &Services, scope: &Scope) -> Result<Vec<Kept>, Error> {
    let now = services.now();
    let mut by_law: BTreeMap<String, (i64, Timestamp)> = BTreeMap::new();
    for reach in scope.erased() {
        let rule = services.settings.jurisdictions.of(&reach.country);
        let (count, last): (i64, Option<i64>) = services
            .db
            .fetch_one(
                "-- invoices_that_stay
                 SELECT count(*), MAX(issued_at) FROM invoices WHERE organization_id = $1 AND issued_at > $2",
                args![&reach.organization, now.plus_years(-rule.years)],
            )
            .await?;
        if let Some(last) = last {
            let until = rule.ends(Timestamp::from_millis(last));
            let of_law = by_law.entry(rule.basis()).or_insert((0, until));
            *of_law = (of_law.0 + count, of_law.1.max(until));
        }
    }
    Ok(by_law
        .into_iter()
        .map(|(basis, (records, until))| Kept {
            what: KeptKind::Billing,
            basis,
            until,
            records: Some(records),
        })
        .collect())
}

async fn whatsapp_numbers(
    services: &Services,
    scope: &Scope,
) -> Result<Vec<ConnectedNumber>, Error> {
    let mut numbers = Vec::new();
    for reach in scope.erased() {
        let rows: Vec<ConnectedNumber> = services
            .db
            .fetch_all(
                "-- numbers_of_organization
                 SELECT id, display_phone_number AS number, deregistration_chosen_at IS NOT NULL AS deregistered
                 FROM   whatsapp_profiles WHERE organization_id = $1 ORDER BY display_phone_number",
                args![&reach.organization],
            )
            .await?;
        numbers.extend(rows);
    }
    Ok(numbers)
}
