//! The JSON that pages and programs read, and what Meta and the mail server send.

pub(super) mod erasures;
pub(super) mod health;
pub(super) mod intake;
pub(super) mod meta;
pub(super) mod openapi;
pub(super) mod receipt_keys;
pub(super) mod requests;
