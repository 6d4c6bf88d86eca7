//! One seeded world, made once; every simulated one is a copy of its files.

use std::{fs, path::Path, sync::Arc};

use erasure::{
    db::Db,
    manifest::Manifest,
    seed::{self, SeedOptions},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{harness::World, invariants::Before};

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();

/// The world that all others are copies of, and what is the same in each of them.
pub(crate) struct Template {
    folder: TempDir,
    manifest: Arc<Manifest>,
    pub(crate) before: Before,
}

/// Three small organizations in files of their own, and what they hold.
pub(crate) async fn small_world() -> (World, &'static Template) {
    let template = TEMPLATE.get_or_init(make).await;
    let folder = tempfile::tempdir().unwrap();
    copy(template.folder.path(), folder.path());
    let (db, url) = open(&folder).await;
    let manifest = Arc::clone(&template.manifest);
    (
        World::with_manifest(folder, db, url, manifest).await,
        template,
    )
}

async fn make() -> Template {
    let folder = tempfile::tempdir().unwrap();
    let (db, url) = open(&folder).await;
    db.migrate().await.unwrap();
    let world = World::around(folder, db, url).await;
    let options = SeedOptions {
        organizations: 3,
        messages: 4,
        seed: 5,
        marker: None,
    };
    seed::run(&world.services, &options, &mut |_| {})
        .await
        .unwrap();
    let before = Before::of(&world).await;
    assert!(world.services.db.truncate_log().await.unwrap());
    world.services.db.close().await;
    Template {
        folder: world.folder,
        manifest: world.services.manifest,
        before,
    }
}

async fn open(folder: &TempDir) -> (Db, String) {
    let url = format!("sqlite:{}", folder.path().join("qliento.db").display());
    (Db::open(&url).await.unwrap(), url)
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
