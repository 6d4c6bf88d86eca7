//! `qliento staff`: who may sign in to the console. Nobody is added there before somebody is added here.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{
    id::StaffId,
    locale::Locale,
    person::EmailAddress,
    services::Services,
    staff::{self, Member, Role, Who},
};

use crate::{
    config::{Config, Source},
    out,
    startup::{self, Outside},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a member, and print the link through which they set up their account: it works once, for a day.
    Add {
        /// Their address.
        email: EmailAddress,
        /// What they may do: agent, officer, auditor or administrator.
        #[arg(long)]
        role: Role,
        /// The language of the link and of their letters: fr or en.
        #[arg(long, default_value = "fr")]
        language: Locale,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// All of them.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change what a member may do; their sessions end.
    Role {
        /// Their address.
        email: EmailAddress,
        /// What they may do from now on.
        #[arg(long)]
        role: Role,
    },
    /// Take a member's access away, at once.
    Disable {
        /// Their address.
        email: EmailAddress,
    },
    /// Take away everything a member signs in with, and print a new set-up link.
    Reset {
        /// Their address.
        email: EmailAddress,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    // Links name the site, so its address must be known; mail and Meta need not.
    let config = Config::parse(Source::system().with_defaults(&[]))?;
    let services = startup::services(&config, Outside::default(), false).await?;
    let who = Who::Operator;
    match command {
        Command::Add {
            email,
            role,
            language,
            json,
        } => {
            let capability = staff::add(&services, who, &email, role, language).await?;
            print_link(&staff::set_up_link(&services, language, &capability), json)?;
        }
        Command::List { json } => print_members(&staff::list_as_operator(&services).await?, json)?,
        Command::Role { email, role } => {
            let id = find(&services, &email).await?;
            staff::change_role(&services, who, &id, role).await?;
        }
        Command::Disable { email } => {
            let id = find(&services, &email).await?;
            staff::disable(&services, who, &id).await?;
        }
        Command::Reset { email, json } => {
            let id = find(&services, &email).await?;
            let reset = staff::reset(&services, who, &id).await?;
            print_link(
                &staff::set_up_link(&services, reset.locale, &reset.capability),
                json,
            )?;
        }
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn find(services: &Services, email: &EmailAddress) -> anyhow::Result<StaffId> {
    staff::find(services, email)
        .await?
        .context("there is no member with this address: `qliento staff list` shows them")
}

fn print_link(link: &str, json: bool) -> anyhow::Result<()> {
    if json {
        return out::json(&serde_json::json!({ "link": link }));
    }
    out::line(link);
    out::error("works once, for 24 hours; give it to nobody else");
    Ok(())
}

fn print_members(members: &[Member], json: bool) -> anyhow::Result<()> {
    if json {
        let rows = members.iter().map(|member| {
            serde_json::json!({
                "id": member.id.as_str(),
                "email": member.email.expose(),
                "role": member.role,
                "state": member.state,
                "created_at": member.created_at,
                "signed_in_at": member.signed_in_at,
            })
        });
        return out::json(&rows.collect::<Vec<_>>());
    }
    for member in members {
        let seen = member
            .signed_in_at
            .map_or_else(|| "never signed in".to_owned(), |at| at.to_string());
        let state = member.state.as_str();
        out::line(&format!(
            "{:<14} {state:<19} {seen:<24}  {}",
            member.role.as_str(),
            member.email.expose()
        ));
    }
    Ok(())
}
