//! Who opens an archive says who they are, on which basis and why; many records take two people; all of it stays on record.

use erasure::{
    account,
    archive::{
        open::{self, OpenError},
        openings::{self, Act, Chain},
    },
    db::Backend,
    retention,
};

use crate::{
    archives::{YEAR_HOURS, claim, erase, open_as, read, records},
    harness::{World, hours},
};

async fn acts(world: &World) -> Vec<(Act, Option<String>)> {
    let rows = openings::list(&world.services, 0, 1_000).await.unwrap();
    rows.into_iter().map(|row| (row.act, row.person)).collect()
}

#[tokio::test]
async fn every_opening_is_on_record_before_the_first_page_is_read() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    let id = records(&world).await.remove(0);

    let opened = open::open(&world.services, &id, &claim("ada@example.org"))
        .await
        .unwrap();

    let record = openings::list(&world.services, 0, 10).await.unwrap();
    assert_eq!(record.len(), 1);
    assert_eq!(record[0].person.as_deref(), Some("ada@example.org"));
    assert_eq!(record[0].reason.as_deref(), Some("Contrôle fiscal de 2026"));
    assert_eq!(
        (record[0].at, record[0].archive.as_str()),
        (world.now(), id.as_str())
    );
    assert!(!read(&world, opened).await.unwrap().is_empty());
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 1 }
    );
}

#[tokio::test]
async fn a_record_that_does_not_exist_opens_for_nobody_and_leaves_no_trace() {
    let world = World::with_organizations(1).await;
    let never = "0190a3d8-0000-7000-8000-000000000000".parse().unwrap();

    let opened = open::open(&world.services, &never, &claim("ada@example.org")).await;

    assert!(matches!(opened, Err(OpenError::NotFound(_))), "{opened:?}");
    assert!(acts(&world).await.is_empty());
}

#[tokio::test]
async fn several_records_open_for_two_people_only_and_once() {
    let world = World::with_organizations(2).await;
    for slug in ["org-1", "org-2"] {
        account::erase_as_operator(&world.services, slug)
            .await
            .unwrap();
    }
    world.run_due_jobs().await;
    let ids = records(&world).await;
    let (ada, bea, eve) = ("ada@example.org", "bea@example.org", "eve@example.org");
    let address = |text: &str| text.parse().unwrap();
    let (proposal, _) = open::propose(&world.services, &ids, &claim(ada))
        .await
        .unwrap();

    let early = open::open_approved(&world.services, &proposal, &address(ada)).await;
    assert!(matches!(early, Err(OpenError::NotApproved)), "{early:?}");
    let alone = open::approve(&world.services, &proposal, &address(ada)).await;
    assert!(matches!(alone, Err(OpenError::SamePerson)), "{alone:?}");
    assert_eq!(
        open::approve(&world.services, &proposal, &address(bea))
            .await
            .unwrap(),
        2
    );
    let again = open::approve(&world.services, &proposal, &address(eve)).await;
    assert!(matches!(again, Err(OpenError::NoProposal)), "{again:?}");
    let other = open::open_approved(&world.services, &proposal, &address(eve)).await;
    assert!(matches!(other, Err(OpenError::NotTheProposer)), "{other:?}");
    let opened = open::open_approved(&world.services, &proposal, &address(ada))
        .await
        .unwrap();
    assert_eq!(opened.len(), 2);
    let twice = open::open_approved(&world.services, &proposal, &address(ada)).await;
    assert!(matches!(twice, Err(OpenError::NoProposal)), "{twice:?}");

    let of = |act, person: &str| vec![(act, Some(person.to_owned())); 2];
    let expected = [
        of(Act::Proposed, ada),
        of(Act::Approved, bea),
        of(Act::Opened, ada),
    ];
    assert_eq!(acts(&world).await, expected.concat());
}

