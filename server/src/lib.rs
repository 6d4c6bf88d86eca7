//! The process around the domain: configuration, HTTP, worker, command line.
//!
//! Nothing here decides anything about data; it reads the environment, opens what the domain needs and listens.
#![warn(missing_docs)]

pub mod commands;
pub mod config;
pub mod demo;
pub mod http;
pub mod out;
pub mod startup;
mod telemetry;
