//! Taking one's data along: everything that a deletion would erase, as a ZIP that is written while it is read (GDPR articles
//! 20 and 28(3)(g)).
//!
//! - [`plan`] says what is read, from the same manifest that the erasure goes by: an owner's organizations as a whole, and of
//!   everybody else what is about that person alone.
//! - [`rows`] reads tables a page at a time and [`media`] files a piece at a time; [`package`] packs them. Nothing is gathered, and
//!   nothing is ever written to a disk here, so the memory it takes does not grow with the account.
//! - [`page`] is the page that people open first.
//!
//! It needs a password typed a moment ago, is told to the person by letter, and ends when the account is to be erased: what can
//! still be read then is nobody's any more.

mod media;
mod package;
mod page;
mod plan;
mod rows;

use std::time::Duration;

use tokio::sync::mpsc;

use self::{
    media::MissingFiles,
    package::{Package, Text},
    page::Summary,
    plan::{Guard, Plan},
    rows::Rows,
};
use crate::{
    account,
    db::{self, Tx, value::args},
    id::RowId,
    letter::{self, Facts},
    manifest::Group,
    network::Network,
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    session::Session,
    time::Timestamp,
};

const BY_PERSON: Limit = Limit {
    name: "export, person",
    burst: 3,
    every: Duration::from_mins(20),
};
const BY_NETWORK: Limit = Limit {
    name: "export, network",
    burst: 10,
    every: Duration::from_mins(6),
};
/// Pieces that wait for the person's connection; the rest is not read before it is wanted.
const AHEAD: usize = 4;

/// Why nothing is exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The password was proved too long ago.
    #[error("the password has to be proved again")]
    ProofNeeded,
    /// It was done too often a moment ago.
    #[error("too many exports")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// The export ended before its end: the file that the person has is not whole, and its reader says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the export was interrupted")]
pub struct Interrupted;

/// Why the packing stops.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// Nobody takes what is packed.
    #[error("whoever asked for it is gone")]
    Gone,
    /// The account is being erased.
    #[error("the account is being erased")]
    Erased,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The media store does not answer.
    #[error(transparent)]
    Media(#[from] crate::media::MediaError),
    /// The ZIP cannot be written.
    #[error("the ZIP cannot be written: {0}")]
    Zip(#[from] rawzip::Error),
    /// The same, while it is compressed.
    #[error("the ZIP cannot be written: {0:?}")]
    Compression(std::io::ErrorKind),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Compression(error.kind())
    }
}

/// A ZIP that is being written.
#[derive(Debug)]
pub struct Export {
    pieces: mpsc::Receiver<Result<Vec<u8>, Interrupted>>,
    /// What the file is called.
    pub file_name: String,
}

impl Export {
    /// The next piece; `None` behind the last. Dropping the export ends it.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Interrupted>> {
        self.pieces.recv().await
    }
}

/// Begins to pack what this person may take along.
///
/// # Errors
/// See [`ExportError`].
pub async fn begin(
    services: &Services,
    session: &Session,
    network: &Network,
) -> Result<Export, ExportError> {
    let now = services.now();
    if !session.proof_is_fresh(now) {
        return Err(ExportError::ProofNeeded);
    }
    let limits = [
        (BY_PERSON, session.user.as_str()),
        (BY_NETWORK, network.expose()),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(ExportError::TooManyTries { retry_at });
    }
    let readable = account::readable_of(&services.db, &session.user).await?;
    let summary = Summary::new(services, session, readable.organization_names, now);
    let plan = Plan::new(services, &session.user, readable.subjects).await?;
    note(services, session, network, &plan.guard).await?;
    let (sender, pieces) = mpsc::channel(AHEAD);
    tokio::spawn(run(services.clone(), plan, summary, sender));
    Ok(Export {
        pieces,
        file_name: format!("qliento-export-{}.zip", now.to_day()),
    })
}

/// The person is told, and each organization's security log.
async fn note(
    services: &Services,
    session: &Session,
    network: &Network,
    guard: &Guard,
) -> Result<(), db::Error> {
    let mut tx = services.db.begin().await?;
    let facts = Facts::DataExported { at: services.now() };
    let draft = letter::Draft {
        user: Some(&session.user),
        ..letter::Draft::new(&session.email, session.locale, &facts)
    };
    letter::queue(&mut tx, services, &draft).await?;
    for organization in guard.organizations() {
        log(&mut tx, services, session, network, organization).await?;
    }
    tx.commit().await
}

async fn log(
    tx: &mut Tx,
    services: &Services,
    session: &Session,
    network: &Network,
    organization: &str,
) -> Result<(), db::Error> {
    let now = services.now();
    tx.execute(
        "-- log_export
         INSERT INTO security_events (organization_id, id, user_id, kind, ip_address, user_agent, occurred_at)
         VALUES ($1, $2, $3, 'export', $4, '', $5)",
        args![
            organization,
            &RowId::mint(now, services.random.as_ref()),
            &session.user,
            network.expose(),
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Packs everything; says at the end whether it is whole.
async fn run(
    services: Services,
    plan: Plan,
    summary: Summary,
    sender: mpsc::Sender<Result<Vec<u8>, Interrupted>>,
) {
    match pack(&services, plan, summary, sender.clone()).await {
        Ok(()) => {}
        Err(Stop::Gone) => tracing::info!("an export was not waited for"),
        Err(stop) => {
            tracing::warn!(cause = %stop, "an export was interrupted");
            let _ = sender.send(Err(Interrupted)).await;
        }
    }
}

async fn pack(
    services: &Services,
    plan: Plan,
    mut summary: Summary,
    sender: mpsc::Sender<Result<Vec<u8>, Interrupted>>,
) -> Result<(), Stop> {
    let mut package = Package::new(sender, services.now());
    for (group, parts) in plan.groups {
        let name = format!("{}.jsonl", group.as_str());
        let mut rows = Rows::new(services, &plan.guard, parts);
        package.file(&name, &mut rows).await?;
        summary.count(group, rows.count);
    }
    let mut missing = MissingFiles::default();
    for organization in plan.guard.organizations() {
        media::pack(
            services,
            &plan.guard,
            &mut package,
            organization,
            &mut missing,
        )
        .await?;
    }
    summary.count_files(missing.packed, missing.count);
    if missing.count > 0 {
        package
            .file("missing-files.txt", &mut Text::new(missing.text()))
            .await?;
    }
    package
        .file("index.html", &mut Text::new(summary.html()))
        .await?;
    package.finish().await
}

/// What a file of rows is called, and what people call what is in it.
pub(crate) const GROUPS: [Group; 9] = [
    Group::Account,
    Group::WhatsappProfiles,
    Group::Contacts,
    Group::Messages,
    Group::Automations,
    Group::Analytics,
    Group::Media,
    Group::Billing,
    Group::SecurityLogs,
];
