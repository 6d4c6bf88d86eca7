//! What can be done on the page of a request: each form folded away, and open again with what was typed when it was not taken.

use erasure::{
    hold::Basis,
    request::{
        CaseStage, ExtensionReason, Ground, Stage, desk::CaseShown, desk::refusal::Proposed,
    },
    staff::Act,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::request::Sheet;
use crate::{
    api::console::ActOnRequest,
    context,
    locales::sentence,
    parts::{DayField, LineField, Select, WordsField},
};

/// As much as a form takes; more would not fit into what is kept while somebody proves who they are.
const LONGEST: u32 = 1_500;

/// What every form says besides its own fields.
fn hidden(sheet: &Sheet<'_>, act: Act, case: &str) -> AnyView {
    view! {
        <input type="hidden" name="lang" value=sheet.visit.locale.as_str() />
        <input type="hidden" name="request" value=sheet.dossier.request.id.to_string() />
        <input type="hidden" name="act" value=act.as_str() />
        <input type="hidden" name="case" value=case.to_owned() />
    }
    .into_any()
}

/// A form that is folded away until it is wanted, or until it was not taken.
fn folded(
    sheet: &Sheet<'_>,
    (act, case): (Act, &str),
    (title, text): (&'static str, String),
    fields: AnyView,
    (submit, class): (&'static str, &'static str),
) -> AnyView {
    let is_open = sheet.draft.is_of(act, case);
    let trouble = sheet.trouble.filter(|_| is_open);
    let fault = trouble.map(|trouble| {
        let words = sentence(sheet.visit.locale, trouble, context::services().now());
        view! { <p class="field-error">{words}</p> }
    });
    view! {
        <details class="fold" open=is_open>
            <summary>{title}</summary>
            <form method="post" action=ActOnRequest::url() class="decision">
                {hidden(sheet, act, case)} <p class="hint">{text}</p> {fault} {fields}
                <button class=class type="submit">
                    {submit}
                </button>
            </form>
        </details>
    }
    .into_any()
}

const PLAIN: &str = "button";
const GRAVE: &str = "button button-danger-quiet";

/// An id that is the page's own: several forms have the same fields.
fn id(act: Act, case: &str, field: &str) -> String {
    format!("{}-{case}-{field}", act.as_str())
}

/// What was typed into this form's field before.
fn typed(
    sheet: &Sheet<'_>,
    act: Act,
    case: &str,
    field: impl Fn(&crate::console::desk::Draft) -> &String,
) -> String {
    if sheet.draft.is_of(act, case) {
        field(&sheet.draft).clone()
    } else {
        String::new()
    }
}

/// A list to choose from that begins with nothing chosen.
fn choice(
    sheet: &Sheet<'_>,
    (act, case): (Act, &str),
    label: &'static str,
    mut options: Vec<(&'static str, &'static str)>,
) -> AnyView {
    options.insert(0, ("", sheet.visit.console().desk.choose));
    let typed = typed(sheet, act, case, |draft| &draft.choice);
    let chosen = options
        .iter()
        .map(|(value, _)| *value)
        .find(|value| *value == typed);
    view! {
        <Select
            id=id(act, case, "choice")
            name="choice"
            label=label.to_owned()
            options
            chosen=chosen.unwrap_or_default()
        />
    }
    .into_any()
}

fn day(
    sheet: &Sheet<'_>,
    (act, case): (Act, &str),
    label: &'static str,
    is_needed: bool,
) -> AnyView {
    let value = typed(sheet, act, case, |draft| &draft.day);
    view! { <DayField id=id(act, case, "day") name="day" label value is_needed /> }.into_any()
}

fn line(sheet: &Sheet<'_>, (act, case): (Act, &str), label: &'static str) -> AnyView {
    let value = typed(sheet, act, case, |draft| &draft.line);
    view! { <LineField id=id(act, case, "line") name="line" label value /> }.into_any()
}

fn explanation(sheet: &Sheet<'_>, (act, case): (Act, &str)) -> AnyView {
    let words = &sheet.visit.console().desk.request;
    let value = typed(sheet, act, case, |draft| &draft.words);
    view! {
        <WordsField
            id=id(act, case, "words")
            name="words"
            label=words.explanation
            hint=words.explanation_hint
            value
            most=LONGEST
        />
    }
    .into_any()
}

/// Who works on it, and the buttons that change that.
pub(super) fn assignee(sheet: &Sheet<'_>) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let current = sheet.dossier.assignee.as_ref();
    let name = current.map_or_else(|| desk.queue.nobody.to_owned(), |(_, email)| email.clone());
    let is_own = current.is_some_and(|(id, _)| id == sheet.staff.id());
    let button = |to: String, label: &'static str| {
        view! {
            <form method="post" action=ActOnRequest::url() class="inline">
                {hidden(sheet, Act::AssignRequest, "")}
                <input type="hidden" name="choice" value=to />
                <button class="button button-quiet" type="submit">
                    {label}
                </button>
            </form>
        }
    };
    let is_open = !sheet.dossier.request.state.is_closed();
    let may = is_open && super::queue::works(sheet.staff);
    let own = sheet.staff.id().to_string();
    view! {
        {name}
        {(may && !is_own).then(|| button(own, words.take))}
        {(may && is_own).then(|| button(String::new(), words.give_back))}
    }
    .into_any()
}

/// What is decided about the whole request.
pub(super) fn decisions(sheet: &Sheet<'_>) -> Option<AnyView> {
    let words = &sheet.visit.console().desk.request;
    let in_review = sheet.dossier.request.state.stage() == Stage::InReview;
    let now = context::services().now();
    let approve = (in_review && sheet.may(Act::ApproveRequest)).then(|| {
        let form = (Act::ApproveRequest, "");
        let text = words.approve_text.to_owned();
        folded(
            sheet,
            form,
            (words.approve, text),
            ().into_any(),
            (words.approve, PLAIN),
        )
    });
    let may_refuse = in_review && sheet.may(Act::ProposeRefusal) && !is_proposed(sheet, None);
    let refuse = may_refuse.then(|| refusal(sheet, ""));
    let may_extend = sheet.dossier.may_be_extended(now) && sheet.may(Act::ExtendTerm);
    let extend = may_extend.then(|| extension(sheet));
    (approve.is_some() || refuse.is_some() || extend.is_some()).then(|| {
        view! {
            <section class="card" aria-labelledby="decisions">
                <h2 id="decisions">{words.decisions}</h2>
                {approve}
                {refuse}
                {extend}
            </section>
        }
        .into_any()
    })
}

/// Whether a refusal of this waits for a second person.
fn is_proposed(sheet: &Sheet<'_>, case: Option<&CaseShown>) -> bool {
    let id = case.map(|case| &case.id);
    let mut proposed = sheet.dossier.proposed.iter();
    proposed.any(|proposed| proposed.case.as_ref() == id)
}

fn extension(sheet: &Sheet<'_>) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let form = (Act::ExtendTerm, "");
    let latest = sheet.dossier.latest_extension(&context::services());
    let reasons = ExtensionReason::ALL
        .iter()
        .map(|reason| (reason.as_str(), (desk.reason)(*reason)))
        .collect();
    let fields = view! {
        {day(sheet, form, words.extend_day, true)} {choice(sheet, form, words.extend_reason, reasons)}
        {explanation(sheet, form)}
    };
    let text = (words.extend_text)(&sheet.date(latest));
    folded(
        sheet,
        form,
        (words.extend, text),
        fields.into_any(),
        (words.extend, PLAIN),
    )
}

fn refusal(sheet: &Sheet<'_>, case: &str) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let form = (Act::ProposeRefusal, case);
    let grounds = Ground::ALL
        .iter()
        .map(|ground| (ground.as_str(), (desk.ground)(*ground)))
        .collect();
    let fields = view! {
        {choice(sheet, form, words.refuse_ground, grounds)} {line(sheet, form, words.refuse_statute)}
        {day(sheet, form, words.refuse_day, false)} {explanation(sheet, form)}
    };
    let text = words.refuse_text.to_owned();
    let submit = (words.refuse_submit, GRAVE);
    folded(sheet, form, (words.refuse, text), fields.into_any(), submit)
}

/// What is decided about one holder's part.
pub(super) fn of_case(sheet: &Sheet<'_>, case: &CaseShown) -> AnyView {
    let words = &sheet.visit.console().desk.request;
    let id = case.id.as_str();
    let in_review = case.stage == CaseStage::InReview;
    let overrule = (in_review && sheet.may(Act::OverruleObjection)).then(|| {
        let form = (Act::OverruleObjection, id);
        let text = words.overrule_text.to_owned();
        folded(
            sheet,
            form,
            (words.overrule, text),
            ().into_any(),
            (words.overrule, GRAVE),
        )
    });
    let may_refuse = sheet.may(Act::ProposeRefusal) && !is_proposed(sheet, Some(case));
    let refuse = (in_review && may_refuse).then(|| refusal(sheet, id));
    // Data that is going cannot be held any more, unless another owner could still cancel: the domain says so.
    let can_wait = matches!(case.stage, CaseStage::Objecting | CaseStage::InReview)
        || (case.is_account && case.stage == CaseStage::Erasing);
    let hold = (can_wait && sheet.may(Act::PlaceHold)).then(|| holding(sheet, id));
    view! {
        {overrule}
        {refuse}
        {hold}
    }
    .into_any()
}

fn holding(sheet: &Sheet<'_>, case: &str) -> AnyView {
    let desk = &sheet.visit.console().desk;
    let words = &desk.request;
    let form = (Act::PlaceHold, case);
    let bases = Basis::ALL
        .map(|basis| (basis.as_str(), (desk.basis)(basis)))
        .to_vec();
    let end = typed(sheet, form.0, case, |draft| &draft.end);
    let end_id = id(form.0, case, "end");
    let fields = view! {
        {choice(sheet, form, words.hold_basis, bases)} {line(sheet, form, words.hold_note)}
        {day(sheet, form, words.hold_review, true)}
        <DayField id=end_id name="end" label=words.hold_end value=end is_needed=true />
    };
    let text = words.hold_text.to_owned();
    folded(
        sheet,
        form,
        (words.hold, text),
        fields.into_any(),
        (words.hold, PLAIN),
    )
}

/// What a second person says, or the first one takes back.
pub(super) fn of_proposal(sheet: &Sheet<'_>, proposed: &Proposed) -> AnyView {
    let words = &sheet.visit.console().desk.request;
    let case = proposed.case.as_ref().map(ToString::to_string);
    let case = case.unwrap_or_default();
    let may_confirm = !proposed.is_own && sheet.may(Act::ConfirmRefusal);
    let confirm = may_confirm.then(|| {
        view! {
            <form method="post" action=ActOnRequest::url() class="inline">
                {hidden(sheet, Act::ConfirmRefusal, &case)}
                <button class="button button-danger" type="submit">
                    {words.confirm}
                </button>
                <span class="hint">{words.confirm_text}</span>
            </form>
        }
    });
    let label = if proposed.is_own {
        words.withdraw
    } else {
        words.decline
    };
    let decline = sheet.may(Act::DeclineRefusal).then(|| {
        view! {
            <form method="post" action=ActOnRequest::url() class="inline">
                {hidden(sheet, Act::DeclineRefusal, &case)}
                <button class="button" type="submit">
                    {label}
                </button>
            </form>
        }
    });
    view! {
        {proposed.is_own.then(|| view! { <p>{words.proposed_own}</p> })}
        {confirm}
        {decline}
    }
    .into_any()
}

/// A note for colleagues.
pub(super) fn note(sheet: &Sheet<'_>) -> Option<AnyView> {
    let words = &sheet.visit.console().desk.request;
    sheet.may(Act::AddNote).then(|| {
        let form = (Act::AddNote, "");
        let value = typed(sheet, form.0, form.1, |draft| &draft.words);
        let fields = view! {
            <WordsField
                id=id(form.0, form.1, "words")
                name="words"
                label=words.note_label
                hint=""
                value
                most=LONGEST
            />
        };
        let text = String::new();
        let form = folded(
            sheet,
            form,
            (words.note, text),
            fields.into_any(),
            (words.note_submit, PLAIN),
        );
        view! { <section class="card">{form}</section> }.into_any()
    })
}
