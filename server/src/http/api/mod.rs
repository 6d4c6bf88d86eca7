//! The JSON that pages and programs read.

pub(super) mod erasures;
pub(super) mod health;
pub(super) mod openapi;
pub(super) mod requests;
