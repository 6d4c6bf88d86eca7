//! A WhatsApp identity is proved both ways, once, in time, and only by whoever has it.

use std::{sync::Arc, time::Duration};

use erasure::{
    graph::simulated::Outage,
    locale::Locale,
    network::Network,
    one_time_code::CodeError,
    person::{Identity, PhoneNumber},
    proof::{self, BeginError, Delivery, Proof, ReverseChallenge, SendCodeError},
    retention,
    webhook::Outcome,
};
use serde_json::{Value, json};

use crate::{
    harness::{OWN_NUMBER, World, hours, minutes},
    line::{Line, envelope, from, text},
};

const NUMBER: &str = "16505551234";
const ID: &str = "US.13491208655302741918";

impl World {
    async fn begin_reverse(&self, request: &str) -> ReverseChallenge {
        proof::begin_reverse(&self.services, request, &Network::unknown())
            .await
            .unwrap()
    }

    async fn send_proof_code(
        &self,
        request: &str,
        number: &str,
    ) -> Result<proof::CodeSent, SendCodeError> {
        let number = PhoneNumber::from_wa_id(number).unwrap();
        proof::send_code(
            &self.services,
            request,
            (&number, Locale::En),
            &Network::unknown(),
        )
        .await
    }

    async fn redeem(&self, request: &str, code: &str) -> Result<Vec<Proof>, CodeError> {
        proof::redeem_code(&self.services, request, code, &Network::unknown()).await
    }

    async fn proved(&self, request: &str) -> Vec<(Identity, Option<String>)> {
        let proofs = proof::proofs(&self.services, request).await.unwrap();
        proofs
            .into_iter()
            .map(|proof| (proof.identity, proof.via.map(|id| id.to_string())))
            .collect()
    }

    fn seconds(&self) -> i64 {
        self.now().as_millis() / 1_000
    }

    fn last_code(&self) -> String {
        self.graph.sent_codes().last().unwrap().code.clone()
    }
}

fn phone(digits: &str) -> Identity {
    Identity::stored("phone", digits).unwrap()
}

fn user_id(id: &str) -> Identity {
    Identity::stored("business_scoped_user_id", id).unwrap()
}

fn sent(challenge: &ReverseChallenge, wamid: &str, seconds: i64) -> Value {
    let message = text(NUMBER, wamid, seconds, &challenge.text(Locale::Fr));
    from(message, Some(NUMBER), Some(ID))
}

fn wrong(code: &str) -> String {
    format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000)
}

#[tokio::test]
async fn a_message_to_the_business_proves_its_sender_and_is_nobody_elses() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let challenge = world.begin_reverse("request-1").await;
    let before = world.everything_of(&line.organization).await;
    let body = line.told(&[sent(&challenge, "wamid.1", world.seconds())]);

    let tally = world.receive(&body).await;
    let again = world.receive(&body).await;

    assert_eq!((tally.of(Outcome::Proof), again.of(Outcome::Proof)), (1, 1));
    let via = Some(line.organization.clone());
    assert_eq!(
        world.proved("request-1").await,
        [(phone(NUMBER), via.clone()), (user_id(ID), via)]
    );
    assert_eq!(
        world.everything_of(&line.organization).await,
        before,
        "not stored as a message"
    );
    assert_eq!(
        world
            .number("SELECT count(*) FROM jobs WHERE kind = 'proof' AND done_at IS NULL")
            .await,
        1
    );
    world.settle().await;
}

#[tokio::test]
async fn whoever_hides_their_number_proves_their_id() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let challenge = world.begin_reverse("request-1").await;

    let message = from(sent(&challenge, "wamid.1", world.seconds()), None, Some(ID));
    world.receive(&line.told(&[message])).await;

    assert_eq!(
        world.proved("request-1").await,
        [(user_id(ID), Some(line.organization))]
    );
}

#[tokio::test]
async fn a_proof_links_what_the_business_knows_of_its_sender() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    world
        .receive(&line.told(&[text(NUMBER, "wamid.0", world.seconds(), "hello")]))
        .await;
    let challenge = world.begin_reverse("request-1").await;

    world
        .receive(&line.told(&[sent(&challenge, "wamid.1", world.seconds())]))
        .await;

    assert_eq!(
        line.contact(&world, ID).await,
        line.contact(&world, NUMBER).await
    );
    assert!(line.contact(&world, ID).await.is_some());
}

