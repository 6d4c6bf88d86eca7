//! The circuit breaker: a host that fails again and again is left alone for a while, by all workers of this process.
//!
//! A client has one host, so there is one breaker a host. Closed, everybody may ask. After some failures in a row it opens:
//! nobody asks, whoever wants to is told how long. When that is over one question goes through; its answer closes the
//! circuit, its failure opens it for twice as long. A limit of our whole app opens it at once: Meta makes limits last longer for
//! whoever goes on asking.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::time::{Clock, Timestamp};

/// Failures in a row that open the circuit.
const PATIENCE: u32 = 5;
/// How long it is open the first time.
const FIRST: Duration = Duration::from_secs(10);
/// How long it is open at most while nothing answers: an outage that ends is noticed within minutes.
const LONGEST: Duration = Duration::from_mins(5);
/// How long it is open at most when our app has asked too much: such limits are counted by the hour.
const LONGEST_LIMIT: Duration = Duration::from_hours(1);
/// How long the one question may take that tries whether it works again. Longer than the client's time-out.
const PROBE: Duration = Duration::from_secs(20);

/// How the circuit stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Circuit {
    /// Everybody may ask.
    #[default]
    Closed,
    /// Nobody asks before this moment.
    Open {
        /// When one question goes through.
        until: Timestamp,
    },
}

/// What a question came to, as far as the host is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It answered, whatever it said.
    Answered,
    /// It did not answer, or said that it cannot.
    Failed,
    /// Our whole app has asked too much.
    Limited(Option<Duration>),
}

#[derive(Default)]
struct State {
    failures: u32,
    /// How often it opened without an answer in between.
    rounds: u32,
    open_until: Option<Timestamp>,
}

/// One host's.
pub(super) struct Breaker {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

impl Breaker {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    pub(super) fn circuit(&self) -> Circuit {
        let now = self.clock.now();
        match self.state().open_until {
            Some(until) if until > now => Circuit::Open { until },
            _ => Circuit::Closed,
        }
    }

    /// Lets a question through, or says how long none is.
    pub(super) fn admit(&self) -> Result<(), Duration> {
        let now = self.clock.now();
        let mut state = self.state();
        match state.open_until {
            Some(until) if until > now => Err(until.since(now)),
            // Whoever comes first tries; the others wait for what becomes of it.
            Some(_) => {
                state.open_until = Some(now + PROBE);
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn report(&self, verdict: Verdict) {
        let now = self.clock.now();
        let mut state = self.state();
        match verdict {
            Verdict::Answered => *state = State::default(),
            Verdict::Limited(wait) => {
                let rest = wait.unwrap_or_else(|| state.next_rest());
                state.open(now, rest.min(LONGEST_LIMIT));
            }
            Verdict::Failed => {
                state.failures += 1;
                if state.failures >= PATIENCE {
                    let rest = state.next_rest();
                    state.open(now, rest);
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_rest(&self) -> Duration {
        FIRST
            .saturating_mul(2_u32.saturating_pow(self.rounds))
            .min(LONGEST)
    }

    fn open(&mut self, now: Timestamp, rest: Duration) {
        if self.open_until.is_none_or(|until| until < now + rest) {
            tracing::warn!(
                seconds = rest.as_secs(),
                "Meta is not asked for a while: it fails, or our limit is reached"
            );
        }
        self.rounds = self.rounds.saturating_add(1);
        self.open_until = Some(now + rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ManualClock;

    fn breaker() -> (Breaker, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(0)));
        (Breaker::new(clock.clone()), clock)
    }

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            assert_eq!(breaker.admit(), Ok(()));
            breaker.report(Verdict::Failed);
        }
    }

    #[test]
    fn a_few_failures_are_borne_and_more_open_the_circuit() {
        let (breaker, _) = breaker();

        fail(&breaker, PATIENCE - 1);
        assert_eq!(breaker.circuit(), Circuit::Closed);
        fail(&breaker, 1);

        assert_eq!(breaker.admit(), Err(FIRST));
        let until = Timestamp::from_millis(0) + FIRST;
        assert_eq!(breaker.circuit(), Circuit::Open { until });
    }

    #[test]
    fn one_question_at_a_time_tries_whether_it_works_again() {
        let (breaker, clock) = breaker();
        fail(&breaker, PATIENCE);
        clock.advance(FIRST);

        assert_eq!(breaker.admit(), Ok(()));
        assert_eq!(breaker.admit(), Err(PROBE));
        breaker.report(Verdict::Answered);

        assert_eq!(breaker.admit(), Ok(()));
        assert_eq!(breaker.circuit(), Circuit::Closed);
    }

    #[test]
    fn whoever_tried_and_died_does_not_keep_the_others_waiting_for_ever() {
        let (breaker, clock) = breaker();
        fail(&breaker, PATIENCE);
        clock.advance(FIRST);
        assert_eq!(breaker.admit(), Ok(()));

        clock.advance(PROBE);

        assert_eq!(breaker.admit(), Ok(()));
    }

    #[test]
    fn each_failed_try_waits_twice_as_long_up_to_a_cap() {
        let (breaker, clock) = breaker();
        fail(&breaker, PATIENCE);
        let mut rests = Vec::new();

        for _ in 0..8 {
            let rest = breaker.admit().unwrap_err();
            rests.push(rest.as_secs());
            clock.advance(rest);
            fail(&breaker, 1);
        }

        assert_eq!(rests, [10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn a_limit_of_our_app_opens_it_at_once_for_as_long_as_meta_says() {
        let (breaker, clock) = breaker();
        breaker.report(Verdict::Limited(Some(Duration::from_mins(19))));

        assert_eq!(breaker.admit(), Err(Duration::from_mins(19)));

        clock.advance(Duration::from_mins(19));
        assert_eq!(breaker.admit(), Ok(()));
    }
}
