//! A restored copy brings nobody back, and harms nobody else.

use erasure::{
    backup::{self, CatchUpError, CaughtUp, Which},
    contact,
    db::{Backend, Value},
    job::{self, Kind},
    ledger::{self, Closed},
    person::{Identity, PhoneNumber},
    progress::State,
    staff::Role,
};

use crate::harness::{MARKER, World, hours};

#[tokio::test]
async fn whoever_was_erased_since_the_backup_stays_erased_and_everybody_else_is_as_they_were() {
    let mut world = World::with_organizations(3).await;
    world.start().await;
    let backup = world.back_up().await;
    let (erased, confirmed, neighbour) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
        world.organization("org-3").await,
    );
    let before = world.everything_of(&neighbour).await;
    let files = files_of(&world, &neighbour);
    world.advance(hours(1));
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    let receipt = world.complete(&capability).await;
    let owner = world.owner("org-2").await;
    let code = world.send_code(&owner).await;
    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();
    let waiting = world.confirm(&owner, &code).await.unwrap();
    world.run_due_jobs().await;
    world.advance(hours(1));

    world
        .put_in_place(&Which::Named(backup.id.clone()))
        .await
        .unwrap();
    assert!(world.number("SELECT count(*) FROM organizations").await == 3);
    assert!(matches!(
        ledger::follow(&world.services).await,
        Err(Closed::Restoring)
    ));
    let caught_up = world.catch_up().await;
    backup::forget_replaced(&world.url).await.unwrap();
    world.start().await;

    let expected = CaughtUp {
        erased_since: 1,
        erased_again: 1,
        confirmed_again: 1,
        ..CaughtUp::default()
    };
    assert_eq!(caught_up, expected);
    for gone in [&erased, &confirmed] {
        assert!(world.rows_of(gone).await.values().all(|rows| *rows == 0));
        assert!(!world.media_folder(gone).exists());
    }
    // Postgres may have looked at a restored table by itself meanwhile: its statistics hold samples, and are its own.
    if world.services.db.backend() == Backend::Sqlite {
        for marker in ["org-1", "org-2"] {
            let left = world.bytes_left(&format!("{MARKER}-{marker}")).await;
            assert_eq!(left, 0, "{marker}");
        }
    }
    assert_eq!(world.everything_of(&neighbour).await, before);
    assert_eq!(files_of(&world, &neighbour), files);
    let again = world.receipt(&capability).await;
    assert_eq!(again.reference, receipt.reference);
    assert_eq!(again.requested_at, receipt.requested_at);
    assert_eq!(world.progress(&waiting).await.state, State::Completed);
    world.settle().await;
    let letters = world.letters_to(owner.email.expose());
    let last = letters.last().unwrap();
    let reference = world.progress(&waiting).await.reference;
    assert!(last.subject.contains(&reference), "{}", last.subject);
    let link = last.text.lines().find(|line| line.contains("/erasure/"));
    let in_letter = link.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(world.progress(&in_letter).await.reference, reference);
}

#[tokio::test]
async fn a_copy_is_opened_once_and_a_second_restore_of_it_begins_anew() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;

    let first = world.restore(&backup.id).await;
    let untouched = backup::catch_up(&world.services, None).await.unwrap();
    let second = world.restore(&backup.id).await;

    assert_eq!((first.erased_again, second.erased_again), (1, 1));
    assert_eq!(untouched, CaughtUp::default());
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
    world.settle().await;
}

#[tokio::test]
async fn a_copy_that_somebody_put_back_by_hand_is_recognized_and_caught_up() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;
    world.put_in_place(&Which::Named(backup.id)).await.unwrap();
    world
        .write("UPDATE ledger_bookmark SET restore_id = NULL, backup_id = NULL")
        .await;

    let closed = ledger::follow(&world.services).await;
    assert!(
        matches!(
            closed,
            Err(Closed::Behind {
                erasures: 1,
                holds: 0
            })
        ),
        "{closed:?}"
    );
    backup::replay_by_hand(&world.services).await.unwrap();

    world.start().await;
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
    world.settle().await;
}

