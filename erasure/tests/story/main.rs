//! Every promise as a story: from the use case to the read-back, on a real database file, with a clock that is moved by
//! hand and an outside world that is played.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod behind_the_fence;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod fence;
#[cfg(test)]
mod held_back;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod many_workers;
#[cfg(test)]
mod meta;
#[cfg(test)]
mod one_contact;
#[cfg(test)]
mod own_tables;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod people;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod remains;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod work;
