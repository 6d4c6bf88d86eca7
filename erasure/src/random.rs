//! Chance, as a service: real in production, repeatable in tests.

use std::sync::{Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// A source of unguessable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

impl dyn Random + '_ {
    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number below `bound`, every one as likely as the others: what would favour the small ones is drawn again.
    #[must_use]
    pub fn below(&self, bound: u32) -> u32 {
        let fair = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_be_bytes(self.bytes());
            if drawn < fair {
                return drawn % bound;
            }
        }
    }
}

/// A cipher's stream, seeded by the operating system in production and by a number in tests.
pub struct ChaChaRandom(Mutex<ChaCha20Rng>);

impl ChaChaRandom {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn from_system() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// The same stream for the same number: for tests and sample data only.
    #[must_use]
    pub fn from_number(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Random for ChaChaRandom {
    fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_below_a_bound_reaches_every_value() {
        let random: &dyn Random = &ChaChaRandom::from_number(7);
        let mut seen = [false; 10];

        for _ in 0..500 {
            seen[usize::try_from(random.below(10)).unwrap()] = true;
        }

        assert_eq!(seen, [true; 10]);
    }
}
