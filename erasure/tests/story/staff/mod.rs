//! The console's people: how they get in, what each may do, what is on record.

mod authenticator;
mod colleague;

mod account;
mod deletions;
mod desk;
mod getting_in;
mod members;
mod passkeys;
mod queue;
mod record;
mod watch;
