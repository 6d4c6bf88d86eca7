//! Somebody else's living organization on the same database: twenty messages arrive and fifty pages are read each second.
//!
//! Each kind is on a schedule that waits for nobody. What is late because the one before was late is measured from when it
//! should have begun: a stall counts for everybody who would have met it, not once.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use erasure::{
    db::{Db, Error, Value},
    id::RowId,
    services::Services,
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

/// The bystander's short name.
pub(super) const SLUG: &str = "bystander";
const WRITE_EVERY: Duration = Duration::from_millis(50);
const READ_EVERY: Duration = Duration::from_millis(20);

const CONVERSATION: &str = "-- a_conversation_of_the_bystander
     SELECT c.organization_id, c.id FROM conversations AS c JOIN organizations AS o ON o.id = c.organization_id
     WHERE  o.slug = $1 ORDER BY c.id DESC LIMIT 1";
const RECEIVE: &str = "-- receive_a_message
     INSERT INTO messages (organization_id, id, conversation_id, direction, kind, body, whatsapp_message_id, status, sent_at)
     VALUES ($1, $2, $3, 'inbound', 'text', 'Bonjour, vous êtes ouverts samedi ?', $2, 'received', $4)";
const TOUCH: &str = "-- touch_the_conversation
     UPDATE conversations SET last_message_at = $1 WHERE organization_id = $2 AND id = $3";
const READ: &str = "-- read_a_page_of_messages
     SELECT id, body FROM messages WHERE organization_id = $1 AND conversation_id = $2 ORDER BY id DESC LIMIT 20";

/// What the bystander waited for, in milliseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Latencies {
    pub(super) writes: Vec<f64>,
    pub(super) reads: Vec<f64>,
    /// Of the writes, those that gave up after so long a wait: their messages are lost.
    pub(super) lost: u32,
}

/// The bystander.
#[derive(Clone)]
pub(super) struct Bystander {
    services: Services,
    organization: String,
    conversation: String,
}

/// A bystander at work.
pub(super) struct AtWork {
    stop: watch::Sender<bool>,
    writes: JoinHandle<(Vec<f64>, u32)>,
    reads: JoinHandle<Result<Vec<f64>, Error>>,
}

impl Bystander {
    pub(super) async fn find(services: &Services) -> anyhow::Result<Self> {
        let (organization, conversation) = services
            .db
            .fetch_optional(CONVERSATION, vec![Value::from(SLUG)])
            .await?
            .context("the bystander has no conversation")?;
        Ok(Self {
            services: services.clone(),
            organization,
            conversation,
        })
    }

    /// Works for a while.
    pub(super) async fn work_for(&self, span: Duration) -> anyhow::Result<Latencies> {
        let at_work = self.begin();
        let mut ticks = interval(span);
        ticks.tick().await;
        ticks.tick().await;
        at_work.finish().await
    }

    /// Works until [`AtWork::finish`].
    pub(super) fn begin(&self) -> AtWork {
        let (stop, stopped) = watch::channel(false);
        AtWork {
            stop,
            writes: tokio::spawn(self.clone().write(stopped.clone())),
            reads: tokio::spawn(self.clone().read(stopped)),
        }
    }

    async fn write(self, stopped: watch::Receiver<bool>) -> (Vec<f64>, u32) {
        let mut schedule = Schedule::every(WRITE_EVERY);
        let mut lost = 0;
        while !*stopped.borrow() {
            let began = schedule.next().await;
            lost += u32::from(self.receive_message().await.is_err());
            schedule.done(began);
        }
        (schedule.latencies, lost)
    }

    async fn read(self, stopped: watch::Receiver<bool>) -> Result<Vec<f64>, Error> {
        let mut schedule = Schedule::every(READ_EVERY);
        while !*stopped.borrow() {
            let began = schedule.next().await;
            self.read_page(&self.services.db).await?;
            schedule.done(began);
        }
        Ok(schedule.latencies)
    }

    async fn receive_message(&self) -> Result<(), Error> {
        let now = self.services.now();
        let id = RowId::mint(now, self.services.random.as_ref());
        let (organization, conversation) = (
            || Value::from(self.organization.as_str()),
            || Value::from(self.conversation.as_str()),
        );
        let message = vec![
            organization(),
            Value::from(&id),
            conversation(),
            Value::from(now),
        ];
        let mut tx = self.services.db.begin().await?;
        tx.execute(RECEIVE, message).await?;
        let touched = vec![Value::from(now), organization(), conversation()];
        tx.execute(TOUCH, touched).await?;
        tx.commit().await
    }

    async fn read_page(&self, db: &Db) -> Result<(), Error> {
        let page = vec![
            Value::from(self.organization.as_str()),
            Value::from(self.conversation.as_str()),
        ];
        let _: Vec<(String, String)> = db.fetch_all(READ, page).await?;
        Ok(())
    }
}

impl AtWork {
    /// Lets the bystander rest, and says what it waited for.
    pub(super) async fn finish(self) -> anyhow::Result<Latencies> {
        self.stop.send_replace(true);
        let (writes, lost) = self.writes.await?;
        Ok(Latencies {
            writes,
            reads: self.reads.await??,
            lost,
        })
    }
}

/// A schedule that waits for nobody.
struct Schedule {
    ticks: tokio::time::Interval,
    free_since: Instant,
    latencies: Vec<f64>,
}

impl Schedule {
    fn every(period: Duration) -> Self {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        Self {
            ticks,
            free_since: Instant::now(),
            latencies: Vec::new(),
        }
    }

    /// When the next one begins, or should have begun while the one before was not done.
    async fn next(&mut self) -> Instant {
        let due = self.ticks.tick().await.into_std();
        if due < self.free_since {
            due
        } else {
            Instant::now()
        }
    }

    fn done(&mut self, began: Instant) {
        self.free_since = Instant::now();
        let waited = self.free_since.duration_since(began);
        self.latencies.push(waited.as_secs_f64() * 1_000.0);
    }
}
