//! Somebody else's living organization: twenty writes and fifty reads a second, each timed.

use std::time::{Duration, Instant};

use erasure::db::{Db, Error};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

const WRITES_EVERY: Duration = Duration::from_millis(50);
const READS_EVERY: Duration = Duration::from_millis(20);
/// How long the bystander is watched alone.
const ALONE: Duration = Duration::from_secs(2);

const WRITE: &str = "UPDATE usage_counters SET value = value + 1
     WHERE organization_id = (SELECT id FROM organizations WHERE slug = 'bystander') AND metric = 'messages_in'";
const READ: &str = "SELECT count(*) FROM (SELECT id FROM messages
     WHERE organization_id = (SELECT id FROM organizations WHERE slug = 'bystander') ORDER BY id DESC LIMIT 20)";

/// A bystander at work.
pub(super) struct Watch {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<Result<Vec<f64>, Error>>; 2],
}

/// The 99th percentile of writes and reads without anybody else.
pub(super) async fn alone(db: &Db) -> Result<Option<f64>, Error> {
    let watch = beside(db.clone());
    let mut ticks = interval(ALONE);
    ticks.tick().await;
    ticks.tick().await;
    watch.finish().await
}

/// Starts working until [`Watch::finish`].
pub(super) fn beside(db: Db) -> Watch {
    let (stop, stopped) = watch::channel(false);
    let writes = tokio::spawn(repeat(db.clone(), stopped.clone(), WRITES_EVERY, true));
    let reads = tokio::spawn(repeat(db, stopped, READS_EVERY, false));
    Watch {
        stop,
        tasks: [writes, reads],
    }
}

impl Watch {
    /// Stops, and says the 99th percentile in milliseconds.
    pub(super) async fn finish(self) -> Result<Option<f64>, Error> {
        let _ = self.stop.send(true);
        let mut latencies = Vec::new();
        for task in self.tasks {
            if let Ok(measured) = task.await {
                latencies.extend(measured?);
            }
        }
        latencies.sort_by(f64::total_cmp);
        Ok(latencies.get(latencies.len() * 99 / 100).copied())
    }
}

async fn repeat(
    db: Db,
    stopped: watch::Receiver<bool>,
    every: Duration,
    writes: bool,
) -> Result<Vec<f64>, Error> {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut latencies = Vec::new();
    while !*stopped.borrow() {
        ticks.tick().await;
        let began = Instant::now();
        if writes {
            db.execute(WRITE, vec![]).await?;
        } else {
            db.number(READ, vec![]).await?;
        }
        latencies.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(latencies)
}
