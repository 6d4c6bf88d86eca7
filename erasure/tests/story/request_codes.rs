//! The code that shows that an address is somebody's own: what it costs to be wrong, and that nobody pays for another.

use erasure::{
    one_time_code::CodeError,
    request::{
        Role,
        proof::{SendCodeError, VerifyError},
        submit::{self, Once},
    },
};

use crate::{
    asking::{NOBODY, ask, mailbox, network},
    harness::{World, minutes},
};

#[tokio::test]
async fn a_wrong_code_costs_a_try_and_ten_of_them_end_the_request() {
    let world = World::with_organizations(1).await;
    let submitted = world.asks_by_mail(NOBODY).await;
    let wrong = |code: &str| {
        let code: u64 = code.replace(' ', "").parse().unwrap();
        format!("{:08}", (code + 1) % 100_000_000)
    };

    for left in (0..5).rev() {
        let code = wrong(&world.verification_code(NOBODY));
        let answer = world.verify(&submitted.capability, &code).await;
        assert!(
            matches!(answer, Err(VerifyError::Code(CodeError::Wrong { tries_left })) if tries_left == left),
            "{answer:?}"
        );
    }
    let right = world.verification_code(NOBODY);
    let dead = world.verify(&submitted.capability, &right).await;
    assert!(
        matches!(dead, Err(VerifyError::Code(CodeError::Expired))),
        "{dead:?}"
    );

    world.advance(minutes(1));
    world
        .ask_for_code(&submitted.capability, &network(1))
        .await
        .unwrap();
    for _ in 0..5 {
        world.advance(minutes(1));
        let code = wrong(&world.verification_code(NOBODY));
        let _ = world.verify(&submitted.capability, &code).await;
    }
    world.advance(minutes(1));
    let spent = world.ask_for_code(&submitted.capability, &network(1)).await;
    assert!(matches!(spent, Err(SendCodeError::Spent)), "{spent:?}");
}

#[tokio::test]
async fn a_code_works_ten_minutes_once_and_for_its_own_request() {
    let world = World::with_organizations(1).await;
    let one = world.asks_by_mail(NOBODY).await;
    let ones = world.verification_code(NOBODY);
    let other = world.asks_by_mail(NOBODY).await;

    let crossed = world.verify(&other.capability, &ones).await;
    assert!(
        matches!(crossed, Err(VerifyError::Code(CodeError::Wrong { .. }))),
        "{crossed:?}"
    );
    world.advance(minutes(10));
    let late = world.verify(&one.capability, &ones).await;
    assert!(
        matches!(late, Err(VerifyError::Code(CodeError::Expired))),
        "{late:?}"
    );
    for typed in ["", "1234567", "abcdefgh"] {
        let answer = world.verify(&one.capability, typed).await;
        assert!(
            matches!(answer, Err(VerifyError::Code(CodeError::Malformed))),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_hundred_right_codes_at_once_prove_once() {
    let world = World::with_organizations(1).await;
    let submitted = world.asks_by_mail(NOBODY).await;
    let code = world.verification_code(NOBODY);
    let proofs = (0..100).map(|_| world.verify(&submitted.capability, &code));

    let answers = futures_of(proofs).await;

    assert!(answers.iter().any(Result::is_ok));
    let events = "SELECT count(*) FROM request_events WHERE what = 'proven'";
    assert_eq!(world.number(events).await, 1);
    assert_eq!(
        world
            .number("SELECT count(*) FROM jobs WHERE kind = 'request'")
            .await,
        1
    );
}

async fn futures_of<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut answers = Vec::new();
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        pending.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    answers
}

#[tokio::test]
async fn whoever_floods_an_address_uses_up_only_their_own_allowance() {
    let world = World::with_organizations(1).await;
    let attackers = network(66);
    let asked = ask(Role::AccountHolder, mailbox(NOBODY));
    for _ in 0..12 {
        let flood = submit::submit(&world.services, &asked, Once::Never, &attackers).await;
        assert!(flood.is_ok(), "a request costs nobody anything");
        world.advance(minutes(1));
    }
    let mailed = world.letters_to(NOBODY).len();
    assert!(mailed < 8, "{mailed} letters from one place");

    let victim = submit::submit(
        &world.services,
        &ask(Role::AccountHolder, mailbox(NOBODY)),
        Once::Never,
        &network(1),
    )
    .await
    .unwrap();

    let code = world.verification_code(NOBODY);
    assert!(world.verify(&victim.capability, &code).await.is_ok());
}
