//! The real client against the simulated Meta, over a real socket.

mod calls;
mod codes;
mod double;
mod table;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use erasure::{
    graph::{
        App, Graph as _, GraphClient, GraphError, HttpTransport, Number, TimeOuts, Waba,
        simulated::{APP_ID, APP_SECRET, Outage, SimulatedMeta},
    },
    time::{ManualClock, Timestamp},
};
use secrecy::SecretString;
use server::demo::serve_meta;

/// Short, because some tests wait for it to be over.
const PATIENCE: Duration = Duration::from_millis(400);

struct Line {
    meta: Arc<SimulatedMeta>,
    clock: Arc<ManualClock>,
    client: GraphClient,
    address: SocketAddr,
}

impl Line {
    async fn open() -> Self {
        Self::of(App {
            id: Some(APP_ID.to_owned()),
            secret: Some(APP_SECRET.into()),
        })
        .await
    }

    async fn of(app: App) -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_795_521_600_000)));
        let meta = Arc::new(SimulatedMeta::new(clock.clone()));
        let address = serve_meta(([127, 0, 0, 1], 0).into(), Arc::clone(&meta))
            .await
            .unwrap();
        let time_outs = TimeOuts {
            connect: PATIENCE,
            answer: PATIENCE,
        };
        let transport =
            HttpTransport::new(&format!("http://{address}"), "v25.0", time_outs).unwrap();
        let client = GraphClient::new(Arc::new(transport), app, clock.clone());
        Self {
            meta,
            clock,
            client,
            address,
        }
    }

    /// What an unsubscription comes to while Meta does this.
    async fn on(&self, outage: Outage) -> GraphError {
        self.meta.set_outage(outage);
        self.client.unsubscribe(&waba()).await.unwrap_err()
    }
}

fn token() -> SecretString {
    "EAAJnobody-may-see-this".into()
}

fn waba() -> Waba {
    Waba {
        id: "102290129340398".parse().unwrap(),
        token: token(),
    }
}

fn number() -> Number {
    Number {
        id: "106540352242922".parse().unwrap(),
        token: token(),
    }
}

/// What a class of answers leads to.
#[derive(Debug, PartialEq, Eq)]
enum Class {
    Gone,
    NoAccess,
    Later,
    NeedsPerson(Option<Duration>),
}

fn class(error: &GraphError) -> Class {
    match error {
        GraphError::Gone(_) => Class::Gone,
        GraphError::NoAccess(_) => Class::NoAccess,
        GraphError::Later { .. } => Class::Later,
        GraphError::NeedsPerson { wait, .. } => Class::NeedsPerson(*wait),
        GraphError::NotConfigured => unreachable!("it is configured"),
    }
}
