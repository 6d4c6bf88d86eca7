//! Bad days, on purpose: every database call fails once, and a thousand random worlds are erased among random faults.
//!
//! What must hold whatever happens stands in `invariants`. A world that breaks one of them prints its seed:
//! `QLIENTO_SIMULATION_SEED=17 cargo test -p erasure --test simulation` runs that one alone, and
//! `QLIENTO_SIMULATION_SEEDS=100000` as many.

#[cfg(test)]
#[expect(dead_code, reason = "the stories need more of it")]
#[path = "../story/harness.rs"]
mod harness;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod random_worlds;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod template;
