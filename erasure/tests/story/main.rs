//! Every promise as a story: from the use case to the read-back, on a real database file, with a clock that is moved by
//! hand and an outside world that is played.

#[cfg(test)]
mod another_program;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod line;

#[cfg(test)]
mod archive_apart;
#[cfg(test)]
mod archives;
#[cfg(test)]
mod asking;
#[cfg(test)]
mod backup_terms;
#[cfg(test)]
mod bad_days;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod behind_the_fence;
#[cfg(test)]
mod by_mail;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod decided;
#[cfg(test)]
mod derived;
#[cfg(test)]
mod export_interrupted;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod facebook_login;
#[cfg(test)]
mod fairness;
#[cfg(test)]
mod fence;
#[cfg(test)]
mod held_back;
#[cfg(test)]
mod hold_race;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod holds_of_contacts;
#[cfg(test)]
mod identities;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod many_workers;
#[cfg(test)]
mod media;
#[cfg(test)]
mod meta;
#[cfg(test)]
mod one_contact;
#[cfg(test)]
mod openings;
#[cfg(test)]
mod own_tables;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod people;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod replica;
#[cfg(test)]
mod request_codes;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod restore_gate;
#[cfg(test)]
mod restore_holds;
#[cfg(test)]
mod same_for_everybody;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod security_logs;
#[cfg(test)]
mod several_businesses;
#[cfg(test)]
mod shared_read_back;
#[cfg(test)]
mod shared_scrub;
#[cfg(test)]
mod shown_by_whatsapp;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod signed;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod suppressed;
#[cfg(test)]
mod terms;
#[cfg(test)]
mod time_travel;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod webhook;
#[cfg(test)]
mod webhook_faults;
#[cfg(test)]
mod whatsapp_proof;
#[cfg(test)]
mod work;
