//! `qliento requests`: what an operator does for people who ask without an account.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{
    intake,
    person::Identity,
    request::{
        self,
        policy::{self, ObjectionDays},
    },
    services::Services,
};

use super::{open, requests_shown};
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// What is open, the nearest end first.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// One of them, open or closed: how it came, how it stands, how many letters it holds.
    Show {
        /// The request's reference, QD-…
        reference: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Somebody who cannot use a code has shown you that a number or an address is theirs: their request goes on.
    Prove {
        /// The request's reference, QD-…
        reference: String,
        /// What they have shown to be theirs: a number in international format, or the address of their account. It alone
        /// selects what is erased.
        identity: String,
    },
    /// The time in which a business may object before one of its contacts is erased; without a name, every business that has
    /// one.
    Objection {
        /// The organization's short name.
        #[arg(requires = "days")]
        slug: Option<String>,
        /// From now on so many days, 0 to 14; 0 erases at once and tells the business.
        #[arg(long, requires = "slug", allow_hyphen_values = true)]
        days: Option<ObjectionDays>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read a letter that somebody wrote, as it came: the newest, or the one of this number. The record says that you did.
    Letter {
        /// The request's reference, QD-…
        reference: String,
        /// Which one, from 1 on.
        number: Option<usize>,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { json } => {
            let (_, services) = open().await?;
            requests_shown::list(&services, json).await?;
        }
        Command::Show { reference, json } => {
            let (_, services) = open().await?;
            requests_shown::show(&services, &reference, json).await?;
        }
        Command::Prove {
            reference,
            identity,
        } => {
            let identity = known_by(&identity)?;
            let (_, services) = open().await?;
            request::accept_as_operator(&services, &reference, &identity).await?;
            out::line(&format!("{reference} is proven; a worker goes on with it"));
        }
        Command::Objection { slug, days, json } => {
            let (_, services) = open().await?;
            if let (Some(slug), Some(days)) = (&slug, days) {
                policy::set_objection_days(&services, slug, days).await?;
            }
            show_windows(&services, slug.as_deref(), json).await?;
        }
        Command::Letter { reference, number } => {
            let (_, services) = open().await?;
            let letter = intake::read_as_operator(&services, &reference, number).await?;
            let (number, of) = (letter.number, letter.of);
            let part = if letter.is_whole {
                ""
            } else {
                "; it was too large, and this is its beginning"
            };
            let at = letter.arrived_at.to_rfc3339();
            out::error(&format!("letter {number} of {of}, arrived {at}{part}"));
            out::bytes(&letter.raw);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The businesses that are asked before, or the one that was just changed.
async fn show_windows(services: &Services, only: Option<&str>, json: bool) -> anyhow::Result<()> {
    let mut windows = policy::with_a_window(services).await?;
    windows.retain(|window| only.is_none_or(|slug| window.slug == slug));
    if json {
        return out::json(&windows);
    }
    for window in &windows {
        out::line(&format!("{}: {} days to object", window.slug, window.days));
    }
    if windows.is_empty() {
        let whose = only.unwrap_or("every business");
        out::line(&format!(
            "{whose}: contacts are erased at once, and it is told"
        ));
    }
    Ok(())
}

/// A number as people write it, or an address.
fn known_by(identity: &str) -> anyhow::Result<Identity> {
    if identity.contains('@') {
        let address = identity.parse().context("this is not a whole address")?;
        return Ok(Identity::Email(address));
    }
    let number = identity
        .parse()
        .context("this is not a whole number in international format")?;
    Ok(Identity::Phone(number))
}
