//! `qliento simulate`: outside systems, played for tests on sockets of their own.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use erasure::{graph::simulated::SimulatedMeta, time::SystemClock};

use crate::{demo, out, startup};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Meta's Graph API and WhatsApp, with a control for tests. Never for people's data.
    Meta {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Where signed webhooks go.
        #[arg(long)]
        callback: Option<String>,
    },
}

pub(super) async fn run(Command::Meta { listen, callback }: Command) -> anyhow::Result<ExitCode> {
    let meta = Arc::new(SimulatedMeta::new(Arc::new(SystemClock::default())));
    if let Some(address) = callback {
        meta.set_callback(&address);
    }
    let address = demo::serve_meta(listen, meta)
        .await
        .with_context(|| format!("{listen} cannot be listened on"))?;
    out::line(&format!("simulated Meta: http://{address}"));
    let _ = startup::stop_signal().wait_for(|stop| *stop).await;
    Ok(ExitCode::SUCCESS)
}
