//! `qliento retention`: what is kept at this moment, for how many, until when and why. Numbers, never names.

use std::process::ExitCode;

use erasure::retention::{self, Overview};

use super::open;
use crate::out;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Everything that is kept, and what ends next.
    Show {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(Command::Show { json }: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    let overview = retention::overview(&services).await?;
    services.db.close().await;
    if json {
        out::json(&overview)?;
    } else {
        show(&overview);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(overview: &Overview) {
    for table in &overview.tables {
        let next = table
            .next_end
            .map_or_else(String::new, |at| format!("; next end {at}"));
        out::line(&format!("{:<26} {:>9} row(s)", table.table, table.rows));
        out::line(&format!("    why    {}", table.basis));
        out::line(&format!("    until  {}{next}", table.until));
    }
    for purge in &overview.next_purges {
        out::line(&format!(
            "archive: {} organization(s), {} invoice(s) end on {} ({})",
            purge.organizations,
            purge.invoices,
            purge.at.to_day(),
            purge.basis
        ));
    }
    out::line(&format!(
        "legal holds: {} stand, {} overdue for review, {} deletion(s) waiting",
        overview.holds.active, overview.holds.past_review, overview.holds.held_erasures
    ));
    out::line(&backups(overview));
}

fn backups(overview: &Overview) -> String {
    let Some(watch) = &overview.backups else {
        return "backups: nobody has looked yet; the worker does, once QLIENTO_BACKUP_URL names a place for them".to_owned();
    };
    let Some(oldest) = watch.oldest_at else {
        return format!("backups: none on {}", watch.looked_at);
    };
    format!(
        "backups: {} restorable and {} not, the oldest of {oldest}, to be gone by {} (seen on {})",
        watch.copies,
        watch.unreadable,
        retention::backups_end(oldest).to_day(),
        watch.looked_at
    )
}
