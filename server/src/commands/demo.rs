//! `qliento demo`: everything on this machine, with fresh data each time.

use std::{
    fs::File,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use erasure::{
    graph::simulated::{self, SimulatedMeta},
    locale::Locale,
    mail::{Mail, MemoryMail},
    seed::{self, DemoAccount, SeedOptions},
    services::Services,
    staff::{self, Role, Who},
    time::SystemClock,
};

use super::key;
use crate::{
    config::{Config, Source},
    demo, out,
    startup::{self, Application, Outside, StartError},
};

/// Neighbours of the demo's own organizations: what must stay when one goes.
const NEIGHBOURS: SeedOptions = SeedOptions {
    organizations: 2,
    messages: 500,
    seed: 7,
    marker: None,
};
/// Marks a folder as the demo's own: nothing else is ever wiped.
const MARK: &str = ".qliento-demo";

/// What belongs to a deployment: the demo keeps to a folder and a Meta of its own.
const NOT_THE_DEMOS: [&str; 8] = [
    "database_url",
    "media_url",
    "master_key_file",
    "graph_url",
    "meta_app_id",
    "meta_app_secret",
    "ledger_file",
    "backup_url",
];

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let meta = Arc::new(SimulatedMeta::new(Arc::new(SystemClock::default())));
    let graph = demo::serve_meta((Ipv4Addr::LOCALHOST, 0).into(), Arc::clone(&meta))
        .await
        .context("the simulated Meta cannot listen")?;
    let config = config(graph)?;
    let _claim = claim(&config.data_dir)?;
    key::write_new(&config.master_key_file)?;
    let mailbox = config
        .smtp_url
        .is_none()
        .then(|| Arc::new(MemoryMail::new()));
    let mail = mailbox.clone().map(|mailbox| -> Arc<dyn Mail> { mailbox });
    let services = startup::services(&config, Outside { mail, graph: None }, true).await?;
    out::error("filling the demo database …");
    let accounts = seed::demo_accounts(&services).await?;
    seed::run(&services, &NEIGHBOURS, &mut |_| {}).await?;
    let staff = invite_staff(&services).await?;
    meta.set_callback(&format!("{}/api/meta/webhook", config.public_url));
    let pages = demo::meta_router(meta, services.clone()).merge(demo::mailbox_router(mailbox));
    let application = Application::build(&config, services, Some(pages), true).await?;
    announce(&config, graph, &accounts, &staff);
    application.run_until_stopped(startup::stop_signal()).await;
    Ok(ExitCode::SUCCESS)
}

fn config(graph: SocketAddr) -> anyhow::Result<Config> {
    let source = Source::system().refusing(
        &NOT_THE_DEMOS,
        "belongs to a deployment, and the demo never touches one: take it away, or start the demo in another folder",
    );
    let has_public_url = source.get("public_url").is_some();
    let mut config = Config::parse(source.with_defaults(&[
        ("public_url", "http://127.0.0.1".to_owned()),
        ("data_dir", "var/demo".to_owned()),
    ]))?;
    config.graph_url = Some(format!("http://{graph}"));
    config.meta_app_id = Some(simulated::APP_ID.to_owned());
    config.meta_app_secret = Some(simulated::APP_SECRET.into());
    config.listen = free_address(config.listen)?;
    if !has_public_url {
        config.public_url = format!("http://{}", reachable(config.listen));
    }
    Ok(config)
}

/// An address that nobody uses, before anything is wiped; with port 0 the one that the links will name.
fn free_address(wanted: SocketAddr) -> Result<SocketAddr, StartError> {
    TcpListener::bind(wanted)
        .and_then(|listener| listener.local_addr())
        .map_err(|error| StartError::listen(wanted, &error))
}

/// Where a browser on this machine finds a server that listens on every address.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, listen.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, listen.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => listen,
    }
}

/// Empties the demo's folder, and only a folder that is the demo's and that no other demo uses. It is claimed until the
/// file is closed.
fn claim(folder: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(folder)?;
    let entries = folder.read_dir()?.collect::<Result<Vec<_>, _>>()?;
    let mark = folder.join(MARK);
    if !entries.is_empty() && !mark.exists() {
        bail!(
            "{} is not a demo's folder and is left alone: set another QLIENTO_DATA_DIR",
            folder.display()
        );
    }
    let claim = File::create(mark)?;
    if claim.try_lock().is_err() {
        bail!(
            "another demo runs in {}: stop it, or set another QLIENTO_DATA_DIR",
            folder.display()
        );
    }
    for entry in entries.iter().filter(|entry| entry.file_name() != MARK) {
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(claim)
}

/// The console's people: two officers, because some decisions take two.
const STAFF: [(&str, Role); 5] = [
    ("odile@qliento.example", Role::Officer),
    ("oscar@qliento.example", Role::Officer),
    ("agathe@qliento.example", Role::Agent),
    ("aude@qliento.example", Role::Auditor),
    ("adam@qliento.example", Role::Administrator),
];

/// Each with the link through which they set up their account, as in a real deployment.
async fn invite_staff(services: &Services) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for (email, role) in STAFF {
        let address = email.parse()?;
        let locale = Locale::default();
        let capability = staff::add(services, Who::Operator, &address, role, locale).await?;
        let link = staff::set_up_link(services, locale, &capability);
        lines.push(format!("{email:<24} {:<14} {link}", role.as_str()));
    }
    Ok(lines)
}

fn announce(config: &Config, graph: SocketAddr, accounts: &[DemoAccount], staff: &[String]) {
    let site = &config.public_url;
    out::line(&format!("\n  Qliento, the demo:  {site}\n"));
    match &config.smtp_url {
        None => out::line(&format!("  Mail:               {site}/demo/mailbox")),
        Some(_) => out::line("  Mail:               leaves through QLIENTO_SMTP_URL"),
    }
    out::line(&format!(
        "  Simulated Graph:    http://{graph} (play Meta and WhatsApp on {site}/demo/meta)"
    ));
    out::line(&format!(
        "\n  Sign in, with the password {}:\n",
        seed::PASSWORD
    ));
    for account in accounts {
        out::line(&format!("    {:<34} {}", account.email, account.describes));
    }
    out::line("\n  The console; each link sets up one access, with an authenticator app:\n");
    for line in staff {
        out::line(&format!("    {line}"));
    }
    out::line("\n  Ctrl-C ends it. The next start begins with fresh data.\n");
}
