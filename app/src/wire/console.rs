//! What can go wrong in the console, and what goes well.

use serde::{Deserialize, Serialize};

/// Everything that a member of the staff can do something about. The sentences are in `locales::console`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleTrouble {
    /// Address, password and code do not belong together; it is not said which.
    #[error("sign-in was refused")]
    Refused,
    /// The code that proves again who somebody is was not accepted.
    #[error("the code was refused")]
    ProofRefused,
    /// The passkey was not accepted.
    #[error("the passkey was refused")]
    PasskeyRefused,
    /// The code's field is empty.
    #[error("the code is missing")]
    CodeMissing,
    /// The code is not the one that the new app shows.
    #[error("the code of the new app is wrong")]
    AppCodeWrong,
    /// The present password is wrong.
    #[error("the present password is wrong")]
    PresentPasswordWrong,
    /// The new password has fewer than twelve characters.
    #[error("the new password is too short")]
    PasswordTooShort,
    /// The new password has more than 256 characters.
    #[error("the new password is too long")]
    PasswordTooLong,
    /// The new password is among the first that anybody tries.
    #[error("the new password is a common one")]
    PasswordCommon,
    /// It was not said that the recovery codes are kept.
    #[error("the recovery codes are not kept yet")]
    CodesNotKept,
    /// The page lay open for too long, or another browser opened it.
    #[error("the page is too old")]
    PageTooOld,
    /// The role does not allow it.
    #[error("the role does not allow that")]
    Denied,
    /// What was typed is no e-mail address.
    #[error("this is no e-mail address")]
    AddressMalformed,
    /// No role was chosen.
    #[error("the role is missing")]
    RoleMissing,
    /// Somebody has that address already.
    #[error("somebody has that address already")]
    MemberTaken,
    /// There is no such member.
    #[error("there is no such member")]
    MemberUnknown,
    /// Nobody does that to themselves.
    #[error("nobody does that to themselves")]
    Yourself,
    /// There is no such request, part or hold.
    #[error("there is no such request, part or hold")]
    RequestUnknown,
    /// There is no such proposal any more.
    #[error("there is no such proposal any more")]
    NoProposal,
    /// It is proposed already.
    #[error("it is proposed already")]
    Proposed,
    /// The second person is the first.
    #[error("the second person is the first")]
    SamePerson,
    /// Whoever was chosen does not work on requests.
    #[error("whoever was chosen does not work on requests")]
    NoColleague,
    /// It does not stand where this can be decided.
    #[error("it does not stand where this can be decided")]
    NotDecidable,
    /// The first term is over.
    #[error("the first term is over")]
    TermOver,
    /// The term cannot be extended so.
    #[error("the term cannot be extended so")]
    TermUnfit,
    /// The explanation is too short or too long.
    #[error("the explanation is too short or too long")]
    ExplanationUnfit,
    /// The note is empty or too long.
    #[error("the note is empty or too long")]
    NoteUnfit,
    /// The reason is empty or too long.
    #[error("the reason is empty or too long")]
    ReasonUnfit,
    /// There is no such record in the archive.
    #[error("there is no such record in the archive")]
    RecordUnknown,
    /// Opening so many takes a second person.
    #[error("opening so many takes a second person")]
    TooManyRecords,
    /// What was typed is no day.
    #[error("what was typed is no day")]
    DayUnfit,
    /// Nothing was chosen from a list.
    #[error("nothing was chosen from a list")]
    ChoiceMissing,
    /// There is no organization of that short name.
    #[error("there is no organization of that short name")]
    OrganizationUnknown,
    /// The organization has no such contact.
    #[error("the organization has no such contact")]
    ContactUnknown,
    /// What was typed is no number and no id.
    #[error("what was typed is no number and no id")]
    IdentityUnfit,
    /// It is being erased already.
    #[error("it is being erased already")]
    BeingErased,
    /// What was typed once more is not what was proposed.
    #[error("what was typed once more is not what was proposed")]
    NotTheSame,
    /// Whoever proposed it is no officer any more.
    #[error("whoever proposed it is no officer any more")]
    ProposerLeft,
    /// The erasure has begun.
    #[error("the erasure has begun")]
    ErasureBegun,
    /// The days of a hold do not fit.
    #[error("the days of a hold do not fit")]
    HoldDaysUnfit,
}

/// Good news in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleNotice {
    /// The account is set up, and one is in.
    SetUp,
    /// Another password is in place.
    PasswordChanged,
    /// Another authenticator app is in place.
    AuthenticatorChanged,
    /// Other recovery codes are in place.
    RecoveryCodesRenewed,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was taken away.
    PasskeyRemoved,
    /// An invitation is on its way.
    MemberInvited,
    /// A new link is on its way.
    MemberReset,
    /// Access was taken away.
    MemberDisabled,
    /// The role was changed.
    RoleChanged,
    /// The request is with somebody, or back.
    Assigned,
    /// A note was added.
    NoteAdded,
    /// A representative was accepted.
    Approved,
    /// An objection was overruled.
    Overruled,
    /// A term was extended.
    Extended,
    /// A refusal was proposed.
    RefusalProposed,
    /// A refusal was confirmed.
    RefusalConfirmed,
    /// A proposed refusal is off.
    RefusalDeclined,
    /// A legal hold was placed.
    Held,
    /// A hold was looked at again.
    HoldReviewed,
    /// It was proposed to lift a hold.
    LiftProposed,
    /// A hold was lifted.
    HoldLifted,
    /// A deletion was proposed.
    DeletionProposed,
    /// A deletion was confirmed and begins.
    DeletionBegun,
    /// A deletion was confirmed and waits for a legal hold.
    DeletionHeld,
    /// A proposed deletion is off.
    DeletionDeclined,
}
