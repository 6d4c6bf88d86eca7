//! The forms of the desk: what was typed becomes an act of the domain, or a sentence beside the form and what was typed again.

use erasure::{
    hold::Lifted,
    id::{CaseId, RequestId, RowId, StaffId},
    locale::Locale,
    reason::Reason,
    request::{
        decide::{About, Extension, Refusal},
        desk::{self, DeskError, Holding, refusal},
    },
    staff::{Act, Staff},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{at_form, refuse};
use crate::{
    answer::{self, Outcome},
    context,
    pages::{ConsolePlace, RequestKey},
    wire::{ConsoleNotice, ConsoleTrouble, Notice, Trouble},
};

/// What a form of the desk says, as typed. It comes back to the page when something is wrong, sealed like everything typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// Which form: the word of an act.
    pub(crate) act: String,
    /// The part it is about; empty: the whole request.
    pub(crate) case: String,
    /// A ground, a reason or a basis; a member's id.
    pub(crate) choice: String,
    /// The law that was named, or a file number.
    pub(crate) line: String,
    /// A day.
    pub(crate) day: String,
    /// Another day.
    pub(crate) end: String,
    /// An explanation, a note or a reason.
    pub(crate) words: String,
}

impl Draft {
    /// Reads what came back to a page.
    pub(crate) fn read(typed: &str) -> Self {
        serde_json::from_str(typed).unwrap_or_default()
    }

    fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether this is the form of this act about this part.
    pub(crate) fn is_of(&self, act: Act, case: &str) -> bool {
        self.act == act.as_str() && self.case == case
    }

    fn about(&self, request: &RequestId) -> Result<About, ConsoleTrouble> {
        if self.case.is_empty() {
            Ok(About::Request(request.clone()))
        } else {
            self.case().map(About::Case)
        }
    }

    fn case(&self) -> Result<CaseId, ConsoleTrouble> {
        let case = self.case.parse();
        case.map_err(|_| ConsoleTrouble::RequestUnknown)
    }

    fn choice<T: std::str::FromStr>(&self) -> Result<T, ConsoleTrouble> {
        let choice = self.choice.parse();
        choice.map_err(|_| ConsoleTrouble::ChoiceMissing)
    }

    fn words<T: std::str::FromStr>(&self, trouble: ConsoleTrouble) -> Result<T, ConsoleTrouble> {
        self.words.parse().map_err(|_| trouble)
    }

    /// The line that may stay empty.
    fn line(&self) -> Result<Option<Reason>, ConsoleTrouble> {
        if self.line.trim().is_empty() {
            return Ok(None);
        }
        let line = self.line.parse();
        line.map(Some).map_err(|_| ConsoleTrouble::ReasonUnfit)
    }

    fn refusal(&self) -> Result<Refusal, ConsoleTrouble> {
        let keep_until = match self.day.trim() {
            "" => None,
            typed => Some(day(typed)?),
        };
        if keep_until.is_some_and(|until| until <= context::services().now()) {
            return Err(ConsoleTrouble::DayUnfit);
        }
        Ok(Refusal {
            ground: self.choice()?,
            statute: self.line()?.map(|law| law.expose().to_owned()),
            explanation: self.words(ConsoleTrouble::ExplanationUnfit)?,
            keep_until,
        })
    }

    fn extension(&self) -> Result<Extension, ConsoleTrouble> {
        Ok(Extension {
            until: day(&self.day)?,
            reasons: vec![self.choice()?],
            explanation: self.words(ConsoleTrouble::ExplanationUnfit)?,
        })
    }

    fn holding(&self) -> Result<Holding, ConsoleTrouble> {
        Ok(Holding {
            basis: self.choice()?,
            note: self.line()?,
            review_at: day(&self.day)?,
            expires_at: day(&self.end)?,
        })
    }
}

fn day(typed: &str) -> Result<Timestamp, ConsoleTrouble> {
    Timestamp::of_day(typed.trim()).map_err(|_| ConsoleTrouble::DayUnfit)
}

