//! `qliento requests`: what an operator does for people who ask without an account.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{
    person::Identity,
    request::{
        self,
        policy::{self, ObjectionDays},
    },
    services::Services,
};

use super::open;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
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
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
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
