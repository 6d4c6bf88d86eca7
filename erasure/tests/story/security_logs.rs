//! Security logs are kept as numbers in which nobody can be found, for ninety days.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use erasure::{
    account,
    db::faults::{Call, Fault},
    job,
    receipt::KeptKind,
    retention,
};

use crate::{
    archives::erase,
    harness::{World, hours, minutes},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What an attacker may know: who did what, when and from where.
#[derive(Clone, Debug)]
struct Event {
    id: String,
    person: String,
    kind: String,
    address: String,
    at: i64,
}

/// A row of what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    kind: String,
    network: String,
    since: i64,
    hours: i64,
    events: i64,
}

impl Kept {
    /// Whether this event may be among those that the row counts.
    fn may_hold(&self, event: &Event) -> bool {
        let network = self.network.split('/').next().unwrap();
        let shared = match self.network.rsplit_once('/') {
            None => 0,
            Some((_, "16")) => 2,
            Some(_) => 1,
        };
        let is_inside = network
            .split('.')
            .zip(event.address.split('.'))
            .take(shared)
            .all(|(ours, theirs)| ours == theirs);
        is_inside
            && event.kind == self.kind
            && (self.since..self.since + self.hours * HOUR_MS).contains(&event.at)
    }
}

async fn log(world: &World, organization: &str, event: &Event) {
    world
        .write(&format!(
            "INSERT INTO security_events (organization_id, id, user_id, kind, ip_address, user_agent, occurred_at)
             VALUES ('{organization}', '{}', '{}', '{}', '{}', 'Firefox', {})",
            event.id, event.person, event.kind, event.address, event.at
        ))
        .await;
}

/// Rows as the database gives them when it is not told in which order.
async fn kept(world: &World) -> Vec<Kept> {
    let rows: Vec<(String, String, i64, i64, i64)> = world
        .services
        .db
        .fetch_all(
            "SELECT kind, network, since, hours, events FROM anonymous_security_events",
            vec![],
        )
        .await
        .unwrap();
    rows.into_iter()
        .map(|(kind, network, since, hours, events)| Kept {
            kind,
            network,
            since,
            hours,
            events,
        })
        .collect()
}

/// A world whose `org-1` has twelve people and only the events that they cause here; they all sign in from one city in the
/// morning, some again and again, and two of them from elsewhere.
async fn busy_world() -> (World, Vec<Event>) {
    let world = World::with_organizations(1).await;
    world.write("DELETE FROM security_events").await;
    let organization = world.organization("org-1").await;
    let people = world.members_join("org-1", 12).await;
    let day = world.now().as_millis() - world.now().as_millis() % DAY_MS - 3 * DAY_MS;
    let mut events = Vec::new();
    for (number, person) in (0_i64..).zip(&people) {
        for again in 0..=number % 4 {
            events.push(Event {
                id: format!("event-{number}-{again}"),
                person: person.clone(),
                kind: "sign_in".to_owned(),
                address: format!("203.0.{}.{}", number + 10, again + 100),
                at: day + 9 * HOUR_MS + number * 60_000 + again * 1_000,
            });
        }
        if number < 2 {
            events.push(Event {
                id: format!("elsewhere-{number}"),
                person: person.clone(),
                kind: "password_changed".to_owned(),
                address: format!("198.51.100.{number}"),
                at: day + number * HOUR_MS,
            });
        }
    }
    for event in &events {
        log(&world, &organization, event).await;
    }
    (world, events)
}

#[tokio::test]
async fn what_many_people_did_is_kept_as_a_number_and_what_few_did_is_not() {
    let (world, events) = busy_world().await;

    let receipt = erase(&world).await;

    let kept = kept(&world).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(
        (
            kept[0].kind.as_str(),
            kept[0].network.as_str(),
            kept[0].hours
        ),
        ("sign_in", "203.0.0.0/16", 1)
    );
    let sign_ins = i64::try_from(
        events
            .iter()
            .filter(|event| event.kind == "sign_in")
            .count(),
    )
    .unwrap();
    assert_eq!(kept[0].events, sign_ins - sign_ins % 5);
    assert_eq!(
        world.number("SELECT count(*) FROM security_events").await,
        0
    );
    let row = receipt
        .kept
        .iter()
        .find(|row| row.what == KeptKind::SecurityLogs)
        .unwrap();
    assert_eq!(row.records, None, "a number would be a trace");
    world.settle().await;
}

