//! Who may do what: the one table of it.
//!
//! **To add an act**: a variant of [`Act`] with its word, a line in [`Act::roles`] and, if it cannot be undone,
//! in [`Act::wants_fresh_proof`]; then its words in the console's texts. The table test asks for each role.

use crate::named::named;

named! {
    /// What somebody is.
    pub enum Role {
        /// Works on requests.
        Agent = "agent",
        /// Decides the hard ones, and is one of the two where two are needed.
        Officer = "officer",
        /// Reads everything and changes nothing.
        Auditor = "auditor",
        /// Says who the others are; never decides about a request.
        Administrator = "administrator",
    }
}

impl Role {
    /// Whether somebody in this role may do this.
    #[must_use]
    pub fn may(self, act: Act) -> bool {
        act.roles().contains(&self)
    }
}

named! {
    /// Something that somebody does or looks at, as it stands on the record.
    pub enum Act {
        /// Came in.
        SignIn = "sign_in",
        /// Left.
        SignOut = "sign_out",
        /// Proved again who they are.
        Prove = "prove",
        /// Chose a password and enrolled an authenticator app through a set-up link.
        SetUp = "set_up",
        /// Changed the own password.
        ChangePassword = "change_password",
        /// Enrolled another authenticator app.
        ChangeAuthenticator = "change_authenticator",
        /// Replaced the own recovery codes.
        RenewRecoveryCodes = "renew_recovery_codes",
        /// Added a passkey.
        AddPasskey = "add_passkey",
        /// Took a passkey away.
        RemovePasskey = "remove_passkey",
        /// Looked at who the members are.
        ReadStaff = "read_staff",
        /// Added a member.
        AddStaff = "add_staff",
        /// Sent a member a new set-up link and ended what they had.
        ResetStaff = "reset_staff",
        /// Took a member's access away.
        DisableStaff = "disable_staff",
        /// Changed what a member may do.
        ChangeRole = "change_role",
        /// Looked at the record.
        ReadAudit = "read_audit",
        /// Took a copy of the record.
        ExportAudit = "export_audit",
        /// Looked at the queue, which says nothing about anybody.
        ReadQueue = "read_queue",
        /// Looked at a request.
        ReadRequest = "read_request",
        /// Had the number or address of a request shown in full.
        RevealIdentity = "reveal_identity",
        /// Gave a request to somebody, or back.
        AssignRequest = "assign_request",
        /// Wrote a note into the history of a request.
        AddNote = "add_note",
        /// Found that a representative may ask.
        ApproveRequest = "approve_request",
        /// Found that an objection does not hold.
        OverruleObjection = "overrule_objection",
        /// Extended a term.
        ExtendTerm = "extend_term",
        /// Proposed a refusal.
        ProposeRefusal = "propose_refusal",
        /// Confirmed a refusal that somebody else proposed.
        ConfirmRefusal = "confirm_refusal",
        /// Took a proposed refusal back, or said no to it.
        DeclineRefusal = "decline_refusal",
        /// Looked at the legal holds.
        ReadHolds = "read_holds",
        /// Placed a legal hold.
        PlaceHold = "place_hold",
        /// Said at its review that a hold is still needed.
        ReviewHold = "review_hold",
        /// Proposed to lift a hold, or was the second to say so.
        LiftHold = "lift_hold",
        /// Looked at the deletions that the staff begins.
        ReadDeletions = "read_deletions",
        /// Proposed to erase an organization or a contact.
        ProposeDeletion = "propose_deletion",
        /// Confirmed a deletion that somebody else proposed.
        ConfirmDeletion = "confirm_deletion",
        /// Took a proposed deletion back, or said no to it.
        DeclineDeletion = "decline_deletion",
        /// Gave a business another time in which it may object.
        SetObjectionDays = "set_objection_days",
        /// Looked at the figures.
        ReadFigures = "read_figures",
        /// Took a copy of the register of requests.
        ExportRegister = "export_register",
        /// Looked at what is kept.
        ReadRetention = "read_retention",
        /// Opened a record of the archive.
        OpenArchive = "open_archive",
    }
}

/// The acts that concern nobody but oneself, and numbers about nobody.
const EVERYBODY: &[Role] = Role::ALL;
/// Who reads what was done.
const WATCHERS: &[Role] = &[Role::Auditor, Role::Administrator];
/// Who sees requests.
const READERS: &[Role] = &[Role::Agent, Role::Officer, Role::Auditor];
/// Who works on requests.
const WORKERS: &[Role] = &[Role::Agent, Role::Officer];
/// Who answers for all of them together.
const SUPERVISORS: &[Role] = &[Role::Officer, Role::Auditor];
/// Who decides about them.
const OFFICERS: &[Role] = &[Role::Officer];
/// What only the operator does, at the command line.
const NOBODY: &[Role] = &[];
/// Who says who the others are.
const ADMINISTRATORS: &[Role] = &[Role::Administrator];

