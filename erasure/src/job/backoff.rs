//! How long to wait before trying again: twice as long each time, with jitter, and never longer than a cap.

use std::time::Duration;

use crate::random::Random;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5); // an outage that ends is noticed within minutes

/// The wait after the `attempts`-th attempt without progress: between half of it and all of it, by chance, so that a
/// crowd does not come back at once.
pub(super) fn wait(attempts: i64, random: &dyn Random) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let full = FIRST
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(LONGEST);
    full / 2 + (full / 2).mul_f64(f64::from(random.below(1_000)) / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::ChaChaRandom;

    #[test]
    fn waits_grow_and_stay_below_the_cap() {
        let random = ChaChaRandom::from_number(1);

        for (attempts, at_most) in [
            (1, 1),
            (2, 2),
            (3, 4),
            (6, 32),
            (9, 256),
            (10, 300),
            (1_000, 300),
        ] {
            let waited = wait(attempts, &random);
            let at_most = Duration::from_secs(at_most);
            assert!(
                waited >= at_most / 2 && waited <= at_most,
                "{attempts}: {waited:?}"
            );
        }
    }
}
