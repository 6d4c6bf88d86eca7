//! Letters that belong together become one request, and those that do not, do not.

use erasure::{
    intake::{self, Incoming, Reason, Taken},
    network::Network,
    request::{Role, by_mail, status},
};

use super::{letter, named, secret};
use crate::{
    asking::{NOBODY, ask, days, mailbox},
    harness::{World, hours},
};

#[tokio::test]
async fn a_letter_that_comes_twice_is_taken_once() {
    let world = World::with_organizations(1).await;
    let (with_name, without) = (named(NOBODY, "1@x"), letter("other@example.fr", ""));
    let incoming = Incoming::new(&with_name, world.now());
    let take = async || intake::take(&world.services, &incoming).await.unwrap();

    let (first, second) = tokio::join!(take(), take());
    let third = take().await;
    assert_eq!(world.takes(&without).await, Taken::Opened);
    assert_eq!(world.takes(&without).await, Taken::Again);

    let mut both = [first.as_str(), second.as_str()];
    both.sort_unstable();
    assert_eq!(both, ["again", "opened"]);
    assert_eq!(third, Taken::Again);
    assert_eq!(world.originals().await, 2);
    assert_eq!(world.letters_to(NOBODY).len(), 1);
}

#[tokio::test]
async fn two_letters_at_once_are_one_request_and_one_answer() {
    let world = World::with_organizations(1).await;
    for pair in 0..5 {
        let from = format!("sender{pair}@example.fr");
        let (one, two) = (
            named(&from, &format!("{pair}@x")),
            named(&from, &format!("{pair}@y")),
        );
        let take = async |raw: &[u8]| {
            let incoming = Incoming::new(raw, world.now());
            intake::take(&world.services, &incoming).await.unwrap()
        };

        let (first, second) = tokio::join!(take(&one), take(&two));

        let mut both = [first.as_str(), second.as_str()];
        both.sort_unstable();
        assert_eq!(both, ["joined", "opened"]);
        world.work().await;
        assert_eq!(world.letters_to(&from).len(), 1);
    }
    assert_eq!((world.requests().await, world.originals().await), (5, 10));
}

#[tokio::test]
async fn an_answer_joins_its_request_and_is_answered_once_a_day() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;
    let ours = world.letters_to(NOBODY).pop().unwrap().message_id;
    let answer = |id: &str| {
        letter(
            NOBODY,
            &format!("Message-ID: <{id}>\nIn-Reply-To: <{ours}>\n"),
        )
    };

    assert_eq!(world.takes(&answer("2@x")).await, Taken::Joined);
    assert_eq!(world.takes(&named(NOBODY, "3@x")).await, Taken::Joined);
    let referring = letter(NOBODY, "Message-ID: <4@x>\nReferences: <nothing@x> <2@x>\n");
    assert_eq!(world.takes(&referring).await, Taken::Joined);
    assert_eq!(world.letters_to(NOBODY).len(), 1);
    world.advance(hours(24));
    assert_eq!(world.takes(&answer("5@x")).await, Taken::Joined);

    assert_eq!((world.requests().await, world.originals().await), (1, 5));
    let letters = world.letters_to(NOBODY);
    assert_eq!(letters.len(), 2, "the link once more");
    assert!(secret(&letters[0]) == secret(&letters[1]));
    let noted = "SELECT count(*) FROM request_events WHERE what = 'mail'";
    assert_eq!(world.number(noted).await, 5);
}

#[tokio::test]
async fn who_only_knows_the_thread_gets_no_link() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;

    let outsider = letter("eve@example.org", "Message-ID: <2@x>\nIn-Reply-To: <1@x>\n");
    assert_eq!(world.takes(&outsider).await, Taken::Joined);
    world.advance(days(1));
    let again = letter("eve@example.org", "Message-ID: <3@x>\nIn-Reply-To: <1@x>\n");
    world.takes(&again).await;

    assert!(world.letters_to("eve@example.org").is_empty());
    assert_eq!(world.letters_to(NOBODY).len(), 1);
}

#[tokio::test]
async fn a_letter_about_a_stated_request_joins_it_and_one_about_a_closed_one_begins_anew() {
    let world = World::with_organizations(1).await;
    world.takes(&named(NOBODY, "1@x")).await;
    let capability = world.link_of(NOBODY);
    let asked = ask(Role::AccountHolder, mailbox(NOBODY));
    by_mail::state(&world.services, &capability, &asked, &Network::unknown())
        .await
        .unwrap();
    world.advance(days(1));

    let thanks = letter(NOBODY, "Message-ID: <2@x>\nIn-Reply-To: <1@x>\n");
    assert_eq!(world.takes(&thanks).await, Taken::Joined);
    assert_eq!(
        world.takes(&named(NOBODY, "3@x")).await,
        Taken::Opened,
        "a letter of its own may be about somebody else"
    );
    status::withdraw(&world.services, &capability)
        .await
        .unwrap();
    let late = letter(NOBODY, "Message-ID: <4@x>\nIn-Reply-To: <1@x>\n");
    assert_eq!(
        world.takes(&late).await,
        Taken::Joined,
        "the one that waits for its questions"
    );
    let other = letter(
        "other@example.fr",
        "Message-ID: <5@x>\nIn-Reply-To: <1@x>\n",
    );
    assert_eq!(world.takes(&other).await, Taken::Opened);
    assert_eq!(world.requests().await, 3);
}

#[tokio::test]
async fn a_reply_to_a_letter_about_a_form_joins_that_request() {
    let world = World::with_organizations(1).await;
    let submitted = world.asks_by_mail(NOBODY).await;
    let code = world.letters_to(NOBODY).pop().unwrap().message_id;

    let reply = letter(
        NOBODY,
        &format!("Message-ID: <1@x>\nIn-Reply-To: <{code}>\n"),
    );

    assert_eq!(world.takes(&reply).await, Taken::Joined);
    assert_eq!(world.originals().await, 1);
    status::withdraw(&world.services, &submitted.capability)
        .await
        .unwrap();
    assert_eq!(world.originals().await, 0);
}

#[tokio::test]
async fn who_writes_without_end_is_heard_twenty_times() {
    let world = World::with_organizations(1).await;
    for one in 0..20 {
        world.takes(&named(NOBODY, &format!("{one}@x"))).await;
    }

    let last = world.takes(&named(NOBODY, "20@x")).await;

    assert_eq!(last, Taken::Ignored(Reason::Enough));
    assert_eq!(world.originals().await, 20);
}
