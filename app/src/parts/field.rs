//! Fields with a label, a hint and, when something is wrong with them, the sentence that says what.

use erasure::locale::Locale;
use leptos::prelude::*;

use crate::{
    context,
    locales::{sentence, texts},
    wire::{ConsoleTrouble, RequestTrouble, Trouble},
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
    /// Who asks.
    Role,
    /// The number or the account's address.
    Identity,
    /// The business that wrote.
    Business,
    /// Where letters may go.
    Contact,
    /// That the person may ask.
    Statement,
    /// What people quote.
    Reference,
    /// The legal ground of an objection.
    Ground,
    /// Why.
    Explanation,
    /// The password as it is.
    PresentPassword,
    /// The password as it will be.
    NewPassword,
    /// That the recovery codes are kept.
    Kept,
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
            Trouble::Request(trouble) => Self::of_request(trouble),
            Trouble::Console(trouble) => Self::of_console(trouble),
        }
    }

    /// The field of the console that a trouble is about.
    const fn of_console(trouble: ConsoleTrouble) -> Option<Self> {
        match trouble {
            ConsoleTrouble::Refused
            | ConsoleTrouble::AddressMalformed
            | ConsoleTrouble::MemberTaken => Some(Self::Email),
            ConsoleTrouble::ProofRefused
            | ConsoleTrouble::CodeMissing
            | ConsoleTrouble::AppCodeWrong => Some(Self::Code),
            ConsoleTrouble::PresentPasswordWrong => Some(Self::PresentPassword),
            ConsoleTrouble::PasswordTooShort
            | ConsoleTrouble::PasswordTooLong
            | ConsoleTrouble::PasswordCommon => Some(Self::NewPassword),
            ConsoleTrouble::CodesNotKept => Some(Self::Kept),
            ConsoleTrouble::RoleMissing => Some(Self::Role),
            ConsoleTrouble::PasskeyRefused
            | ConsoleTrouble::PageTooOld
            | ConsoleTrouble::Denied
            | ConsoleTrouble::MemberUnknown
            | ConsoleTrouble::Yourself
            // The desk has several forms on a page: the one at fault is open, and begins with the sentence.
            | ConsoleTrouble::RequestUnknown
            | ConsoleTrouble::NoProposal
            | ConsoleTrouble::Proposed
            | ConsoleTrouble::SamePerson
            | ConsoleTrouble::NoColleague
            | ConsoleTrouble::NotDecidable
            | ConsoleTrouble::TermOver
            | ConsoleTrouble::TermUnfit
            | ConsoleTrouble::ExplanationUnfit
            | ConsoleTrouble::NoteUnfit
            | ConsoleTrouble::ReasonUnfit
            | ConsoleTrouble::RecordUnknown
            | ConsoleTrouble::TooManyRecords
            | ConsoleTrouble::DayUnfit
            | ConsoleTrouble::ChoiceMissing
            | ConsoleTrouble::OrganizationUnknown
            | ConsoleTrouble::ContactUnknown
            | ConsoleTrouble::IdentityUnfit
            | ConsoleTrouble::BeingErased
            | ConsoleTrouble::NotTheSame
            | ConsoleTrouble::ProposerLeft
            | ConsoleTrouble::ErasureBegun
            | ConsoleTrouble::HoldDaysUnfit => None,
        }
    }

    /// The field of the request form and its pages that a trouble is about.
    const fn of_request(trouble: RequestTrouble) -> Option<Self> {
        match trouble {
            RequestTrouble::RoleMissing => Some(Self::Role),
            RequestTrouble::NumberMissing
            | RequestTrouble::NumberLetters
            | RequestTrouble::NumberOtherDigits
            | RequestTrouble::NumberMalformed
            | RequestTrouble::NumberNoCountryCode
            | RequestTrouble::NumberUnknownCountry
            | RequestTrouble::NumberShortCode
            | RequestTrouble::NumberGroup
            | RequestTrouble::NumberTooShort
            | RequestTrouble::NumberTooLong
            | RequestTrouble::NumberUnassigned
            | RequestTrouble::NumberLandline
            | RequestTrouble::NumberService
            | RequestTrouble::IdentityMissing
            | RequestTrouble::IdentityMalformed => Some(Self::Identity),
            RequestTrouble::BusinessTooLong
            | RequestTrouble::BusinessLink
            | RequestTrouble::BusinessMalformed => Some(Self::Business),
            RequestTrouble::ContactMalformed => Some(Self::Contact),
            RequestTrouble::StatementMissing => Some(Self::Statement),
            RequestTrouble::AddressMalformed => Some(Self::Email),
            RequestTrouble::ReferenceMissing | RequestTrouble::ReferenceMalformed => {
                Some(Self::Reference)
            }
            RequestTrouble::GroundMissing => Some(Self::Ground),
            RequestTrouble::ExplanationUnfit => Some(Self::Explanation),
            RequestTrouble::FormTooOld
            | RequestTrouble::AnswersChanged
            | RequestTrouble::CodesSpent
            | RequestTrouble::TooLateToWithdraw
            | RequestTrouble::TooLateToObject
            | RequestTrouble::WhatsappUnavailable => None,
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
            Self::Role => "role",
            Self::Identity => "identity",
            Self::Business => "business",
            Self::Contact => "contact",
            Self::Statement => "statement",
            Self::Reference => "reference",
            Self::Ground => "ground",
            Self::Explanation => "explanation",
            Self::PresentPassword => "present",
            Self::NewPassword => "new",
            Self::Kept => "kept",
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

/// What stands around an input: its label, its hint, and what is wrong with it.
#[component]
pub(super) fn FieldFrame(
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
            {fault(field, locale, trouble)}
            {children()}
        </div>
    }
}

/// The sentence that says what is wrong with a field.
pub(super) fn fault(
    field: Field,
    locale: Locale,
    trouble: Option<Trouble>,
) -> Option<impl IntoView> {
    let trouble = trouble?;
    Some(view! {
        <p class="field-error" id=format!("{}-error", field.id())>
            <span class="visually-hidden">{texts(locale).common.error_prefix}</span>
            {sentence(locale, trouble, context::services().now())}
        </p>
    })
}
