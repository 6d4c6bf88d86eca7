//! Nobody learns from any answer whether an address or a number is in the database: before the proof nothing is looked up, so
//! answers, their sizes and the work behind them are the same for somebody known and for nobody.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use erasure::{
    db::faults::Call,
    network::Network,
    one_time_code::CodeError,
    person::Identity,
    request::{
        Role,
        proof::{self, SendCodeError, VerifyError},
        status,
        submit::{self, Once, Submitted},
    },
    services::Services,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::{
    asking::{ask, days, mailbox, network, number},
    harness::{World, minutes},
};

/// What somebody may try.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Submit,
    AskForCode,
    TryCode,
    TryNoCode,
    Look,
    AskForLink,
    TakeBack,
    Wait(u64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = prop_oneof![
        3 => Just(Deed::Submit),
        3 => Just(Deed::AskForCode),
        3 => Just(Deed::TryCode),
        1 => Just(Deed::TryNoCode),
        3 => Just(Deed::Look),
        2 => Just(Deed::AskForLink),
        1 => Just(Deed::TakeBack),
        3 => (1_u64..90).prop_map(Deed::Wait),
    ];
    prop::collection::vec(one, 3..14)
}

/// Somebody at work, and everything that they can see or measure.
struct Stranger {
    services: Services,
    calls: Arc<Mutex<Vec<Call>>>,
    identity: Identity,
    /// A network of their own: they do not use up each other's allowance.
    from: Network,
    request: Option<Submitted>,
    seen: Vec<String>,
}

impl Stranger {
    fn who_names(world: &World, identity: Identity, from: Network) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (mut services, counted) = (world.services.clone(), Arc::clone(&calls));
        services.db = services.db.with_faults(move |call| {
            counted.lock().unwrap().push(call);
            None
        });
        Self {
            services,
            calls,
            identity,
            from,
            request: None,
            seen: vec![],
        }
    }

    async fn act(&mut self, deed: Deed) {
        let from = self.from.clone();
        let answer = match (deed, self.request.clone()) {
            (Deed::Submit, _) => self.submit().await,
            (Deed::Wait(_), _) | (_, None) => String::new(),
            (Deed::AskForCode, Some(request)) => {
                let sent = proof::send_code(&self.services, &request.capability, &from).await;
                match sent {
                    Ok(code) => format!("sent {} {}", code.expires_at, code.resend_at),
                    Err(SendCodeError::Internal(error)) => panic!("{error}"),
                    Err(error) => format!("{error:?}"),
                }
            }
            (Deed::TryCode, Some(request)) => self.verify(&request, "00000000").await,
            (Deed::TryNoCode, Some(request)) => self.verify(&request, "no code").await,
            (Deed::Look, Some(request)) => {
                let status = status::find(&self.services, &request.capability)
                    .await
                    .unwrap();
                serde_json::to_string(&status).unwrap()
            }
            (Deed::AskForLink, Some(request)) => {
                let guessed = "guess@example.fr".parse().unwrap();
                let asked = status::mail_link(&self.services, &request.reference, &guessed, &from);
                format!("{:?}", asked.await.unwrap())
            }
            (Deed::TakeBack, Some(request)) => {
                let taken = status::withdraw(&self.services, &request.capability).await;
                format!("{taken:?}")
            }
        };
        let work = std::mem::take(&mut *self.calls.lock().unwrap());
        let answer = self.without_names(&answer);
        self.seen.push(format!("{deed:?}: {answer} by {work:?}"));
    }

    async fn submit(&mut self) -> String {
        let role = match self.identity {
            Identity::Email(_) => Role::AccountHolder,
            Identity::Phone(_) | Identity::BusinessScopedUserId(_) => Role::EndUser,
        };
        let asked = ask(role, self.identity.clone());
        match submit::submit(&self.services, &asked, Once::Never, &self.from).await {
            Ok(submitted) => {
                let told = format!("{} {}", submitted.received_at, submitted.due_at);
                self.request = Some(submitted);
                told
            }
            Err(error) => format!("{error:?}"),
        }
    }

    async fn verify(&self, request: &Submitted, typed: &str) -> String {
        match proof::verify(&self.services, &request.capability, typed, &self.from).await {
            Ok(()) => panic!("a guess proved something"),
            Err(VerifyError::Code(CodeError::Internal(error))) => panic!("{error}"),
            Err(error) => format!("{error:?}"),
        }
    }

    /// What is random or was typed says nothing about what is stored.
    fn without_names(&self, text: &str) -> String {
        let Some(request) = &self.request else {
            return text.to_owned();
        };
        let masked = self.identity.masked().unwrap();
        text.replace(&request.reference, "REFERENCE")
            .replace(request.capability.expose(), "SECRET")
            .replace(&masked, "MASKED")
    }
}

async fn compare(world: &World, known: Identity, unknown: Identity, deeds: &[Deed]) {
    let mut strangers = [(known, 7), (unknown, 8)]
        .map(|(one, from)| Stranger::who_names(world, one, network(from)));
    for deed in deeds {
        for stranger in &mut strangers {
            stranger.act(*deed).await;
        }
        if let Deed::Wait(span) = deed {
            world.advance(minutes(*span));
        }
    }

    let [known, unknown] = strangers;
    let mut told = String::new();
    for deed in deeds {
        let _ = write!(told, "{deed:?} ");
    }
    assert_eq!(known.seen, unknown.seen, "{told}");
    world.advance(days(2));
}

#[tokio::test]
async fn no_sequence_of_deeds_tells_a_known_address_from_an_unknown_one() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    // The first request of a deployment makes the key for all.
    world.asks_by_mail("first@example.fr").await;
    let mut runner = TestRunner::deterministic();

    for _ in 0..40 {
        let deeds = deeds().new_tree(&mut runner).unwrap().current();
        Box::pin(compare(
            &world,
            mailbox(&owner),
            mailbox("nobody@example.fr"),
            &deeds,
        ))
        .await;
    }
}

#[tokio::test]
async fn no_sequence_of_deeds_tells_a_known_number_from_an_unknown_one() {
    let world = World::with_organizations(1).await;
    let known = world
        .text("SELECT value FROM contact_identities WHERE kind = 'phone' ORDER BY value LIMIT 1")
        .await;
    world.asks_by_mail("first@example.fr").await;
    let mut runner = TestRunner::deterministic();

    for _ in 0..40 {
        let deeds = deeds().new_tree(&mut runner).unwrap().current();
        Box::pin(compare(
            &world,
            number(&known),
            number("33699999999"),
            &deeds,
        ))
        .await;
    }
}

#[tokio::test]
async fn the_letters_before_the_proof_are_the_same_for_everybody() {
    let world = World::with_organizations(1).await;
    let owner = world.person("org-1", "owner").await;
    let mut letters = Vec::new();

    for address in [owner.as_str(), "nobody@example.fr"] {
        let submitted = world.asks_by_mail(address).await;
        let mine = world.letters_to(address);
        assert_eq!(mine.len(), 1);
        let code = world.verification_code(address);
        let text = format!("{} {} {}", mine[0].subject, mine[0].text, mine[0].html);
        let text = text
            .replace(&submitted.reference, "REFERENCE")
            .replace(&code, "CODE");
        letters.push(text);
    }

    assert_eq!(letters[0], letters[1]);
}
