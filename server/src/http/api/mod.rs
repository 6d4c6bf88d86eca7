//! The JSON that pages and programs read.

pub(super) mod erasures;
pub(super) mod health;
