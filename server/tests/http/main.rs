//! The site over HTTP: through the real router, on a real database file, without a socket.

#[cfg(test)]
mod colleague;
#[cfg(test)]
mod harness;

#[cfg(test)]
mod console;
#[cfg(test)]
mod cross_site;
#[cfg(test)]
mod deletions;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod erasures;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod held;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod legal;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod meta;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod request_api;
#[cfg(test)]
mod request_form;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod wizard;