#[tokio::test]
async fn a_proposal_that_nobody_agreed_to_in_a_week_is_worth_nothing() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    let ids = records(&world).await;
    let (proposal, until) = open::propose(&world.services, &ids, &claim("ada@example.org"))
        .await
        .unwrap();

    world.advance(until.since(world.now()));

    let late = open::approve(
        &world.services,
        &proposal,
        &"bea@example.org".parse().unwrap(),
    )
    .await;
    assert!(matches!(late, Err(OpenError::NoProposal)), "{late:?}");
}

#[tokio::test]
async fn whoever_goes_through_the_records_one_by_one_needs_a_second_person_as_well() {
    let world = World::with_organizations(1).await;
    erase(&world).await;

    for _ in 0..open::ALONE_A_DAY {
        open_as(&world, "ada@example.org").await.unwrap();
    }
    let one_more = open_as(&world, "ada@example.org").await;

    assert!(
        matches!(one_more, Err(OpenError::NeedsApproval)),
        "{one_more:?}"
    );
    assert!(
        open_as(&world, "bea@example.org").await.is_ok(),
        "it is counted by person"
    );
    world.advance(hours(24));
    assert!(open_as(&world, "ada@example.org").await.is_ok());
}

#[tokio::test]
async fn nobody_opens_more_alone_by_asking_for_all_at_once() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    let id = records(&world).await.remove(0);

    let asked: Vec<_> = (0..4 * open::ALONE_A_DAY)
        .map(|_| {
            let (services, id) = (world.services.clone(), id.clone());
            tokio::spawn(async move { open::open(&services, &id, &claim("ada@example.org")).await })
        })
        .collect();
    let mut opened = 0;
    for one in asked {
        match one.await.unwrap() {
            Ok(_) => opened += 1,
            Err(error) => assert!(matches!(error, OpenError::NeedsApproval), "{error:?}"),
        }
    }

    assert_eq!(opened, open::ALONE_A_DAY);
}

#[tokio::test]
async fn the_record_is_only_ever_added_to_and_whoever_gets_around_that_is_found_out() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    for by in ["ada@example.org", "bea@example.org", "eve@example.org"] {
        open_as(&world, by).await.unwrap();
    }
    let table = world.archive_table("archive_openings");

    for change in [
        "UPDATE {t} SET happened_at = 0 WHERE number = 2",
        "DELETE FROM {t} WHERE number = 2",
    ] {
        let refused = world.try_write(&change.replace("{t}", &table)).await;
        assert!(refused.is_err(), "{change}");
    }
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 3 }
    );

    let disarm = match world.services.db.backend() {
        Backend::Sqlite => "DROP TRIGGER archive_openings_stand".to_owned(),
        Backend::Postgres => format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
    };
    world.write(&disarm).await;
    world
        .write(&format!(
            "UPDATE {table} SET happened_at = 0 WHERE number = 2"
        ))
        .await;
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Broken { number: 2 }
    );
}

#[tokio::test]
async fn two_openings_at_once_stand_behind_each_other() {
    let world = World::with_organizations(1).await;
    erase(&world).await;

    let all: Vec<_> = (0..20)
        .map(|number| {
            let services = world.services.clone();
            let by = format!("person-{number}@example.org");
            tokio::spawn(async move {
                let id = erasure::archive::list(&services)
                    .await
                    .unwrap()
                    .remove(0)
                    .id;
                open::open(&services, &id.parse().unwrap(), &claim(&by))
                    .await
                    .unwrap();
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }

    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 20 }
    );
}

#[tokio::test]
async fn names_in_the_record_end_after_five_years_and_the_record_stays_whole() {
    let world = World::with_organizations(1).await;
    erase(&world).await;
    open_as(&world, "ada@example.org").await.unwrap();
    let named = async || acts(&world).await.remove(0).1;

    world.advance(hours(YEAR_HOURS * 5));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        named().await.as_deref(),
        Some("ada@example.org"),
        "five years after the year"
    );

    world.advance(hours(YEAR_HOURS));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(named().await, None);
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 1 }
    );
    assert!(open_as(&world, "bea@example.org").await.is_ok());
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 2 }
    );
}