#[tokio::test]
async fn what_was_cancelled_since_the_backup_is_not_erased_on_the_copy() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    world.promote("org-1", "admin").await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    let waiting = world.back_up().await;
    erasure::progress::cancel(&world.services, &capability)
        .await
        .unwrap();
    world.run_due_jobs().await;
    let ours = world.organization("org-1").await;
    let before = world.everything_of(&ours).await;

    let caught_up = world.restore(&waiting.id).await;
    world.advance(hours(48));
    world.settle().await;

    assert_eq!((caught_up.cancelled_again, caught_up.erased_again), (1, 0));
    assert_eq!(world.progress(&capability).await.state, State::Cancelled);
    assert_eq!(world.everything_of(&ours).await, before);
}

#[tokio::test]
async fn an_erasure_that_other_owners_may_still_cancel_waits_on_the_copy_as_well() {
    let mut world = World::with_organizations(1).await;
    world.start().await;
    world.promote("org-1", "admin").await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.run_due_jobs().await;

    let caught_up = world.restore(&backup.id).await;

    assert_eq!((caught_up.confirmed_again, caught_up.erased_since), (1, 0));
    assert_eq!(world.progress(&capability).await.state, State::Waiting);
    assert!(
        world
            .number("SELECT count(*) FROM organizations WHERE frozen_at IS NOT NULL")
            .await
            == 1
    );
    erasure::progress::cancel(&world.services, &capability)
        .await
        .unwrap();
    world.settle().await;
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn an_erasure_that_was_under_way_goes_on_where_the_copy_has_it() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();
    let capability = world.confirm(&owner, &code).await.unwrap();
    world.run_due_jobs().await;
    let backup = world.back_up().await;
    job::pause(&world.services, Kind::Erasure, false)
        .await
        .unwrap();
    world.complete(&capability).await;

    let caught_up = world.restore(&backup.id).await;

    assert_eq!((caught_up.erased_since, caught_up.erased_again), (1, 0));
    assert_eq!(world.progress(&capability).await.state, State::Completed);
    world.settle().await;
}

#[tokio::test]
async fn one_contact_who_was_erased_since_the_backup_stays_erased_and_the_others_stay() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let organization = world.organization("org-1").await;
    let phone = world
        .text(&format!(
            "SELECT value FROM contact_identities WHERE organization_id = '{organization}' AND kind = 'phone' ORDER BY value LIMIT 1"
        ))
        .await;
    let of_phone = format!(
        "SELECT count(*) FROM contact_identities WHERE organization_id = '{organization}' AND value = '{phone}'"
    );
    let kept_out = "SELECT count(*) FROM suppressions WHERE lifted_at IS NULL";
    let contacts = world.number("SELECT count(*) FROM contacts").await;
    let backup = world.back_up().await;
    contact::erase_as_operator(
        &world.services,
        "org-1",
        &Identity::Phone(PhoneNumber::from_wa_id(&phone).unwrap()),
    )
    .await
    .unwrap();
    world.run_due_jobs().await;
    let before = world.number(kept_out).await;

    let caught_up = world.restore(&backup.id).await;

    assert_eq!((caught_up.erased_since, caught_up.erased_again), (1, 1));
    assert!(before > 0 && world.number(kept_out).await == before);
    assert_eq!(world.number(&of_phone).await, 0);
    let left = world.number("SELECT count(*) FROM contacts").await;
    assert_eq!(left, contacts - 1);
    world.settle().await;
}

