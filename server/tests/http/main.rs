//! The site over HTTP: through the real router, on a real database file, without a socket.

mod harness;

mod cross_site;
mod erasures;
mod pages;
mod sign_in;
mod wizard;
