//! A world with an organization for each place, so that many bad moments share one database.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use erasure::{
    account, contact,
    db::Backend,
    engine::failpoint,
    person::Identity,
    seed::{self, SeedOptions},
};
use fail::FailScenario;

use crate::{
    harness::World,
    invariants::{Before, calm_down, hold},
};

/// A place and the organization that is erased there.
pub(crate) struct Case {
    pub(crate) place: String,
    slug: String,
}

impl Case {
    /// Copies of somebody's number are looked for only when one contact is erased, not a whole organization.
    fn is_of_contact(&self) -> bool {
        self.place.starts_with("mentions::")
    }

    /// The moment in the step, without its stage.
    pub(crate) fn moment(&self) -> &str {
        self.place.rsplit(':').next().unwrap()
    }

    /// Lets this happen when a worker comes to the place for the first time; the answer says whether one came.
    pub(crate) fn when_reached(&self, what: impl Fn() + Send + Sync + 'static) -> Arc<AtomicBool> {
        let reached = Arc::new(AtomicBool::new(false));
        let first = Arc::clone(&reached);
        fail::cfg_callback(&self.place, move || {
            if !first.swap(true, Ordering::SeqCst) {
                what();
            }
        })
        .unwrap();
        reached
    }
}

pub(crate) struct Field {
    pub(crate) world: World,
    before: Before,
    asked: Vec<String>,
    begun: i64,
    _scenario: FailScenario<'static>,
}

impl Field {
    /// An organization for each place, and two that nobody asks for.
    pub(crate) async fn new() -> Self {
        assert!(
            fail::has_failpoints(),
            "build these tests together with those of `server`"
        );
        let scenario = FailScenario::setup();
        let world = World::empty().await;
        let options = SeedOptions {
            organizations: u32::try_from(failpoint::places().len()).unwrap() + 2,
            messages: 4,
            seed: 5,
            marker: None,
        };
        seed::run(&world.services, &options, &mut |_| {})
            .await
            .unwrap();
        Self {
            before: Before::of(&world).await,
            world,
            asked: vec![],
            begun: 0,
            _scenario: scenario,
        }
    }

    /// The places, each with an organization of its own. On a server, where each erasure rewrites its storage, the tests
    /// share them: each has every fifth place, another one than the others.
    pub(crate) fn cases(&self, share: usize) -> Vec<Case> {
        let all_of_them = self.world.services.db.backend() == Backend::Sqlite;
        let case = |(number, place)| Case {
            place,
            slug: format!("org-{number}"),
        };
        (1..)
            .zip(failpoint::places())
            .filter(|(number, _)| all_of_them || number % 5 == share)
            .map(case)
            .collect()
    }

    /// Begins the erasure of this case.
    pub(crate) async fn ask(&mut self, case: &Case) {
        let services = &self.world.services;
        self.begun += 1;
        if case.is_of_contact() {
            let mut people = self.before.people.iter();
            let someone = people.find(|someone| someone.slug == case.slug).unwrap();
            let known_by = Identity::stored("phone", &someone.phone).unwrap();
            let begun = contact::erase_as_operator(services, &case.slug, &known_by).await;
            begun.unwrap();
        } else {
            self.asked.push(self.world.organization(&case.slug).await);
            let begun = account::erase_as_operator(services, &case.slug).await;
            begun.unwrap();
        }
    }

    /// Takes the fault away; the job must come to its end by itself.
    pub(crate) async fn end(&self, case: &Case) {
        fail::remove(&case.place);
        calm_down(&self.world).await;
        let doubled = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY erasure_id HAVING count(*) > 1) AS doubled",
            self.world.archive_table("archives")
        );
        assert_eq!(
            self.world.number(&doubled).await,
            0,
            "{}: kept twice",
            case.place
        );
    }

    /// What must hold when all cases are through.
    pub(crate) async fn hold(self) {
        hold(&self.world, &self.before, &self.asked).await;
        let erased = "SELECT count(*) FROM erasures WHERE state = 'completed'";
        assert_eq!(self.world.number(erased).await, self.begun);
    }
}
