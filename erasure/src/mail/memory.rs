//! A mailbox in memory: the demo's, and the tests'.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Letter, Mail, MailError};

/// Letters kept: the demo runs for days, its mailbox must not grow for ever.
const KEPT: usize = 200;

/// Keeps the letters it is given, or fails as it was told to.
#[derive(Debug, Default)]
pub struct MemoryMail(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    letters: Vec<Letter>,
    failure: Option<MailError>,
}

impl MemoryMail {
    /// An empty mailbox.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The letters it holds, the oldest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.state().letters.clone()
    }

    /// From now on fails like this; `None`: works again.
    pub fn fail_with(&self, failure: Option<MailError>) {
        self.state().failure = failure;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mail for MemoryMail {
    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let mut state = self.state();
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        // A real server drops a second copy by its Message-ID as well.
        if state
            .letters
            .iter()
            .all(|known| known.message_id != letter.message_id)
        {
            state.letters.push(letter.clone());
        }
        let surplus = state.letters.len().saturating_sub(KEPT);
        state.letters.drain(..surplus);
        Ok(())
    }
}