#[tokio::test]
async fn a_key_that_was_destroyed_since_the_backup_is_destroyed_on_the_copy() {
    let mut world = World::with_organizations(1).await;
    world.start().await;
    let scope = world
        .text("SELECT scope FROM data_keys WHERE organization_id IS NOT NULL")
        .await;
    let backup = world.back_up().await;
    let fact = ledger::Fact::KeyDestroyed {
        scope: scope.clone(),
    };
    world
        .services
        .ledger
        .note(&fact, world.now())
        .await
        .unwrap();

    world.restore(&backup.id).await;

    let keys = world
        .number(&format!(
            "SELECT count(*) FROM data_keys WHERE scope = '{scope}'"
        ))
        .await;
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn nobody_stays_signed_in_on_a_copy_and_nothing_stays_held_back() {
    let mut world = World::with_organizations(1).await;
    world.start().await;
    let owner = world.owner("org-1").await;
    world.send_code(&owner).await;
    let officer = world.colleague("officer", Role::Officer).await;
    let token = world.token_of(&officer).await;
    assert!(world.staff(&token).await.is_some());
    world.invite("new@qliento.example", Role::Agent).await;
    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();
    let backup = world.back_up().await;

    world.restore(&backup.id).await;

    assert!(world.staff(&token).await.is_none());
    for table in [
        "sessions",
        "staff_sessions",
        "staff_invitations",
        "deletion_codes",
        "job_throttles",
    ] {
        assert_eq!(
            world.number(&format!("SELECT count(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
}

#[tokio::test]
async fn files_that_are_missing_come_back_and_files_that_came_after_the_copy_go() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let (erased, ours) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let files = files_of(&world, &ours);
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;
    std::fs::remove_dir_all(world.media_folder(&ours)).unwrap();
    let later = world
        .folder
        .path()
        .join("media/0193a000-0000-7000-8000-000000000000");
    std::fs::create_dir(&later).unwrap();
    std::fs::write(
        later.join("file"),
        "of an organization that came after the copy",
    )
    .unwrap();

    let orphan = world
        .media_folder(&ours)
        .join("0193a000-0000-7000-8000-000000000001");
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::write(&orphan, "of a message that came after the copy").unwrap();

    let caught_up = world.restore(&backup.id).await;

    assert_eq!(caught_up.media_files, u64::try_from(files.len()).unwrap());
    assert_eq!(files_of(&world, &ours), files);
    assert!(!later.exists() && !world.media_folder(&erased).exists());
}

#[tokio::test]
async fn a_restore_that_cannot_go_on_says_what_it_waits_for_and_goes_on_when_that_is_mended() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;
    world.put_in_place(&Which::Named(backup.id)).await.unwrap();
    let media = world.folder.path().join("media");
    let aside = world.folder.path().join("aside");
    std::fs::rename(&media, &aside).unwrap(); // as if its disk were not mounted

    let stuck = tokio::select! {
        caught_up = backup::catch_up(&world.services, None) => caught_up,
        () = world.hurry(hours(1) / 60) => unreachable!(),
    };

    let Err(CatchUpError::Stuck {
        minutes: 15, cause, ..
    }) = stuck
    else {
        panic!("{stuck:?}")
    };
    assert!(cause.contains("media"), "{cause}");
    assert!(matches!(
        ledger::follow(&world.services).await,
        Err(Closed::Restoring)
    ));
    std::fs::rename(&aside, &media).unwrap();
    world.catch_up().await;
    world.start().await;
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 1);
}

#[tokio::test]
async fn a_copy_in_which_somebody_is_left_stays_closed() {
    let mut world = World::with_organizations(2).await;
    world.start().await;
    let backup = world.back_up().await;
    let capability = world.confirm_deletion(&world.owner("org-1").await).await;
    world.complete(&capability).await;
    let erasure = world.text("SELECT id FROM erasures").await;
    world.put_in_place(&Which::Named(backup.id)).await.unwrap();
    // As if the copy had wrongly been taken for one that knows of the erasure.
    let known = "INSERT INTO erasures (id, reference, locale, origin, state, confirmed_at, starts_at, capability_sealed)
                 VALUES ($1, 'QD-0000-0000', 'fr', 'operator', 'completed', 1, 1, $2)";
    let values = vec![Value::from(erasure), Value::from(vec![0])];
    world.services.db.execute(known, values).await.unwrap();

    let caught_up = backup::catch_up(&world.services, None).await;

    assert!(
        matches!(caught_up, Err(CatchUpError::StillThere(_))),
        "{caught_up:?}"
    );
    assert!(matches!(
        ledger::follow(&world.services).await,
        Err(Closed::Restoring)
    ));
}

/// Names and contents of an organization's files.
fn files_of(world: &World, organization: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(world.media_folder(organization))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}
