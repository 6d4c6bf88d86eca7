//! The mailbox of the privacy address, against a real server: `scripts/imap cargo test -p erasure --test imap` starts one.

#[cfg(test)]
#[expect(dead_code, reason = "the stories need more of it")]
#[path = "../story/harness.rs"]
mod harness;

#[cfg(test)]
mod mailbox;
