//! What pages are made of. Dumb on purpose: a part shows what it is given and asks no service.

mod answers;
mod bars;
mod brand;
mod code_entry;
mod console_bar;
mod desk_fields;
mod document;
mod enrolment;
mod field;
mod hydration;
mod ledger;
mod moment;
mod new_password;
mod notice;
mod passkey;
mod problems;
mod select;
mod stages;
mod steps;
mod topbar;

pub(crate) use self::{
    answers::{Choices, LongAnswer, ShortAnswer, Tick},
    bars::Bars,
    code_entry::{CodeEntry, ResendCode},
    desk_fields::{DayField, LineField, WordsField},
    document::Document,
    enrolment::{app_picture, recovery_codes_list},
    field::{AccountField, CodeField, EmailField, Field, PasswordField},
    ledger::Ledger,
    moment::Moment,
    new_password::{NewPasswordField, PresentPasswordField},
    notice::NoticeBox,
    passkey::{PasskeyMode, PasskeyScript},
    problems::Problems,
    select::Select,
    stages::Stages,
};
