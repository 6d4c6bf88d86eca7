//! From a configuration to a program that listens: the same for production, the demo and tests.

mod outside;
mod work;

use std::{net::SocketAddr, sync::Arc};

use erasure::{
    archive::Jurisdictions,
    backup::Schedule,
    db::{self, Db, OpenError},
    graph::TlsError,
    intake::Mailbox,
    ledger::{self, Ledger},
    manifest::{LoadError, Manifest},
    meta_app::MetaApp,
    password,
    random::{ChaChaRandom, Random},
    services::{Services, Settings},
    time::{Clock as _, SystemClock},
    vault::{AppSecret, KeyFile, MasterKeyError, Vault, VaultError},
};
use secrecy::ExposeSecret as _;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

pub use self::outside::Outside;
pub(crate) use self::outside::backup_store;
pub(crate) use self::work::{Besides, backups, mailbox, work};
use crate::{
    config::Config,
    http::{self, SiteError},
};

/// Why the program does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The master key is missing or wrong.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The master key is another deployment's, or was retired.
    #[error(
        "the master key does not open what this database holds ({0}): name the file that was made for it"
    )]
    ForeignMasterKey(VaultError),
    /// The vault's rows cannot be read.
    #[error(transparent)]
    Vault(db::Error),
    /// The manifest does not cover the database.
    #[error(transparent)]
    Manifest(#[from] LoadError),
    /// The ledger knows more than the database, or less.
    #[error(transparent)]
    Closed(#[from] ledger::Closed),
    /// The built pages are missing.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// An address is taken or not ours.
    #[error(
        "{address} cannot be listened on ({kind}): stop the program that uses it, or set another address"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        kind: std::io::ErrorKind,
    },
    /// A folder cannot be made.
    #[error("the folder {0} cannot be made or written: check who owns it")]
    Folder(String),
    /// The folder that the operator named for media is not there.
    #[error("the media folder {0} does not exist: make it, or mount its disk")]
    NoMedia(String),
    /// No randomness.
    #[error("the operating system gives no randomness")]
    Randomness,
    /// The mail server's address is wrong.
    #[error(transparent)]
    Smtp(#[from] erasure::mail::SmtpAddressError),
    /// The token of the number that sends codes.
    #[error(
        "the file {file} with the token of the number that sends codes cannot be used ({why}): write the System User access token into it"
    )]
    CodeToken {
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
    /// The secret of the mail server, or the mailbox's password.
    #[error("the file {file} cannot be used ({why}): write the secret into it, and nothing else")]
    Secret {
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
    /// No TLS client.
    #[error(transparent)]
    Graph(#[from] TlsError),
    /// The table of jurisdictions is missing or wrong.
    #[error("{file}: {cause}")]
    Jurisdictions {
        /// The file.
        file: String,
        /// What is wrong.
        cause: String,
    },
}

impl StartError {
    fn of_vault(error: db::Error) -> Self {
        match error {
            db::Error::Vault(error) => Self::ForeignMasterKey(error),
            error @ (db::Error::Sqlx(_) | db::Error::Corrupt(_)) => Self::Vault(error),
        }
    }

    pub(crate) fn listen(address: SocketAddr, error: &std::io::Error) -> Self {
        Self::Listen {
            address,
            kind: error.kind(),
        }
    }
}

/// Opens everything that the domain needs, and holds the database against the ledger. With `migrate` the schema is brought up
/// to date, otherwise it must be.
///
/// # Errors
/// See [`StartError`]; nothing listens yet.
pub async fn services(
    config: &Config,
    outside: Outside,
    migrate: bool,
) -> Result<Services, StartError> {
    let services = closed_services(config, outside, migrate).await?;
    ledger::follow(&services).await?;
    Ok(services)
}

/// The same for whoever is about to open a closed database: nobody else may work with it.
///
/// # Errors
/// See [`StartError`].
pub(crate) async fn closed_services(
    config: &Config,
    outside: Outside,
    migrate: bool,
) -> Result<Services, StartError> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|_| StartError::Folder(config.data_dir.display().to_string()))?;
    let master_keys = KeyFile::at(&config.master_key_file).read()?;
    let address = config.database_url.expose_secret();
    let mut db = Db::open(address).await?;
    if let Some(program) = &config.pg_repack {
        db = db.with_repack(program.clone()).await?;
    }
    if migrate {
        db.migrate().await?;
    }
    db.assert_current().await?;
    if let Ok(Some(false)) = db.archive_is_apart().await {
        tracing::warn!("the archive has no role of its own in this database");
    }
    let random: Arc<dyn Random> =
        Arc::new(ChaChaRandom::from_system().map_err(|_| StartError::Randomness)?);
    let clock = Arc::new(SystemClock::default());
    if let Ok(Some(there)) = db.time().await {
        clock.agree_with(there);
    }
    let vault = Vault::of(&db, master_keys, Arc::clone(&random), clock.now())
        .await
        .map_err(StartError::of_vault)?;
    Ok(Services {
        manifest: Arc::new(manifest(config, &db).await?),
        ledger: Arc::new(Ledger::in_file(
            config.ledger_file.clone(),
            Arc::clone(&random),
        )),
        media: outside::media(config)?,
        hasher: password::Hasher::default(),
        settings: Arc::new(Settings {
            jurisdictions: jurisdictions(config)?,
            ..settings(config)?
        }),
        mail: outside::mail(config, outside.mail)?,
        graph: outside::graph(config, outside.graph, &clock)?,
        clock,
        vault: Arc::new(vault),
        random,
        db,
    })
}

