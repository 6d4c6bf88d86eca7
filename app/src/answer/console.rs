//! From what the console's domain reports to what somebody is told, and with which status.

use erasure::{
    archive::open::OpenError,
    request::{decide::DecideError, desk::DeskError},
    session::SignInError,
    staff::{
        AccountError, ActError, MemberError, SetUpError, Weakness, deletion::DeletionError,
        kept::KeptError, passkey::PasskeyError,
    },
};
use http::StatusCode;

use super::our_fault;
use crate::wire::{ConsoleTrouble, Trouble};

/// Why a form was not taken, when a page can say it; the other two lead elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// It is said on the same page.
    Said(Trouble),
    /// Who they are has to be proved again first.
    ProofNeeded,
    /// They are not signed in any more.
    Ended,
}

impl From<ConsoleTrouble> for Outcome {
    fn from(trouble: ConsoleTrouble) -> Self {
        Self::Said(Trouble::Console(trouble))
    }
}

impl From<ActError> for Outcome {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Denied => ConsoleTrouble::Denied.into(),
            ActError::ProofNeeded => Self::ProofNeeded,
            ActError::Ended => Self::Ended,
            ActError::Internal(error) => Self::Said(our_fault(&error)),
        }
    }
}

impl From<MemberError> for Outcome {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Taken => ConsoleTrouble::MemberTaken.into(),
            MemberError::NotFound => ConsoleTrouble::MemberUnknown.into(),
            MemberError::Yourself => ConsoleTrouble::Yourself.into(),
            MemberError::Act(error) => error.into(),
        }
    }
}

impl From<AccountError> for Outcome {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Weak(weakness) => Self::Said(weakness.into()),
            AccountError::WrongPassword => ConsoleTrouble::PresentPasswordWrong.into(),
            AccountError::TooManyTries { retry_at } => Self::Said(Trouble::TooManyTries {
                retry_at: retry_at.as_millis(),
            }),
            AccountError::WrongCode => ConsoleTrouble::AppCodeWrong.into(),
            AccountError::Act(error) => error.into(),
        }
    }
}

impl From<PasskeyError> for Outcome {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Refused => ConsoleTrouble::PasskeyRefused.into(),
            PasskeyError::Act(error) => error.into(),
        }
    }
}

impl From<DeskError> for Outcome {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound | DeskError::Decide(DecideError::NotFound) => {
                ConsoleTrouble::RequestUnknown.into()
            }
            DeskError::NoProposal => ConsoleTrouble::NoProposal.into(),
            DeskError::Proposed => ConsoleTrouble::Proposed.into(),
            DeskError::SamePerson => ConsoleTrouble::SamePerson.into(),
            DeskError::NoColleague => ConsoleTrouble::NoColleague.into(),
            DeskError::ErasureBegun => ConsoleTrouble::ErasureBegun.into(),
            DeskError::Days(_) => ConsoleTrouble::HoldDaysUnfit.into(),
            DeskError::Act(error) => error.into(),
            DeskError::Decide(DecideError::WrongState(_) | DecideError::UnderWay) => {
                ConsoleTrouble::NotDecidable.into()
            }
            DeskError::Decide(DecideError::TooLate) => ConsoleTrouble::TermOver.into(),
            DeskError::Decide(DecideError::NotExtensible { .. }) => {
                ConsoleTrouble::TermUnfit.into()
            }
            DeskError::Decide(DecideError::Internal(error)) => Self::Said(our_fault(&error)),
        }
    }
}

impl From<DeletionError> for Outcome {
    fn from(error: DeletionError) -> Self {
        match error {
            DeletionError::NotFound => ConsoleTrouble::OrganizationUnknown.into(),
            DeletionError::NotHeld => ConsoleTrouble::ContactUnknown.into(),
            DeletionError::BeingErased => ConsoleTrouble::BeingErased.into(),
            DeletionError::NoProposal => ConsoleTrouble::NoProposal.into(),
            DeletionError::Proposed => ConsoleTrouble::Proposed.into(),
            DeletionError::SamePerson => ConsoleTrouble::SamePerson.into(),
            DeletionError::ProposerLeft => ConsoleTrouble::ProposerLeft.into(),
            DeletionError::NotTheSame => ConsoleTrouble::NotTheSame.into(),
            DeletionError::Act(error) => error.into(),
        }
    }
}

