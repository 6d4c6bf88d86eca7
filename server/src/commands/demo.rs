//! `qliento demo`: everything on this machine, with fresh data each time.

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use erasure::{
    mail::{Mail, MemoryMail},
    seed::{self, DemoAccount, SeedOptions},
};

use super::key;
use crate::{
    config::{Config, Source},
    demo, out,
    startup::{self, Application, Outside},
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

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let source = Source::system();
    let data_dir = source.get("data_dir").unwrap_or("var/demo").to_owned();
    let graph = demo::serve_graph()
        .await
        .context("the simulated Graph API cannot listen")?;
    let listen = free_port(source.get("listen").unwrap_or("127.0.0.1:3000"))?;
    let source = source.with_defaults(&[
        ("public_url", format!("http://{listen}")),
        ("graph_url", format!("http://{graph}")),
        ("data_dir", data_dir),
    ]);
    let config = Config {
        listen,
        ..Config::parse(source)?
    };
    wipe(&config.data_dir)?;
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
    let pages = mailbox
        .clone()
        .map(demo::mailbox_router)
        .unwrap_or_default();
    let application = Application::build(&config, services, Some(pages), true).await?;
    announce(application.address()?, &config, graph, &accounts);
    application.run_until_stopped(startup::stop_signal()).await;
    Ok(ExitCode::SUCCESS)
}

/// With port 0 the address of the links is not known before one is found.
fn free_port(listen: &str) -> anyhow::Result<SocketAddr> {
    let address: SocketAddr = listen
        .parse()
        .context("QLIENTO_LISTEN is not an address and port, for example 127.0.0.1:3000")?;
    if address.port() != 0 {
        return Ok(address);
    }
    Ok(std::net::TcpListener::bind(address)?.local_addr()?)
}

/// Empties the demo's folder, and only a folder that is the demo's.
fn wipe(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        let is_empty = folder.read_dir()?.next().is_none();
        if !is_empty && !folder.join(MARK).exists() {
            bail!(
                "{} is not a demo's folder and is left alone: set another QLIENTO_DATA_DIR",
                folder.display()
            );
        }
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join(MARK), "")?)
}

fn announce(address: SocketAddr, config: &Config, graph: SocketAddr, accounts: &[DemoAccount]) {
    out::line(&format!("\n  Qliento, the demo:  http://{address}\n"));
    match &config.smtp_url {
        None => out::line(&format!(
            "  Mail:               http://{address}/demo/mailbox"
        )),
        Some(_) => out::line("  Mail:               leaves through QLIENTO_SMTP_URL"),
    }
    out::line(&format!(
        "  Simulated Graph:    http://{graph} (POST /control/outage with down, rate_limited, token_revoked or none)"
    ));
    out::line(&format!(
        "\n  Sign in, with the password {}:\n",
        seed::PASSWORD
    ));
    for account in accounts {
        out::line(&format!("    {:<34} {}", account.email, account.describes));
    }
    out::line("\n  Ctrl-C ends it. The next start begins with fresh data.\n");
}