/// What this deployment erases: the platform's tables and the operator's own.
///
/// # Errors
/// When a file is wrong or does not cover the database.
pub(crate) async fn manifest(config: &Config, db: &Db) -> Result<Manifest, LoadError> {
    match &config.manifest_file {
        Some(file) => Manifest::with_own(db, file).await,
        None => Manifest::platform(db).await,
    }
}

/// How long this deployment keeps invoices.
///
/// # Errors
/// When a file of its own cannot be read, or cannot be meant.
pub(crate) fn jurisdictions(config: &Config) -> Result<Jurisdictions, StartError> {
    let Some(file) = &config.jurisdictions_file else {
        return Ok(Jurisdictions::default());
    };
    let fault = |cause: String| StartError::Jurisdictions {
        file: file.display().to_string(),
        cause,
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| fault(format!("cannot be read ({})", error.kind())))?;
    Jurisdictions::read(&text).map_err(|error| fault(error.to_string()))
}

fn settings(config: &Config) -> Result<Settings, StartError> {
    Ok(Settings {
        controller: config.controller.clone(),
        privacy_address: config.privacy_address.clone(),
        support_address: config.support_address.clone(),
        mail_from: config.mail_from.clone(),
        public_url: config.public_url.clone(),
        cancel_window: config.cancel_window,
        meta_patience: config.meta_patience,
        time_zone: config.time_zone.clone(),
        privacy_policy_url: config.privacy_policy_url.clone(),
        terms_url: config.terms_url.clone(),
        intake_secret: config
            .intake
            .secret_file
            .as_deref()
            .map(outside::intake_secret)
            .transpose()?,
        meta: MetaApp {
            id: config.meta_app_id.clone(),
            secret: config.meta_app_secret.clone().map(AppSecret::new),
            verify_token: config.meta_verify_token.clone(),
            sender: config
                .code_number
                .as_ref()
                .map(outside::code_sender)
                .transpose()?,
        },
        ..Settings::default()
    })
}

/// A program that listens.
pub struct Application {
    services: Services,
    router: axum::Router,
    counters: http::Counters,
    listener: TcpListener,
    admin: Option<TcpListener>,
    backups: Option<Schedule>,
    mailbox: Option<Mailbox>,
    with_worker: bool,
}

impl Application {
    /// Takes the addresses and builds the routes.
    ///
    /// # Errors
    /// When an address is taken or the built pages are missing.
    pub async fn build(
        config: &Config,
        services: Services,
        extra: Option<axum::Router>,
        with_worker: bool,
    ) -> Result<Self, StartError> {
        let counters = http::Counters::default();
        let router = http::router(config, &services, &counters, extra)?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self {
            listener: listen(config.listen).await?,
            router,
            counters,
            admin,
            services,
            backups: backups(config),
            mailbox: mailbox(config)?,
            with_worker,
        })
    }

    /// Where the site is served: with port 0 the one that was given.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where metrics are served.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin
            .as_ref()
            .and_then(|admin| admin.local_addr().ok())
    }

    /// Serves until `stop` becomes true: then requests in flight and the worker's batch are finished first.
    pub async fn run_until_stopped(self, stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        if self.with_worker {
            let besides = Besides {
                backups: self.backups,
                mailbox: self.mailbox,
                letters: self.counters.letters().clone(),
            };
            running.spawn(work(self.services.clone(), besides, stop.clone()));
        }
        if let Some(admin) = self.admin {
            running.spawn(serve(
                admin,
                http::admin_router(self.services.clone(), self.counters),
                stop.clone(),
            ));
        }
        running.spawn(serve(self.listener, self.router, stop));
        while running.join_next().await.is_some() {}
        self.services.db.close().await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::listen(address, &error))
}

async fn serve(listener: TcpListener, router: axum::Router, mut stop: watch::Receiver<bool>) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    if axum::serve(listener, service)
        .with_graceful_shutdown(stopped)
        .await
        .is_err()
    {
        tracing::error!("a listener ended by itself");
    }
}

/// Becomes true at SIGTERM or SIGINT.
#[must_use]
pub fn stop_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = terminate => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        let _ = sender.send(true);
    });
    receiver
}
