//! What a world does with backups: makes them, puts them in place, lets them catch up.

use std::{path::PathBuf, sync::Arc, time::Duration};

use erasure::{
    backup::{
        self, BackupFolder, BackupId, BackupStore, CaughtUp, Created, RestoreError, Which, Workshop,
    },
    db::Db,
    ledger,
};

use crate::harness::World;

impl World {
    pub(crate) fn backups(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    pub(crate) fn store(&self) -> Arc<dyn BackupStore> {
        Arc::new(BackupFolder::new(self.backups()))
    }

    /// A process starts with this database: it meets the ledger.
    pub(crate) async fn start(&self) {
        ledger::follow(&self.services).await.unwrap();
    }

    pub(crate) async fn back_up(&self) -> Created {
        let options = backup::Options::default();
        backup::create(&self.services, self.store().as_ref(), &options)
            .await
            .unwrap()
    }

    /// The only backup's file.
    pub(crate) fn backup_file(&self) -> PathBuf {
        let mut files = std::fs::read_dir(self.backups()).unwrap();
        files.next().unwrap().unwrap().path()
    }

    pub(crate) fn workshop(&self) -> Workshop {
        let services = &self.services;
        Workshop {
            store: self.store(),
            masters: services.vault.master_keys(),
            ledger: Arc::clone(&services.ledger),
            clock: Arc::clone(&services.clock),
            random: Arc::clone(&services.random),
            url: self.url.clone(),
        }
    }

    /// Everybody stops, and the copy is put in place; whoever starts then meets it.
    pub(crate) async fn put_in_place(&mut self, which: &Which) -> Result<(), RestoreError> {
        self.services.db.close().await;
        let placed = backup::put_in_place(&self.workshop(), which).await;
        self.services.db = Db::open(&self.url).await.unwrap();
        placed.map(drop)
    }

    pub(crate) async fn catch_up(&self) -> CaughtUp {
        let store = self.store();
        tokio::select! {
            caught_up = backup::catch_up(&self.services, Some(&store)) => caught_up.unwrap(),
            () = self.hurry(Duration::from_millis(1)) => unreachable!(),
        }
    }

    /// Lets the clock go on by itself, so much in a millisecond: what waits for a moment must not wait for ever.
    pub(crate) async fn hurry(&self, span: Duration) {
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        loop {
            ticks.tick().await;
            self.advance(span);
        }
    }

    /// The whole restore.
    pub(crate) async fn restore(&mut self, id: &BackupId) -> CaughtUp {
        self.put_in_place(&Which::Named(id.clone())).await.unwrap();
        let caught_up = self.catch_up().await;
        backup::forget_replaced(&self.url).await.unwrap();
        self.start().await;
        caught_up
    }

    /// The whole ledger, as it lies on the disk.
    pub(crate) fn ledger_text(&self) -> String {
        std::fs::read_to_string(self.ledger_file()).unwrap()
    }

    pub(crate) fn ledger_file(&self) -> PathBuf {
        self.folder.path().join("ledger.jsonl")
    }
}
