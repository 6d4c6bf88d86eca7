//! A deletion and a hold at the same moment: a hundred times at once, each ends in exactly one of the two.

use erasure::{
    account,
    hold::{self, Basis, Kind, Order, PlaceError},
    services::Services,
};

use crate::{
    harness::{World, minutes},
    holds::days,
};

/// Whether the hold was placed; `false`: the erasure had begun.
async fn place(services: Services, organization: String) -> bool {
    let order = Order {
        kind: Kind::Organization,
        subject: organization,
        basis: Basis::LegalObligation,
        owner: "ada@example.org".parse().unwrap(),
        note: None,
        review_at: services.now() + days(30),
        expires_at: services.now() + days(90),
    };
    match hold::place(&services, &order).await {
        Ok(_) => true,
        Err(PlaceError::ErasureBegun) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deletion_and_a_hold_at_the_same_moment_end_in_exactly_one_of_the_two() {
    let world = World::with_organizations(1).await;
    let names: Vec<String> = (0..100).map(|number| format!("race-{number}")).collect();
    for name in &names {
        world
            .write(&format!(
                "INSERT INTO organizations (id, slug, name, country, plan, created_at) VALUES ('{name}', '{name}', 'n', 'FR', 'p', 0)"
            ))
            .await;
    }

    let mut racing = Vec::new();
    for name in &names {
        let (services, slug) = (world.services.clone(), name.clone());
        let deletion =
            tokio::spawn(async move { account::erase_as_operator(&services, &slug).await.is_ok() });
        racing.push((
            deletion,
            tokio::spawn(place(world.services.clone(), name.clone())),
        ));
    }
    let mut outcomes = Vec::new();
    for (deletion, hold) in racing {
        assert!(
            deletion.await.unwrap(),
            "the deletion is accepted either way"
        );
        outcomes.push(hold.await.unwrap());
    }
    world.run_due_jobs().await;

    for (name, is_held) in names.iter().zip(&outcomes) {
        let count = async |what: &str| {
            let text = format!("SELECT count(*) FROM {what} = '{name}'");
            world.number(&text).await == 1
        };
        let (there, hold) = (
            count("organizations WHERE id").await,
            count("holds WHERE subject_id").await,
        );
        assert_eq!((there, hold), (*is_held, *is_held), "{name}");
    }
    let held = i64::try_from(outcomes.iter().filter(|held| **held).count()).unwrap();
    world.advance(minutes(5));
    world.run_due_jobs().await;
    let waiting = "SELECT count(*) FROM erasures WHERE state = 'held'";
    assert_eq!(
        world.number(waiting).await,
        held,
        "no worker takes what is held"
    );
}
