//! Sample data: whole organizations with a little, or very much, of everything that the platform holds.
//!
//! The same number gives the same rows (but for what is sealed: nonces are never repeated). Every organization has at
//! least one row in every table of the platform. With a marker, `MARKER-<slug>` stands in each of its personal texts and
//! files, so that a test can look for what should be gone; not in ids, numbers and other values that have a form of
//! their own. In e-mail addresses it is in lower case, like everything in them.

mod chance;
mod demo;
mod insert;
mod organization;
mod words;

pub use self::demo::{DemoAccount, DemoNumber, demo_accounts, demo_numbers};
use self::{
    chance::Chance,
    organization::{Plan, Seat},
};
use crate::{
    db::{Error, value::args},
    media::MediaError,
    password,
    services::Services,
};

/// The password of everybody who is seeded.
pub const PASSWORD: &str = "demo-demo-demo";
/// It protects nobody, so everybody may share its salt: one slow hash for any number of people.
const SALT: &[u8; 16] = b"seeded, not safe";

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
    /// An organization of that name exists; nothing was written.
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
        refuse_taken(services, &slug(number)).await?;
    }
    let password_hash = password_hash();
    let mut seeded = Seeded::default();
    let mut guest = None;
    for number in 1..=options.organizations {
        let plan = Plan {
            guest: guest.take(),
            ..plan(options, number, &password_hash)
        };
        let made = organization::write(services, chance(options.seed, number), &plan).await?;
        seeded.rows += made.rows;
        seeded.files += made.files;
        seeded.organizations += 1;
        // Not with a marker: this person's name would rightly outlive the erasure of the first organization, and what an
        // erasure leaves of a marker could no longer be counted down to zero.
        if number == 1 && options.marker.is_none() {
            guest = made.users.last().cloned();
        }
        progress(Progress {
            done: number,
            of: options.organizations,
        });
    }
    Ok(seeded)
}

fn slug(number: u32) -> String {
    format!("org-{number}")
}

fn plan<'a>(options: &SeedOptions, number: u32, password_hash: &'a str) -> Plan<'a> {
    let slug = slug(number);
    Plan {
        name: None,
        locale: None,
        mark: options
            .marker
            .as_ref()
            .map(|marker| format!("{marker}-{slug}")),
        messages: options.messages,
        seats: ["owner", "admin", "member"]
            .map(|role| Seat::of_role(role, &slug))
            .to_vec(),
        guest: None,
        password_hash,
        slug,
    }
}

/// Each organization has a stream of its own: it is the same whoever stands before it.
fn chance(seed: u64, number: u32) -> Chance {
    Chance::from_number(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(number)))
}

fn password_hash() -> String {
    password::hash(PASSWORD.as_bytes(), SALT)
}

async fn refuse_taken(services: &Services, slug: &str) -> Result<(), SeedError> {
    let taken: Option<(String,)> = services
        .db
        .fetch_optional(
            "-- slug_is_taken
             SELECT slug FROM organizations WHERE slug = $1",
            args![slug],
        )
        .await?;
    taken.map_or(Ok(()), |(slug,)| Err(SeedError::SlugTaken(slug)))
}

#[cfg(test)]
mod tests;