/// Does to a request what a form of its page says.
pub(crate) async fn act_on_request(locale: Locale, request: &str, draft: &Draft) {
    let request = request.parse::<RequestId>().ok();
    let Some((id, key)) = request.and_then(|id| Some((id.clone(), RequestKey::of(&id)?))) else {
        return super::say(
            locale,
            ConsolePlace::Requests,
            ConsoleTrouble::RequestUnknown,
        );
    };
    let place = ConsolePlace::Request(key);
    let Some(staff) = at_form(locale, place).await else {
        return;
    };
    match decided(&staff, &id, draft).await {
        Ok(notice) => answer::tell(&place.path(locale), Notice::Console(notice)),
        // The page of a request that does not exist cannot say so.
        Err(Outcome::Said(Trouble::Console(ConsoleTrouble::RequestUnknown))) => super::say(
            locale,
            ConsolePlace::Requests,
            ConsoleTrouble::RequestUnknown,
        ),
        Err(outcome) => refuse(locale, place, outcome, &draft.kept()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the acts of other pages never come here"
)]
async fn decided(staff: &Staff, id: &RequestId, draft: &Draft) -> Result<ConsoleNotice, Outcome> {
    let services = &context::services();
    let act = draft.act.parse::<Act>();
    let act = act.map_err(|_| ConsoleTrouble::ChoiceMissing)?;
    let done = match act {
        Act::AssignRequest => {
            let colleague = assignee(draft)?;
            desk::assign(services, staff, id, colleague.as_ref()).await
        }
        Act::AddNote => {
            let remark = draft.words(ConsoleTrouble::NoteUnfit)?;
            desk::note(services, staff, id, &remark).await
        }
        Act::ApproveRequest => desk::approve(services, staff, id).await,
        Act::OverruleObjection => desk::overrule(services, staff, &draft.case()?).await,
        Act::ExtendTerm => {
            let about = draft.about(id)?;
            desk::extend(services, staff, &about, &draft.extension()?).await
        }
        Act::ProposeRefusal => {
            let about = draft.about(id)?;
            refusal::propose(services, staff, &about, &draft.refusal()?).await
        }
        Act::ConfirmRefusal => refusal::confirm(services, staff, &draft.about(id)?).await,
        Act::DeclineRefusal => refusal::decline(services, staff, &draft.about(id)?).await,
        Act::PlaceHold => desk::hold(services, staff, &draft.case()?, &draft.holding()?).await,
        _ => return Err(ConsoleTrouble::ChoiceMissing.into()),
    };
    done?;
    Ok(notice_of(act))
}

fn assignee(draft: &Draft) -> Result<Option<StaffId>, ConsoleTrouble> {
    match draft.choice.as_str() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| ConsoleTrouble::NoColleague),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the acts of other pages never come here"
)]
const fn notice_of(act: Act) -> ConsoleNotice {
    match act {
        Act::AddNote => ConsoleNotice::NoteAdded,
        Act::ApproveRequest => ConsoleNotice::Approved,
        Act::OverruleObjection => ConsoleNotice::Overruled,
        Act::ExtendTerm => ConsoleNotice::Extended,
        Act::ProposeRefusal => ConsoleNotice::RefusalProposed,
        Act::ConfirmRefusal => ConsoleNotice::RefusalConfirmed,
        Act::DeclineRefusal => ConsoleNotice::RefusalDeclined,
        Act::PlaceHold => ConsoleNotice::Held,
        _ => ConsoleNotice::Assigned,
    }
}

/// Does to a hold what a form of their page says.
pub(crate) async fn act_on_hold(locale: Locale, hold: &str, draft: &Draft) {
    let place = ConsolePlace::Holds;
    let Some(staff) = at_form(locale, place).await else {
        return;
    };
    let Ok(id) = hold.parse::<RowId>() else {
        return super::say(locale, place, ConsoleTrouble::RequestUnknown);
    };
    match changed(&staff, &id, draft).await {
        Ok(notice) => answer::tell(&place.path(locale), Notice::Console(notice)),
        Err(outcome) => refuse(locale, place, outcome, &draft.kept()),
    }
}

async fn changed(staff: &Staff, id: &RowId, draft: &Draft) -> Result<ConsoleNotice, Outcome> {
    let services = &context::services();
    match draft.act.parse::<Act>() {
        Ok(Act::ReviewHold) => {
            desk::review_hold(services, staff, id, day(&draft.day)?).await?;
            Ok(ConsoleNotice::HoldReviewed)
        }
        Ok(Act::LiftHold) => {
            let reason: Reason = draft.words(ConsoleTrouble::ReasonUnfit)?;
            match desk::lift_hold(services, staff, id, &reason).await? {
                Lifted::Proposed { .. } => Ok(ConsoleNotice::LiftProposed),
                Lifted::Ended { .. } => Ok(ConsoleNotice::HoldLifted),
            }
        }
        _ => Err(DeskError::NotFound.into()),
    }
}