#[tokio::test]
async fn a_code_counts_when_it_was_sent_in_its_time_however_late_it_arrives() {
    for (sent_after, proves) in [(0, true), (899, true), (901, false)] {
        let world = World::with_organizations(1).await;
        let line = Line::of(&world, "org-1").await;
        let challenge = world.begin_reverse("request-1").await;
        let seconds = world.seconds() + sent_after;
        world.advance(hours(5));

        let tally = world
            .receive(&line.told(&[sent(&challenge, "wamid.1", seconds)]))
            .await;

        let outcome = if proves {
            Outcome::Proof
        } else {
            Outcome::Stored
        };
        assert_eq!(tally.of(outcome), 1, "{sent_after} s: {tally:?}");
        assert_eq!(
            world.proved("request-1").await.len(),
            if proves { 2 } else { 0 }
        );
    }
}

#[tokio::test]
async fn a_code_proves_the_first_sender_only() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let challenge = world.begin_reverse("request-1").await;
    world
        .receive(&line.told(&[sent(&challenge, "wamid.1", world.seconds())]))
        .await;

    let other = text("33698765432", "wamid.2", world.seconds(), &challenge.code());
    let tally = world.receive(&line.told(&[other])).await;

    assert_eq!(tally.of(Outcome::Proof), 1);
    assert_eq!(world.proved("request-1").await.len(), 2);
    assert_eq!(line.contact(&world, "33698765432").await, None);
}

#[tokio::test]
async fn a_made_up_code_is_an_ordinary_message() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    world.begin_reverse("request-1").await;

    let tally = world
        .receive(&line.told(&[text(NUMBER, "wamid.1", world.seconds(), "ABCD-1234")]))
        .await;

    assert_eq!(tally.of(Outcome::Stored), 1);
    assert_eq!(world.proved("request-1").await, []);
}

#[tokio::test]
async fn a_page_that_is_opened_again_shows_the_same_code() {
    let world = World::with_organizations(1).await;
    let first = world.begin_reverse("request-1").await;
    world.advance(minutes(9));
    let same = world.begin_reverse("request-1").await;
    let shown = proof::standing(&world.services, "request-1")
        .await
        .unwrap()
        .reverse;
    world.advance(minutes(2));
    let next = world.begin_reverse("request-1").await;

    assert_eq!((same, shown), (first.clone(), Some(first.clone())));
    assert_ne!(next.code(), first.code());
    assert_ne!(world.begin_reverse("request-2").await.code(), next.code());
}

#[tokio::test]
async fn codes_to_show_are_limited_by_request() {
    let world = World::with_organizations(1).await;
    let mut answers = Vec::new();
    for _ in 0..6 {
        let answer = proof::begin_reverse(&world.services, "request-1", &Network::unknown()).await;
        answers.push(answer.is_ok());
        world.write("DELETE FROM identity_challenges").await;
    }
    let last = proof::begin_reverse(&world.services, "request-1", &Network::unknown()).await;

    assert_eq!(answers, [true, true, true, true, true, false]);
    assert!(matches!(last, Err(BeginError::TooManyTries { .. })));
}

#[tokio::test]
async fn our_own_number_hears_proofs_and_keeps_nothing_else() {
    let world = World::with_organizations(1).await;
    let challenge = world.begin_reverse("request-1").await;
    let told = |message: Value| {
        let value = json!({ "metadata": { "phone_number_id": OWN_NUMBER }, "messages": [message] });
        envelope("1", "messages", &value)
    };

    let proved = world
        .receive(&told(sent(&challenge, "wamid.1", world.seconds())))
        .await;
    let chat = world
        .receive(&told(text(NUMBER, "wamid.2", world.seconds(), "hello?")))
        .await;

    assert_eq!(
        (proved.of(Outcome::Proof), chat.of(Outcome::NotKnown)),
        (1, 1)
    );
    // An id means something to the business only that it was made for.
    assert_eq!(world.proved("request-1").await, [(phone(NUMBER), None)]);
    assert_eq!(
        world
            .number(&format!(
                "SELECT count(*) FROM contact_identities WHERE value = '{NUMBER}'"
            ))
            .await,
        0
    );
}

#[tokio::test]
async fn a_code_that_was_sent_proves_the_number_it_reached() {
    let world = World::with_organizations(1).await;

    let sent = world.send_proof_code("request-1", NUMBER).await.unwrap();
    let standing = proof::standing(&world.services, "request-1").await.unwrap();
    let proofs = world.redeem("request-1", &world.last_code()).await.unwrap();

    assert_eq!(
        (sent.to.as_str(), sent.delivery),
        ("+1 … 34", Delivery::Accepted)
    );
    assert_eq!(standing.code, Some(sent));
    assert_eq!(proofs.len(), 1);
    assert_eq!(world.proved("request-1").await, [(phone(NUMBER), None)]);
    let code = world.graph.sent_codes().remove(0);
    assert_eq!(
        (code.to.as_str(), code.language.as_str()),
        (NUMBER, "en_US")
    );
    world.settle().await;
}

