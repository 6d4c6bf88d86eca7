//! What a server function can tell the page that is shown next.
//!
//! Closed on purpose: no variant carries text, so neither an address nor a name can slip into a cookie, a link or a log.
//! The sentences that belong to them are in `locales`.

mod console;
mod request;

pub use self::{
    console::{ConsoleNotice, ConsoleTrouble},
    request::RequestTrouble,
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Everything that can go wrong and that the person can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The e-mail field is empty.
    #[error("the e-mail address is missing")]
    EmailMissing,
    /// The password field is empty.
    #[error("the password is missing")]
    PasswordMissing,
    /// Address and password do not belong together.
    #[error("sign-in was refused")]
    SignInRefused,
    /// The password that was asked for again is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// The code field is empty.
    #[error("the code is missing")]
    CodeMissing,
    /// Something in the code is not a digit.
    #[error("the code holds something else than digits")]
    CodeNotDigits,
    /// Digits are missing.
    #[error("the code is too short")]
    CodeTooShort,
    /// There are too many digits.
    #[error("the code is too long")]
    CodeTooLong,
    /// A well-formed code, but not the right one.
    #[error("the code is wrong")]
    CodeWrong {
        /// How often one may try again before this code dies.
        tries_left: i64,
    },
    /// No code can be accepted: expired, used, replaced or killed by wrong tries.
    #[error("the code is not valid any more")]
    CodeExpired,
    /// The account is not what it was when the code was sent.
    #[error("the account changed since the plan was shown")]
    PlanOutdated,
    /// Another owner was faster.
    #[error("the organization is being erased already")]
    BeingErased,
    /// The next code may be asked for at this moment (unix milliseconds).
    #[error("too soon for another code")]
    TooSoon {
        /// When it may be asked for.
        retry_at: i64,
    },
    /// Too many tries; the next is allowed at this moment (unix milliseconds).
    #[error("too many tries")]
    TooManyTries {
        /// When the next is allowed.
        retry_at: i64,
    },
    /// The erasure has begun.
    #[error("too late to cancel")]
    TooLateToCancel,
    /// Something broke on our side.
    #[error("something went wrong on our side")]
    OurFault,
    /// Something in the public request form.
    #[error(transparent)]
    Request(RequestTrouble),
    /// Something in the console.
    #[error(transparent)]
    Console(ConsoleTrouble),
}

impl FromServerFnError for Trouble {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::OurFault
    }
}

/// Good news that the next page begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Another code is on its way.
    CodeSentAgain,
    /// The last proof of who is there is too old; nothing is wrong.
    ProofNeeded,
    /// Signed out, as asked.
    SignedOut,
    /// If reference and address belong together, the private link is on its way.
    LinkSent,
    /// Something in the console.
    Console(ConsoleNotice),
}
