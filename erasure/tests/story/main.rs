//! Every promise as a story: from the use case to the read-back, on a real database file, with a clock that is moved by
//! hand and an outside world that is played.

mod harness;

mod codes;
mod fence;
mod meta;
mod owners;
mod people;
mod proof;
mod remains;
mod sign_in;
mod work;
