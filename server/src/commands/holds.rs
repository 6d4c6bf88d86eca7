//! `qliento holds`: what may not be erased for now, because the law or a claim needs it.

use std::process::ExitCode;

use anyhow::Context as _;
use erasure::{
    hold::{self, Basis, Kind, Lifted, Order},
    id::RowId,
    person::EmailAddress,
    reason::Reason,
    services::Services,
    time::Timestamp,
};

use super::open;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Place one. A deletion that meets it is accepted, and waits.
    Add(AddArgs),
    /// Say that one is still needed, and when it is looked at again.
    Review {
        /// Its id.
        id: RowId,
        /// When it is looked at again: a day, for example 2027-03-01.
        #[arg(long, value_parser = Timestamp::of_day)]
        next: Timestamp,
        /// When it ends by itself, if that changes.
        #[arg(long, value_parser = Timestamp::of_day)]
        expires: Option<Timestamp>,
    },
    /// End one before its day. It takes two people: the first proposes it, the second says the same.
    Lift {
        /// Its id.
        id: RowId,
        /// Who lifts it.
        #[arg(long = "as")]
        by: EmailAddress,
        /// Why.
        #[arg(long)]
        reason: Reason,
    },
    /// All of them, those that stand first.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// What it is about: `organization`, `contact` or `case`.
    #[arg(value_parser = kind)]
    kind: Kind,
    /// An organization's short name, a contact's id, or the reference of a deletion.
    subject: String,
    /// Why: `legal_claim`, `legal_obligation` or `authority`.
    #[arg(long)]
    basis: Basis,
    /// Who answers for it.
    #[arg(long = "as")]
    owner: EmailAddress,
    /// A file number or the like.
    #[arg(long)]
    note: Option<Reason>,
    /// When it is looked at again: a day, for example 2027-03-01.
    #[arg(long, value_parser = Timestamp::of_day)]
    review: Timestamp,
    /// When it ends by itself.
    #[arg(long, value_parser = Timestamp::of_day)]
    expires: Timestamp,
}

fn kind(words: &str) -> Result<Kind, String> {
    [Kind::Organization, Kind::Contact, Kind::Case]
        .into_iter()
        .find(|kind| kind.as_str() == words)
        .ok_or_else(|| "one of organization, contact, case".to_owned())
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    match command {
        Command::Add(args) => {
            let id = add(&services, args).await?;
            out::line(id.as_str());
        }
        Command::Review { id, next, expires } => {
            hold::review(&services, &id, next, expires).await?;
        }
        Command::Lift { id, by, reason } => {
            out::line(&match hold::lift(&services, &id, &by, &reason).await? {
                Lifted::Proposed { until } => {
                    format!("proposed: it is lifted when somebody else says the same until {until}")
                }
                Lifted::Ended { resumed } => format!("lifted: {resumed} deletion(s) go on"),
            });
        }
        Command::List { json } => list(&services, json).await?,
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn add(services: &Services, args: AddArgs) -> anyhow::Result<RowId> {
    let subject = match args.kind {
        Kind::Organization => hold::organization_named(services, &args.subject)
            .await?
            .context("there is no organization with that slug")?,
        Kind::Contact | Kind::Case => args.subject,
    };
    let order = Order {
        kind: args.kind,
        subject,
        basis: args.basis,
        owner: args.owner,
        note: args.note,
        review_at: args.review,
        expires_at: args.expires,
    };
    Ok(hold::place(services, &order).await?)
}

async fn list(services: &Services, json: bool) -> anyhow::Result<()> {
    let holds = hold::list(services).await?;
    if json {
        return out::json(&holds);
    }
    for hold in holds {
        let state = match (hold.ended_at, hold.is_past_review) {
            (Some(at), _) => format!("ended {}", at.to_day()),
            (None, true) => format!("REVIEW OVERDUE since {}", hold.review_at.to_day()),
            (None, false) => format!("review {}", hold.review_at.to_day()),
        };
        out::line(&format!(
            "{}  {} {}  {}  {}  ends {}  {state}  {} deletion(s) waiting  {}",
            hold.id,
            hold.kind,
            hold.subject,
            hold.basis,
            hold.owner,
            hold.expires_at.to_day(),
            hold.held_erasures,
            hold.note.as_deref().unwrap_or_default()
        ));
    }
    Ok(())
}
