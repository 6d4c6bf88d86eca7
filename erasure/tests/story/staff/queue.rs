//! The queue: what ends first stands first, page by page, with filters, and nothing in it is about anybody.

use erasure::{
    request::{
        Channel, Role as Asking, Stage,
        decide::{About, Refusal},
        desk::{self, Assignee, DeskError, Filter, Item, Need, Totals, refusal},
    },
    staff::{ActError, Role, Staff},
};

use crate::{
    asking::{ask, business, days, mailbox},
    harness::World,
};

/// So many people who asked, a day apart.
async fn world_with(requests: u32) -> World {
    let world = World::with_organizations(1).await;
    for number in 0..requests {
        let identity = mailbox(&format!("person-{number}@example.fr"));
        world.submit(&ask(Asking::AccountHolder, identity)).await;
        world.advance(std::time::Duration::from_mins(1));
    }
    world
}

async fn agent(world: &World) -> Staff {
    let agent = world.colleague("agathe", Role::Agent).await;
    world.signed_in(&agent).await
}

async fn fitting(world: &World, staff: &Staff, filter: &Filter) -> Vec<Item> {
    desk::queue(&world.services, staff, filter, None)
        .await
        .unwrap()
        .items
}

#[tokio::test]
async fn every_open_request_is_on_exactly_one_page_in_the_order_of_its_end() {
    let world = world_with(120).await;
    world
        .write(
            "UPDATE requests SET extended_to = due_at + 3600000
             WHERE id IN (SELECT id FROM requests ORDER BY id LIMIT 7)",
        )
        .await;
    let agent = agent(&world).await;
    let mut all: Vec<Item> = Vec::new();
    let (mut behind, mut pages) = (None, 0);

    loop {
        let page = desk::queue(&world.services, &agent, &Filter::default(), behind.as_ref())
            .await
            .unwrap();
        all.extend(page.items);
        pages += 1;
        match page.more {
            None => break,
            more => behind = more,
        }
    }

    assert_eq!((all.len(), pages), (120, 3));
    assert!(all.is_sorted_by_key(|item| (item.ends_at, item.id.clone())));
    assert_eq!(all.iter().filter(|item| item.is_extended).count(), 7);
    let Totals { open, overdue, .. } = desk::totals(&world.services, &agent).await.unwrap();
    assert_eq!((open, overdue), (120, 0));
}

#[tokio::test]
async fn each_filter_shows_what_it_says() {
    let world = world_with(2).await;
    let mut named = ask(Asking::AccountHolder, mailbox("named@example.fr"));
    named.business = Some(business("Atelier Rivage"));
    named.channel = Channel::Api;
    let named = world.submit(&named).await;
    let agent = agent(&world).await;
    let everything = fitting(&world, &agent, &Filter::default()).await;
    let (mine, other) = (&everything[0], &everything[1]);
    desk::assign(&world.services, &agent, &mine.id, Some(agent.id()))
        .await
        .unwrap();
    let references = async |filter: Filter| {
        let items = fitting(&world, &agent, &filter).await;
        items
            .into_iter()
            .map(|item| item.reference)
            .collect::<Vec<_>>()
    };

    let by = |assignee| Filter {
        assignee: Some(assignee),
        ..Filter::default()
    };
    let own = Assignee::Member(agent.id().clone());
    assert_eq!(references(by(own)).await, [mine.reference.as_str()]);
    assert_eq!(references(by(Assignee::Nobody)).await.len(), 2);
    let api = Filter {
        channel: Some(Channel::Api),
        ..Filter::default()
    };
    assert_eq!(references(api).await, [named.reference.as_str()]);
    for (names_business, count) in [(true, 1), (false, 2)] {
        let filter = Filter {
            names_business: Some(names_business),
            ..Filter::default()
        };
        assert_eq!(references(filter).await.len(), count);
    }
    let of_stage = |stage| Filter {
        stage: Some(stage),
        ..Filter::default()
    };
    assert_eq!(references(of_stage(Stage::Acknowledged)).await.len(), 3);
    assert!(references(of_stage(Stage::InReview)).await.is_empty());
    let found = Filter {
        reference: Some(other.reference.clone()),
        overdue: true, // a reference alone decides
        ..Filter::default()
    };
    assert_eq!(references(found).await, [other.reference.as_str()]);
}

#[tokio::test]
async fn what_is_late_and_what_waits_for_somebody_can_be_asked_for() {
    let world = world_with(3).await;
    let all = world.texts("SELECT id FROM requests ORDER BY id").await;
    let write = async |sql: String| world.write(&sql).await;
    write(format!(
        "UPDATE requests SET state = 'in_review' WHERE id = '{}'",
        all[1]
    ))
    .await;
    let agent = agent(&world).await;
    let ids = async |filter: Filter| {
        let items = fitting(&world, &agent, &filter).await;
        items
            .into_iter()
            .map(|item| item.id.to_string())
            .collect::<Vec<_>>()
    };
    let overdue = Filter {
        overdue: true,
        ..Filter::default()
    };
    let waiting = Filter {
        waiting: true,
        ..Filter::default()
    };
    assert!(ids(overdue.clone()).await.is_empty());
    assert_eq!(ids(waiting.clone()).await, [all[1].clone()]);
    let refused = Refusal {
        ground: erasure::request::Ground::AuthorityNotShown,
        statute: None,
        explanation: "The letter of attorney names somebody else."
            .parse()
            .unwrap(),
        keep_until: None,
    };
    let about = About::Request(all[1].parse().unwrap());
    refusal::propose(&world.services, &agent, &about, &refused)
        .await
        .unwrap();

    let item = fitting(&world, &agent, &waiting).await.remove(0);
    assert_eq!(item.need, Some(Need::Second));
    write(format!(
        "UPDATE requests SET due_at = received_at WHERE id = '{}'",
        all[2]
    ))
    .await;
    assert_eq!(ids(overdue).await, [all[2].clone()]);
    let totals = desk::totals(&world.services, &agent).await.unwrap();
    assert_eq!((totals.open, totals.overdue, totals.waiting), (3, 1, 1));
    world.advance(days(1));
}

#[tokio::test]
async fn administrators_see_no_request() {
    let world = world_with(1).await;
    let boss = world.colleague("boss", Role::Administrator).await;
    let boss = world.signed_in(&boss).await;

    let denied = desk::queue(&world.services, &boss, &Filter::default(), None).await;

    assert!(matches!(denied, Err(DeskError::Act(ActError::Denied))));
}
