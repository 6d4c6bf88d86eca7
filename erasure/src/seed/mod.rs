//! Sample data: whole organizations with a little, or very much, of everything that the platform holds.
//!
//! The same number gives the same rows. Every organization has at least one row in every table of the platform, and with a
//! marker each of its personal texts and files carries `MARKER-<slug>`, so that a test can look for what should be gone.

mod chance;
mod demo;
mod insert;
mod organization;
mod words;

pub use self::demo::{DemoAccount, PASSWORD, demo_accounts};
use self::{
    chance::Chance,
    organization::{Plan, Seat},
};
use crate::{
    db::{Error, value::args},
    locale::Locale,
    media::MediaError,
    services::Services,
};

/// What to make.
#[derive(Clone, Debug)]
pub struct SeedOptions {
    /// How many organizations: `org-1` …
    pub organizations: u32,
    /// How many messages each has.
    pub messages: u64,
    /// The number that everything follows from.
    pub seed: u64,
    /// Goes, with the slug, into every personal text and file.
    pub marker: Option<String>,
}

/// One organization is done.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How many are done.
    pub done: u32,
    /// Of how many.
    pub of: u32,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seeded {
    /// Organizations.
    pub organizations: u32,
    /// Rows in all tables.
    pub rows: u64,
    /// Files.
    pub files: u64,
}

/// Why nothing, or not everything, was made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// An organization of that name exists.
    #[error("there is an organization \"{0}\" already: seed an empty database")]
    SlugTaken(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// A file could not be written.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// Makes organizations `org-1` … . Their people are `owner@org-1.example`, `admin@…` and `member@…`, with the password
/// [`PASSWORD`]. Without a marker the first one's member belongs to the second as well.
///
/// # Errors
/// When a slug is taken (then nothing was written), or the database or the disk fails.
pub async fn run(
    services: &Services,
    options: &SeedOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Seeded, SeedError> {
    for number in 1..=options.organizations {
        refuse_taken(services, &format!("org-{number}")).await?;
    }
    let mut seeded = Seeded::default();
    let mut guest = None;
    for number in 1..=options.organizations {
        let slug = format!("org-{number}");
        let mut chance = Chance::from_number(
            options
                .seed
                .wrapping_mul(1_000_003)
                .wrapping_add(u64::from(number)),
        );
        let plan = Plan {
            name: None,
            mark: options
                .marker
                .as_ref()
                .map(|marker| format!("{marker}-{slug}")),
            messages: options.messages,
            seats: ["owner", "admin", "member"]
                .map(|role| Seat::of_role(role, &slug))
                .to_vec(),
            guest: guest.take(),
            slug,
        };
        let made = organization::write(services, &mut chance, &plan).await?;
        seeded.rows += made.rows;
        seeded.files += made.files;
        seeded.organizations += 1;
        // One person of the first organization works in the second as well; not with a marker, so that what an erasure
        // leaves of it can be counted down to zero.
        guest = (number == 1 && options.marker.is_none())
            .then_some(made.member)
            .flatten();
        progress(Progress {
            done: number,
            of: options.organizations,
        });
    }
    Ok(seeded)
}

async fn refuse_taken(services: &Services, slug: &str) -> Result<(), SeedError> {
    let taken: Option<(String,)> = services
        .db
        .fetch_optional(
            "SELECT slug FROM organizations WHERE slug = $1",
            args![slug],
        )
        .await?;
    taken.map_or(Ok(()), |(slug,)| Err(SeedError::SlugTaken(slug)))
}

/// The language of most of an organization's people.
const fn language(number: u32) -> Locale {
    if number % 3 == 2 {
        Locale::En
    } else {
        Locale::Fr
    }
}

#[cfg(test)]
mod tests;
