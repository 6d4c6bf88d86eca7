//! `qliento archive`: sealed invoices of erased organizations. Opening one takes a name, a legal basis and a reason, all on record.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use erasure::{
    archive::{
        self, LegalBasis,
        open::{self, OpenError, Opened},
        openings::{self, Chain, Claim},
    },
    id::RowId,
    person::EmailAddress,
    reason::Reason,
    services::Services,
};
use serde_json::Value;

use super::open as open_services;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// All records, the one that ends next first. Nothing in the list says whose they are.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print invoices, one JSON object a line. More than one record at once needs a second person first.
    Open(OpenArgs),
    /// Agree to what somebody else proposed to open.
    Approve {
        /// The proposal's id.
        proposal: RowId,
        /// Who agrees.
        #[arg(long = "as")]
        by: EmailAddress,
    },
    /// Who opened what, when, on which basis and why; and whether that record is whole.
    Openings {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Destroy now what has reached its term; the worker does it within minutes anyway.
    Purge,
}

#[derive(Debug, clap::Args)]
pub(super) struct OpenArgs {
    /// The records' ids.
    #[arg(conflicts_with_all = ["all", "proposal"])]
    ids: Vec<RowId>,
    /// Every record.
    #[arg(long, conflicts_with = "proposal")]
    all: bool,
    /// What a second person has agreed to.
    #[arg(long)]
    proposal: Option<RowId>,
    /// Who opens.
    #[arg(long = "as")]
    by: EmailAddress,
    /// On which legal basis: `tax_audit`, `court_order`, `legal_claim`, `accounting`, `customer_request`.
    #[arg(long, value_parser = basis, required_unless_present = "proposal")]
    basis: Option<LegalBasis>,
    /// Why, in your own words.
    #[arg(long, required_unless_present = "proposal")]
    reason: Option<Reason>,
}

fn basis(words: &str) -> Result<LegalBasis, String> {
    LegalBasis::named(&words.replace('-', "_")).ok_or_else(|| {
        let all: Vec<_> = LegalBasis::ALL.iter().map(|one| one.as_str()).collect();
        format!("one of {}", all.join(", "))
    })
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open_services().await?;
    match command {
        Command::List { json } => list(&services, json).await?,
        Command::Open(args) => open(&services, args).await?,
        Command::Approve { proposal, by } => {
            let records = open::approve(&services, &proposal, &by).await?;
            out::line(&format!(
                "agreed: {records} record(s) may be opened once, by whoever proposed it"
            ));
        }
        Command::Openings { json } => return show_openings(&services, json).await,
        Command::Purge => {
            let gone = archive::purge_now(&services).await?;
            out::line(&format!(
                "{gone} record(s) had reached their term and are gone"
            ));
        }
    }
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn list(services: &Services, json: bool) -> anyhow::Result<()> {
    let records = archive::list(services).await?;
    if json {
        return out::json(&records);
    }
    for record in records {
        out::line(&format!(
            "{}  {}  {}  {:>6} invoices  until {}  {}",
            record.id,
            record.reference,
            record.country,
            record.records,
            record.keep_until.to_day(),
            record.basis
        ));
    }
    Ok(())
}

async fn open(services: &Services, args: OpenArgs) -> anyhow::Result<()> {
    if let Some(proposal) = &args.proposal {
        for opened in open::open_approved(services, proposal, &args.by).await? {
            print(services, opened).await?;
        }
        return Ok(());
    }
    let claim = Claim {
        by: args.by,
        basis: args.basis.context("say on which legal basis")?,
        reason: args.reason.context("say why")?,
    };
    let ids = if args.all {
        let all = archive::list(services).await?;
        all.iter()
            .map(|record| record.id.parse())
            .collect::<Result<_, _>>()?
    } else {
        args.ids
    };
    match ids.as_slice() {
        [] => bail!("there is nothing to open: name a record, or say --all"),
        [one] => match open::open(services, one, &claim).await {
            Ok(opened) => print(services, opened).await,
            Err(OpenError::NeedsApproval) => propose(services, &ids, &claim).await,
            Err(other) => Err(other.into()),
        },
        _ => propose(services, &ids, &claim).await,
    }
}

async fn propose(services: &Services, ids: &[RowId], claim: &Claim) -> anyhow::Result<()> {
    let (proposal, until) = open::propose(services, ids, claim).await?;
    out::error(&format!(
        "nothing was opened: {} record(s) need a second person. Until {until}, somebody else says\n  \
         qliento archive approve {proposal} --as EMAIL\nand then you say\n  \
         qliento archive open --proposal {proposal} --as EMAIL",
        ids.len()
    ));
    out::line(proposal.as_str());
    Ok(())
}

/// One invoice a line, each with the record that it comes from.
async fn print(services: &Services, mut opened: Opened) -> anyhow::Result<()> {
    while let Some(page) = opened.next_page(services).await? {
        let invoices: Vec<serde_json::Map<String, Value>> = serde_json::from_slice(&page)?;
        for mut invoice in invoices {
            invoice.insert("archive".to_owned(), Value::from(opened.id()));
            out::line(&serde_json::to_string(&invoice)?);
        }
    }
    Ok(())
}

async fn show_openings(services: &Services, json: bool) -> anyhow::Result<ExitCode> {
    let chain = openings::check(services).await?;
    let openings = openings::list(services, 0, i64::MAX).await?;
    services.db.close().await;
    if json {
        out::json(&serde_json::json!({ "chain": chain, "openings": openings }))?;
    } else {
        for row in &openings {
            out::line(&format!(
                "{:>4}  {}  {:<8}  {}  {}  {}  {}",
                row.number,
                row.at,
                serde_json::to_string(&row.act)?.trim_matches('"'),
                row.archive,
                row.basis.map_or("-", LegalBasis::as_str),
                row.person.as_deref().unwrap_or("-"),
                row.reason.as_deref().unwrap_or("-"),
            ));
        }
    }
    Ok(match chain {
        Chain::Whole { .. } => ExitCode::SUCCESS,
        Chain::Broken { number } => {
            out::error(&format!(
                "the record is not whole: row {number} is missing or was changed behind the database's back"
            ));
            ExitCode::FAILURE
        }
    })
}
