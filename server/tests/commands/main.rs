//! The command line as an operator meets it: the real binary, real files, real signals.

mod harness;

mod faults;
mod kill;
mod operator;
