//! Acting: permission first, then the transaction, and in it the entry on record.
//!
//! A use case that changes something, or shows something personal, asks [`Who::begin`] for its [`Act`]. What it gets is the
//! only way to write, and ends with [`Acting::commit`], which puts the act on record in the same transaction.

use super::{
    Act, Role, Staff,
    audit::{About, Entry, Outcome, append},
};
use crate::{
    db::{self, Tx, value::args},
    services::Services,
};

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// Whoever runs the command line: they have the database anyway.
    Operator,
    /// A member.
    Staff(&'a Staff),
}

/// Why somebody cannot act.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// Their role does not allow it. That they tried is on record.
    #[error("this role does not allow that")]
    Denied,
    /// They may, once they have proved again who they are.
    #[error("a fresh proof is needed first")]
    ProofNeeded,
    /// Their session ended, or their role changed, while they were at it.
    #[error("the session has ended")]
    Ended,
    /// Our fault; nothing happened.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// A transaction that is an act.
pub(crate) struct Acting<'a> {
    services: &'a Services,
    who: Who<'a>,
    act: Act,
    tx: Tx,
}

impl<'a> Who<'a> {
    /// Begins an act, if they may.
    ///
    /// # Errors
    /// See [`ActError`].
    pub(crate) async fn begin(
        self,
        services: &'a Services,
        act: Act,
    ) -> Result<Acting<'a>, ActError> {
        if let Self::Staff(staff) = self {
            staff.check(services, act).await?;
        }
        let mut tx = services.db.begin().await?;
        if let Self::Staff(staff) = self {
            // Asked again within the transaction: access may have been taken away a moment ago.
            staff.still_in(&mut tx).await?;
        }
        Ok(Acting {
            services,
            who: self,
            act,
            tx,
        })
    }

    pub(super) const fn staff(self) -> Option<&'a Staff> {
        match self {
            Self::Operator => None,
            Self::Staff(staff) => Some(staff),
        }
    }
}

impl Staff {
    /// Begins an act, if they may.
    ///
    /// # Errors
    /// See [`ActError`].
    pub(crate) async fn begin<'a>(
        &'a self,
        services: &'a Services,
        act: Act,
    ) -> Result<Acting<'a>, ActError> {
        Who::Staff(self).begin(services, act).await
    }

    /// Whether they may; a try that is denied goes on record. For what is read and says nothing about anybody.
    ///
    /// # Errors
    /// See [`ActError`].
    pub(crate) async fn check(&self, services: &Services, act: Act) -> Result<(), ActError> {
        if !self.role.may(act) {
            let mut tx = services.db.begin().await?;
            append(&mut tx, services, &Entry::refused(Some(self), act)).await?;
            tx.commit().await?;
            return Err(ActError::Denied);
        }
        if act.wants_fresh_proof() && !self.proof_is_fresh(services.now()) {
            return Err(ActError::ProofNeeded);
        }
        Ok(())
    }

    async fn still_in(&self, tx: &mut Tx) -> Result<(), ActError> {
        let row: Option<(String,)> = tx
            .fetch_optional(
                "-- role_in_living_session
                 SELECT p.role FROM staff AS p JOIN staff_sessions AS s ON s.staff_id = p.id
                 WHERE  s.id = $1 AND p.id = $2 AND p.disabled_at IS NULL",
                args![&self.session, &self.id],
            )
            .await?;
        match row {
            Some((role,)) if role == self.role.as_str() => Ok(()),
            Some(_) | None => Err(ActError::Ended),
        }
    }
}

impl Acting<'_> {
    /// The transaction.
    pub(crate) const fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Makes it so, and puts it on record.
    ///
    /// # Errors
    /// When the database refuses; then nothing of it happened.
    pub(crate) async fn commit(
        mut self,
        about: Option<About<'_>>,
        detail: Option<&'static str>,
    ) -> Result<(), db::Error> {
        let entry = Entry {
            staff: self.who.staff().map(|staff| &staff.id),
            role: self
                .who
                .staff()
                .map_or("operator", |staff| Role::as_str(staff.role)),
            act: self.act,
            outcome: Outcome::Done,
            about,
            detail,
        };
        append(&mut self.tx, self.services, &entry).await?;
        self.tx.commit().await
    }
}
