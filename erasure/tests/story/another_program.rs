//! A program that shares the database and knows nothing of us: it writes in the middle of what we do.

use std::{fs, sync::Arc};

use erasure::{db::Backend, manifest::Manifest};

use crate::harness::World;

impl World {
    /// Plays a program that knows no fence: it writes when that step of an erasure ends, the first so many times.
    pub(crate) async fn whenever_done(&self, target: &str, times: u32, statement: &str) {
        let when = format!(
            "NEW.target = '{target}' AND NEW.done_at IS NOT NULL AND OLD.done_at IS NULL AND NEW.reopened < {times}"
        );
        self.whenever("erasure_steps", &when, statement).await;
    }

    /// Covers tables of the operator's own.
    pub(crate) async fn covers(&mut self, own: &str) {
        let file = self.folder.path().join("manifest.toml");
        fs::write(&file, own).unwrap();
        let manifest = Manifest::with_own(&self.services.db, &file).await;
        self.services.manifest = Arc::new(manifest.unwrap());
    }

    /// The same when rows of that table have been deleted, in the middle of a batch.
    pub(crate) async fn whenever_gone(&self, table: &str, statement: &str) {
        self.after(&format!("DELETE ON {table}"), "1 = 1", statement)
            .await;
    }

    /// Lets this happen in every transaction that changes such a row.
    pub(crate) async fn whenever(&self, table: &str, when: &str, statement: &str) {
        self.after(&format!("UPDATE ON {table}"), when, statement)
            .await;
    }

    async fn after(&self, what: &str, when: &str, statement: &str) {
        if self.services.db.backend() == Backend::Sqlite {
            self.write(&format!(
                "CREATE TRIGGER late AFTER {what} WHEN {when} BEGIN {statement}; END"
            ))
            .await;
            return;
        }
        self.write(&format!(
            "CREATE FUNCTION late() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$"
        ))
        .await;
        self.write(&format!(
            "CREATE TRIGGER late AFTER {what} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION late()"
        ))
        .await;
    }
}
