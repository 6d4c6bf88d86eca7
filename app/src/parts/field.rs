//! Fields with a label, a hint and, when something is wrong with them, the sentence that says what.

use erasure::locale::Locale;
use leptos::prelude::*;

use crate::{
    context,
    locales::{sentence, texts},
    wire::Trouble,
};

/// A field that can be at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// The e-mail address.
    Email,
    /// The password.
    Password,
    /// The code.
    Code,
}

impl Field {
    /// The field that a trouble is about.
    pub(super) const fn of(trouble: Trouble) -> Option<Self> {
        match trouble {
            Trouble::EmailMissing | Trouble::SignInRefused => Some(Self::Email),
            Trouble::PasswordMissing | Trouble::WrongPassword => Some(Self::Password),
            Trouble::CodeMissing
            | Trouble::CodeNotDigits
            | Trouble::CodeTooShort
            | Trouble::CodeTooLong
            | Trouble::CodeWrong { tries_left: 1.. } => Some(Self::Code),
            // Without a living code there is no field for it.
            Trouble::CodeWrong { .. }
            | Trouble::CodeExpired
            | Trouble::PlanOutdated
            | Trouble::BeingErased
            | Trouble::TooSoon { .. }
            | Trouble::TooManyTries { .. }
            | Trouble::TooLateToCancel
            | Trouble::OurFault => None,
        }
    }

    /// Whether this field is what the trouble is about.
    pub(crate) fn is_at_fault(self, trouble: Trouble) -> bool {
        Self::of(trouble) == Some(self)
    }

    /// The input's id, also its name.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::Code => "code",
        }
    }
}

/// An e-mail address, kept when the form comes back.
#[component]
pub(crate) fn EmailField(
    label: &'static str,
    value: String,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    view! {
        <FieldFrame field=Field::Email label hint="" locale trouble>
            <input
                id="email"
                name="email"
                type="email"
                autocomplete="username"
                maxlength="254"
                spellcheck="false"
                value=value
                required
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=trouble.map(|_| "email-error")
            />
        </FieldFrame>
    }
}

/// Whose password is asked for: password managers need to know.
#[component]
pub(crate) fn AccountField(locale: Locale, email: String) -> impl IntoView {
    view! {
        <div class="field">
            <label for="account">{texts(locale).identity.account}</label>
            <input
                id="account"
                name="account"
                type="text"
                autocomplete="username"
                value=email
                readonly
            />
        </div>
    }
}

/// A password: never filled in again.
#[component]
pub(crate) fn PasswordField(
    label: &'static str,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    let trouble = trouble.filter(|trouble| Field::Password.is_at_fault(*trouble));
    view! {
        <FieldFrame field=Field::Password label hint="" locale trouble>
            <input
                id="password"
                name="password"
                type="password"
                autocomplete="current-password"
                maxlength="1024"
                required
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=trouble.map(|_| "password-error")
            />
        </FieldFrame>
    }
}

/// A one-time code. One field, so that pasting and the telephone's own suggestion work.
#[component]
pub(crate) fn CodeField(
    label: &'static str,
    hint: &'static str,
    value: String,
    locale: Locale,
    trouble: Option<Trouble>,
) -> impl IntoView {
    let described_by = if trouble.is_some() {
        "code-hint code-error"
    } else {
        "code-hint"
    };
    view! {
        <FieldFrame field=Field::Code label hint locale trouble>
            <input
                id="code"
                class="code"
                name="code"
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                pattern="[0-9\\s\\-]*"
                maxlength="24"
                spellcheck="false"
                value=value
                required
                aria-invalid=trouble.map(|_| "true")
                aria-describedby=described_by
            />
        </FieldFrame>
    }
}

#[component]
fn FieldFrame(
    field: Field,
    label: &'static str,
    hint: &'static str,
    locale: Locale,
    trouble: Option<Trouble>,
    children: Children,
) -> impl IntoView {
    let id = field.id();
    let class = if trouble.is_some() {
        "field field-at-fault"
    } else {
        "field"
    };
    let error = trouble.map(|trouble| {
        view! {
            <p class="field-error" id=format!("{id}-error")>
                <span class="visually-hidden">{texts(locale).common.error_prefix}</span>
                {sentence(locale, trouble, context::services().now())}
            </p>
        }
    });
    view! {
        <div class=class>
            <label for=id>{label}</label>
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="hint" id=format!("{id}-hint")>
                            {hint}
                        </p>
                    }
                })}
            {error}
            {children()}
        </div>
    }
}