#[tokio::test]
async fn an_organization_of_few_people_leaves_nothing_in_the_logs() {
    let world = World::with_organizations(1).await;
    assert!(world.number("SELECT count(*) FROM security_events").await > 0);

    let receipt = erase(&world).await;

    assert!(kept(&world).await.is_empty());
    assert_eq!(
        world.number("SELECT count(*) FROM security_events").await,
        0
    );
    assert!(
        receipt
            .kept
            .iter()
            .all(|row| row.what != KeptKind::SecurityLogs),
        "and it is not said that it did"
    );
}

#[tokio::test]
async fn nobody_who_knows_all_about_somebody_finds_them_again() {
    let (world, events) = busy_world().await;

    erase(&world).await;

    let kept = kept(&world).await;
    assert!(!kept.is_empty());
    for event in &events {
        // By an id, an address, a moment: no byte of any is left.
        for trace in [&event.id, &event.address] {
            assert_eq!(world.bytes_left(trace).await, 0, "{trace}");
        }
        assert!(kept.iter().all(|row| row.since % HOUR_MS == 0));
        // By network and time: whoever matches is one of five at least.
        for row in kept.iter().filter(|row| row.may_hold(event)) {
            let people: BTreeSet<_> = events
                .iter()
                .filter(|one| row.may_hold(one))
                .map(|one| &one.person)
                .collect();
            assert!(people.len() >= 5, "{row:?}: {people:?}");
        }
    }
    // By how often: no number is one person's, nor what is left when one subtracts all the others.
    let mut by_person: BTreeMap<(&str, usize), i64> = BTreeMap::new();
    for (number, row) in kept.iter().enumerate() {
        for event in events.iter().filter(|event| row.may_hold(event)) {
            *by_person.entry((&event.person, number)).or_default() += 1;
        }
    }
    for ((person, number), own) in &by_person {
        let others: i64 = by_person
            .iter()
            .filter(|((other, row), _)| row == number && other != person)
            .map(|(_, events)| events)
            .sum();
        assert_ne!(kept[*number].events, *own);
        assert_eq!(kept[*number].events % 5, 0);
        assert!(
            kept[*number].events - others <= *own,
            "what is left says at most less than there was"
        );
    }
    // By the order in which rows came in: they lie in the order of their content.
    let mut sorted = kept.clone();
    sorted.sort_by_key(|row| (row.kind.clone(), row.network.clone(), row.since, row.hours));
    assert_eq!(kept, sorted);
}

#[tokio::test]
async fn whoever_comes_later_changes_nothing_unless_they_are_five_themselves() {
    let (world, events) = busy_world().await;
    let late = world.members_join("org-1", 0).await;
    assert!(late.is_empty());
    let before_erasure = events
        .iter()
        .find(|event| event.kind == "sign_in")
        .unwrap()
        .clone();
    erase(&world).await;
    let before = kept(&world).await;

    // Another organization, of three people, at the same time from the same network.
    for (slug, people) in [("few", 3), ("many", 6)] {
        world
            .write(&format!(
                "INSERT INTO organizations (id, slug, name, country, plan, created_at) VALUES ('id-{slug}', '{slug}', 'n', 'FR', 'p', 0)"
            ))
            .await;
        for (number, person) in world
            .members_join(slug, people)
            .await
            .into_iter()
            .enumerate()
        {
            let event = Event {
                id: format!("{slug}-{number}"),
                person,
                ..before_erasure.clone()
            };
            log(&world, &format!("id-{slug}"), &event).await;
        }
        account::erase_as_operator(&world.services, slug)
            .await
            .unwrap();
        world.run_due_jobs().await;
        let now = kept(&world).await;
        match slug {
            "few" => assert_eq!(now, before, "nobody sees that somebody was added"),
            _ => assert_eq!(now[0].events, before[0].events + 5, "six, rounded down"),
        }
    }
    world.settle().await;
}

