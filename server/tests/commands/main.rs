//! The command line as an operator meets it: the real binary, real files, real signals.

#[cfg(test)]
mod harness;
#[cfg(test)]
mod site;

#[cfg(test)]
mod backups;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod suppressions;