#[tokio::test]
async fn a_code_works_until_its_last_second_for_its_request_and_once() {
    for (age, works) in [(599, true), (600, false)] {
        let world = World::with_organizations(1).await;
        world.send_proof_code("request-1", NUMBER).await.unwrap();
        let code = world.last_code();
        world.advance(Duration::from_secs(age));

        assert!(matches!(
            world.redeem("request-2", &code).await,
            Err(CodeError::Expired)
        ));
        assert!(matches!(
            world.redeem("request-1", "1234").await,
            Err(CodeError::Malformed)
        ));
        assert_eq!(
            world
                .redeem("request-1", &format!(" {code} "))
                .await
                .is_ok(),
            works,
            "{age}"
        );
        assert!(matches!(
            world.redeem("request-1", &code).await,
            Err(CodeError::Expired)
        ));
    }
}

#[tokio::test]
async fn a_hundred_right_codes_at_once_prove_once() {
    let world = Arc::new(World::with_organizations(1).await);
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    let code = world.last_code();

    let tries: Vec<_> = (0..100)
        .map(|_| {
            let (world, code) = (Arc::clone(&world), code.clone());
            tokio::spawn(async move { world.redeem("request-1", &code).await.is_ok() })
        })
        .collect();
    let mut proved = 0;
    for one in tries {
        proved += u32::from(one.await.unwrap());
    }

    assert_eq!(proved, 1);
    assert_eq!(
        world.number("SELECT count(*) FROM identity_proofs").await,
        1
    );
}

#[tokio::test]
async fn five_wrong_tries_kill_a_code_and_ten_a_numbers_day() {
    let world = World::with_organizations(1).await;
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    let code = world.last_code();
    for left in [4, 3, 2, 1, 0] {
        let answer = world.redeem("request-1", &wrong(&code)).await;
        assert!(
            matches!(answer, Err(CodeError::Wrong { tries_left }) if tries_left == left),
            "{answer:?}"
        );
    }
    assert!(matches!(
        world.redeem("request-1", &code).await,
        Err(CodeError::Expired)
    ));

    // Another request for the same number goes on counting.
    world.send_proof_code("request-2", NUMBER).await.unwrap();
    let code = world.last_code();
    let mut limited = false;
    for _ in 0..5 {
        let answer = world.redeem("request-2", &wrong(&code)).await;
        limited |= matches!(answer, Err(CodeError::TooManyTries { .. }));
    }

    assert!(limited);
    assert!(matches!(
        world.redeem("request-2", &code).await,
        Err(CodeError::TooManyTries { .. })
    ));
}

#[tokio::test]
async fn the_next_code_kills_the_one_before_and_has_to_wait_a_moment() {
    let world = World::with_organizations(1).await;
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    let first = world.last_code();

    let hasty = world.send_proof_code("request-1", NUMBER).await;
    assert!(
        matches!(hasty, Err(SendCodeError::TooSoon { retry_at }) if retry_at == world.now() + Duration::from_secs(30))
    );

    world.advance(Duration::from_secs(30));
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    assert!(matches!(
        world.redeem("request-1", &first).await,
        Err(CodeError::Wrong { .. })
    ));
    assert!(world.redeem("request-1", &world.last_code()).await.is_ok());
}