#[tokio::test]
async fn a_day_larger_than_a_batch_is_judged_as_a_whole_and_counted_once_whatever_fails() {
    let (mut world, _) = busy_world().await;
    let organization = world.organization("org-1").await;
    // Enough for several batches, of people who come one after the other: no batch alone has five of them.
    for part in 0..25 {
        let rows: Vec<_> = (0..200)
            .map(|number| {
                let (number, person) = (part * 200 + number, part / 5);
                let at = world.now().as_millis() - 5 * DAY_MS - world.now().as_millis() % HOUR_MS + number;
                format!("('{organization}', 'flood-{number:05}', 'org-1-member-{person}', 'token_used', '192.0.2.1', 'x', {at})")
            })
            .collect();
        world
            .write(&format!(
                "INSERT INTO security_events (organization_id, id, user_id, kind, ip_address, user_agent, occurred_at) VALUES {}",
                rows.join(",")
            ))
            .await;
    }
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let healthy = world.services.db.clone();
    let commits = Arc::new(AtomicU64::new(0));
    world.services.db = healthy.clone().with_faults(move |call| {
        let bad = call == Call::Commit && commits.fetch_add(1, Ordering::SeqCst) % 3 == 2;
        bad.then_some(Fault::LoseAnswer)
    });
    for _ in 0..60 {
        let _ = job::run_due(&world.services).await;
        world.advance(minutes(10));
    }
    world.services.db = healthy;

    world.complete(&capability).await;

    let kept = kept(&world).await;
    let flood: Vec<_> = kept.iter().filter(|row| row.kind == "token_used").collect();
    assert_eq!(flood.len(), 1, "{kept:?}");
    assert_eq!((flood[0].events, flood[0].hours), (5_000, 1));
}

#[tokio::test]
async fn what_is_older_than_ninety_days_is_not_kept_and_what_is_kept_goes_on_its_day() {
    let (world, events) = busy_world().await;
    world
        .write(&format!(
            "UPDATE security_events SET occurred_at = occurred_at - {} WHERE kind = 'password_changed'",
            90 * DAY_MS
        ))
        .await;
    erase(&world).await;
    let rows = kept(&world).await;
    assert!(rows.iter().all(|row| row.kind == "sign_in"));
    let oldest = events
        .iter()
        .filter(|event| event.kind == "sign_in")
        .map(|event| event.at)
        .min()
        .unwrap();
    let ends = oldest - oldest % HOUR_MS + 90 * DAY_MS;

    world.advance(std::time::Duration::from_millis(
        (ends - 1 - world.now().as_millis()).unsigned_abs(),
    ));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(kept(&world).await.len(), 1);

    world.advance(std::time::Duration::from_millis(1));
    retention::sweep(&world.services).await.unwrap();
    assert!(kept(&world).await.is_empty());
}

#[tokio::test]
async fn somebody_who_leaves_alone_leaves_nothing_in_the_logs() {
    let (world, events) = busy_world().await;
    let member = events[0].person.clone();
    let hash = erasure::password::hash(crate::harness::PASSWORD.as_bytes(), b"0123456789abcdef");
    world
        .write(&format!(
            "UPDATE users SET password_hash = '{hash}' WHERE id = '{member}'"
        ))
        .await;
    let session = world.session_of(&format!("{member}@example.org")).await;

    let capability = world.confirm_deletion(&session).await;
    world.complete(&capability).await;

    assert!(kept(&world).await.is_empty());
    let left = format!("SELECT count(*) FROM security_events WHERE user_id = '{member}'");
    assert_eq!(world.number(&left).await, 0);
    assert!(
        world.number("SELECT count(*) FROM security_events").await > 0,
        "the others' stay"
    );
    world.advance(hours(1));
    world.settle().await;
}
