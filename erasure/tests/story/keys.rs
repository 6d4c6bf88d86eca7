//! A new master key takes the old one's place while work goes on, and nothing is lost whatever happens.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use erasure::{
    db::{
        self,
        faults::{Call, Fault},
    },
    id::RowId,
    random::ChaChaRandom,
    services::Services,
    vault::{
        KeyFile, MasterKey, MasterKeyId, Place, Scope, Vault, VaultError,
        rotate::{RotateError, rotate, standing},
    },
};

use crate::harness::World;

fn key(seed: u64) -> MasterKey {
    MasterKey::mint(&ChaChaRandom::from_number(seed))
}

/// The world's master key: the first thing that its chance gave.
pub(crate) fn first() -> MasterKey {
    key(42)
}

/// A process of this deployment, with the keys that the file holds now.
async fn process(world: &World) -> Services {
    let masters = file(world).read().unwrap();
    let (random, now) = (Arc::clone(&world.services.random), world.now());
    let vault = Vault::of(&world.services.db, masters, random, now).await;
    Services {
        vault: Arc::new(vault.unwrap()),
        ..world.services.clone()
    }
}

fn file(world: &World) -> KeyFile {
    KeyFile::at(&world.folder.path().join("master.key"))
}

/// A world whose master key lies in a file, with a few more data keys than fit into one batch.
async fn keyed_world() -> (World, Services) {
    let mut world = World::with_organizations(2).await;
    file(&world).create(&first()).unwrap();
    world.services = process(&world).await;
    seal_more(&world.services, keys()).await;
    let services = world.services.clone();
    (world, services)
}

/// How many data keys there are to be wrapped: by hand as many as one likes.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests chooses how many"
)]
fn keys() -> u64 {
    let number = std::env::var("QLIENTO_TEST_DATA_KEYS").ok();
    number.map_or(1_200, |text| text.parse().unwrap())
}