#[tokio::test]
async fn nobody_is_bothered_with_more_than_a_few_codes() {
    let world = World::with_organizations(1).await;
    for number in 0..3 {
        world
            .send_proof_code(&format!("request-{number}"), "5511987654321")
            .await
            .unwrap();
    }

    // The same telephone, typed in its other form, for another request.
    let fourth = world.send_proof_code("request-4", "551187654321").await;
    let neighbour = world.send_proof_code("request-5", NUMBER).await;

    assert!(
        matches!(fourth, Err(SendCodeError::TooManyTries { .. })),
        "{fourth:?}"
    );
    assert!(neighbour.is_ok());
    assert_eq!(world.graph.sent_codes().len(), 4);
    // The other way stays open, whoever used the allowance up.
    assert!(
        proof::begin_reverse(&world.services, "request-4", &Network::unknown())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn known_and_unknown_numbers_get_the_same_answer() {
    let world = World::with_organizations(1).await;
    let known = world
        .text("SELECT value FROM contact_identities WHERE kind = 'phone' LIMIT 1")
        .await;
    let mut answers = Vec::new();
    for (request, number) in [("request-1", known.as_str()), ("request-2", NUMBER)] {
        let mut sent = world.send_proof_code(request, number).await.unwrap();
        sent.to.clear();
        let code = wrong(&world.last_code());
        let refused = world.redeem(request, &code).await.unwrap_err();
        answers.push((sent, refused.to_string()));
    }

    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn what_meta_says_of_a_send_decides_whether_there_is_a_code_to_type() {
    let world = World::with_organizations(1).await;
    world.graph.set_unreachable(NUMBER);
    let undeliverable = world.send_proof_code("request-1", NUMBER).await;
    world.graph.set_outage(Outage::RateLimited);
    let limited = world.send_proof_code("request-2", "33612345678").await;
    world.graph.set_outage(Outage::None);
    world.advance(hours(1));
    world.graph.set_outage(Outage::AnswersLost);
    let uncertain = world
        .send_proof_code("request-3", "33612345678")
        .await
        .unwrap();

    assert!(
        matches!(undeliverable, Err(SendCodeError::Undeliverable)),
        "{undeliverable:?}"
    );
    assert!(
        matches!(limited, Err(SendCodeError::Unavailable)),
        "{limited:?}"
    );
    assert_eq!(uncertain.delivery, Delivery::Unknown);
    assert_eq!(
        world
            .number("SELECT count(*) FROM identity_challenges")
            .await,
        1
    );
    // It may have arrived, and then it is as good as any.
    assert!(world.redeem("request-3", &world.last_code()).await.is_ok());
}

#[tokio::test]
async fn meta_tells_whether_a_code_arrived() {
    let world = World::with_organizations(1).await;
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    let reference = world.graph.sent_codes()[0].reference.clone();
    let news = |status: &str| {
        let status = json!({ "id": "wamid.x", "status": status, "recipient_id": NUMBER, "biz_opaque_callback_data": reference });
        let value = json!({ "metadata": { "phone_number_id": OWN_NUMBER }, "statuses": [status] });
        envelope("1", "messages", &value)
    };

    for (status, delivery) in [
        ("sent", Delivery::Accepted),
        ("failed", Delivery::Failed),
        ("delivered", Delivery::Delivered),
        ("failed", Delivery::Delivered),
    ] {
        world.receive(&news(status)).await;
        let standing = proof::standing(&world.services, "request-1").await.unwrap();
        assert_eq!(standing.code.unwrap().delivery, delivery, "{status}");
    }
}

#[tokio::test]
async fn neither_codes_nor_numbers_stand_in_the_database_and_all_of_it_ends() {
    let world = World::with_organizations(1).await;
    let challenge = world.begin_reverse("request-1").await;
    world.send_proof_code("request-1", NUMBER).await.unwrap();
    for secret in [
        challenge.code(),
        challenge.code().replace('-', ""),
        world.last_code(),
        NUMBER.to_owned(),
    ] {
        assert_eq!(world.bytes_left(&secret).await, 0, "{secret}");
    }
    world.redeem("request-1", &world.last_code()).await.unwrap();
    world.advance(minutes(20));
    retention::sweep(&world.services).await.unwrap();
    let open = "SELECT count(*) FROM identity_challenges WHERE code_sealed IS NOT NULL OR number_sealed IS NOT NULL OR wa_id_sealed IS NOT NULL";
    assert_eq!(world.number(open).await, 0);

    world.advance(hours(24 * 9));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        world
            .number("SELECT count(*) FROM identity_challenges")
            .await,
        0
    );
    assert_eq!(world.proved("request-1").await.len(), 1);
    world.advance(hours(24 * 30));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        world.number("SELECT count(*) FROM identity_proofs").await,
        0
    );
}

#[tokio::test]
async fn a_proof_to_a_business_that_is_being_erased_is_dropped_with_the_rest() {
    let world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let challenge = world.begin_reverse("request-1").await;
    let owner = world.owner("org-1").await;
    world.confirm_deletion(&owner).await;

    let tally = world
        .receive(&line.told(&[sent(&challenge, "wamid.1", world.seconds())]))
        .await;

    assert_eq!(tally.of(Outcome::Fenced), 1);
    assert_eq!(world.proved("request-1").await, []);
}