impl From<KeptError> for Outcome {
    fn from(error: KeptError) -> Self {
        match error {
            KeptError::Act(error) => error.into(),
            KeptError::Open(OpenError::NeedsApproval) => ConsoleTrouble::TooManyRecords.into(),
            KeptError::Open(
                OpenError::NotFound(_)
                | OpenError::NoProposal
                | OpenError::NotApproved
                | OpenError::SamePerson
                | OpenError::NotTheProposer,
            ) => ConsoleTrouble::RecordUnknown.into(),
            KeptError::Open(OpenError::Unfinished(_)) => ConsoleTrouble::NotDecidable.into(),
            KeptError::Open(error @ OpenError::Damaged(_)) => Self::Said(our_fault(&error)),
            KeptError::Open(OpenError::Internal(error)) => Self::Said(our_fault(&error)),
        }
    }
}

impl From<Weakness> for Trouble {
    fn from(weakness: Weakness) -> Self {
        Self::Console(match weakness {
            Weakness::TooShort => ConsoleTrouble::PasswordTooShort,
            Weakness::TooLong => ConsoleTrouble::PasswordTooLong,
            Weakness::Common => ConsoleTrouble::PasswordCommon,
        })
    }
}

impl From<SetUpError> for Trouble {
    fn from(error: SetUpError) -> Self {
        match error {
            // The page itself says that there is nothing any more.
            SetUpError::Gone => Self::Console(ConsoleTrouble::PageTooOld),
            SetUpError::Weak(weakness) => weakness.into(),
            SetUpError::WrongCode => Self::Console(ConsoleTrouble::AppCodeWrong),
            SetUpError::TooManyTries { retry_at } => Self::TooManyTries {
                retry_at: retry_at.as_millis(),
            },
            SetUpError::Internal(error) => our_fault(&error),
        }
    }
}

/// Why somebody did not get in, in the console's words.
pub(crate) fn sign_in_trouble(error: SignInError, refused: ConsoleTrouble) -> Trouble {
    match error {
        SignInError::Refused => Trouble::Console(refused),
        SignInError::TooManyTries { .. } | SignInError::Internal(_) => error.into(),
    }
}

/// The status of a page that reports this trouble.
pub(super) const fn status(trouble: ConsoleTrouble) -> StatusCode {
    match trouble {
        ConsoleTrouble::Refused
        | ConsoleTrouble::ProofRefused
        | ConsoleTrouble::PasskeyRefused
        | ConsoleTrouble::PresentPasswordWrong => StatusCode::UNAUTHORIZED,
        ConsoleTrouble::Denied | ConsoleTrouble::SamePerson | ConsoleTrouble::TooManyRecords => {
            StatusCode::FORBIDDEN
        }
        ConsoleTrouble::MemberUnknown
        | ConsoleTrouble::RequestUnknown
        | ConsoleTrouble::RecordUnknown => StatusCode::NOT_FOUND,
        ConsoleTrouble::PageTooOld
        | ConsoleTrouble::Yourself
        | ConsoleTrouble::NoProposal
        | ConsoleTrouble::Proposed
        | ConsoleTrouble::NotDecidable
        | ConsoleTrouble::TermOver
        | ConsoleTrouble::BeingErased
        | ConsoleTrouble::ProposerLeft
        | ConsoleTrouble::ErasureBegun => StatusCode::CONFLICT,
        ConsoleTrouble::CodeMissing
        | ConsoleTrouble::AppCodeWrong
        | ConsoleTrouble::PasswordTooShort
        | ConsoleTrouble::PasswordTooLong
        | ConsoleTrouble::PasswordCommon
        | ConsoleTrouble::CodesNotKept
        | ConsoleTrouble::AddressMalformed
        | ConsoleTrouble::RoleMissing
        | ConsoleTrouble::MemberTaken
        | ConsoleTrouble::NoColleague
        | ConsoleTrouble::TermUnfit
        | ConsoleTrouble::ExplanationUnfit
        | ConsoleTrouble::NoteUnfit
        | ConsoleTrouble::ReasonUnfit
        | ConsoleTrouble::DayUnfit
        | ConsoleTrouble::ChoiceMissing
        | ConsoleTrouble::OrganizationUnknown
        | ConsoleTrouble::ContactUnknown
        | ConsoleTrouble::IdentityUnfit
        | ConsoleTrouble::NotTheSame
        | ConsoleTrouble::HoldDaysUnfit => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