async fn seal_more(services: &Services, count: u64) {
    let mut tx = services.db.begin().await.unwrap();
    for _ in 0..count {
        let id = RowId::mint(services.now(), services.random.as_ref());
        let scope = Scope::Archive(&id);
        let key = services
            .vault
            .data_key(&mut tx, scope, services.now())
            .await;
        key.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The tokens of an organization, opened.
pub(crate) async fn tokens(services: &Services, slug: &str) -> Result<Vec<String>, db::Error> {
    let rows: Vec<(String, String, Vec<u8>)> = services
        .db
        .fetch_all(
            "SELECT p.organization_id, p.id, p.token_sealed FROM whatsapp_profiles AS p
             JOIN organizations AS o ON o.id = p.organization_id WHERE o.slug = $1 ORDER BY p.id",
            vec![slug.into()],
        )
        .await?;
    let mut tokens = Vec::new();
    for (organization, row, sealed) in &rows {
        let place = Place {
            organization,
            table: "whatsapp_profiles",
            column: "token_sealed",
            row,
        };
        let token = services
            .vault
            .open_text(&services.db, place, sealed)
            .await?;
        tokens.push(token.to_string());
    }
    Ok(tokens)
}

/// A rotation to this key.
async fn turn(services: &Services, to: u64) -> Result<u64, RotateError> {
    rotate(services, key(to).id(), &mut |_| ()).await
}

async fn under(services: &Services) -> Vec<(MasterKeyId, i64)> {
    let masters = standing(&services.db).await.unwrap();
    masters
        .iter()
        .map(|master| (master.id, master.data_keys))
        .collect()
}

#[tokio::test]
async fn a_new_master_key_wraps_everything_and_nothing_that_was_sealed_or_promised_changes() {
    let (world, services) = keyed_world().await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    let before = (
        tokens(&services, "org-1").await.unwrap(),
        services
            .vault
            .keyed_digest("suppression", &[b"33612345678"]),
        services.vault.seal_ephemeral("flash", b"hello"),
    );
    let [(_, total)] = under(&services).await[..] else {
        panic!("one master key")
    };
    file(&world).put_in_front(&key(2)).unwrap();

    let mut last = 0;
    let done = rotate(&services, key(2).id(), &mut |done| last = done)
        .await
        .unwrap();
    assert_eq!((i64::try_from(done).unwrap(), last), (total, done));
    assert_eq!(under(&services).await, [(key(2).id(), total)]);
    file(&world).keep_only(key(2).id()).unwrap();
    for services in [&services, &process(&world).await] {
        let after = tokens(services, "org-1").await.unwrap();
        assert_eq!(after, before.0);
        let digest = services
            .vault
            .keyed_digest("suppression", &[b"33612345678"]);
        assert_eq!(digest, before.1);
        let cookie = services.vault.open_ephemeral("flash", &before.2);
        assert_eq!(cookie.as_deref(), Some(&b"hello"[..]));
    }
    assert!(
        world.confirm(&owner, &code).await.is_ok(),
        "a code outlives a rotation"
    );
    assert_eq!(turn(&services, 2).await.unwrap(), 0);
}

#[tokio::test]
async fn a_rotation_that_breaks_off_anywhere_goes_on_and_nothing_is_lost() {
    let fits = |fault, call| fault == Fault::Refuse || call == Call::Commit;
    for fault in [Fault::Refuse, Fault::LoseAnswer] {
        let (world, healthy) = keyed_world().await;
        let before = tokens(&healthy, "org-2").await.unwrap();
        let mut number = 0;
        let mut to = 2;
        loop {
            number += 1;
            let calls = Arc::new(AtomicU64::new(0));
            let counting = Arc::clone(&calls);
            let broken = Services {
                db: healthy.db.clone().with_faults(move |call| {
                    let this =
                        fits(fault, call) && counting.fetch_add(1, Ordering::SeqCst) + 1 == number;
                    this.then_some(fault)
                }),
                ..healthy.clone()
            };
            file(&world).put_in_front(&key(to)).unwrap();

            let first_try = turn(&broken, to).await;

            assert_eq!(
                tokens(&healthy, "org-2").await.unwrap(),
                before,
                "meanwhile"
            );
            world.advance(Duration::from_secs(16));
            turn(&healthy, to).await.unwrap();
            assert_eq!(under(&healthy).await.len(), 1);
            assert_eq!(tokens(&healthy, "org-2").await.unwrap(), before);
            if calls.load(Ordering::SeqCst) < number {
                assert!(first_try.is_ok());
                break;
            }
            to += 1;
        }
        assert!(number > 5, "only {number} such calls");
    }
}

#[tokio::test]
async fn two_rotations_at_once_are_refused_by_name() {
    let (world, services) = keyed_world().await;
    file(&world).put_in_front(&key(2)).unwrap();
    let mut refused = Vec::new();

    let other = process(&world).await;
    let (one, two) = tokio::join!(turn(&services, 2), turn(&other, 2));
    for answer in [one, two] {
        refused.extend(answer.err());
    }

    let [RotateError::UnderWay(retiring, _)] = refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!(retiring, first_id());
    assert!(refused[0].to_string().contains(&first_id().to_string()));
    assert_eq!(under(&services).await.len(), 1);
}

fn first_id() -> MasterKeyId {
    first().id()
}

#[tokio::test]
async fn a_rotation_to_a_third_key_waits_until_the_second_is_through() {
    let (world, services) = keyed_world().await;
    file(&world).put_in_front(&key(2)).unwrap();
    let stuck = Services {
        db: services
            .db
            .clone()
            .with_faults(|call| (call == Call::Commit).then_some(Fault::LoseAnswer)),
        ..services.clone()
    };
    turn(&stuck, 2).await.unwrap_err();
    world.advance(Duration::from_secs(16));
    file(&world).put_in_front(&key(3)).unwrap();

    let third = turn(&services, 3).await;

    assert!(matches!(third, Err(RotateError::Unfinished(id)) if id == key(2).id()));
    turn(&services, 2).await.unwrap();
    turn(&services, 3).await.unwrap();
}

#[tokio::test]
async fn a_process_that_started_earlier_finds_the_new_key_in_the_file() {
    let (world, early) = keyed_world().await;
    file(&world).put_in_front(&key(2)).unwrap();

    turn(&process(&world).await, 2).await.unwrap();

    assert!(!tokens(&early, "org-1").await.unwrap().is_empty());
    seal_more(&early, 1).await;
    assert_eq!(under(&early).await.len(), 1, "and wraps under it");
}

#[tokio::test]
async fn a_key_that_is_made_while_the_rotation_ends_is_not_lost() {
    let (world, services) = keyed_world().await;
    file(&world).put_in_front(&key(2)).unwrap();
    let id = RowId::mint(services.now(), services.random.as_ref());
    let place = Place {
        organization: "",
        table: "archives",
        column: "sealed",
        row: id.as_str(),
    };
    let mut tx = services.db.begin().await.unwrap();
    let made = services
        .vault
        .data_key(&mut tx, Scope::Archive(&id), services.now());
    let sealed = made
        .await
        .unwrap()
        .seal(place, b"kept", services.random.as_ref());

    let rotating = services.clone();
    let rotation = tokio::spawn(async move { turn(&rotating, 2).await });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    tx.commit().await.unwrap();
    rotation.await.unwrap().unwrap();

    file(&world).keep_only(key(2).id()).unwrap();
    let later = process(&world).await;
    let opened = later.vault.open(&later.db, place, &sealed).await.unwrap();
    assert_eq!(*opened, b"kept");
}

#[tokio::test]
async fn a_token_under_a_retired_key_says_which_key_is_missing() {
    let (world, services) = keyed_world().await;
    let before: Vec<(String, Vec<u8>)> = services
        .db
        .fetch_all("SELECT id, wrapped FROM data_keys", vec![])
        .await
        .unwrap();
    file(&world).put_in_front(&key(2)).unwrap();
    turn(&services, 2).await.unwrap();
    file(&world).keep_only(key(2).id()).unwrap();
    let later = process(&world).await;

    // As if an old copy of the rows had been put back.
    world
        .write(&format!(
            "INSERT INTO master_keys (id, role, since) VALUES ('{}', 'retiring', 0)",
            first_id()
        ))
        .await;
    for (id, wrapped) in before {
        later
            .db
            .execute(
                "UPDATE data_keys SET wrapped = $1, master_key_id = $2 WHERE id = $3",
                vec![wrapped.into(), first_id().to_string().into(), id.into()],
            )
            .await
            .unwrap();
    }

    let error = tokens(&later, "org-1").await.unwrap_err();
    let db::Error::Vault(VaultError::MasterKeyMissing(missing)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(missing, first_id());
    assert!(error.to_string().contains("retired"), "{error}");
}

#[tokio::test]
async fn a_data_key_that_does_not_open_is_named_and_keeps_the_old_key_alive() {
    let (world, services) = keyed_world().await;
    let broken = world
        .text("SELECT id FROM data_keys WHERE scope LIKE 'archive/%' ORDER BY id LIMIT 1")
        .await;
    let wrapped = vec![vec![0; 60].into(), broken.as_str().into()];
    let damage = "UPDATE data_keys SET wrapped = $1 WHERE id = $2";
    services.db.execute(damage, wrapped).await.unwrap();
    file(&world).put_in_front(&key(2)).unwrap();

    let answer = turn(&services, 2).await;

    let Err(RotateError::Unopenable { count, first }) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((count, first), (1, broken.clone()));
    assert!(under(&services).await.contains(&(first_id(), 1)));
    assert!(!tokens(&services, "org-1").await.unwrap().is_empty());
    world
        .write(&format!("DELETE FROM data_keys WHERE id = '{broken}'"))
        .await;
    world.advance(Duration::from_secs(16));
    turn(&services, 2).await.unwrap();
    assert_eq!(under(&services).await.len(), 1);
}
