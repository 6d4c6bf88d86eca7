//! What a worker does: jobs, and what a deployment has told it to do besides.

use erasure::{
    backup::{self, Schedule},
    intake::{self, Mailbox},
    job,
    services::Services,
};
use tokio::{sync::watch, task::JoinSet};

use super::{StartError, outside};
use crate::config::Config;

/// What a worker does beside its jobs, where it is told to.
pub(crate) struct Besides {
    /// Where backups go, and how often.
    pub(crate) backups: Option<Schedule>,
    /// The mailbox of the privacy address.
    pub(crate) mailbox: Option<Mailbox>,
    /// What became of letters.
    pub(crate) letters: intake::Counts,
}

/// Does what is due until `stop` becomes true: jobs, backups where there is a place for them, letters where there is a mailbox.
pub(crate) async fn work(services: Services, besides: Besides, stop: watch::Receiver<bool>) {
    let mut running = JoinSet::new();
    running.spawn(job::run(services.clone(), stop.clone()));
    if let Some(schedule) = besides.backups {
        running.spawn(backup::run(services.clone(), schedule, stop.clone()));
    }
    if let Some(mailbox) = besides.mailbox {
        running.spawn(intake::look_into(services, mailbox, besides.letters, stop));
    }
    while running.join_next().await.is_some() {}
}

/// The mailbox that is looked into; `None`: there is none.
pub(crate) fn mailbox(config: &Config) -> Result<Option<Mailbox>, StartError> {
    config
        .intake
        .mailbox
        .as_ref()
        .map(outside::mailbox)
        .transpose()
}

/// Where backups go, and how often; `None`: there is no place for them.
pub(crate) fn backups(config: &Config) -> Option<Schedule> {
    Some(Schedule {
        store: outside::backup_store(config)?,
        every: config.backup_every,
    })
}
