//! One seeded world, made once; every simulated one is a copy of its files.

use std::{fs, path::Path};

use erasure::{
    db::Db,
    seed::{self, SeedOptions},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::harness::World;

static TEMPLATE: OnceCell<TempDir> = OnceCell::const_new();

/// Three small organizations in files of their own.
pub(crate) async fn small_world() -> World {
    let template = TEMPLATE.get_or_init(make).await;
    let folder = tempfile::tempdir().unwrap();
    copy(template.path(), folder.path());
    open(folder).await
}

async fn make() -> TempDir {
    let world = open(tempfile::tempdir().unwrap()).await;
    let options = SeedOptions {
        organizations: 3,
        messages: 4,
        seed: 5,
        marker: None,
    };
    seed::run(&world.services, &options, &mut |_| {})
        .await
        .unwrap();
    assert!(world.services.db.truncate_log().await.unwrap());
    world.services.db.close().await;
    world.folder
}

async fn open(folder: TempDir) -> World {
    let url = format!("sqlite:{}", folder.path().join("qliento.db").display());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    World::around(folder, db, url).await
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
