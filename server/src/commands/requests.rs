//! `qliento requests`: what an operator does for people who ask without an account.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{person::Identity, request};

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
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Prove {
        reference,
        identity,
    } = command;
    let identity = known_by(&identity)?;
    let (_, services) = open().await?;
    request::accept_as_operator(&services, &reference, &identity).await?;
    out::line(&format!("{reference} is proven; a worker goes on with it"));
    Ok(ExitCode::SUCCESS)
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
