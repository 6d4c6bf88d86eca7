//! `qliento suppressions`: for programs that import contacts. They ask first, so that nobody who was erased comes back.

use std::{
    io::{BufRead as _, Split, StdinLock},
    process::ExitCode,
};

use anyhow::Context as _;
use erasure::{id::OrganizationId, person::Identity, services::Services, suppression};

use super::{EXIT_UNUSABLE, open};
use crate::out;

/// Lines that are asked about at once: enough to be quick, few enough to stay small.
const AT_ONCE: usize = 500;
/// Lines that are named one by one; of more, the number says enough.
const NAMED: usize = 20;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Reads one number or business-scoped user id a line, and writes those lines back that may be imported.
    Filter {
        /// Whose contacts they are to become.
        #[arg(long)]
        organization: String,
    },
}

pub(super) async fn run(Command::Filter { organization }: Command) -> anyhow::Result<ExitCode> {
    let (_, services) = open().await?;
    let organization = suppression::organization(&services, &organization)
        .await?
        .context("there is no organization with that slug")?;
    let mut filter = Filter {
        services: &services,
        organization: &organization,
        lines: std::io::stdin().lock().split(b'\n'),
        read: 0,
        unreadable: Vec::new(),
    };
    while filter.pass_some().await? {}
    let unreadable = filter.unreadable;
    services.db.close().await;
    if unreadable.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let named: Vec<String> = unreadable
        .iter()
        .take(NAMED)
        .map(usize::to_string)
        .collect();
    let more = if unreadable.len() > NAMED {
        ", …"
    } else {
        ""
    };
    out::error(&format!(
        "{} lines are neither numbers nor ids and were left out: {}{more}",
        unreadable.len(),
        named.join(", ")
    ));
    Ok(ExitCode::from(EXIT_UNUSABLE))
}

struct Filter<'s> {
    services: &'s Services,
    organization: &'s OrganizationId,
    lines: Split<StdinLock<'static>>,
    read: usize,
    /// The numbers of lines that nobody can judge. Their content is never printed.
    unreadable: Vec<usize>,
}

impl Filter<'_> {
    /// Reads some lines and writes back what may pass; `false`: there are no more.
    async fn pass_some(&mut self) -> anyhow::Result<bool> {
        let (mut lines, mut identities) = (Vec::new(), Vec::new());
        let mut is_over = false;
        while identities.len() < AT_ONCE {
            let Some(line) = self.lines.next().transpose()? else {
                is_over = true;
                break;
            };
            self.read += 1;
            let line = String::from_utf8(line).unwrap_or_else(|_| "no text".to_owned());
            let line = line.trim();
            match Identity::on_whatsapp(line) {
                _ if line.is_empty() => {}
                Some(identity) => {
                    lines.push(line.to_owned());
                    identities.push(identity);
                }
                None => self.unreadable.push(self.read),
            }
        }
        let allowed = suppression::filter(self.services, self.organization, &identities).await?;
        for (line, _) in lines.iter().zip(allowed).filter(|(_, allowed)| *allowed) {
            out::line(line);
        }
        Ok(!is_over)
    }
}
