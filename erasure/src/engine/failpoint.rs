//! Places at which tests stop the world: four in every step. Without the feature `failpoints` nothing of it is compiled.
//!
//! - `media::begins`: before any of the step's work;
//! - `media::worked`: after what it does outside, before the transaction that writes it down;
//! - `media::commits`: everything is written, nothing is committed;
//! - `media::committed`: committed, but whoever worked has not heard of it.

use super::Stage;
use crate::db::Error;

/// The name of each place.
#[must_use]
pub fn places() -> Vec<String> {
    let moments = ["begins", "worked", "commits", "committed"];
    let of_stage = |stage: Stage| moments.map(|moment| format!("{}::{moment}", stage.as_str()));
    Stage::ALL.into_iter().flat_map(of_stage).collect()
}

/// Comes past a place. What a test has put there happens: a panic, a pause, an error, a kill.
#[cfg(feature = "failpoints")]
pub(super) fn pass(stage: Stage, moment: &str) -> Result<(), Error> {
    fail::fail_point!(&format!("{}::{moment}", stage.as_str()), |what| {
        if what.as_deref() == Some("kill") {
            kill_this_process();
        }
        Err(Error::Sqlx(sqlx::Error::WorkerCrashed))
    });
    Ok(())
}

/// Comes past a place.
#[cfg(not(feature = "failpoints"))]
#[expect(clippy::unnecessary_wraps, reason = "in tests it may fail")]
pub(super) const fn pass(_: Stage, _: &str) -> Result<(), Error> {
    Ok(())
}

/// As the kernel does when memory runs out: nothing is said, nothing is cleaned up.
#[cfg(feature = "failpoints")]
fn kill_this_process() -> ! {
    let this = std::process::id().to_string();
    let _ = std::process::Command::new("kill")
        .args(["-9", &this])
        .status();
    std::process::abort()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_stage_has_four_places() {
        let places = super::places();
        assert_eq!(places.len(), super::Stage::ALL.len() * 4);
        assert!(places.contains(&"rows::committed".to_owned()));
    }
}
