//! What pages are made of. Dumb on purpose: a part shows what it is given and asks no service.

mod answers;
mod brand;
mod code_entry;
mod document;
mod field;
mod hydration;
mod moment;
mod notice;
mod problems;
mod stages;
mod steps;
mod topbar;

pub(crate) use self::{
    answers::{Choices, LongAnswer, ShortAnswer, Tick},
    code_entry::{CodeEntry, ResendCode},
    document::Document,
    field::{AccountField, CodeField, EmailField, Field, PasswordField},
    moment::Moment,
    notice::NoticeBox,
    problems::Problems,
    stages::Stages,
};
