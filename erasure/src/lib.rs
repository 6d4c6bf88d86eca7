//! How personal data disappears: provably, on time, and without harming a neighbour.
//!
//! The tour, in the order in which data goes:
//!
//! 1. [`manifest`] names every table and column once, and says what becomes of it.
//! 2. [`session`] knows who is there; [`account`] shows them what a deletion would do, mails a code and takes it back.
//!    [`contact`] knows who holds something about a person who has no account.
//!    [`request`] serves everybody else: who they are, what they may have erased, and by when; [`intake`] takes their letters.
//! 3. Confirmation is one transaction: code used, organization fenced, sessions ended, the plan written as rows.
//! 4. [`job`] hands the plan to a worker under a lease; [`engine`] walks its steps, each batch with its checkpoint.
//! 5. The engine asks [`graph`] to stop Meta's webhooks, seals what the law keeps under the [`vault`]'s keys, empties
//!    [`media`] and tables, scrubs the file, reads back, and only then writes the receipt.
//! 6. People without an account show with [`proof`] who they are on WhatsApp; [`webhook`] hears from Meta, and [`suppression`]
//!    keeps those away who were erased. What Meta forwards itself comes to [`facebook_login`].
//! 7. [`progress`] is what the person sees meanwhile; [`letter`] is what they get by [`mail`].
//! 8. Before, [`export`] lets people take their data with them. What stays, stays for a term: [`archive`] keeps what the law wants, [`hold`] what a claim needs, and [`retention`] ends it all.
//! 9. [`staff`] are the people behind the console: what each may do, and the record of what they did.
//!
//! Everything the world decides (time, chance, mail, Meta, disks) comes in through [`services::Services`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
mod anonymity;
pub mod approval;
pub mod archive;
pub mod backup;
pub mod canonical;
mod connection;
pub mod contact;
pub mod db;
pub mod disconnection;
pub mod engine;
pub mod export;
pub mod facebook_login;
pub mod graph;
pub mod hold;
pub mod id;
pub mod intake;
pub mod job;
pub mod ledger;
pub mod letter;
pub mod locale;
pub mod mail;
pub mod manifest;
pub mod media;
pub mod meta_app;
mod named;
pub mod network;
pub mod one_time_code;
pub mod password;
pub mod person;
pub mod progress;
pub mod proof;
pub mod random;
pub mod rate_limit;
pub mod reason;
pub mod receipt;
pub mod request;
pub mod retention;
pub mod s3;
pub mod seed;
pub mod services;
pub mod session;
pub mod staff;
pub mod suppression;
mod symbols;
pub mod time;
pub mod vault;
pub mod watch;
pub mod webhook;
pub mod zone;

/// Arms the failpoints named in the environment variable `FAILPOINTS`; nothing at all without the feature of that name.
pub fn failpoints_setup() {
    #[cfg(feature = "failpoints")]
    std::mem::forget(fail::FailScenario::setup());
}