impl Act {
    /// Who may.
    const fn roles(self) -> &'static [Role] {
        match self {
            Self::SignIn
            | Self::SignOut
            | Self::Prove
            | Self::SetUp
            | Self::ChangePassword
            | Self::ChangeAuthenticator
            | Self::RenewRecoveryCodes
            | Self::AddPasskey
            | Self::RemovePasskey
            | Self::ReadRetention => EVERYBODY,
            Self::ReadStaff | Self::ReadAudit | Self::ExportAudit => WATCHERS,
            Self::SetObjectionDays => NOBODY,
            Self::ReadQueue | Self::ReadRequest | Self::ReadHolds | Self::ReadFigures => READERS,
            Self::ExportRegister | Self::ReadDeletions => SUPERVISORS,
            Self::RevealIdentity
            | Self::AssignRequest
            | Self::AddNote
            | Self::ProposeRefusal
            | Self::DeclineRefusal => WORKERS,
            Self::ApproveRequest
            | Self::OverruleObjection
            | Self::ExtendTerm
            | Self::ConfirmRefusal
            | Self::PlaceHold
            | Self::ReviewHold
            | Self::LiftHold
            | Self::ProposeDeletion
            | Self::ConfirmDeletion
            | Self::DeclineDeletion
            | Self::OpenArchive => OFFICERS,
            Self::AddStaff | Self::ResetStaff | Self::DisableStaff | Self::ChangeRole => {
                ADMINISTRATORS
            }
        }
    }

    /// Whether the last proof must be recent: for what opens a door or cannot be undone.
    #[must_use]
    pub const fn wants_fresh_proof(self) -> bool {
        match self {
            Self::ChangePassword
            | Self::ChangeAuthenticator
            | Self::RenewRecoveryCodes
            | Self::AddPasskey
            | Self::RemovePasskey
            | Self::AddStaff
            | Self::ResetStaff
            | Self::DisableStaff
            | Self::ChangeRole
            | Self::ExportAudit
            | Self::ApproveRequest
            | Self::OverruleObjection
            | Self::ExtendTerm
            | Self::ProposeRefusal
            | Self::ConfirmRefusal
            | Self::PlaceHold
            | Self::ReviewHold
            | Self::LiftHold
            | Self::ProposeDeletion
            | Self::ConfirmDeletion
            | Self::ExportRegister
            | Self::OpenArchive => true,
            Self::SignIn
            | Self::SignOut
            | Self::Prove
            | Self::SetUp
            | Self::ReadStaff
            | Self::ReadAudit
            | Self::ReadQueue
            | Self::ReadRequest
            | Self::RevealIdentity
            | Self::AssignRequest
            | Self::AddNote
            | Self::DeclineRefusal
            | Self::ReadHolds
            | Self::ReadDeletions
            | Self::DeclineDeletion
            | Self::SetObjectionDays
            | Self::ReadFigures
            | Self::ReadRetention => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may what, as a person would write it down: a letter for each role, in the order of [`Role::ALL`].
    const TABLE: [(Act, &str); 40] = [
        (Act::SignIn, "AOUR"),
        (Act::SignOut, "AOUR"),
        (Act::Prove, "AOUR"),
        (Act::SetUp, "AOUR"),
        (Act::ChangePassword, "AOUR"),
        (Act::ChangeAuthenticator, "AOUR"),
        (Act::RenewRecoveryCodes, "AOUR"),
        (Act::AddPasskey, "AOUR"),
        (Act::RemovePasskey, "AOUR"),
        (Act::ReadStaff, "--UR"),
        (Act::AddStaff, "---R"),
        (Act::ResetStaff, "---R"),
        (Act::DisableStaff, "---R"),
        (Act::ChangeRole, "---R"),
        (Act::ReadAudit, "--UR"),
        (Act::ExportAudit, "--UR"),
        (Act::ReadQueue, "AOU-"),
        (Act::ReadRequest, "AOU-"),
        (Act::RevealIdentity, "AO--"),
        (Act::AssignRequest, "AO--"),
        (Act::AddNote, "AO--"),
        (Act::ApproveRequest, "-O--"),
        (Act::OverruleObjection, "-O--"),
        (Act::ExtendTerm, "-O--"),
        (Act::ProposeRefusal, "AO--"),
        (Act::ConfirmRefusal, "-O--"),
        (Act::DeclineRefusal, "AO--"),
        (Act::ReadHolds, "AOU-"),
        (Act::PlaceHold, "-O--"),
        (Act::ReviewHold, "-O--"),
        (Act::LiftHold, "-O--"),
        (Act::ReadDeletions, "-OU-"),
        (Act::ProposeDeletion, "-O--"),
        (Act::ConfirmDeletion, "-O--"),
        (Act::DeclineDeletion, "-O--"),
        (Act::SetObjectionDays, "----"),
        (Act::ReadFigures, "AOU-"),
        (Act::ExportRegister, "-OU-"),
        (Act::ReadRetention, "AOUR"),
        (Act::OpenArchive, "-O--"),
    ];

    #[test]
    fn each_role_may_what_the_table_says_and_nothing_else() {
        for (act, letters) in TABLE {
            for (role, letter) in Role::ALL.iter().copied().zip(letters.chars()) {
                assert_eq!(role.may(act), letter != '-', "{role:?} {act:?}");
            }
        }
        assert_eq!(TABLE.map(|(act, _)| act), Act::ALL);
    }
}
