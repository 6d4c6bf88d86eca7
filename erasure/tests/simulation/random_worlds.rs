//! Random deeds among random faults, a world for each seed.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use erasure::{
    account, contact,
    db::faults::{Call, Fault},
    graph::simulated::Outage,
    job,
    mail::MailError,
    person::Identity,
    random::{ChaChaRandom, Random},
};
use tokio::sync::Notify;

use crate::{
    harness::World,
    invariants::{Someone, calm_down, hold},
    template::small_world,
};

/// How many worlds a run of the tests goes through.
const SEEDS: u64 = 1_000;

/// What chance decides.
#[derive(Clone)]
struct Dice(Arc<Mutex<ChaChaRandom>>);

impl Dice {
    fn of(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaChaRandom::from_number(seed))))
    }

    fn roll(&self, sides: u32) -> u32 {
        let random: &dyn Random = &*self.0.lock().unwrap();
        random.below(sides)
    }
}

/// One deed after another, and what they were about.
struct Run {
    world: World,
    dice: Dice,
    people: &'static [Someone],
    asked: Vec<String>,
    deeds: Vec<String>,
}

impl Run {
    async fn deed(&mut self) {
        match self.dice.roll(10) {
            0..=1 => self.ask().await,
            2..=3 => self.ask_for_a_contact().await,
            4..=6 => self.work().await,
            7 => self.weather(),
            _ => {
                let minutes = 1 + u64::from(self.dice.roll(90));
                self.deeds.push(format!("{minutes} minutes pass"));
                self.world.advance(Duration::from_mins(minutes));
            }
        }
    }

    /// An operator asks for one contact of any organization.
    async fn ask_for_a_contact(&mut self) {
        let services = self.failing(30);
        let sides = u32::try_from(self.people.len()).unwrap();
        let someone = &self.people[usize::try_from(self.dice.roll(sides)).unwrap()];
        let known_by = Identity::stored("phone", &someone.phone).unwrap();
        let answer = contact::erase_as_operator(&services, &someone.slug, &known_by).await;
        let slug = &someone.slug;
        self.deeds
            .push(format!("erase a contact of {slug}: {}", answer.is_ok()));
    }

    /// An operator asks for one of the first two organizations; the third is nobody's business.
    async fn ask(&mut self) {
        let slug = format!("org-{}", 1 + self.dice.roll(2));
        let id = format!("SELECT id FROM organizations WHERE slug = '{slug}'");
        self.asked.extend(self.world.texts(&id).await);
        let services = self.failing(30);
        let answer = account::erase_as_operator(&services, &slug).await;
        self.deeds.push(format!("erase {slug}: {}", answer.is_ok()));
    }

    /// A worker works until nothing is due, it fails, or its machine is gone.
    async fn work(&mut self) {
        let hung = Arc::new(Notify::new());
        let services = self.failing_or_hanging(150, &hung);
        let ended = tokio::select! {
            worked = job::run_due(&services) => format!("work: {}", worked.is_ok()),
            () = hung.notified() => "a worker is gone".to_owned(),
        };
        self.deeds.push(ended);
    }

    fn weather(&mut self) {
        let outage = match self.dice.roll(4) {
            0 => Outage::Down,
            1 => Outage::TokenRevoked,
            _ => Outage::None,
        };
        let mail = (self.dice.roll(3) == 0).then_some(MailError::Later("down"));
        self.deeds.push(format!("weather: {outage:?}, {mail:?}"));
        self.world.graph.set_outage(outage);
        self.world.mail.fail_with(mail);
    }

    /// Services whose database fails about once in so many calls.
    fn failing(&self, once_in: u32) -> erasure::services::Services {
        let dice = self.dice.clone();
        self.with_faults(move |_| (dice.roll(once_in) == 0).then_some(Fault::Refuse))
    }

    fn failing_or_hanging(&self, once_in: u32, hung: &Arc<Notify>) -> erasure::services::Services {
        let (dice, hung) = (self.dice.clone(), Arc::clone(hung));
        self.with_faults(move |_| {
            if dice.roll(once_in) != 0 {
                return None;
            }
            Some(match dice.roll(4) {
                0 => {
                    hung.notify_one();
                    Fault::Hang
                }
                1 => Fault::LoseAnswer,
                _ => Fault::Refuse,
            })
        })
    }

    fn with_faults(
        &self,
        oracle: impl Fn(Call) -> Option<Fault> + Send + Sync + 'static,
    ) -> erasure::services::Services {
        let mut services = self.world.services.clone();
        services.db = services.db.with_faults(oracle);
        services
    }
}

async fn simulate(seed: u64) {
    let (world, template) = small_world().await;
    let mut run = Run {
        people: &template.before.people,
        world,
        dice: Dice::of(seed),
        asked: vec![],
        deeds: vec![],
    };
    for _ in 0..5 + run.dice.roll(8) {
        run.deed().await;
    }
    run.world.graph.set_outage(Outage::None);
    run.world.mail.fail_with(None);

    let Run {
        world,
        asked,
        deeds,
        ..
    } = run;
    let checked = tokio::spawn(async move {
        calm_down(&world).await;
        hold(&world, &template.before, &asked).await;
    });
    assert!(
        checked.await.is_ok(),
        "seed {seed} broke an invariant; alone: QLIENTO_SIMULATION_SEED={seed} cargo test -p erasure --test simulation\n{}",
        deeds.join("\n")
    );
}

/// The seeds of this run, or the one that was asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests chooses the seeds"
)]
fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().unwrap());
    match number("QLIENTO_SIMULATION_SEED") {
        Some(one) => one..one + 1,
        None => 0..number("QLIENTO_SIMULATION_SEEDS").unwrap_or(SEEDS),
    }
}

/// Two halves, so that two cores have something to do.
async fn every_second(first: u64) {
    for seed in seeds().filter(|seed| seed % 2 == first) {
        simulate(seed).await;
    }
}

#[tokio::test]
async fn a_random_world_keeps_every_promise_whatever_fails_even_seeds() {
    every_second(0).await;
}

#[tokio::test]
async fn a_random_world_keeps_every_promise_whatever_fails_odd_seeds() {
    every_second(1).await;
}
