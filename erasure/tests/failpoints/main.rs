//! Every named place of every step meets every kind of bad moment; what must hold afterwards stands in `invariants`.
//!
//! Failpoints are the process's: a test that sets one holds them all until it ends, and this binary has no other tests.
//! Killing the real process at each place is `server/tests/commands/kill.rs`.

#[cfg(test)]
mod field;
#[cfg(test)]
#[expect(dead_code, reason = "the stories need more of it")]
#[path = "../story/harness.rs"]
mod harness;
#[cfg(test)]
#[expect(dead_code, reason = "the simulation needs more of it")]
#[path = "../simulation/invariants.rs"]
mod invariants;

#[cfg(test)]
mod every_place;
