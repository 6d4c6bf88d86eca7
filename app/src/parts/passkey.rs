//! The one script of the console: it hands a challenge to the browser and the answer to the form.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use crate::answer;

const SCRIPT: &str = include_str!("passkey.js");

/// What the browser is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasskeyMode {
    /// A signature of whichever passkey its owner picks.
    Use,
    /// A new passkey.
    Add,
}

impl PasskeyMode {
    /// The word that the script knows.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Add => "add",
        }
    }
}

/// Lets this page run the script, which stands in it.
#[component]
pub(crate) fn PasskeyScript() -> impl IntoView {
    let nonce = use_nonce();
    if let Some(nonce) = &nonce {
        answer::allow_script(&expect_context::<ResponseOptions>(), nonce);
    }
    view! {
        <script type="module" nonce=nonce>
            {SCRIPT}
        </script>
    }
}
